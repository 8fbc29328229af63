"""A slot that is about to change, held with everybody it concerns, and who hears of it afterwards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import LessonBegun, NotFound
from naraigoto.models.bookings import Booking, BookingStatus
from naraigoto.models.moderation import AuditLog
from naraigoto.models.schedules import LessonSchedule
from naraigoto.services import live, locks


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change meant for families: whose bookings ended, whom the school asks, who waited in vain."""

    cancelled: int = 0
    asked: int = 0
    waiting: int = 0


async def kept(
    session: AsyncSession, actor: Actor, schedule_id: UUID, now: datetime, *, cancelled_too: bool = False
) -> LessonSchedule:
    """The slot, held, for whoever may change it before it begins.

    Raises: Unauthenticated, Forbidden, NotFound, LessonBegun.
    """
    policies.require_any_slot_keeper(actor)
    slot = (await locks.slots(session, [schedule_id])).get(schedule_id)
    if slot is None:
        raise NotFound
    policies.require_slot_keeper(actor, slot.school_id)
    if slot.cancelled_at is not None and not cancelled_too:
        raise NotFound
    if now >= slot.start_at:
        raise LessonBegun
    return slot


async def booked(session: AsyncSession, schedule_id: UUID, *teachers: UUID | None) -> list[Booking]:
    """The active bookings of a held slot, held with their instructors (and others) and their tickets.

    Some may be recorded already: attendance opens before the lesson does.
    """
    active = col(Booking.status) != BookingStatus.CANCELLED
    seen = list(await session.exec(select(Booking).where(Booking.schedule_id == schedule_id, active)))
    promised = {booking.instructor_id for booking in seen} | set(teachers)
    await locks.instructors(session, {number for number in promised if number is not None})
    await locks.tickets(session, {booking.family_id for booking in seen})
    held = await locks.bookings(session, {booking.id for booking in seen})
    return [booking for booking in held if booking.status is not BookingStatus.CANCELLED]


def announce(session: AsyncSession, slot: LessonSchedule, booked: list[Booking]) -> None:
    """Let open pages of the school and of these families read again."""
    live.seats_moved(session, schedule_id=slot.id, school_id=slot.school_id)
    for booking in booked:
        live.family_changed(session, booking.family_id)


def slot_line(schedule_id: UUID, action: str, actor: Actor, now: datetime, **moments: datetime) -> AuditLog:
    """One line of the log of a slot."""
    facts = {name: moment.isoformat() for name, moment in moments.items()}
    return AuditLog(
        actor_user_id=actor.user_id,
        action=action,
        thing_type="schedule",
        thing_id=schedule_id,
        facts=facts,
        at=now,
    )
