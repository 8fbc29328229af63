"""What a visitor sees of a school and of an instructor, and who sees an unpublished one."""

from datetime import timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import ANONYMOUS
from naraigoto.errors import NotFound
from naraigoto.models.base import new_id
from naraigoto.models.reviews import ChildReview, ParentReview, ReviewStatus, ReviewTarget
from naraigoto.models.schools import SchoolStatus
from naraigoto.rules import BOOKING_HORIZON
from naraigoto.services import schedules, schools
from tests.factories import (
    NOW,
    actor_of,
    make_booked,
    make_class,
    make_instructor,
    make_review,
    make_schedule,
    make_school,
    make_user,
)

TODAY = clock.jst_date(NOW)


async def test_a_school_comes_with_instructors_and_classes_but_not_the_removed_ones(
    session: AsyncSession,
) -> None:
    school = await make_school(session, image_keys=["public/a.webp"])
    await make_instructor(session, school)
    await make_instructor(session, school, name="退職 済", deleted_at=NOW)
    await make_class(session, school)
    await make_class(session, school, title="閉講", deleted_at=NOW)
    found = await schools.school(session, ANONYMOUS, school_id=school.id)
    assert [person.name for person in found.instructors] == ["鈴木 恵"]
    assert [lesson.title for lesson in found.classes] == ["はじめての水泳"]
    assert (found.area.name, found.category.name, found.image_keys) == ("渋谷区", "水泳", ("public/a.webp",))
    assert (round(found.lat, 3), round(found.lng, 3)) == (35.664, 139.698)


@pytest.mark.parametrize(
    "status", [status for status in SchoolStatus if status is not SchoolStatus.PUBLISHED]
)
async def test_an_unpublished_school_is_seen_by_its_members_alone(
    session: AsyncSession, status: SchoolStatus
) -> None:
    owner = await make_user(session)
    school = await make_school(session, owner=owner, status=status)
    teacher = await make_instructor(session, school)
    slot = await make_schedule(session, await make_class(session, school), instructor_id=teacher.id)
    member, rival = await actor_of(session, owner), await actor_of(session, await make_user(session))
    for stranger in (ANONYMOUS, rival):
        with pytest.raises(NotFound):
            await schools.school(session, stranger, school_id=school.id)
        with pytest.raises(NotFound):
            await schools.instructor(session, stranger, instructor_id=teacher.id, now=NOW)
        assert await _coming(session, stranger, school_id=school.id) == []
    assert not (await schools.school(session, member, school_id=school.id)).published
    await schools.instructor(session, member, instructor_id=teacher.id, now=NOW)
    assert await _coming(session, member, school_id=school.id) == [slot.id]


async def test_an_unknown_school_or_removed_instructor_is_not_found(session: AsyncSession) -> None:
    school = await make_school(session)
    gone = await make_instructor(session, school, deleted_at=NOW)
    with pytest.raises(NotFound):
        await schools.school(session, ANONYMOUS, school_id=new_id())
    with pytest.raises(NotFound):
        await schools.instructor(session, ANONYMOUS, instructor_id=gone.id, now=NOW)


async def test_an_instructor_comes_with_the_school_and_the_classes_ahead(session: AsyncSession) -> None:
    school = await make_school(session)
    teacher, other = await make_instructor(session, school), await make_instructor(session, school)
    lesson, old = await make_class(session, school), await make_class(session, school, title="昔のクラス")
    slot = await make_schedule(session, lesson, instructor_id=teacher.id)
    await make_schedule(session, lesson, instructor_id=other.id)
    await make_schedule(session, old, instructor_id=teacher.id, start_at=NOW - timedelta(days=1))
    found = await schools.instructor(session, ANONYMOUS, instructor_id=teacher.id, now=NOW)
    assert (found.school.name, [taught.title for taught in found.classes]) == (
        "スマイル水泳",
        ["はじめての水泳"],
    )
    assert await _coming(session, ANONYMOUS, instructor_id=teacher.id) == [slot.id]


async def test_slots_say_what_is_full_and_what_is_closed(session: AsyncSession) -> None:
    lesson = await make_class(session, await make_school(session))
    over = {
        "past": {"start_at": NOW - timedelta(minutes=1)},
        "closed": {"start_at": NOW + timedelta(minutes=119)},
        "open": {"start_at": NOW + timedelta(hours=2)},
        "full": {"start_at": NOW + timedelta(hours=3), "booked_count": 5},
        "cancelled": {"start_at": NOW + timedelta(hours=4), "cancelled_at": NOW},
        "far": {"start_at": NOW + BOOKING_HORIZON + timedelta(hours=1)},
    }
    names = {(await make_schedule(session, lesson, **values)).id: name for name, values in over.items()}
    coming = await schedules.coming(
        session,
        ANONYMOUS,
        school_id=lesson.school_id,
        first=TODAY,
        days=BOOKING_HORIZON + timedelta(days=2),
        now=NOW,
    )
    assert {names[slot.id]: (slot.bookable, slot.closed, slot.seats_left) for slot in coming} == {
        "closed": (False, True, 5),
        "open": (True, False, 5),
        "full": (False, False, 0),
        "far": (False, True, 5),
    }


async def test_slots_keep_to_japanese_days(session: AsyncSession) -> None:
    lesson = await make_class(session, await make_school(session))
    late = clock.jst_midnight(TODAY + timedelta(days=2)) - timedelta(minutes=1)
    slot = await make_schedule(session, lesson, start_at=late)
    await make_schedule(session, lesson, start_at=late + timedelta(minutes=1))
    first = TODAY + timedelta(days=1)
    one_day = await schedules.coming(
        session, ANONYMOUS, school_id=lesson.school_id, first=first, days=timedelta(days=1), now=NOW
    )
    assert [found.id for found in one_day] == [slot.id]


async def test_the_voices_stay_apart_and_wait_for_three(session: AsyncSession) -> None:
    first = await make_booked(session)
    for rating in (5, 4):
        booked = first if rating == 5 else await make_booked(session, school=first.school)
        await make_review(session, booked, rating=rating)
        await make_review(session, booked, ChildReview, rating=1)
    parent, child = await schools.voices(session, target_id=first.school.id)
    assert (parent.rating, parent.count, child.rating, child.count) == (None, 2, None, 2)
    third = await make_booked(session, school=first.school)
    await make_review(session, third, rating=5)
    hidden = await make_booked(session, school=first.school)
    await make_review(session, hidden, rating=1, status=ReviewStatus.HIDDEN)
    await make_review(session, hidden, ChildReview, rating=5, status=ReviewStatus.HELD)
    parent, child = await schools.voices(session, target_id=first.school.id)
    assert (parent.rating, parent.spread, child.rating) == (4.7, (0, 0, 0, 1, 2), None)


async def test_reviews_of_an_instructor_do_not_count_for_the_school(session: AsyncSession) -> None:
    booked = await make_booked(session)
    teacher = await make_instructor(session, booked.school)
    await make_review(
        session, booked, ParentReview, target_type=ReviewTarget.INSTRUCTOR, target_id=teacher.id, rating=2
    )
    parent, _ = await schools.voices(session, target_id=booked.school.id)
    assert parent.count == 0
    parent, _ = await schools.voices(session, target_id=teacher.id)
    assert parent.spread == (0, 1, 0, 0, 0)


async def _coming(session: AsyncSession, actor, **whose) -> list:
    found = await schedules.coming(session, actor, first=TODAY, days=timedelta(days=14), now=NOW, **whose)
    return [slot.id for slot in found]
