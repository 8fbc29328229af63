"""Promises to those who wait for a seat, and what those mails say (D7, domain.md §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.services import driver, nights
from naraigoto.services.notifications import UUID7, Facts, Kind, Loader, Side

# The number of the offer is part of the payload: a later one has a mail of its own.
_TELL_GUARDIANS = f"""
INSERT INTO outbox_messages (id, kind, dedupe_key, recipient_user_id, payload, status, run_at, created_at)
SELECT {UUID7}, %(kind)s, 'waitlist:' || w.id || ':' || w.offer_number || ':' || g.user_id, g.user_id,
       jsonb_build_object('entry_id', w.id, 'offer', w.offer_number, 'side', 'guardian'),
       'queued', %(run_at)s, %(now)s
FROM waitlist_entries w CROSS JOIN LATERAL (
  SELECT f.parent_user_id AS user_id FROM families f WHERE f.id = w.family_id
  UNION SELECT o.user_id FROM family_guardians o WHERE o.family_id = w.family_id
) g
WHERE w.id = %(entry)s
ON CONFLICT (dedupe_key) DO NOTHING
""".encode()


async def offered(session: AsyncSession, *, entry_id: UUID, now: datetime) -> None:
    """Promise the guardians the news of their offer; by night in the morning, when its clock starts."""
    await _promise(session, Kind.WAITLIST_OFFER, entry_id, run_at=nights.awake(now), now=now)


async def open_seat(session: AsyncSession, *, entry_id: UUID, now: datetime) -> None:
    """Promise at once that a seat is free for whoever comes first: the lesson is near (D16)."""
    await _promise(session, Kind.WAITLIST_OPEN, entry_id, run_at=now, now=now)


_TELL_OF_MOVE = f"""
INSERT INTO outbox_messages (id, kind, dedupe_key, recipient_user_id, payload, status, run_at, created_at)
SELECT {UUID7}, %(kind)s, 'waitlist:' || w.id || ':moved:' || s.version || ':' || g.user_id, g.user_id,
       jsonb_build_object('entry_id', w.id, 'version', s.version, 'before', %(before)s::text,
                          'side', 'guardian'),
       'queued', %(run_at)s, %(now)s
FROM waitlist_entries w JOIN lesson_schedules s ON s.id = w.schedule_id CROSS JOIN LATERAL (
  SELECT f.parent_user_id AS user_id FROM families f WHERE f.id = w.family_id
  UNION SELECT o.user_id FROM family_guardians o WHERE o.family_id = w.family_id
) g
WHERE w.id = %(entry)s
ON CONFLICT (dedupe_key) DO NOTHING
""".encode()


async def moved(
    session: AsyncSession, *, entry_id: UUID, before: datetime, after: datetime, now: datetime
) -> None:
    """Promise the guardians the news that the lesson they wait for takes place at another time."""
    values = {
        "kind": Kind.WAITLIST_MOVED.value,
        "entry": entry_id,
        "before": before.isoformat(),
        "run_at": nights.unless_near(now, before, after),
        "now": now,
    }
    await (await driver.connection(session)).execute(_TELL_OF_MOVE, values)


async def _promise(
    session: AsyncSession, kind: Kind, entry_id: UUID, *, run_at: datetime, now: datetime
) -> None:
    values = {"kind": kind.value, "entry": entry_id, "run_at": run_at, "now": now}
    await (await driver.connection(session)).execute(_TELL_GUARDIANS, values)


@dataclass(frozen=True, slots=True)
class SeatFree(Facts):
    """What the news of a free seat says; `until` only while the seat is held for this family."""

    school_id: UUID
    schedule_id: UUID
    child: str
    start_at: datetime
    end_at: datetime
    lesson: str
    school: str
    tickets: int
    until: datetime | None


_SEAT = text("""
SELECT r.email, s.school_id, s.id AS schedule_id, c.name AS child, s.start_at, s.end_at, k.title,
       h.name AS school, k.ticket_cost, w.status, w.offer_expires_at,
       s.capacity - s.booked_count - s.held_count AS free
FROM waitlist_entries w
JOIN users r ON r.id = :recipient AND r.email IS NOT NULL AND r.deleted_at IS NULL
JOIN families f ON f.id = w.family_id
JOIN users c ON c.id = w.child_user_id
JOIN lesson_schedules s ON s.id = w.schedule_id AND s.cancelled_at IS NULL
JOIN classes k ON k.id = s.class_id
JOIN schools h ON h.id = s.school_id
WHERE w.id = :entry AND w.offer_number = :offer AND (f.parent_user_id = r.id OR EXISTS (
  SELECT 1 FROM family_guardians o WHERE o.family_id = f.id AND o.user_id = r.id))
""")


async def _seat_free(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> SeatFree | None:
    asked = {"recipient": recipient, "entry": UUID(payload["entry_id"]), "offer": payload["offer"]}
    row = (await (await session.connection()).execute(_SEAT, asked)).one_or_none()
    if row is None:
        return None
    held = row.status == "offered" and row.offer_expires_at > now
    open_still = row.status == "waiting" and row.free > 0
    if not held and not open_still:
        return None
    return SeatFree(
        side=Side.GUARDIAN,
        to=row.email,
        school_id=row.school_id,
        schedule_id=row.schedule_id,
        child=row.child,
        start_at=row.start_at,
        end_at=row.end_at,
        lesson=row.title,
        school=row.school,
        tickets=row.ticket_cost,
        until=row.offer_expires_at if held else None,
    )


@dataclass(frozen=True, slots=True)
class WaitMoved(Facts):
    """What the news says that a lesson with a queue was moved."""

    school_id: UUID
    child: str
    before: datetime
    start_at: datetime
    end_at: datetime
    lesson: str
    school: str


_MOVED = text("""
SELECT r.email, s.school_id, c.name AS child, s.start_at, s.end_at, k.title, h.name AS school
FROM waitlist_entries w
JOIN users r ON r.id = :recipient AND r.email IS NOT NULL AND r.deleted_at IS NULL
JOIN families f ON f.id = w.family_id
JOIN users c ON c.id = w.child_user_id
JOIN lesson_schedules s ON s.id = w.schedule_id AND s.version = :version AND s.start_at > :now
JOIN classes k ON k.id = s.class_id
JOIN schools h ON h.id = s.school_id
WHERE w.id = :entry AND w.status IN ('waiting', 'offered') AND (f.parent_user_id = r.id OR EXISTS (
  SELECT 1 FROM family_guardians o WHERE o.family_id = f.id AND o.user_id = r.id))
""")


async def _moved(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> WaitMoved | None:
    """Only for who still waits, and only about the latest move."""
    asked = {"recipient": recipient, "entry": UUID(payload["entry_id"]), "version": payload["version"]}
    row = (await (await session.connection()).execute(_MOVED, asked | {"now": now})).one_or_none()
    if row is None:
        return None
    return WaitMoved(
        side=Side.GUARDIAN,
        to=row.email,
        school_id=row.school_id,
        child=row.child,
        before=datetime.fromisoformat(payload["before"]),
        start_at=row.start_at,
        end_at=row.end_at,
        lesson=row.title,
        school=row.school,
    )


FACTS: Final[Mapping[Kind, Loader]] = {
    Kind.WAITLIST_OFFER: _seat_free,
    Kind.WAITLIST_OPEN: _seat_free,
    Kind.WAITLIST_MOVED: _moved,
}
