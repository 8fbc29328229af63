"""Changing a booking without giving it up: another slot of the same class, and answers to the school."""

from datetime import datetime
from uuid import UUID

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, policies
from naraigoto.actor import Actor
from naraigoto.errors import (
    AlreadyBooked,
    BookingNotActive,
    CancelDeadlinePassed,
    NotFound,
    ScheduleFull,
    ScheduleOverlap,
    TooLateToMove,
)
from naraigoto.models.bookings import Booking, BookingStatus
from naraigoto.models.schedules import LessonSchedule
from naraigoto.rules import BOOKING_HORIZON, MESSAGES_AFTER_LESSON
from naraigoto.services import booking_notices, driver, live, queue, schedules
from naraigoto.services.bookings import cancelling, making, reading
from naraigoto.services.bookings import facts as asking
from naraigoto.services.bookings.facts import Facts
from naraigoto.services.bookings.views import BookingView
from naraigoto.services.deadlines import free_until

_TAKE_SEAT = b"""
UPDATE lesson_schedules SET booked_count = booked_count + 1
WHERE id = %(new)s AND cancelled_at IS NULL AND booked_count + held_count < capacity RETURNING id
"""
_LEAVE_SEAT = b"UPDATE lesson_schedules SET booked_count = booked_count - 1 WHERE id = %(old)s"
_CHANGE = b"""
UPDATE bookings SET schedule_id = %(new)s, period = tstzrange(%(start_at)s, %(end_at)s),
  instructor_id = %(instructor)s, cancel_until = %(cancel_until)s, question = NULL, answer_by = NULL
WHERE id = %(booking)s
"""
_KEEP_THREAD_OPEN = b"UPDATE conversations SET writable_until = %(until)s WHERE booking_id = %(booking)s"


async def reschedule(
    session: AsyncSession, actor: Actor, *, booking_id: UUID, schedule_id: UUID, now: datetime
) -> BookingView:
    """Take a seat in another slot of the same class instead, in one step, while cancelling is free (D6).

    The booking stays the same one: its tickets do not move, its thread goes on.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound, BookingNotActive,
        CancelDeadlinePassed, SchoolNotPublished, BookingDeadlinePassed, ScheduleFull, AlreadyBooked,
        ScheduleOverlap, AgeOutOfRange, StaleEdit.
    """
    family_id = policies.require_guardian(actor)
    known = await session.get(Booking, booking_id, populate_existing=True)
    if known is None or known.family_id != family_id:
        raise NotFound
    booking = await cancelling.held(session, known, schedule_id)
    _refuse_unless_movable(booking, now)
    wanted = await _wanted(session, booking, schedule_id, now)
    if wanted.offer_id is not None:
        await making.take_offer(session, schedule_id, wanted.offer_id)
    old_slot = booking.schedule_id
    change = cancelling.line(
        booking.id,
        "booking.rescheduled",
        actor.user_id,
        now,
        before=booking.period.lower.isoformat(),
        after=wanted.start_at.isoformat(),
    )
    session.add(change)
    await session.flush()
    await _take_instead(session, booking, wanted)
    await session.refresh(booking)
    for slot_id in (old_slot, schedule_id):
        await live.slot_changed(session, slot_id)
    live.family_changed(session, booking.family_id)
    await booking_notices.rescheduled(session, booking_id=booking.id, change=change.id, now=now)
    await queue.child_booked(
        session, slot_id=schedule_id, child_id=booking.user_id, booking_id=booking.id, now=now
    )
    await queue.offer_free_seats(session, old_slot, now=now)
    return await reading.view_of(session, booking.id)


async def other_slots(
    session: AsyncSession, actor: Actor, *, booking_id: UUID, now: datetime
) -> list[schedules.Slot]:
    """Coming slots of the same class with a free seat, the soonest first, but not the booking's own.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound, BookingNotActive,
        CancelDeadlinePassed.
    """
    family_id = policies.require_guardian(actor)
    booking = await session.get(Booking, booking_id, populate_existing=True)
    if booking is None or booking.family_id != family_id:
        raise NotFound
    _refuse_unless_movable(booking, now)
    own = await session.get_one(LessonSchedule, booking.schedule_id)
    coming = await schedules.coming(
        session, actor, school_id=own.school_id, first=clock.jst_date(now), days=BOOKING_HORIZON, now=now
    )
    return [slot for slot in coming if slot.class_id == own.class_id and slot.bookable and slot.id != own.id]


async def accept_change(
    session: AsyncSession, actor: Actor, *, booking_id: UUID, now: datetime
) -> BookingView:
    """The family is content with what the school changed; saying so twice changes nothing (D6).

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound, BookingNotActive, StaleEdit.
    """
    family_id = policies.require_guardian(actor)
    known = await session.get(Booking, booking_id, populate_existing=True)
    if known is None or known.family_id != family_id:
        raise NotFound
    booking = await cancelling.held(session, known)
    if booking.status is not BookingStatus.RESERVED:
        raise BookingNotActive(status=booking.status.value)
    if booking.question is not None:
        what = booking.question.value
        session.add(cancelling.line(booking.id, "booking.change_accepted", actor.user_id, now, question=what))
        booking.question = booking.answer_by = None
        session.add(booking)
        await session.flush()
    return await reading.view_of(session, booking.id)


def _refuse_unless_movable(booking: Booking, now: datetime) -> None:
    if booking.status is not BookingStatus.RESERVED:
        raise BookingNotActive(status=booking.status.value)
    if now >= booking.period.lower:
        raise CancelDeadlinePassed
    if cancelling.plain_kind(booking, now) not in cancelling.RETURNING:
        deadline = free_until(booking.cancel_until, booking.created_at, booking.answer_by)
        raise TooLateToMove(deadline=deadline)


async def _wanted(session: AsyncSession, booking: Booking, schedule_id: UUID, now: datetime) -> Facts:
    slot = await asking.for_child(
        session,
        schedule_id=schedule_id,
        child_id=booking.user_id,
        family_id=booking.family_id,
        leaving=booking.id,
        now=now,
    )
    own = await session.get(LessonSchedule, booking.schedule_id)
    if slot is None or own is None or slot.class_id != own.class_id:
        raise NotFound
    refusal = (
        asking.slot_refusal(slot, now)
        or (AlreadyBooked() if slot.already_booked else None)
        or asking.seat_refusal(slot)
        or asking.child_refusal(slot)
    )
    if refusal is not None:
        raise refusal
    return slot


async def _take_instead(session: AsyncSession, booking: Booking, slot: Facts) -> None:
    connection = await driver.connection(session)
    values = {
        "booking": booking.id,
        "old": booking.schedule_id,
        "new": slot.schedule_id,
        "start_at": slot.start_at,
        "end_at": slot.end_at,
        "instructor": slot.instructor_id,
        "cancel_until": making.cancel_deadline(slot.cancel_policy, slot.start_at),
        "until": slot.end_at + MESSAGES_AFTER_LESSON,
    }
    if await (await connection.execute(_TAKE_SEAT, values)).fetchone() is None:
        raise ScheduleFull
    await connection.execute(_LEAVE_SEAT, values)
    try:
        await connection.execute(_CHANGE, values)
    except psycopg.errors.ExclusionViolation as clash:
        raise ScheduleOverlap from clash
    await connection.execute(_KEEP_THREAD_OPEN, values)
