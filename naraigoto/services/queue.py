"""The queue of a full slot: a seat that goes free is offered, held, taken or passed on (D7).

Everything here wants the slot held by the caller (services/locks.py). Who may ask for what is settled in
services/waitlist.py and where bookings are made and cancelled.
"""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.models.waitlist import WaitlistStatus
from naraigoto.rules import WAITLIST_OFFER, WAITLIST_TELLS_ALL_HOUR_JST
from naraigoto.services import live, nights, waitlist_notices

_SLOT = text("""
SELECT s.start_at, s.capacity - s.booked_count - s.held_count AS free, h.booking_cutoff_hours,
       s.cancelled_at IS NULL AND c.deleted_at IS NULL AND h.status = 'published' AND h.deleted_at IS NULL
         AS bookable
FROM lesson_schedules s JOIN classes c ON c.id = s.class_id JOIN schools h ON h.id = s.school_id
WHERE s.id = :slot
""")
_FIRST = text("""
SELECT id, auto_book FROM waitlist_entries WHERE schedule_id = :slot AND status = 'waiting'
ORDER BY created_at, id LIMIT :free FOR NO KEY UPDATE
""")
_OFFER = text("""
UPDATE waitlist_entries SET status = 'offered', offer_number = offer_number + 1, offered_at = :now,
  offer_expires_at = :until WHERE id = :entry RETURNING family_id
""")
_TELL_AGAIN = text("""
UPDATE waitlist_entries SET offer_number = offer_number + 1
WHERE schedule_id = :slot AND status = 'waiting' RETURNING id
""")
_HOLD = text("UPDATE lesson_schedules SET held_count = held_count + :seats WHERE id = :slot")
_END_OFFER = text("""
UPDATE waitlist_entries SET status = :status WHERE id = :entry AND status = 'offered' RETURNING schedule_id
""")
# The seat that a late cancellation left behind, the earliest first, each only once; a seat that was held for
# this family since before a cancellation is not the one that the cancellation left.
_BOOKED = text("""
UPDATE waitlist_entries w SET status = 'booked', booking_id = :booking, refills_booking_id = (
  SELECT b.id FROM bookings b WHERE b.schedule_id = w.schedule_id AND b.cancel_kind = 'late'
    AND (w.status = 'waiting' OR b.cancelled_at <= w.offered_at)
    AND NOT EXISTS (SELECT 1 FROM waitlist_entries o WHERE o.refills_booking_id = b.id)
  ORDER BY b.cancelled_at LIMIT 1)
WHERE w.schedule_id = :slot AND w.child_user_id = :child
  AND (w.status = 'waiting' OR w.status = 'booked' AND w.booking_id IS NULL)
""")
_OFFER_TO = text("""
SELECT id FROM waitlist_entries WHERE schedule_id = :slot AND child_user_id = :child AND status = 'offered'
""")
# What else the child waited for at that hour. An offered seat of another slot is held there, and that slot is
# not ours to touch now: its offer ends at once, and the waitlist's job passes the seat on.
_CLOSE_OVERLAPPING = text("""
UPDATE waitlist_entries w SET
  status = CASE WHEN w.status = 'waiting' THEN 'closed' ELSE w.status END,
  offer_expires_at = CASE WHEN w.status = 'offered' THEN :now ELSE w.offer_expires_at END
FROM lesson_schedules s, lesson_schedules booked
WHERE s.id = w.schedule_id AND booked.id = :slot AND w.child_user_id = :child AND w.schedule_id <> :slot
  AND w.status IN ('waiting', 'offered')
  AND tstzrange(s.start_at, s.end_at) && tstzrange(booked.start_at, booked.end_at)
""")
# Nobody agreed to be booked at the new time without being asked.
_ASK_FIRST = text("""
UPDATE waitlist_entries w SET auto_book = false
FROM (SELECT id, auto_book FROM waitlist_entries
      WHERE schedule_id = :slot AND status IN ('waiting', 'offered') FOR NO KEY UPDATE) o
WHERE w.id = o.id RETURNING w.id, w.family_id, o.auto_book AND w.status = 'offered' AS unasked
""")
_CLOSE_ALL = text("""
UPDATE waitlist_entries SET status = 'closed' WHERE schedule_id = :slot AND status IN ('waiting', 'offered')
RETURNING id
""")
_SLOTS_OF = text("""
SELECT DISTINCT schedule_id FROM waitlist_entries
WHERE child_user_id = ANY (CAST(:children AS uuid[])) AND status IN ('waiting', 'offered')
""")
_OFFERS_OF = text("""
SELECT id FROM waitlist_entries
WHERE child_user_id = ANY (CAST(:children AS uuid[])) AND status = 'offered'
""")
_LEAVE_ALL = text("""
UPDATE waitlist_entries SET status = 'closed'
WHERE child_user_id = ANY (CAST(:children AS uuid[])) AND status = 'waiting'
""")
_HOLD_NOTHING = text("UPDATE lesson_schedules SET held_count = 0 WHERE id = :slot")


def tells_all_from(start_at: datetime) -> datetime:
    """From this moment of the day before, a free seat goes to whoever comes first."""
    day = clock.jst_date(start_at) - timedelta(days=1)
    return datetime.combine(day, time(WAITLIST_TELLS_ALL_HOUR_JST), tzinfo=clock.JST)


async def offer_free_seats(session: AsyncSession, slot_id: UUID, *, now: datetime) -> int:
    """Offer what is free to who waits first, or tell everybody once it is late; answers how many."""
    connection = await session.connection()
    slot = (await connection.execute(_SLOT, {"slot": slot_id})).one()
    closes = slot.start_at - timedelta(hours=slot.booking_cutoff_hours)
    if slot.free <= 0 or not slot.bookable or now >= closes:
        return 0
    if now >= tells_all_from(slot.start_at):
        told = (await connection.execute(_TELL_AGAIN, {"slot": slot_id})).all()
        for entry in told:
            await waitlist_notices.open_seat(session, entry_id=entry.id, now=now)
        return len(told)
    first = (await connection.execute(_FIRST, {"slot": slot_id, "free": slot.free})).all()
    until = min(nights.later(now, WAITLIST_OFFER), closes)
    for entry in first:
        await _offer(session, slot_id, entry, until=until, now=now)
    return len(first)


async def _offer(
    session: AsyncSession, slot_id: UUID, entry: Row[Any], *, until: datetime, now: datetime
) -> None:
    connection = await session.connection()
    offer = {"entry": entry.id, "until": until, "now": now}
    live.family_changed(session, (await connection.execute(_OFFER, offer)).scalar_one())
    await connection.execute(_HOLD, {"slot": slot_id, "seats": 1})
    await live.slot_changed(session, slot_id)
    # Who wants to be booked without being asked hears of the booking, or of the offer if that fails.
    if not entry.auto_book:
        await waitlist_notices.offered(session, entry_id=entry.id, now=now)


async def end_offer(session: AsyncSession, entry_id: UUID, status: WaitlistStatus) -> bool:
    """Let go of the seat an offer holds; False when there is no such offer (any more)."""
    connection = await session.connection()
    ended = (await connection.execute(_END_OFFER, {"entry": entry_id, "status": status.value})).one_or_none()
    if ended is None:
        return False
    await connection.execute(_HOLD, {"slot": ended.schedule_id, "seats": -1})
    await live.slot_changed(session, ended.schedule_id)
    return True


async def child_booked(
    session: AsyncSession, *, slot_id: UUID, child_id: UUID, booking_id: UUID, now: datetime
) -> None:
    """The child has a seat: its place in this queue is done, and it waits for nothing else at that hour."""
    connection = await session.connection()
    values = {"slot": slot_id, "child": child_id, "booking": booking_id, "now": now}
    # An offer that was not the seat it took (lapsed, or made in the meantime) holds one more: pass it on.
    for entry in (await connection.execute(_OFFER_TO, values)).scalars().all():
        await end_offer(session, entry, WaitlistStatus.BOOKED)
        await offer_free_seats(session, slot_id, now=now)
    await connection.execute(_BOOKED, values)
    await connection.execute(_CLOSE_OVERLAPPING, values)


async def slot_moved(
    session: AsyncSession, slot_id: UUID, *, before: datetime, after: datetime, now: datetime
) -> None:
    """Those who wait keep their places, hear of the new time and are booked only once they say so."""
    connection = await session.connection()
    for entry in (await connection.execute(_ASK_FIRST, {"slot": slot_id})).all():
        await waitlist_notices.moved(session, entry_id=entry.id, before=before, after=after, now=now)
        if entry.unasked:
            await waitlist_notices.offered(session, entry_id=entry.id, now=now)
        live.family_changed(session, entry.family_id)


async def close_all(session: AsyncSession, slot_id: UUID) -> list[UUID]:
    """Nobody waits for this slot any more and no seat is held; answers whose places ended."""
    connection = await session.connection()
    ended = (await connection.execute(_CLOSE_ALL, {"slot": slot_id})).scalars().all()
    await connection.execute(_HOLD_NOTHING, {"slot": slot_id})
    return list(ended)


async def slots_of(session: AsyncSession, child_ids: set[UUID]) -> set[UUID]:
    """The slots these children wait for."""
    found = await (await session.connection()).execute(_SLOTS_OF, {"children": list(child_ids)})
    return set(found.scalars())


async def leave_all(session: AsyncSession, child_ids: set[UUID]) -> None:
    """These children wait for nothing any more; the caller holds `slots_of` them."""
    connection = await session.connection()
    values = {"children": list(child_ids)}
    for entry in (await connection.execute(_OFFERS_OF, values)).scalars().all():
        await end_offer(session, entry, WaitlistStatus.CLOSED)
    await connection.execute(_LEAVE_ALL, values)
