"""Who is expected and who came: only that school, in its time, correctable until reviewed (D8)."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.errors import (
    AlreadyRecorded,
    BookingNotActive,
    Forbidden,
    LessonNotFinished,
    NotFound,
    Unauthenticated,
)
from naraigoto.models.attendance import Attendance, AttendanceStatus
from naraigoto.models.base import new_id
from naraigoto.models.bookings import Booking, BookingStatus, CancelKind
from naraigoto.models.moderation import AuditLog
from naraigoto.models.reviews import ChildReview, ReviewStatus, ReviewTarget
from naraigoto.services import attendance
from tests import factories as make
from tests.conftest import Committed

ATTENDED, ABSENT = AttendanceStatus.ATTENDED, AttendanceStatus.ABSENT


async def audit(session: AsyncSession) -> list[tuple]:
    lines = (await session.exec(select(AuditLog).order_by("id"))).all()
    return [(line.action, line.facts["before"], line.facts["after"], line.actor_user_id) for line in lines]


async def ito_of(session: AsyncSession, booked: make.Booked) -> Actor:
    return await make.actor_of(session, booked.owner)


async def test_the_school_records_that_the_child_came(session: AsyncSession) -> None:
    booked = await make.make_booked(session)
    ito, now = await ito_of(session, booked), booked.schedule.start_at

    row = await attendance.record(session, ito, booking_id=booked.booking.id, status=ATTENDED, now=now)

    assert (row.status, row.recorded_by, row.recorded_at, row.automatic) == (
        ATTENDED,
        booked.owner.id,
        now,
        False,
    )
    booking = await session.get_one(Booking, booked.booking.id)
    assert booking.status is BookingStatus.ATTENDED
    assert await audit(session) == [("attendance.recorded", "reserved", "attended", booked.owner.id)]


async def test_saying_it_again_changes_nothing(session: AsyncSession) -> None:
    booked = await make.make_booked(session)
    ito, now = await ito_of(session, booked), booked.schedule.start_at
    await attendance.record(session, ito, booking_id=booked.booking.id, status=ATTENDED, now=now)

    later = now + timedelta(minutes=5)
    row = await attendance.record(session, ito, booking_id=booked.booking.id, status=ATTENDED, now=later)

    assert row.recorded_at == now
    assert len(await audit(session)) == 1


async def test_a_correction_keeps_one_row_and_its_history(session: AsyncSession) -> None:
    booked = await make.make_booked(session)
    ito, now = await ito_of(session, booked), booked.schedule.start_at
    await attendance.record(session, ito, booking_id=booked.booking.id, status=ATTENDED, now=now)

    later = now + timedelta(days=2)
    await attendance.record(session, ito, booking_id=booked.booking.id, status=ABSENT, now=later)

    row = (await session.exec(select(Attendance))).one()
    assert (row.status, row.recorded_at) == (ABSENT, later)
    assert [line[:3] for line in await audit(session)] == [
        ("attendance.recorded", "reserved", "attended"),
        ("attendance.corrected", "attended", "absent"),
    ]


async def test_an_automatic_record_is_corrected_by_a_person(session: AsyncSession) -> None:
    booked = await make.make_booked(session)
    ito, now = await ito_of(session, booked), booked.schedule.start_at
    booked.booking.status = BookingStatus.ATTENDED
    session.add_all(
        (
            booked.booking,
            Attendance(booking_id=booked.booking.id, status=ATTENDED, automatic=True, recorded_at=now),
        )
    )
    await session.flush()

    row = await attendance.record(session, ito, booking_id=booked.booking.id, status=ABSENT, now=now)

    assert (row.automatic, row.recorded_by) == (False, booked.owner.id)


@pytest.mark.parametrize(
    ("offset", "refusal"),
    [
        (timedelta(minutes=-15, seconds=-1), LessonNotFinished),
        (timedelta(minutes=-15), None),
        (timedelta(days=7), None),
        (timedelta(days=7, seconds=1), AlreadyRecorded),
    ],
)
async def test_attendance_is_recorded_in_its_window_only(
    session: AsyncSession, offset: timedelta, refusal: type[Exception] | None
) -> None:
    booked = await make.make_booked(session)
    ito, now = await ito_of(session, booked), booked.schedule.start_at + offset
    asked = attendance.record(session, ito, booking_id=booked.booking.id, status=ABSENT, now=now)

    if refusal is None:
        assert (await asked).status is ABSENT
        return
    with pytest.raises(refusal) as refused:
        await asked
    if refusal is LessonNotFinished:
        opens_at = booked.schedule.start_at - timedelta(minutes=15)
        assert refused.value.facts == {"opens_at": opens_at}  # pyright: ignore[reportAttributeAccessIssue]
    assert (await session.exec(select(Attendance))).all() == []


async def test_a_cancelled_booking_has_no_attendance(session: AsyncSession) -> None:
    booked = await make.make_booked(session)
    ito, now = await ito_of(session, booked), booked.schedule.start_at
    booked.booking.status, booked.booking.cancel_kind = BookingStatus.CANCELLED, CancelKind.LATE
    booked.booking.cancelled_at = now
    session.add(booked.booking)
    await session.flush()

    with pytest.raises(BookingNotActive):
        await attendance.record(session, ito, booking_id=booked.booking.id, status=ATTENDED, now=now)


async def review(session: AsyncSession, booked: make.Booked, status: ReviewStatus) -> None:
    session.add(
        ChildReview(
            booking_id=booked.booking.id,
            author_user_id=booked.child.id,
            family_id=booked.family.id,
            school_id=booked.school.id,
            target_type=ReviewTarget.SCHOOL,
            target_id=booked.school.id,
            rating=5,
            status=status,
        )
    )
    await session.flush()


async def test_a_review_settles_the_attendance(session: AsyncSession) -> None:
    booked = await make.make_booked(session)
    ito, now = await ito_of(session, booked), booked.schedule.start_at
    await attendance.record(session, ito, booking_id=booked.booking.id, status=ATTENDED, now=now)
    await review(session, booked, ReviewStatus.HELD)

    with pytest.raises(AlreadyRecorded):
        await attendance.record(session, ito, booking_id=booked.booking.id, status=ABSENT, now=now)
    again = await attendance.record(session, ito, booking_id=booked.booking.id, status=ATTENDED, now=now)
    assert again.status is ATTENDED


async def test_a_deleted_review_settles_nothing(session: AsyncSession) -> None:
    booked = await make.make_booked(session)
    ito, now = await ito_of(session, booked), booked.schedule.start_at
    await review(session, booked, ReviewStatus.DELETED)

    row = await attendance.record(session, ito, booking_id=booked.booking.id, status=ABSENT, now=now)
    assert row.status is ABSENT


async def test_nobody_else_records_or_reads(session: AsyncSession) -> None:
    booked = await make.make_booked(session)
    rival = await make.make_user(session, make.UserType.SCHOOL_OWNER)
    await make.make_school(session, owner=rival)
    refused = [
        (ANONYMOUS, Unauthenticated),
        (await make.actor_of(session, booked.guardian), Forbidden),
        (await make.actor_of(session, booked.child), Forbidden),
        (await make.actor_of(session, await make.make_user(session, make.UserType.ADMIN)), Forbidden),
        (await make.actor_of(session, rival), NotFound),
    ]
    now = booked.schedule.start_at
    for actor, refusal in refused:
        with pytest.raises(refusal):
            await attendance.record(session, actor, booking_id=booked.booking.id, status=ATTENDED, now=now)
        with pytest.raises(refusal):
            await attendance.roster(
                session, actor, school_id=booked.school.id, day=clock.jst_date(now), now=now
            )
    ito = await ito_of(session, booked)
    with pytest.raises(NotFound):
        await attendance.record(session, ito, booking_id=new_id(), status=ATTENDED, now=now)


async def test_two_at_once_leave_one_record(committed: Committed) -> None:
    async with committed() as session:
        booked = await make.make_booked(session)
        ito = await ito_of(session, booked)

    async def say(status: AttendanceStatus) -> None:
        async with committed() as session:
            await attendance.record(
                session, ito, booking_id=booked.booking.id, status=status, now=booked.schedule.start_at
            )

    await asyncio.gather(say(ATTENDED), say(ABSENT), say(ATTENDED), say(ABSENT))

    async with committed() as session:
        row = (await session.exec(select(Attendance))).one()
        booking = await session.get_one(Booking, booked.booking.id)
        lines = await audit(session)
    assert booking.status.value == row.status.value == lines[-1][2]
    assert [line[1] for line in lines[1:]] == [line[2] for line in lines[:-1]]


async def test_the_roster_shows_the_day_in_order_with_nicknames_only(session: AsyncSession) -> None:
    booked = await make.make_booked(session)
    teacher = await make.make_instructor(session, booked.school)
    early = await make.make_schedule(
        session, booked.lesson, start_at=booked.schedule.start_at.replace(hour=0), instructor_id=teacher.id
    )
    await make.make_schedule(session, booked.lesson, start_at=booked.schedule.start_at + timedelta(days=1))
    await make.make_schedule(
        session, booked.lesson, start_at=booked.schedule.start_at.replace(hour=12), cancelled_at=make.NOW
    )
    gone = await make.make_child(session, booked.family, name="ひなた")
    await make.make_booking(
        session,
        booked.schedule,
        gone,
        booked.family,
        status=BookingStatus.CANCELLED,
        cancel_kind=CancelKind.GRACE,
        cancelled_at=make.NOW,
    )
    ito, day = await ito_of(session, booked), clock.jst_date(booked.schedule.start_at)

    slots = await attendance.roster(session, ito, school_id=booked.school.id, day=day, now=make.NOW)

    assert [slot.id for slot in slots] == [early.id, booked.schedule.id]
    assert (slots[0].instructor, slots[0].entries) == ("鈴木 恵", [])
    (entry,) = slots[1].entries
    assert (entry.child, entry.age, entry.guardian, entry.status) == (
        "そら",
        7,
        "花子",
        BookingStatus.RESERVED,
    )
    assert "@" not in repr(slots)


async def test_a_day_without_slots_is_empty(session: AsyncSession) -> None:
    booked = await make.make_booked(session)
    ito, day = await ito_of(session, booked), clock.jst_date(make.NOW)

    assert await attendance.roster(session, ito, school_id=booked.school.id, day=day, now=make.NOW) == []
