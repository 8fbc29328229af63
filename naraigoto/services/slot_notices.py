"""Promises about slots that a school changed, and what those mails say (D6, domain.md §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.services import alternatives, driver, nights
from naraigoto.services.alternatives import Alternative
from naraigoto.services.notifications import UUID7, Facts, Kind, Loader, Side

_TELL_FAMILIES = f"""
INSERT INTO outbox_messages (id, kind, dedupe_key, recipient_user_id, payload, status, run_at, created_at)
SELECT {UUID7}, %(kind)s, %(key)s || g.user_id, g.user_id,
       jsonb_build_object('schedule_id', s.id, 'version', s.version, 'family_id', g.family_id,
                          'before', %(before)s::text, 'closed', to_jsonb(%(closed)s::uuid[]),
                          'asked', to_jsonb(%(asked)s::uuid[]), 'at', %(now)s::timestamptz,
                          'side', 'guardian'),
       'queued', %(run_at)s, %(now)s
FROM lesson_schedules s CROSS JOIN LATERAL (
  SELECT f.id AS family_id, f.parent_user_id AS user_id FROM families f
  UNION SELECT o.family_id, o.user_id FROM family_guardians o
) g
WHERE s.id = %(slot)s AND g.family_id IN ({{families}})
ON CONFLICT (dedupe_key) DO NOTHING
"""
_ASKED = "SELECT b.family_id FROM bookings b WHERE b.id = ANY (%(asked)s::uuid[])"
_CONCERNED = {
    Kind.SCHEDULE_CANCELLED: """
      SELECT b.family_id FROM bookings b WHERE b.schedule_id = %(slot)s AND b.cancel_kind = 'school'
        AND b.cancelled_at = %(now)s
      UNION SELECT w.family_id FROM waitlist_entries w WHERE w.id = ANY (%(closed)s::uuid[])""",
    Kind.SCHEDULE_MOVED: _ASKED,
    Kind.INSTRUCTOR_REPLACED: _ASKED,
}


async def cancelled(session: AsyncSession, *, schedule_id: UUID, closed: list[UUID], now: datetime) -> None:
    """Promise the news to every family that was booked, or waited in an entry `closed` just now."""
    await _promise(session, Kind.SCHEDULE_CANCELLED, schedule_id, "cancelled:", closed=closed, now=now)


async def moved(
    session: AsyncSession,
    *,
    schedule_id: UUID,
    version: int,
    before: datetime,
    asked: list[UUID],
    now: datetime,
) -> None:
    """Promise the question whether the new time suits to the families of the bookings that are `asked`."""
    event = f"moved:{version}:"
    await _promise(session, Kind.SCHEDULE_MOVED, schedule_id, event, before=before, asked=asked, now=now)


async def instructor_replaced(
    session: AsyncSession, *, schedule_id: UUID, change: UUID, asked: list[UUID], now: datetime
) -> None:
    """Promise the news of a `change` to the families of the `asked` bookings: they had chosen somebody."""
    event = f"instructor:{change}:"
    await _promise(session, Kind.INSTRUCTOR_REPLACED, schedule_id, event, asked=asked, now=now)


_START = b"SELECT start_at FROM lesson_schedules WHERE id = %(slot)s"


async def _promise(
    session: AsyncSession,
    kind: Kind,
    schedule_id: UUID,
    event: str,
    *,
    closed: list[UUID] | None = None,
    asked: list[UUID] | None = None,
    before: datetime | None = None,
    now: datetime,
) -> None:
    connection = await driver.connection(session)
    row = await (await connection.execute(_START, {"slot": schedule_id})).fetchone()
    assert row is not None
    values = {
        "kind": kind.value,
        "key": f"schedule:{schedule_id}:{event}",
        "slot": schedule_id,
        "closed": closed or [],
        "asked": asked or [],
        "before": before.isoformat() if before else "",
        "run_at": nights.unless_near(now, row[0], before or row[0]),
        "now": now,
    }
    await connection.execute(_TELL_FAMILIES.format(families=_CONCERNED[kind]).encode(), values)


@dataclass(frozen=True, slots=True)
class SlotChanged(Facts):
    """What the news of a changed slot says; fields that a kind does not tell are empty."""

    children: list[str]
    school_id: UUID
    school: str
    lesson: str
    start_at: datetime
    end_at: datetime
    instructor: str | None
    tickets: int
    reason: str
    before: datetime | None
    answer_by: datetime | None
    booking_id: UUID | None
    alternatives: list[Alternative]


_CHANGED = text("""
SELECT r.email, s.id, h.id AS school_id, h.name AS school, k.title, s.start_at, s.end_at,
       s.version, s.cancelled_at, s.cancel_reason, i.name AS instructor
FROM lesson_schedules s
JOIN classes k ON k.id = s.class_id JOIN schools h ON h.id = s.school_id
LEFT JOIN instructors i ON i.id = s.instructor_id
JOIN families f ON f.id = :family
JOIN users r ON r.id = :recipient AND r.email IS NOT NULL AND r.deleted_at IS NULL
  AND (f.parent_user_id = r.id OR EXISTS (
    SELECT 1 FROM family_guardians o WHERE o.family_id = f.id AND o.user_id = r.id))
WHERE s.id = :slot
""")
# Whatever else the school changed since then: still booked, not yet answered, and not asked the same anew.
_OPEN_QUESTIONS = text("""
SELECT b.id, u.name, b.answer_by, 0 AS tickets FROM bookings b JOIN users u ON u.id = b.user_id
WHERE b.id = ANY (CAST(:asked AS uuid[])) AND b.schedule_id = :slot AND b.family_id = :family
  AND b.question IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM audit_log a WHERE a.thing_type = 'booking' AND a.thing_id = b.id AND a.at > :at
      AND (a.action = 'booking.change_accepted' OR a.action = :again AND a.facts ->> 'before' <> ''))
ORDER BY b.created_at, b.id
""")
_ENDED = text("""
SELECT b.id, u.name, NULL::timestamptz AS answer_by, b.consumed_tickets AS tickets
FROM bookings b JOIN users u ON u.id = b.user_id
WHERE b.schedule_id = :slot AND b.family_id = :family AND b.cancelled_at = :at
UNION ALL
SELECT NULL, u.name, NULL, 0 FROM waitlist_entries w JOIN users u ON u.id = w.child_user_id
WHERE w.id = ANY (CAST(:closed AS uuid[])) AND w.family_id = :family
""")


async def _slot_cancelled(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> SlotChanged | None:
    slot = await _slot(session, recipient, payload)
    if slot is None or slot.cancelled_at is None:
        return None
    connection = await session.connection()
    closed = [UUID(entry) for entry in payload["closed"]]
    asked = _whose(payload) | {"at": slot.cancelled_at, "closed": closed}
    ended = (await connection.execute(_ENDED, asked)).all()
    instead = await alternatives.instead_of(session, slot.id, now=now)
    return _facts(slot, ended, None, instead) if ended else None


async def _slot_moved(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> SlotChanged | None:
    before = datetime.fromisoformat(payload["before"])
    return await _asked(session, recipient, payload, "booking.moved", before, now)


async def _teacher_replaced(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> SlotChanged | None:
    return await _asked(session, recipient, payload, "booking.instructor_replaced", None, now)


async def _asked(
    session: AsyncSession,
    recipient: UUID,
    payload: Mapping[str, Any],
    again: str,
    before: datetime | None,
    now: datetime,
) -> SlotChanged | None:
    """Only while somebody has not answered, and only about the latest move."""
    slot = await _slot(session, recipient, payload)
    if slot is None or slot.start_at <= now or (before and slot.version != payload["version"]):
        return None
    asked = _whose(payload) | {"asked": [UUID(booking) for booking in payload["asked"]], "again": again}
    asked |= {"at": datetime.fromisoformat(payload["at"])}
    found = (await (await session.connection()).execute(_OPEN_QUESTIONS, asked)).all()
    return _facts(slot, found, before, []) if found else None


async def _slot(session: AsyncSession, recipient: UUID, payload: Mapping[str, Any]) -> Row[Any] | None:
    asked = _whose(payload) | {"recipient": recipient}
    return (await (await session.connection()).execute(_CHANGED, asked)).one_or_none()


def _whose(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"slot": UUID(payload["schedule_id"]), "family": UUID(payload["family_id"])}


def _facts(slot: Row[Any], found: Any, before: datetime | None, instead: list[Alternative]) -> SlotChanged:
    return SlotChanged(
        side=Side.GUARDIAN,
        to=slot.email,
        children=list(dict.fromkeys(row.name for row in found)),
        school_id=slot.school_id,
        school=slot.school,
        lesson=slot.title,
        start_at=slot.start_at,
        end_at=slot.end_at,
        instructor=slot.instructor,
        tickets=sum(row.tickets for row in found),
        reason=slot.cancel_reason,
        before=before,
        answer_by=min((row.answer_by for row in found if row.answer_by is not None), default=None),
        booking_id=found[0].id if len(found) == 1 else None,
        alternatives=instead,
    )


FACTS: Final[Mapping[Kind, Loader]] = {
    Kind.SCHEDULE_CANCELLED: _slot_cancelled,
    Kind.SCHEDULE_MOVED: _slot_moved,
    Kind.INSTRUCTOR_REPLACED: _teacher_replaced,
}
