"""Promises about what becomes of a booking after it was made, and what those mails say (domain.md §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.bookings import CancelKind
from naraigoto.services import alternatives, driver
from naraigoto.services.alternatives import Alternative
from naraigoto.services.deadlines import free_until
from naraigoto.services.notifications import TELL_BOTH_SIDES, Facts, Kind, Loader, Side, age


async def cancelled(session: AsyncSession, *, booking_id: UUID, now: datetime) -> None:
    """Promise the news of a cancellation to every guardian and every member of the school, once."""
    values = {"kind": Kind.BOOKING_CANCELLED.value, "event": ":cancelled:", "booking": str(booking_id)}
    await (await driver.connection(session)).execute(TELL_BOTH_SIDES, values | {"now": now})


async def rescheduled(session: AsyncSession, *, booking_id: UUID, change: UUID, now: datetime) -> None:
    """Promise the news of another time to every guardian and every member of the school, once a change."""
    event = f":rescheduled:{change}:"
    values = {"kind": Kind.BOOKING_RESCHEDULED.value, "event": event, "booking": str(booking_id)}
    await (await driver.connection(session)).execute(TELL_BOTH_SIDES, values | {"now": now})


@dataclass(frozen=True, slots=True)
class BookingChanged(Facts):
    """What the news of a cancelled or rescheduled booking says; `tickets` came back, of `used`.

    `alternatives` only where the lesson was taken from the family (D6).
    """

    booking_id: UUID
    child: str
    child_age: int | None
    guardian: str
    start_at: datetime
    end_at: datetime
    lesson: str
    school: str
    kind: CancelKind | None
    used: int
    tickets: int
    instructor: str | None
    address: str
    access: str
    before: datetime | None
    cancel_until: datetime
    school_id: UUID
    alternatives: list[Alternative]


_TAKEN_AWAY = {CancelKind.SCHOOL, CancelKind.ADMIN}
# Only for who still stands on the side they were promised it for, and can be reached.
STILL_CONCERNED = """CASE :side
  WHEN 'guardian' THEN f.parent_user_id = r.id OR EXISTS (
    SELECT 1 FROM family_guardians o WHERE o.family_id = f.id AND o.user_id = r.id)
  ELSE EXISTS (SELECT 1 FROM school_members m WHERE m.school_id = s.school_id AND m.user_id = r.id)
END"""
_CHANGED = text(f"""
SELECT r.email, c.name AS child, fm.birth_month, g.name AS guardian,
       lower(b.period) AS start_at, upper(b.period) AS end_at, k.title, h.name AS school, h.address, h.access,
       b.status, b.cancel_kind, b.consumed_tickets, b.cancel_until, b.created_at, b.answer_by,
       b.schedule_id, s.school_id, i.name AS instructor,
       (SELECT coalesce(sum(e.delta), 0)::int FROM ticket_entries e
         WHERE e.booking_id = b.id AND e.reason = 'refund') AS returned,
       (SELECT (a.facts ->> 'before')::timestamptz FROM audit_log a
         WHERE a.thing_type = 'booking' AND a.thing_id = b.id AND a.action = 'booking.rescheduled'
         ORDER BY a.at DESC, a.id DESC LIMIT 1) AS before
FROM bookings b
JOIN users r ON r.id = :recipient AND r.email IS NOT NULL AND r.deleted_at IS NULL
JOIN families f ON f.id = b.family_id
JOIN users c ON c.id = b.user_id
LEFT JOIN family_members fm ON fm.user_id = b.user_id
JOIN users g ON g.id = b.booked_by
JOIN lesson_schedules s ON s.id = b.schedule_id
JOIN classes k ON k.id = s.class_id
JOIN schools h ON h.id = s.school_id
LEFT JOIN instructors i ON i.id = coalesce(b.instructor_id, s.instructor_id)
WHERE b.id = :booking AND {STILL_CONCERNED}
""")


async def _cancelled(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> BookingChanged | None:
    changed = await _changed(session, recipient, payload, now)
    return changed if changed is not None and changed.kind is not None else None


async def _rescheduled(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> BookingChanged | None:
    changed = await _changed(session, recipient, payload, now)
    return changed if changed is not None and changed.kind is None and changed.before is not None else None


async def _changed(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> BookingChanged | None:
    side, booking_id = Side(payload["side"]), UUID(payload["booking_id"])
    connection = await session.connection()
    asked = {"recipient": recipient, "booking": booking_id, "side": side}
    row = (await connection.execute(_CHANGED, asked)).one_or_none()
    if row is None:
        return None
    kind = CancelKind(row.cancel_kind) if row.cancel_kind else None
    lost = side is Side.GUARDIAN and kind in _TAKEN_AWAY
    instead = await alternatives.instead_of(session, row.schedule_id, now=now) if lost else []
    return BookingChanged(
        side=side,
        to=row.email,
        booking_id=booking_id,
        child=row.child,
        child_age=age(row.birth_month, now),
        guardian=row.guardian,
        start_at=row.start_at,
        end_at=row.end_at,
        lesson=row.title,
        school=row.school,
        kind=kind,
        used=row.consumed_tickets,
        tickets=row.returned,
        instructor=row.instructor,
        address=row.address,
        access=row.access,
        before=row.before,
        cancel_until=free_until(row.cancel_until, row.created_at, row.answer_by),
        school_id=row.school_id,
        alternatives=instead,
    )


FACTS: Final[Mapping[Kind, Loader]] = {
    Kind.BOOKING_CANCELLED: _cancelled,
    Kind.BOOKING_RESCHEDULED: _rescheduled,
}
