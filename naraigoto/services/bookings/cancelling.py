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
from naraigoto.errors import BookingNotActive, CancelDeadlinePassed, CourtesyUsed, NotFound
from naraigoto.models.bookings import Booking, BookingStatus, CancelKind
from naraigoto.models.moderation import AuditLog
from naraigoto.rules import CANCEL_COURTESY_EVERY, CANCEL_GRACE
from naraigoto.services import booking_notices, locks, tickets

# Whatever is not listed keeps the tickets used.
RETURNING = frozenset(CancelKind) - {CancelKind.LATE}


class CancelReason(StrEnum):
    """What the family says when it cancels."""

    PLANS = "plans"
    SICKNESS = "sickness"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A cancellation that happened, and the tickets that came back with it."""

    booking_id: UUID
    kind: CancelKind
    refunded_tickets: int


_FREE_SEAT = text("UPDATE lesson_schedules SET booked_count = booked_count - 1 WHERE id = :id")


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
        CancelDeadlinePassed once the lesson has begun, CourtesyUsed.
    """
    family_id = policies.require_canceller(actor)
    known = await session.get(Booking, booking_id)
    if known is None or family_id not in (None, known.family_id):
        raise NotFound
    await locks.slots(session, [known.schedule_id])
    await locks.tickets(session, [known.family_id])
    (booking,) = await locks.bookings(session, [booking_id])
    if booking.status is not BookingStatus.RESERVED:
        raise BookingNotActive
    if now >= booking.period.lower:
        raise CancelDeadlinePassed
    kind = CancelKind.ADMIN if family_id is None else await kind_now(session, booking, reason, now)
    return await settle(session, booking, kind=kind, by=actor.user_id, now=now)


async def release_children(session: AsyncSession, child_ids: Iterable[UUID], *, now: datetime) -> int:
    """Cancel every booking these children still have before them; answers how many there were.

    For whoever removes a child or an account and has settled that this may be done.
    """
    ahead = select(Booking).where(
        col(Booking.user_id).in_(set(child_ids)),
        Booking.status == BookingStatus.RESERVED,
        func.lower(Booking.period) > now,
    )
    seen = list(await session.exec(ahead))
    await locks.slots(session, {booking.schedule_id for booking in seen})
    await locks.tickets(session, {booking.family_id for booking in seen})
    open_still = [
        booking
        for booking in await locks.bookings(session, {booking.id for booking in seen})
        if booking.status is BookingStatus.RESERVED
    ]
    for booking in open_still:
        kind = await kind_now(session, booking, CancelReason.PLANS, now)
        await settle(session, booking, kind=kind, by=None, now=now)
    return len(open_still)


async def kind_now(
    session: AsyncSession, booking: Booking, reason: CancelReason, now: datetime
) -> CancelKind:
    """What cancelling at this moment would be.

    Raises: CourtesyUsed.
    """
    if now <= booking.cancel_until:
        return CancelKind.IN_TIME
    if now <= booking.created_at + CANCEL_GRACE:
        return CancelKind.GRACE
    if reason is not CancelReason.SICKNESS:
        return CancelKind.LATE
    again_at = await courtesy_again_at(session, booking.user_id, now)
    if again_at is not None:
        raise CourtesyUsed(again_at=again_at)
    return CancelKind.COURTESY


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


async def settle(
    session: AsyncSession, booking: Booking, *, kind: CancelKind, by: UUID | None, now: datetime
) -> Cancelled:
    """Write a cancellation that has been decided; the caller holds slot, tickets and booking."""
    booking.status, booking.cancel_kind = BookingStatus.CANCELLED, kind
    booking.cancelled_at, booking.cancelled_by = now, by
    session.add(booking)
    session.add(
        AuditLog(
            actor_user_id=by,
            action="booking.cancelled",
            thing_type="booking",
            thing_id=booking.id,
            facts={"kind": kind.value},
            at=now,
        )
    )
    await session.flush()
    await (await session.connection()).execute(_FREE_SEAT, {"id": booking.schedule_id})
    due = kind in RETURNING
    returned = await tickets.refund_booking(session, booking_id=booking.id, now=now) if due else 0
    await booking_notices.cancelled(session, booking_id=booking.id, now=now)
    return Cancelled(booking.id, kind, returned)
