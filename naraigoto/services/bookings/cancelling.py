"""Cancelling a booking (D6): the seat goes free, and the tickets come back when they are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import BookingNotActive, CancelDeadlinePassed, CourtesyUsed, NotFound, StaleEdit
from naraigoto.models.bookings import Booking, BookingStatus, CancelKind
from naraigoto.models.moderation import AuditLog
from naraigoto.rules import CANCEL_COURTESY_EVERY, CANCEL_GRACE
from naraigoto.services import booking_notices, live, locks, queue, tickets
from naraigoto.services.bookings import reading
from naraigoto.services.bookings.views import BookingView
from naraigoto.services.deadlines import free_until

# Whatever is not listed keeps the tickets used.
RETURNING = frozenset(CancelKind) - {CancelKind.LATE}


class CancelReason(StrEnum):
    """What the family says when it cancels."""

    PLANS = "plans"
    SICKNESS = "sickness"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A cancellation that happened, and the tickets that came back with it."""

    booking: BookingView
    kind: CancelKind
    refunded_tickets: int


@dataclass(frozen=True, slots=True)
class CancelTerms:
    """What cancelling now would be, and whether illness would bring the tickets back after the deadline."""

    kind: CancelKind
    tickets: int
    free_until: datetime
    courtesy_again_at: datetime | None

    @property
    def free(self) -> bool:
        """The tickets would come back."""
        return self.kind in RETURNING


_FREE_SEAT = text("UPDATE lesson_schedules SET booked_count = booked_count - 1 WHERE id = :id")


async def terms(session: AsyncSession, actor: Actor, *, booking_id: UUID, now: datetime) -> CancelTerms:
    """What cancelling this booking now would mean (D6).

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound, BookingNotActive,
        CancelDeadlinePassed.
    """
    booking = await _known(session, policies.require_canceller(actor), booking_id)
    _refuse_unless_ahead(booking, now)
    return CancelTerms(
        kind=plain_kind(booking, now),
        tickets=booking.consumed_tickets,
        free_until=free_until(booking.cancel_until, booking.created_at, booking.answer_by),
        courtesy_again_at=await courtesy_again_at(session, booking.user_id, now),
    )


async def cancel(
    session: AsyncSession,
    actor: Actor,
    *,
    booking_id: UUID,
    reason: CancelReason = CancelReason.PLANS,
    now: datetime,
) -> Cancelled:
    """Cancel a booking of the asker's family, or any as an admin, until the lesson starts (D6).

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound, BookingNotActive,
        CancelDeadlinePassed once the lesson has begun, CourtesyUsed, StaleEdit.
    """
    family_id = policies.require_canceller(actor)
    known = await _known(session, family_id, booking_id)
    booking = await held(session, known)
    _refuse_unless_ahead(booking, now)
    kind = CancelKind.ADMIN if family_id is None else await _kind(session, booking, reason, now)
    returned = await settle(session, booking, kind=kind, by=actor.user_id, now=now)
    await booking_notices.cancelled(session, booking_id=booking.id, now=now)
    await queue.offer_free_seats(session, booking.schedule_id, now=now)
    return Cancelled(await reading.view_of(session, booking.id), kind, returned)


async def release_children(session: AsyncSession, child_ids: Iterable[UUID], *, now: datetime) -> int:
    """Cancel every booking these children still have before them, and give up their places in queues.

    Answers how many bookings there were. For whoever removes a child or an account and has settled that this
    may be done.
    """
    children = set(child_ids)
    ahead = select(Booking).where(
        col(Booking.user_id).in_(children),
        Booking.status == BookingStatus.RESERVED,
        func.lower(Booking.period) > now,
    )
    seen = list(await session.exec(ahead))
    waited_for = await queue.slots_of(session, children)
    await locks.slots(session, {booking.schedule_id for booking in seen} | waited_for)
    await locks.tickets(session, {booking.family_id for booking in seen})
    open_still = [
        booking
        for booking in await locks.bookings(session, {booking.id for booking in seen})
        if booking.status is BookingStatus.RESERVED
    ]
    for booking in open_still:
        await settle(session, booking, kind=plain_kind(booking, now), by=None, now=now)
        await booking_notices.cancelled(session, booking_id=booking.id, now=now)
    await queue.leave_all(session, children)
    for slot_id in {booking.schedule_id for booking in open_still} | waited_for:
        await queue.offer_free_seats(session, slot_id, now=now)
    return len(open_still)


async def refund_refilled(session: AsyncSession, *, booking_id: UUID, now: datetime) -> int:
    """Give the tickets of a late cancellation back because its seat was taken again (D6); a job's work."""
    booking = await session.get_one(Booking, booking_id)
    await locks.slots(session, [booking.schedule_id])
    live.family_changed(session, booking.family_id)
    return await tickets.refund_booking(session, booking_id=booking_id, now=now)


async def held(session: AsyncSession, known: Booking, *more_slots: UUID) -> Booking:
    """The booking as it is now, with its slot (and others), its family's tickets and itself held.

    Raises: StaleEdit when it was moved to another slot in that very moment.
    """
    slot_id = known.schedule_id
    await locks.slots(session, [slot_id, *more_slots])
    await locks.tickets(session, [known.family_id])
    (booking,) = await locks.bookings(session, [known.id])
    if booking.schedule_id != slot_id:
        raise StaleEdit
    return booking


async def settle(
    session: AsyncSession, booking: Booking, *, kind: CancelKind, by: UUID | None, now: datetime
) -> int:
    """Write a cancellation that has been decided, and answer the tickets that came back.

    The caller holds slot, tickets and booking, and tells people.
    """
    booking.status, booking.cancel_kind = BookingStatus.CANCELLED, kind
    booking.cancelled_at, booking.cancelled_by = now, by
    booking.question = booking.answer_by = None
    session.add_all((booking, line(booking.id, "booking.cancelled", by, now, kind=kind.value)))
    await session.flush()
    await (await session.connection()).execute(_FREE_SEAT, {"id": booking.schedule_id})
    await live.slot_changed(session, booking.schedule_id)
    live.family_changed(session, booking.family_id)
    if kind not in RETURNING:
        return 0
    return await tickets.refund_booking(session, booking_id=booking.id, now=now)


def line(booking_id: UUID, action: str, by: UUID | None, now: datetime, **facts: object) -> AuditLog:
    """One line of the story of a booking."""
    return AuditLog(
        actor_user_id=by, action=action, thing_type="booking", thing_id=booking_id, facts=facts, at=now
    )


def plain_kind(booking: Booking, now: datetime) -> CancelKind:
    """What cancelling at this moment is, illness left aside."""
    if booking.answer_by is not None and now <= booking.answer_by:
        return CancelKind.SCHOOL
    if now <= booking.cancel_until:
        return CancelKind.IN_TIME
    return CancelKind.GRACE if now <= booking.created_at + CANCEL_GRACE else CancelKind.LATE


async def courtesy_again_at(session: AsyncSession, child_id: UUID, now: datetime) -> datetime | None:
    """When the child's 「体調不良キャンセル」 is there again; None when it can be used now."""
    used = await session.exec(
        select(func.max(Booking.cancelled_at)).where(
            Booking.user_id == child_id,
            Booking.cancel_kind == CancelKind.COURTESY,
            col(Booking.cancelled_at) > now - CANCEL_COURTESY_EVERY,
        )
    )
    last = used.one()
    return None if last is None else last + CANCEL_COURTESY_EVERY


async def _known(session: AsyncSession, family_id: UUID | None, booking_id: UUID) -> Booking:
    booking = await session.get(Booking, booking_id, populate_existing=True)
    if booking is None or family_id not in (None, booking.family_id):
        raise NotFound
    return booking


def _refuse_unless_ahead(booking: Booking, now: datetime) -> None:
    if booking.status is not BookingStatus.RESERVED:
        raise BookingNotActive(status=booking.status.value)
    if now >= booking.period.lower:
        raise CancelDeadlinePassed


async def _kind(session: AsyncSession, booking: Booking, reason: CancelReason, now: datetime) -> CancelKind:
    kind = plain_kind(booking, now)
    if kind is not CancelKind.LATE or reason is not CancelReason.SICKNESS:
        return kind
    again_at = await courtesy_again_at(session, booking.user_id, now)
    if again_at is not None:
        raise CourtesyUsed(again_at=again_at)
    return CancelKind.COURTESY
