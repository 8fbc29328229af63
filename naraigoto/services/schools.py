"""One school or instructor with all that stands around it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.errors import NotFound
from naraigoto.models.schools import SafetyBadge
from naraigoto.rules import RATING_SHOWN_FROM
from naraigoto.services.names import Named, Titled
from naraigoto.services.search.catalogue import CodedName


@dataclass(frozen=True, slots=True)
class Voice:
    """What one voice says in figures: the mean (None below three ratings), how many, how often 1 to 5."""

    rating: float | None
    count: int
    spread: tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class InstructorCard:
    """An instructor in a list."""

    id: UUID
    name: str
    name_kana: str
    profile: str
    image_key: str | None


@dataclass(frozen=True, slots=True)
class ClassCard:
    """A class in a list."""

    id: UUID
    title: str
    description: str
    belongings: str
    capacity: int
    duration_min: int
    ticket_cost: int
    age_min: int
    age_max: int
    instructor_choice: bool
    image_key: str | None


@dataclass(frozen=True, slots=True)
class SchoolDetail:
    """Everything a visitor may know of a school."""

    id: UUID
    name: str
    name_kana: str
    area: CodedName
    category: CodedName
    summary: str
    description: str
    address: str
    access: str
    lat: float
    lng: float
    image_keys: tuple[str, ...]
    safety_badge: SafetyBadge
    safety_number: str | None
    safety_on: date | None
    published: bool
    published_at: datetime | None
    like_count: int
    bookings_90d: int
    parent: Voice
    child: Voice
    instructors: list[InstructorCard]
    classes: list[ClassCard]


@dataclass(frozen=True, slots=True)
class InstructorDetail:
    """An instructor of a school, with what both voices say of them."""

    id: UUID
    name: str
    name_kana: str
    profile: str
    image_key: str | None
    school: Named
    area: CodedName
    category: CodedName
    parent: Voice
    child: Voice
    classes: list[Titled]


_SCHOOL = text("""
    SELECT s.*, ST_Y(s.location::geometry) AS lat, ST_X(s.location::geometry) AS lng, a.name AS area_name,
      c.name AS category_name, st.like_count, st.bookings_90d
    FROM schools s JOIN areas a ON a.code = s.area_code JOIN categories c ON c.code = s.category_code
    LEFT JOIN schools_stats st ON st.school_id = s.id
    WHERE s.id = :id AND s.deleted_at IS NULL
      AND (s.status = 'published' OR s.id = ANY (CAST(:own AS uuid[])))
""")
_INSTRUCTORS = text("""
    SELECT id, name, name_kana, profile, image_key FROM instructors
    WHERE school_id = :id AND deleted_at IS NULL ORDER BY created_at, id
""")
_CLASSES = text("""
    SELECT id, title, description, belongings, capacity, duration_min, ticket_cost, age_min, age_max,
      instructor_choice, image_key
    FROM classes WHERE school_id = :id AND deleted_at IS NULL ORDER BY created_at, id
""")
_INSTRUCTOR = text("""
    SELECT i.id, i.name, i.name_kana, i.profile, i.image_key, s.id AS school_id, s.name AS school_name,
      s.area_code, a.name AS area_name, s.category_code, c.name AS category_name
    FROM instructors i JOIN schools s ON s.id = i.school_id
    JOIN areas a ON a.code = s.area_code JOIN categories c ON c.code = s.category_code
    WHERE i.id = :id AND i.deleted_at IS NULL AND s.deleted_at IS NULL
      AND (s.status = 'published' OR s.id = ANY (CAST(:own AS uuid[])))
""")
_TAUGHT = text("""
    SELECT DISTINCT c.id, c.title FROM lesson_schedules l JOIN classes c ON c.id = l.class_id
    WHERE l.instructor_id = :id AND l.cancelled_at IS NULL AND l.start_at > :now AND c.deleted_at IS NULL
    ORDER BY c.id
""")
_TALLIES = text("SELECT voice, rating, number FROM review_tallies WHERE target_id = :target")


async def school(session: AsyncSession, actor: Actor, *, school_id: UUID) -> SchoolDetail:
    """A published school; its own members see it in every status.

    Raises: NotFound.
    """
    connection = await session.connection()
    values = {"id": school_id, "own": list(actor.school_ids)}
    row = (await connection.execute(_SCHOOL, values)).one_or_none()
    if row is None:
        raise NotFound
    instructors = (await connection.execute(_INSTRUCTORS, values)).all()
    classes = (await connection.execute(_CLASSES, values)).all()
    parent, child = await voices(session, target_id=school_id)
    return SchoolDetail(
        id=row.id,
        name=row.name,
        name_kana=row.name_kana,
        area=CodedName(row.area_code, row.area_name),
        category=CodedName(row.category_code, row.category_name),
        summary=row.summary,
        description=row.description,
        address=row.address,
        access=row.access,
        lat=row.lat,
        lng=row.lng,
        image_keys=tuple(row.image_keys),
        safety_badge=SafetyBadge(row.safety_badge),
        safety_number=row.safety_number,
        safety_on=row.safety_on,
        published=row.status == "published",
        published_at=row.published_at,
        like_count=row.like_count or 0,
        bookings_90d=row.bookings_90d or 0,
        parent=parent,
        child=child,
        instructors=[InstructorCard(**found._mapping) for found in instructors],
        classes=[ClassCard(**found._mapping) for found in classes],
    )


async def instructor(
    session: AsyncSession, actor: Actor, *, instructor_id: UUID, now: datetime
) -> InstructorDetail:
    """An instructor of a published school; members of the school see theirs in every status.

    Raises: NotFound.
    """
    connection = await session.connection()
    values = {"id": instructor_id, "own": list(actor.school_ids)}
    row = (await connection.execute(_INSTRUCTOR, values)).one_or_none()
    if row is None:
        raise NotFound
    taught = await connection.execute(_TAUGHT, {"id": instructor_id, "now": now})
    parent, child = await voices(session, target_id=instructor_id)
    return InstructorDetail(
        id=row.id,
        name=row.name,
        name_kana=row.name_kana,
        profile=row.profile,
        image_key=row.image_key,
        school=Named(row.school_id, row.school_name),
        area=CodedName(row.area_code, row.area_name),
        category=CodedName(row.category_code, row.category_name),
        parent=parent,
        child=child,
        classes=[Titled(found.id, found.title) for found in taught],
    )


async def voices(session: AsyncSession, *, target_id: UUID) -> tuple[Voice, Voice]:
    """Ratings of a school or an instructor by parents and by children, never mixed (G44).

    Ten rows at most, however many reviews there are.
    """
    counts = {"parent": [0] * 5, "child": [0] * 5}
    for row in await (await session.connection()).execute(_TALLIES, {"target": target_id}):
        counts[row.voice][row.rating - 1] = row.number
    return _voice(counts["parent"]), _voice(counts["child"])


def _voice(spread: list[int]) -> Voice:
    count = sum(spread)
    total = sum(stars * number for stars, number in enumerate(spread, start=1))
    rating = round(total / count, 1) if count >= RATING_SHOWN_FROM else None
    return Voice(rating=rating, count=count, spread=(spread[0], spread[1], spread[2], spread[3], spread[4]))
