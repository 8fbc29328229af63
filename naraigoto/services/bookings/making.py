"""Making a booking (D5)."""

from datetime import datetime, time, timedelta
from typing import NoReturn
from uuid import UUID

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, policies
from naraigoto.actor import Actor
from naraigoto.errors import (
    AlreadyBooked,
    BookingDeadlinePassed,
    InvalidInput,
    NotFound,
    ScheduleFull,
    ScheduleOverlap,
    TicketsShort,
    TooManyBookings,
)
from naraigoto.models.base import new_id
from naraigoto.models.bookings import BookingStatus
from naraigoto.models.waitlist import WaitlistStatus
from naraigoto.rules import (
    CANCEL_FREE_HOUR_JST,
    CANCEL_SAME_DAY_LEAD,
    MAX_ACTIVE_BOOKINGS,
    MESSAGES_AFTER_LESSON,
    CancelPolicy,
)
from naraigoto.services import driver, live, locks, notifications, queue
from naraigoto.services.bookings import facts as asking
from naraigoto.services.bookings.facts import Facts
from naraigoto.services.bookings.views import BookingView, Child, ScheduleView
from naraigoto.services.names import Named, Titled

BOOK_LESSON = b"""
SELECT book_lesson(%(booking)s, %(conversation)s, %(entries)s, %(schedule)s, %(child)s, %(family)s,
  %(instructor)s, %(booked_by)s, %(cost)s, %(cancel_until)s, %(writable_until)s, %(max_active)s, %(now)s)
"""


async def book(
    session: AsyncSession,
    actor: Actor,
    *,
    schedule_id: UUID,
    child_id: UUID,
    instructor_id: UUID | None = None,
    now: datetime,
) -> BookingView:
    """Reserve one seat for a child, use the family's oldest tickets and promise the confirmation (D5).

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound, InvalidInput, SchoolNotPublished,
        BookingDeadlinePassed, ScheduleFull, AlreadyBooked, ScheduleOverlap, AgeOutOfRange, TooManyBookings,
        SubscriptionOnHold, TicketsShort.
    """
    family_id = policies.require_guardian(actor)
    booked_by = policies.require_signed_in(actor)
    slot = await asking.for_child(
        session, schedule_id=schedule_id, child_id=child_id, family_id=family_id, now=now
    )
    if slot is None:
        raise NotFound
    instructor = await _instructor(session, slot, instructor_id)
    refusal = (
        asking.slot_refusal(slot, now)
        or asking.seat_refusal(slot)
        or asking.child_refusal(slot)
        or asking.family_refusal(slot)
    )
    if refusal is not None:
        raise refusal
    booking = _planned(slot, child_id, instructor, now)
    if slot.offer_id is not None:
        await take_offer(session, slot.schedule_id, slot.offer_id)
    # Others may have been quicker since the facts were read: the function looks again, under its locks.
    await _reserve(session, slot, booking, family_id=family_id, booked_by=booked_by)
    if slot.waiting:
        await queue.child_booked(
            session, slot_id=slot.schedule_id, child_id=child_id, booking_id=booking.id, now=now
        )
    await notifications.booking_confirmed(session, booking_id=booking.id, now=now)
    live.seats_moved(session, schedule_id=slot.schedule_id, school_id=slot.school_id)
    live.family_changed(session, family_id)
    return booking


async def take_offer(session: AsyncSession, slot_id: UUID, offer_id: UUID) -> None:
    """Free the seat that an offer holds, to be taken in the same breath; a lapsed offer frees nothing."""
    await locks.slots(session, [slot_id])
    await queue.end_offer(session, offer_id, WaitlistStatus.BOOKED)


def cancel_deadline(policy: CancelPolicy, start_at: datetime) -> datetime:
    """Until when a booking can be cancelled free of charge (D6); kept with the booking."""
    if policy == CancelPolicy.SAME_DAY_3H:
        return start_at - CANCEL_SAME_DAY_LEAD
    days = 1 if policy == CancelPolicy.DAY_BEFORE_20 else 2
    day = clock.jst_date(start_at) - timedelta(days=days)
    return datetime.combine(day, time(CANCEL_FREE_HOUR_JST), tzinfo=clock.JST)


async def _instructor(session: AsyncSession, slot: Facts, wanted: UUID | None) -> Named | None:
    if wanted is None or wanted == slot.instructor_id:
        return slot.own_instructor
    if slot.instructor_choice and slot.instructor_id is None:
        held = await locks.slots(session, [slot.schedule_id])
        # Nobody can choose the same person for another slot at this hour until this booking stands.
        await locks.instructors(session, [wanted])
        if held[slot.schedule_id].instructor_id is None:
            for free in await asking.free_instructors(session, slot.schedule_id):
                if free.id == wanted:
                    return free
    raise InvalidInput(instructor_id="instructor")


def _planned(slot: Facts, child_id: UUID, instructor: Named | None, now: datetime) -> BookingView:
    schedule = ScheduleView(
        id=slot.schedule_id,
        start_at=slot.start_at,
        end_at=slot.end_at,
        lesson=Titled(slot.class_id, slot.title),
        school=Named(slot.school_id, slot.school_name),
        instructor=slot.own_instructor,
        school_kana=slot.school_kana,
    )
    return BookingView(
        id=new_id(),
        status=BookingStatus.RESERVED,
        child=Child(child_id, slot.child_name or ""),
        schedule=schedule,
        instructor=instructor,
        consumed_tickets=slot.cost,
        cancel_until=cancel_deadline(slot.cancel_policy, slot.start_at),
        conversation_id=new_id(),
        created_at=now,
    )


async def _reserve(
    session: AsyncSession, slot: Facts, booking: BookingView, *, family_id: UUID, booked_by: UUID
) -> None:
    values = {
        "booking": booking.id,
        "conversation": booking.conversation_id,
        # One ledger line per bucket touched; no more buckets than tickets.
        "entries": [new_id() for _ in range(booking.consumed_tickets)],
        "schedule": booking.schedule.id,
        "child": booking.child.user_id,
        "family": family_id,
        "instructor": booking.instructor.id if booking.instructor else None,
        "booked_by": booked_by,
        "cost": booking.consumed_tickets,
        "cancel_until": booking.cancel_until,
        "writable_until": booking.schedule.end_at + MESSAGES_AFTER_LESSON,
        "max_active": MAX_ACTIVE_BOOKINGS,
        "now": booking.created_at,
    }
    try:
        await (await driver.connection(session)).execute(BOOK_LESSON, values)
    except psycopg.Error as error:
        _refuse(error, slot, booking)


def _refuse(error: psycopg.Error, slot: Facts, booking: BookingView) -> NoReturn:
    match error.sqlstate:
        case "NG001":
            missing = int(error.diag.message_detail or 1)
            raise TicketsShort(missing=missing, has_plan=slot.plan_status is not None) from error
        case "NG002" | "23505":
            raise AlreadyBooked from error
        case "NG003":
            raise ScheduleFull from error
        case "NG004":
            raise BookingDeadlinePassed from error
        case "NG005":
            raise TooManyBookings(limit=MAX_ACTIVE_BOOKINGS) from error
        case "23P01":
            raise ScheduleOverlap(child=booking.child.name) from error
        case _:
            raise error
