"""Published reviews of both voices, without anybody's name (D11, G41)."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, policies
from naraigoto.actor import Actor
from naraigoto.errors import NotFound
from naraigoto.models.reviews import AgeBand, ReviewTarget
from naraigoto.rules import PAGE_DEFAULT, REVIEW_EDITABLE
from naraigoto.services import cursors
from naraigoto.services.reviews.views import (
    Kind,
    PairRow,
    Reply,
    ReviewPage,
    ReviewRow,
    Sort,
    grade_at,
)

_VISIBLE = text("""
    SELECT 1 FROM schools WHERE id = :school AND deleted_at IS NULL
      AND (status = 'published' OR id = ANY (CAST(:own AS uuid[])))
""")
_COLUMNS = """r.id, r.booking_id, r.rating, r.comment, r.target_type, r.target_id, r.created_at,
    r.helpful_count, r.edited_at, reply.body, reply.created_at AS replied_at,
    reply.edited_at AS reply_edited_at"""
_ORDERS = {
    Sort.NEWEST: "r.created_at DESC, r.id DESC",
    Sort.HELPFUL: "r.helpful_count DESC, r.created_at DESC, r.id DESC",
}
_OLDER = {
    Sort.NEWEST: "AND (r.created_at, r.id) < (:moment, :after)",
    Sort.HELPFUL: "AND (r.helpful_count, r.created_at, r.id) < (:helpful, :moment, :after)",
}
_ONE = """
    SELECT '{kind}' AS kind, {columns}
    FROM reviews_{kind} r LEFT JOIN review_replies reply ON reply.{kind}_review_id = r.id
    WHERE {whose} AND r.status = 'published' {more} {older} ORDER BY {order} LIMIT :limit
"""
_TOLD = """
    SELECT r.*, member.birth_month, lesson.start_at AS lesson_at,
      EXISTS (SELECT 1 FROM review_votes v WHERE v.user_id = CAST(:viewer AS uuid)
        AND r.id IN (v.parent_review_id, v.child_review_id)) AS voted
    FROM ({rows}) r JOIN bookings b ON b.id = r.booking_id
    JOIN lesson_schedules lesson ON lesson.id = b.schedule_id
    LEFT JOIN family_members member ON member.user_id = b.user_id
    ORDER BY {order} LIMIT :limit
"""
_PAIRED = """AND EXISTS (SELECT 1 FROM reviews_child other WHERE other.booking_id = r.booking_id
    AND other.target_type = r.target_type AND other.family_id = r.family_id AND other.status = 'published')"""
_CHILD_SIDE = f"""
    SELECT 'child' AS kind, {_COLUMNS}
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
    band: AgeBand | None = None,
    sort: Sort = Sort.NEWEST,
    unanswered: bool = False,
    cursor: str | None = None,
    limit: int = PAGE_DEFAULT,
) -> ReviewPage:
    """Published reviews of a school, newest or most helpful first; public.

    `unanswered`: only those to which the school has not replied.

    Raises: NotFound for a school that is not published, InvalidInput for a foreign cursor.
    """
    connection = await session.connection()
    seen = await connection.execute(_VISIBLE, {"school": school_id, "own": list(actor.school_ids)})
    if seen.one_or_none() is None:
        raise NotFound
    asked = (school_id, kind, instructor_id, target, band, sort, unanswered)
    scope = "reviews:" + json.dumps([str(part) for part in asked])
    values: dict[str, Any] = {"school": school_id, "limit": limit + 1, "viewer": actor.user_id}
    if cursor:
        helpful, moment, after = cursors.decode(scope, cursor, (int, datetime, UUID))
        values |= {"moment": moment, "after": after} | ({"helpful": helpful} if sort is Sort.HELPFUL else {})
    where = _where(instructor_id, target, band, unanswered, values)
    where |= {"older": _OLDER[sort] if cursor else "", "order": _ORDERS[sort]}
    found = (await connection.execute(_told(_voices(kind, where), sort), values)).all()
    last = found[limit - 1] if len(found) > limit else None
    page = [_review(row) for row in found[:limit]]
    return ReviewPage(
        items=await _pairs(session, actor, found[:limit]) if kind is Kind.FAMILY else page,
        next_cursor=cursors.encode(scope, (last.helpful_count, last.created_at, last.id)) if last else None,
        votes=not policies.runs_school(actor, school_id),
    )


def _where(
    instructor_id: UUID | None,
    target: ReviewTarget | None,
    band: AgeBand | None,
    unanswered: bool,
    values: dict[str, Any],
) -> dict[str, str]:
    whose, more = "r.school_id = :school", ""
    if instructor_id:
        whose = "r.target_id = :target AND r.school_id = :school"
        values["target"] = instructor_id
    elif target is ReviewTarget.SCHOOL:
        whose = "r.target_id = :school"  # its own index, so that reviews of instructors are not walked over
    elif target:
        more = f" AND r.target_type = '{target.value}'"
    if band:
        more += " AND r.age_band = :band"
        values["band"] = band.value
    if unanswered:
        more += " AND reply.body IS NULL"
    return {"whose": whose, "more": more}


def _voices(kind: Kind | None, where: dict[str, str]) -> str:
    if kind is Kind.FAMILY:
        return _one(Kind.PARENT, where | {"more": where["more"] + _PAIRED})
    voices = [Kind.PARENT, Kind.CHILD] if kind is None else [kind]
    return " UNION ALL ".join(_one(voice, where) for voice in voices)


def _one(kind: Kind, where: dict[str, str]) -> str:
    return "(" + _ONE.format(kind=kind.value, columns=_COLUMNS, **where) + ")"


def _told(rows: str, sort: Sort = Sort.NEWEST) -> Any:
    return text(_TOLD.format(rows=rows, order=_ORDERS[sort]))


async def _pairs(session: AsyncSession, actor: Actor, parents: Any) -> list[PairRow]:
    bookings = [row.booking_id for row in parents]
    values = {"bookings": bookings, "limit": 2 * len(bookings) + 1, "viewer": actor.user_id}
    children = {
        (row.booking_id, row.target_type): _review(row)
        for row in await (await session.connection()).execute(_told(_CHILD_SIDE.format(more="")), values)
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
        reply=reply_of(row),
        helpful_count=row.helpful_count,
        edited_at=row.edited_at,
        voted=row.voted,
    )


def reply_of(row: Row[Any]) -> Reply | None:
    """The reply in a row that was joined with one."""
    if row.body is None:
        return None
    return Reply(row.body, row.replied_at, row.reply_edited_at, row.replied_at + REVIEW_EDITABLE)
