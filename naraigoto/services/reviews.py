"""Published reviews of both voices, without anybody's name (D11, G41)."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import NotFound
from naraigoto.models.reviews import ReviewTarget
from naraigoto.rules import PAGE_DEFAULT
from naraigoto.services import cursors


class Kind(StrEnum):
    """Whose voice; `family` pairs both of one family for one lesson."""

    PARENT = "parent"
    CHILD = "child"
    FAMILY = "family"


class Stage(StrEnum):
    """How far a child has come at the time of the lesson; what may be told of an author (G41)."""

    UNKNOWN = "unknown"
    YEARS = "years"
    ELEMENTARY = "elementary"
    JUNIOR_HIGH = "junior_high"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Grade:
    """小2 is (ELEMENTARY, 2), a four-year-old (YEARS, 4)."""

    stage: Stage
    number: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """The school's one public answer."""

    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One voice on a school or an instructor."""

    id: UUID
    kind: Kind
    rating: int
    comment: str
    target_type: ReviewTarget
    target_id: UUID
    grade: Grade
    created_at: datetime
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class PairRow:
    """Both voices of one family on one lesson."""

    parent: ReviewRow
    child: ReviewRow


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Some reviews (pairs for `family`) and where the older ones begin."""

    items: list[ReviewRow] | list[PairRow]
    next_cursor: str | None


_VISIBLE = text("""
    SELECT 1 FROM schools WHERE id = :school AND deleted_at IS NULL
      AND (status = 'published' OR id = ANY (CAST(:own AS uuid[])))
""")
_COLUMNS = "r.id, r.booking_id, r.rating, r.comment, r.target_type, r.target_id, r.created_at"
_OLDER = "AND (r.created_at, r.id) < (:moment, :after)"
_ONE = """
    SELECT '{kind}' AS kind, {columns}, reply.body, reply.created_at AS replied_at
    FROM reviews_{kind} r LEFT JOIN review_replies reply ON reply.{kind}_review_id = r.id
    WHERE {whose} AND r.status = 'published' {more} {older} ORDER BY r.created_at DESC, r.id DESC LIMIT :limit
"""
_TOLD = """
    SELECT r.*, member.birth_month, lesson.start_at AS lesson_at
    FROM ({rows}) r JOIN bookings b ON b.id = r.booking_id
    JOIN lesson_schedules lesson ON lesson.id = b.schedule_id
    LEFT JOIN family_members member ON member.user_id = b.user_id
    ORDER BY r.created_at DESC, r.id DESC LIMIT :limit
"""
_PAIRED = """AND EXISTS (SELECT 1 FROM reviews_child other WHERE other.booking_id = r.booking_id
    AND other.target_type = r.target_type AND other.family_id = r.family_id AND other.status = 'published')"""
_CHILD_SIDE = f"""
    SELECT 'child' AS kind, {_COLUMNS}, reply.body, reply.created_at AS replied_at
    FROM reviews_child r LEFT JOIN review_replies reply ON reply.child_review_id = r.id
    WHERE r.booking_id = ANY (CAST(:bookings AS uuid[])) AND r.status = 'published' {{more}}
"""


async def of_school(
    session: AsyncSession,
    actor: Actor,
    *,
    school_id: UUID,
    kind: Kind | None = None,
    instructor_id: UUID | None = None,
    target: ReviewTarget | None = None,
    cursor: str | None = None,
    limit: int = PAGE_DEFAULT,
) -> ReviewPage:
    """Published reviews of a school, newest first; public.

    Raises: NotFound for a school that is not published, InvalidInput for a foreign cursor.
    """
    connection = await session.connection()
    seen = await connection.execute(_VISIBLE, {"school": school_id, "own": list(actor.school_ids)})
    if seen.one_or_none() is None:
        raise NotFound
    scope = "reviews:" + json.dumps([str(part) for part in (school_id, kind, instructor_id, target)])
    values: dict[str, Any] = {"school": school_id, "limit": limit + 1}
    if cursor:
        moment, after = cursors.decode(scope, cursor, (datetime, UUID))
        values |= {"moment": moment, "after": after}
    where = {"whose": "r.school_id = :school", "more": "", "older": _OLDER if cursor else ""}
    if instructor_id:
        where["whose"] = "r.target_id = :target AND r.school_id = :school"
        values["target"] = instructor_id
    elif target:
        where["more"] = f"AND r.target_type = '{target.value}'"
    found = (await connection.execute(_told(_voices(kind, where)), values)).all()
    page = [_review(row) for row in found[:limit]]
    last = page[-1] if len(found) > limit else None
    return ReviewPage(
        items=await _pairs(session, found[:limit], where["more"]) if kind is Kind.FAMILY else page,
        next_cursor=cursors.encode(scope, (last.created_at, last.id)) if last else None,
    )


def _voices(kind: Kind | None, where: dict[str, str]) -> str:
    if kind is Kind.FAMILY:
        return _one(Kind.PARENT, where | {"more": where["more"] + _PAIRED})
    voices = [Kind.PARENT, Kind.CHILD] if kind is None else [kind]
    return " UNION ALL ".join(_one(voice, where) for voice in voices)


def _one(kind: Kind, where: dict[str, str]) -> str:
    return "(" + _ONE.format(kind=kind.value, columns=_COLUMNS, **where) + ")"


def _told(rows: str) -> Any:
    return text(_TOLD.format(rows=rows))


async def _pairs(session: AsyncSession, parents: Any, more: str) -> list[PairRow]:
    bookings = [row.booking_id for row in parents]
    statement = _told(_CHILD_SIDE.format(more=more))
    values = {"bookings": bookings, "limit": 2 * len(bookings) + 1}
    children = {
        (row.booking_id, row.target_type): _review(row)
        for row in await (await session.connection()).execute(statement, values)
    }
    return [
        PairRow(_review(row), child)
        for row in parents
        if (child := children.get((row.booking_id, row.target_type))) is not None
    ]


def _review(row: Row[Any]) -> ReviewRow:
    return ReviewRow(
        id=row.id,
        kind=Kind(row.kind),
        rating=row.rating,
        comment=row.comment,
        target_type=ReviewTarget(row.target_type),
        target_id=row.target_id,
        grade=grade_at(row.birth_month, clock.jst_date(row.lesson_at)),
        created_at=row.created_at,
        reply=Reply(row.body, row.replied_at) if row.body is not None else None,
    )


def grade_at(birth_month: date | None, day: date) -> Grade:
    """The school year of a child on a day (it turns on 1 April); before school, the age in years."""
    if birth_month is None or birth_month > day:
        return Grade(Stage.UNKNOWN)
    entry = birth_month.year + (7 if birth_month.month >= 4 else 6)
    year = (day.year if day.month >= 4 else day.year - 1) - entry + 1
    if year < 1:
        return Grade(Stage.YEARS, clock.age_on(day, birth_month))
    for stage, years in ((Stage.ELEMENTARY, 6), (Stage.JUNIOR_HIGH, 3), (Stage.HIGH, 3)):
        if year <= years:
            return Grade(stage, year)
        year -= years
    return Grade(Stage.UNKNOWN)
