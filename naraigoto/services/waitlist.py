"""Waiting for a seat (D7): join, see one's place, decline; what jobs do when a clock has run out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import NotFound, SeatsAgain, TicketsShort, WaitlistFull
from naraigoto.models.families import FamilyMember
from naraigoto.models.waitlist import WaitlistEntry, WaitlistStatus
from naraigoto.rules import WAITLIST_MAX
from naraigoto.services import actors, bookings, locks, queue, waitlist_notices
from naraigoto.services.bookings import facts as asking

_OPEN = (WaitlistStatus.WAITING, WaitlistStatus.OFFERED)


@dataclass(frozen=True, slots=True)
class Place:
    """A child's place in a queue; `offer_until` while a seat is held for it."""

    entry_id: UUID
    schedule_id: UUID
    child_id: UUID
    child: str
    title: str
    school: str
    school_id: UUID
    start_at: datetime
    end_at: datetime
    position: int
    auto_book: bool
    offer_until: datetime | None

    def first_come(self, now: datetime) -> bool:
        """Whether a seat that goes free now is held and booked for nobody any more (D7)."""
        return now >= queue.tells_all_from(self.start_at)


_PLACES = """
SELECT w.id, w.schedule_id, w.child_user_id, u.name, c.title, h.name, h.id, s.start_at, s.end_at,
  (SELECT count(*) FROM waitlist_entries o WHERE o.schedule_id = w.schedule_id
    AND o.status IN ('waiting', 'offered') AND (o.created_at, o.id) <= (w.created_at, w.id))::int,
  w.auto_book, CASE WHEN w.status = 'offered' THEN w.offer_expires_at END
FROM waitlist_entries w
JOIN users u ON u.id = w.child_user_id
JOIN lesson_schedules s ON s.id = w.schedule_id
JOIN classes c ON c.id = s.class_id
JOIN schools h ON h.id = s.school_id
WHERE w.status IN ('waiting', 'offered') AND s.start_at > :now AND {whose}
ORDER BY s.start_at, w.created_at, w.id
"""
_MINE = text(_PLACES.format(whose="w.family_id = :family"))
_ONE = text(_PLACES.format(whose="w.id = :entry"))
_LAPSED = text("""
SELECT id FROM waitlist_entries WHERE status = 'offered' AND offer_expires_at <= :now
ORDER BY offer_expires_at LIMIT 100
""")
_TO_BOOK = text("""
SELECT id FROM waitlist_entries WHERE status = 'offered' AND auto_book AND offer_expires_at > :now
ORDER BY offered_at LIMIT 100
""")
_REFILLED = text("""
SELECT w.refills_booking_id FROM waitlist_entries w WHERE w.refills_booking_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM ticket_entries e WHERE e.booking_id = w.refills_booking_id AND e.reason = 'refund')
LIMIT 100
""")
_OVER = text("""
UPDATE waitlist_entries w SET status = 'closed' FROM lesson_schedules s, schools h
WHERE s.id = w.schedule_id AND h.id = s.school_id AND w.status = 'waiting'
  AND s.start_at <= :now + make_interval(hours => h.booking_cutoff_hours)
""")


async def join(
    session: AsyncSession,
    actor: Actor,
    *,
    schedule_id: UUID,
    child_id: UUID,
    auto_book: bool = False,
    now: datetime,
) -> Place:
    """Take a place in the queue of a full slot; asking again keeps the place and may change `auto_book`.

    Nobody is booked unasked once free seats go to whoever comes first.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound, SchoolNotPublished,
        BookingDeadlinePassed, AlreadyBooked, ScheduleOverlap, AgeOutOfRange, TicketsShort, WaitlistFull,
        SeatsAgain when there is a free seat to book.
    """
    family_id = policies.require_guardian(actor)
    await locks.slots(session, [schedule_id])
    slot = await asking.for_child(
        session, schedule_id=schedule_id, child_id=child_id, family_id=family_id, now=now
    )
    if slot is None:
        raise NotFound
    refusal = asking.slot_refusal(slot, now) or asking.child_refusal(slot)
    if refusal is not None:
        raise refusal
    entry = await _open_entry(session, schedule_id, child_id)
    if entry is None:
        await _refuse_unless_waiting_helps(session, slot)
        entry = WaitlistEntry(
            schedule_id=schedule_id,
            child_user_id=child_id,
            family_id=family_id,
            asked_by=policies.require_signed_in(actor),
            created_at=now,
        )
    entry.auto_book = auto_book and now < queue.tells_all_from(slot.start_at)
    session.add(entry)
    await session.flush()
    row = (await (await session.connection()).execute(_ONE, {"entry": entry.id, "now": now})).one()
    return Place(*row)


async def leave(
    session: AsyncSession, actor: Actor, *, schedule_id: UUID, child_id: UUID, now: datetime
) -> None:
    """Give the place, or the offered seat, to the next; without a place nothing happens (D7).

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound for another family's child.
    """
    family_id = policies.require_guardian(actor)
    of_family = select(FamilyMember.user_id).where(
        FamilyMember.user_id == child_id, FamilyMember.family_id == family_id
    )
    if (await session.exec(of_family)).first() is None:
        raise NotFound
    await locks.slots(session, [schedule_id])
    entry = await _open_entry(session, schedule_id, child_id)
    if entry is None:
        return
    if entry.status is WaitlistStatus.WAITING:
        entry.status = WaitlistStatus.CLOSED
        session.add(entry)
        await session.flush()
        return
    await queue.end_offer(session, entry.id, WaitlistStatus.DECLINED)
    await queue.offer_free_seats(session, schedule_id, now=now)


async def mine(session: AsyncSession, actor: Actor, *, now: datetime) -> list[Place]:
    """The places of the asker's family, the soonest lesson first.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden.
    """
    family_id = policies.require_guardian(actor)
    rows = await (await session.connection()).execute(_MINE, {"family": family_id, "now": now})
    return [Place(*row) for row in rows]


async def lapsed(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Offers whose clock has run out."""
    return list((await (await session.connection()).execute(_LAPSED, {"now": now})).scalars())


async def lapse(session: AsyncSession, *, entry_id: UUID, now: datetime) -> bool:
    """Pass a seat on whose offer has run out; False when somebody was quicker."""
    entry = await _held_entry(session, entry_id)
    if entry is None or entry.offer_expires_at is None or entry.offer_expires_at > now:
        return False
    if not await queue.end_offer(session, entry_id, WaitlistStatus.LAPSED):
        return False
    await queue.offer_free_seats(session, entry.schedule_id, now=now)
    return True


async def to_book(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Offers to families that want to be booked without being asked."""
    return list((await (await session.connection()).execute(_TO_BOOK, {"now": now})).scalars())


async def book_unasked(session: AsyncSession, *, entry_id: UUID, now: datetime) -> bool:
    """Book an offered seat for whoever asked for that; False when the offer is gone.

    Raises: what `bookings.book` raises; then `ask_instead` is called in a transaction of its own.
    """
    entry = await _held_entry(session, entry_id)
    if entry is None or entry.status is not WaitlistStatus.OFFERED or not entry.auto_book:
        return False
    actor = await actors.actor_for(session, entry.asked_by)
    await bookings.book(session, actor, schedule_id=entry.schedule_id, child_id=entry.child_user_id, now=now)
    return True


async def ask_instead(session: AsyncSession, *, entry_id: UUID, now: datetime) -> None:
    """It could not be booked unasked (no ticket, another lesson): the family gets an ordinary offer."""
    entry = await _held_entry(session, entry_id)
    if entry is not None and entry.auto_book and entry.status is WaitlistStatus.OFFERED:
        entry.auto_book = False
        session.add(entry)
        await session.flush()
        await waitlist_notices.offered(session, entry_id=entry_id, now=now)


async def refilled(session: AsyncSession) -> list[UUID]:
    """Late cancellations whose seat was taken again from the queue and whose tickets are not back yet."""
    return list((await (await session.connection()).execute(_REFILLED)).scalars())


async def close_over(session: AsyncSession, *, now: datetime) -> int:
    """Nobody waits beyond the booking cutoff."""
    return (await (await session.connection()).execute(_OVER, {"now": now})).rowcount


async def _refuse_unless_waiting_helps(session: AsyncSession, slot: asking.Facts) -> None:
    if slot.seats_left > 0:
        raise SeatsAgain
    if slot.usable < slot.cost:
        raise TicketsShort(missing=slot.cost - slot.usable, has_plan=slot.plan_status is not None)
    waiting = select(func.count()).where(
        WaitlistEntry.schedule_id == slot.schedule_id, col(WaitlistEntry.status).in_(_OPEN)
    )
    if (await session.exec(waiting)).one() >= WAITLIST_MAX:
        raise WaitlistFull(limit=WAITLIST_MAX)


async def _open_entry(session: AsyncSession, schedule_id: UUID, child_id: UUID) -> WaitlistEntry | None:
    found = await session.exec(
        select(WaitlistEntry)
        .where(
            WaitlistEntry.schedule_id == schedule_id,
            WaitlistEntry.child_user_id == child_id,
            col(WaitlistEntry.status).in_(_OPEN),
        )
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


async def _held_entry(session: AsyncSession, entry_id: UUID) -> WaitlistEntry | None:
    """The entry as it is once its slot is held."""
    known = await session.get(WaitlistEntry, entry_id)
    if known is None:
        return None
    await locks.slots(session, [known.schedule_id])
    await session.refresh(known)
    return known
