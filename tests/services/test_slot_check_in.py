"""A slot that changes after somebody was checked in at the door: attendance opens before the lesson does."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, errors
from naraigoto.models.attendance import Attendance, AttendanceStatus
from naraigoto.models.bookings import BookingStatus, CancelKind
from naraigoto.services import attendance, bookings, slot_changes
from naraigoto.services.slot_changes import Outcome
from tests import factories as make
from tests.services.test_slot_changes import START, cancel, keeper, move, news, row_of
from tests.stage import Stage, set_stage

AT_THE_DOOR = START - timedelta(minutes=10)
THEN = START - timedelta(minutes=8)


async def checked_in(session: AsyncSession) -> tuple[Stage, bookings.BookingView]:
    stage = await set_stage(session, lesson={"instructor_choice": True})
    booking = await stage.book()
    came = AttendanceStatus.ATTENDED
    await attendance.record(session, await keeper(stage), booking_id=booking.id, status=came, now=AT_THE_DOOR)
    return stage, booking


async def recorded(session: AsyncSession, booking: bookings.BookingView) -> bool:
    found = await session.exec(select(Attendance).where(col(Attendance.booking_id) == booking.id))
    return found.one_or_none() is not None


async def test_a_lesson_that_is_cancelled_after_the_check_in_costs_nothing_and_is_told(
    session: AsyncSession,
) -> None:
    stage, booking = await checked_in(session)

    assert await cancel(stage, now=THEN) == Outcome(cancelled=1)

    stored = await row_of(stage, booking.id)
    assert (stored.status, stored.cancel_kind) == (BookingStatus.CANCELLED, CancelKind.SCHOOL)
    assert (await stage.tickets(THEN), await recorded(session, booking)) == (4, False)
    (told,) = await news(session, "schedule_cancelled", THEN)
    assert (told.children, told.tickets) == (["そら"], 1)
    await session.refresh(stage.slot)
    assert stage.slot.booked_count == 0


async def test_a_lesson_that_is_moved_after_the_check_in_takes_the_child_along(session: AsyncSession) -> None:
    stage, booking = await checked_in(session)
    later = START + timedelta(hours=3)

    assert await move(stage, start_at=later, now=THEN) == Outcome(asked=1)

    stored = await row_of(stage, booking.id)
    assert (stored.status, stored.period.lower, stored.answer_by) == (BookingStatus.RESERVED, later, later)
    assert await recorded(session, booking) is False
    (told,) = await news(session, "schedule_moved", THEN)
    assert told.start_at == later
    lines = [line.event for line in await bookings.story(session, stage.actor, booking.id)]
    assert lines[-3:] == ["attendance.recorded", "attendance.corrected", "booking.moved"]


async def test_whoever_is_at_the_door_when_the_instructor_changes_stays_checked_in(
    session: AsyncSession,
) -> None:
    stage, booking = await checked_in(session)
    teacher = await make.make_instructor(session, stage.school)

    outcome = await slot_changes.replace_instructor(
        session, await keeper(stage), schedule_id=stage.slot.id, instructor_id=teacher.id, now=THEN
    )

    stored = await row_of(stage, booking.id)
    assert (outcome, stored.status, stored.question) == (Outcome(), BookingStatus.ATTENDED, None)
    # A review of the instructor must speak of who was there.
    assert (stored.instructor_id, await recorded(session, booking)) == (teacher.id, True)


async def test_attendance_opens_by_the_hour_a_slot_was_moved_to(session: AsyncSession) -> None:
    stage, booking = await checked_in(session)
    later = datetime(2026, 11, 28, 10, 0, tzinfo=clock.JST)
    await move(stage, start_at=later, now=THEN)
    owner = await keeper(stage)

    absent = AttendanceStatus.ABSENT
    with pytest.raises(errors.LessonNotFinished):
        await attendance.record(session, owner, booking_id=booking.id, status=absent, now=THEN)
    await attendance.record(session, owner, booking_id=booking.id, status=absent, now=later)

    assert (await row_of(stage, booking.id)).status is BookingStatus.ABSENT
