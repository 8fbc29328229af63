"""The schools of the demo: written by hand, with their owners, instructors and classes."""

from datetime import timedelta
from uuid import UUID

from naraigoto.demo.content import ClassText, Genre, SchoolText, common, genres
from naraigoto.demo.pictures import Gallery
from naraigoto.demo.table import point
from naraigoto.demo.world import BADGES, FOUNDED, Course, Place, Teacher, World
from naraigoto.rules import CancelPolicy

FIRST_OWNER = "スマイルスイミング渋谷"
SECOND_OWNER = "こもれびピアノ教室"
_POLICIES = (
    CancelPolicy.DAY_BEFORE_20,
    CancelPolicy.DAY_BEFORE_20,
    CancelPolicy.SAME_DAY_3H,
    CancelPolicy.TWO_DAYS_BEFORE_20,
)


def build(world: World, gallery: Gallery, owners: dict[str, UUID]) -> None:
    """Every school; `owners` names the accounts that own a school of a certain name.

    Rows come ordered by area, because search walks neighbours (heap order, postgres.md §2).
    """
    hand_written = [(text, genre) for genre in genres().values() for text in genre.schools]
    for number, (text, genre) in enumerate(sorted(hand_written, key=lambda pair: (pair[0].area, pair[0].at))):
        owner = owners.get(text.name) or _owner(world, number)
        world.places.append(_school(world, gallery, number, text, genre, owner))


def _owner(world: World, number: int) -> UUID:
    surname, _ = common().surnames[number % len(common().surnames)]
    given, _ = common().given[(number * 7 + 3) % len(common().given)]
    user = world.id("owner", number)
    world.rows.add(
        "users",
        id=user,
        type="school_owner",
        email=f"school{number + 1:02d}@example.com",
        name=f"{surname} {given}",
        email_verified_at=FOUNDED,
        created_at=FOUNDED,
    )
    return user


def _school(
    world: World, gallery: Gallery, number: int, text: SchoolText, genre: Genre, owner: UUID
) -> Place:
    # The newest few opened within the last weeks, so that 「新着順」 and its boost have something to show.
    age = (
        timedelta(days=9 + 13 * (number // 9)) if number % 9 == 4 else timedelta(days=100 + 7 * (number % 30))
    )
    opened = world.now.replace(minute=0, second=0, microsecond=0) - age
    place = Place(
        world.id("school", text.name), number, text, genre, _POLICIES[number % len(_POLICIES)], owner
    )
    world.rows.add(
        "schools",
        id=place.id,
        name=text.name,
        name_kana=text.kana,
        area_code=text.area,
        category_code=genre.code,
        summary=text.summary,
        description=text.description,
        address=text.address,
        access=text.access,
        location=point(*text.at),
        image_keys=gallery.of_school(genre.code, number),
        status="published",
        booking_cutoff_hours=2 if number % 4 else 12,
        cancel_policy=place.policy.value,
        safety_badge=BADGES[number % len(BADGES)],
        published_at=opened,
        created_at=opened - timedelta(days=6),
    )
    world.rows.add("school_members", school_id=place.id, user_id=owner, role="owner", created_at=FOUNDED)
    _teachers(world, gallery, place)
    for index, lesson in enumerate(genre.classes):
        _class(world, gallery, place, index, lesson)
    return place


def _teachers(world: World, gallery: Gallery, place: Place) -> None:
    names = common()
    for index in range(2 + place.number % 3 if place.text.name != FIRST_OWNER else 4):
        turn = place.number * 11 + index * 17
        surname, surname_kana = names.surnames[turn % len(names.surnames)]
        given, given_kana = names.given[(turn * 3 + index) % len(names.given)]
        teacher = Teacher(world.id("instructor", f"{place.text.name}/{index}"), f"{surname} {given}")
        profiles = place.genre.profiles
        world.rows.add(
            "instructors",
            id=teacher.id,
            school_id=place.id,
            name=teacher.name,
            name_kana=f"{surname_kana} {given_kana}",
            profile=profiles[(index + place.number) % len(profiles)] if index < len(profiles) else "",
            image_key=gallery.of_person(turn),
            created_at=FOUNDED,
        )
        place.teachers.append(teacher)


def _class(world: World, gallery: Gallery, place: Place, index: int, lesson: ClassText) -> None:
    course = Course(world.id("class", f"{place.text.name}/{index}"), lesson)
    world.rows.add(
        "classes",
        id=course.id,
        school_id=place.id,
        title=lesson.title,
        description=lesson.description,
        belongings=lesson.belongings,
        capacity=lesson.capacity,
        duration_min=lesson.minutes,
        ticket_cost=lesson.cost,
        age_min=lesson.age[0],
        age_max=lesson.age[1],
        instructor_choice=lesson.choice,
        image_key=gallery.of_school(place.genre.code, place.number + index + 1)[0],
        created_at=FOUNDED,
    )
    place.courses.append(course)
