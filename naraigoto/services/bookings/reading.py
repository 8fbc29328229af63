"""Reading bookings: guardians see the family's, a child its own; for everybody else there are none."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import NotFound
from naraigoto.models.bookings import BookingQuestion, BookingStatus, CancelKind
from naraigoto.rules import PAGE_DEFAULT
from naraigoto.services import cursors
from naraigoto.services.bookings.views import BookingDetail, BookingView, Child, ScheduleView
from naraigoto.services.names import Named, Titled


class Order(StrEnum):
    """By the start of the lesson."""

    SOONEST = "soonest"
    LATEST = "latest"


class Section(StrEnum):
    """これから (reserved and not over yet) or これまで (all others)."""

    UPCOMING = "upcoming"
    PAST = "past"


@dataclass(frozen=True)
class BookingPage:
    """One page of bookings."""

    items: list[BookingView]
    next_cursor: str | None


_SELECT = """
SELECT b.id, b.status, b.user_id, u.name AS child_name, b.schedule_id,
  lower(b.period) AS start_at, upper(b.period) AS end_at, c.id AS class_id, c.title,
  h.id AS school_id, h.name AS school_name, h.name_kana AS school_kana,
  si.id AS slot_instructor_id, si.name AS slot_instructor_name,
  bi.id AS instructor_id, bi.name AS instructor_name, b.consumed_tickets, b.cancel_until,
  v.id AS conversation_id, b.created_at, b.cancel_kind, b.question, b.answer_by,
  h.address, h.access, c.belongings
FROM bookings b
JOIN users u ON u.id = b.user_id
JOIN lesson_schedules s ON s.id = b.schedule_id
JOIN classes c ON c.id = s.class_id
JOIN schools h ON h.id = s.school_id
LEFT JOIN instructors si ON si.id = s.instructor_id
LEFT JOIN instructors bi ON bi.id = b.instructor_id
LEFT JOIN conversations v ON v.booking_id = b.id
WHERE """
_OF_FAMILY = "b.family_id = :family"
_OPEN = "b.status = 'reserved' AND upper(b.period) > :now"


async def get(session: AsyncSession, actor: Actor, booking_id: UUID) -> BookingDetail:
    """One booking of the asker's family.

    Raises: Unauthenticated, Forbidden for people without a family, NotFound for another family's.
    """
    where, values = _visible(actor)
    found = await _rows(session, f"{where} AND b.id = :booking", values | {"booking": booking_id})
    if not found:
        raise NotFound
    row = found[0]
    return BookingDetail(_view(row), row.address, row.access, row.belongings)


async def view_of(session: AsyncSession, booking_id: UUID) -> BookingView:
    """The booking as it is now, for whoever has settled that the asker may see it."""
    return _view((await _rows(session, "b.id = :booking", {"booking": booking_id}))[0])


async def list_for(
    session: AsyncSession,
    actor: Actor,
    *,
    status: BookingStatus | None = None,
    from_: datetime | None = None,
    to: datetime | None = None,
    child_id: UUID | None = None,
    order: Order = Order.LATEST,
    limit: int = PAGE_DEFAULT,
    cursor: str | None = None,
) -> BookingPage:
    """Bookings whose lesson starts in [from_, to), a page at a time.

    Raises: Unauthenticated, Forbidden for people without a family, InvalidInput for a strange cursor.
    """
    where, values = _visible(actor)
    filters: dict[str, tuple[str, Any]] = {
        "status": ("b.status = :status", status.value if status else None),
        "from": ("lower(b.period) >= :from", from_),
        "to": ("lower(b.period) < :to", to),
        "child": ("b.user_id = :child", child_id),
    }
    for name, (condition, value) in filters.items():
        if value is not None:
            where, values = f"{where} AND {condition}", values | {name: value}
    return await _page(session, where, values, order=order, limit=limit, cursor=cursor)


async def section(
    session: AsyncSession,
    actor: Actor,
    which: Section,
    *,
    child_id: UUID | None = None,
    limit: int = PAGE_DEFAULT,
    cursor: str | None = None,
    now: datetime,
) -> BookingPage:
    """The bookings of one tab: what comes (soonest first) or what was (latest first).

    Raises: Unauthenticated, Forbidden for people without a family, InvalidInput for a strange cursor.
    """
    where, values = _visible(actor)
    if child_id is not None:
        where, values = f"{where} AND b.user_id = :child", values | {"child": child_id}
    wanted = {Section.UPCOMING: _OPEN, Section.PAST: f"NOT ({_OPEN})"}[which]
    order = {Section.UPCOMING: Order.SOONEST, Section.PAST: Order.LATEST}[which]
    return await _page(
        session,
        f"{where} AND {wanted}",
        values,
        order=order,
        limit=limit,
        cursor=cursor,
        moving={"now": now},
    )


async def upcoming(
    session: AsyncSession, actor: Actor, *, now: datetime, limit: int = PAGE_DEFAULT
) -> list[BookingView]:
    """The next lessons of the family (of the child itself, when a child asks), soonest first.

    Raises: Unauthenticated, Forbidden for people without a family.
    """
    return (await section(session, actor, Section.UPCOMING, limit=limit, now=now)).items


def _visible(actor: Actor) -> tuple[str, dict[str, Any]]:
    family_id, child_id = policies.require_bookings(actor)
    if child_id is not None:
        return f"{_OF_FAMILY} AND b.user_id = :self", {"family": family_id, "self": child_id}
    return _OF_FAMILY, {"family": family_id}


async def _rows(session: AsyncSession, rest: str, values: dict[str, Any]) -> list[Row[Any]]:
    connection = await session.connection()
    return list((await connection.execute(text(_SELECT + rest), values)).all())


async def _page(
    session: AsyncSession,
    where: str,
    values: dict[str, Any],
    *,
    order: Order,
    limit: int,
    cursor: str | None,
    moving: dict[str, Any] | None = None,
) -> BookingPage:
    scope = f"bookings {order} {where} {sorted((name, str(value)) for name, value in values.items())}"
    compare, direction = (">", "ASC") if order is Order.SOONEST else ("<", "DESC")
    values = values | (moving or {}) | {"limit": limit + 1}
    if cursor:
        where += f" AND (lower(b.period), b.id) {compare} (:after, :after_id)"
        start_at, number = cursors.decode(scope, cursor, (datetime, UUID))
        values |= {"after": start_at, "after_id": number}
    rest = f"{where} ORDER BY lower(b.period) {direction}, b.id {direction} LIMIT :limit"
    rows = await _rows(session, rest, values)
    last = rows[limit - 1] if len(rows) > limit else None
    following = cursors.encode(scope, (last.start_at, last.id)) if last else None
    return BookingPage([_view(row) for row in rows[:limit]], following)


def _view(row: Row[Any]) -> BookingView:
    own = Named(row.slot_instructor_id, row.slot_instructor_name) if row.slot_instructor_id else None
    return BookingView(
        id=row.id,
        status=BookingStatus(row.status),
        child=Child(row.user_id, row.child_name),
        schedule=ScheduleView(
            id=row.schedule_id,
            start_at=row.start_at,
            end_at=row.end_at,
            lesson=Titled(row.class_id, row.title),
            school=Named(row.school_id, row.school_name),
            instructor=own,
            school_kana=row.school_kana,
        ),
        instructor=Named(row.instructor_id, row.instructor_name) if row.instructor_id else None,
        consumed_tickets=row.consumed_tickets,
        cancel_until=row.cancel_until,
        conversation_id=row.conversation_id,
        created_at=row.created_at,
        cancel_kind=CancelKind(row.cancel_kind) if row.cancel_kind else None,
        question=BookingQuestion(row.question) if row.question else None,
        answer_by=row.answer_by,
    )
