"""Booking a lesson (D5): what it does, who may, who teaches, and how bookings are read again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, errors
from naraigoto.models.accounts import UserType
from naraigoto.models.base import new_id
from naraigoto.models.bookings import Booking, BookingStatus
from naraigoto.models.messages import Conversation
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.schedules import LessonSchedule
from naraigoto.models.tickets import TicketBalance, TicketEntry
from naraigoto.rules import CancelPolicy
from naraigoto.services import bookings
from tests import factories as make
from tests.stage import set_stage

NOW = make.NOW


async def test_a_guardian_books_a_lesson_for_a_child(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)

    booking = await stage.book()

    assert booking.status is BookingStatus.RESERVED
    assert (booking.child.user_id, booking.child.name) == (stage.child.id, "そら")
    assert booking.schedule.id == stage.slot.id
    assert booking.schedule.lesson.title == "はじめての水泳"
    assert booking.schedule.school.name == "スマイル水泳"
    assert booking.consumed_tickets == 1
    await session.refresh(stage.slot)
    assert stage.slot.booked_count == 1
    assert await stage.tickets() == 3


async def test_what_booking_answers_is_what_the_database_holds(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)

    booking = await stage.book()

    stored = await bookings.get(session, stage.actor, booking.id)
    assert stored.booking == booking


async def test_a_booking_opens_its_thread_until_thirty_days_after_the_lesson(session: AsyncSession) -> None:
    stage = await set_stage(session)

    booking = await stage.book()

    thread = await session.get_one(Conversation, booking.conversation_id)
    assert thread.booking_id == booking.id
    assert thread.school_id == stage.school.id
    assert thread.writable_until == stage.slot.end_at + timedelta(days=30)


async def test_guardian_and_school_are_promised_a_confirmation(session: AsyncSession) -> None:
    stage = await set_stage(session)

    await stage.book()

    told = (await session.exec(select(OutboxMessage.recipient_user_id))).all()
    assert set(told) == {stage.guardian.id, stage.owner.id}


async def test_a_co_guardian_books_too(session: AsyncSession) -> None:
    stage = await set_stage(session)
    father = await make.make_co_guardian(session, stage.family)

    booking = await stage.book(actor=await make.actor_of(session, father))

    stored = await session.get_one(Booking, booking.id)
    assert stored.booked_by == father.id


async def test_a_child_is_sent_to_its_guardian(session: AsyncSession) -> None:
    stage = await set_stage(session)

    with pytest.raises(errors.ParentApprovalRequired):
        await stage.book(actor=await make.actor_of(session, stage.child))


@pytest.mark.parametrize("kind", [UserType.SCHOOL_OWNER, UserType.ADMIN])
async def test_people_without_a_family_may_not_book(session: AsyncSession, kind: UserType) -> None:
    stage = await set_stage(session)
    somebody = await make.make_user(session, kind)

    with pytest.raises(errors.Forbidden) as refused:
        await stage.book(actor=await make.actor_of(session, somebody))
    assert type(refused.value) is errors.Forbidden


async def test_nobody_books_without_signing_in(session: AsyncSession) -> None:
    stage = await set_stage(session)

    with pytest.raises(errors.Unauthenticated):
        await stage.book(actor=replace(stage.actor, user_id=None))


async def test_a_child_of_another_family_does_not_exist(session: AsyncSession) -> None:
    stage, outsider = await set_stage(session), await set_stage(session)

    with pytest.raises(errors.NotFound):
        await stage.book(child_id=outsider.child.id)


async def test_an_unknown_slot_does_not_exist(session: AsyncSession) -> None:
    stage = await set_stage(session)

    with pytest.raises(errors.NotFound):
        await stage.book(schedule_id=new_id())


@pytest.mark.parametrize(
    ("policy", "until"),
    [
        (CancelPolicy.SAME_DAY_3H, datetime(2026, 11, 27, 7, 0, tzinfo=clock.JST)),
        (CancelPolicy.DAY_BEFORE_20, datetime(2026, 11, 26, 20, 0, tzinfo=clock.JST)),
        (CancelPolicy.TWO_DAYS_BEFORE_20, datetime(2026, 11, 25, 20, 0, tzinfo=clock.JST)),
    ],
)
async def test_the_schools_cancel_policy_is_kept_with_the_booking(
    session: AsyncSession, policy: CancelPolicy, until: datetime
) -> None:
    stage = await set_stage(session)
    stage.school.cancel_policy = policy
    await stage.keep(stage.school)

    booking = await stage.book()

    assert booking.cancel_until == until
    assert (await session.get_one(Booking, booking.id)).cancel_until == until


async def test_a_lesson_at_midnight_belongs_to_its_japanese_day(session: AsyncSession) -> None:
    midnight = datetime(2026, 12, 1, 0, 0, tzinfo=clock.JST)

    assert bookings.cancel_deadline(CancelPolicy.DAY_BEFORE_20, midnight) == datetime(
        2026, 11, 30, 20, 0, tzinfo=clock.JST
    )


async def test_the_slots_instructor_teaches_when_nobody_is_chosen(session: AsyncSession) -> None:
    stage = await set_stage(session)
    teacher = await make.make_instructor(session, stage.school)
    stage.slot.instructor_id = teacher.id
    await stage.keep(stage.slot)

    booking = await stage.book()

    assert booking.instructor is not None
    assert (booking.instructor.id, booking.instructor.name) == (teacher.id, teacher.name)


async def test_an_instructor_is_chosen_where_the_class_allows_it(session: AsyncSession) -> None:
    stage = await set_stage(session, lesson={"instructor_choice": True})
    teacher = await make.make_instructor(session, stage.school)

    booking = await stage.book(instructor_id=teacher.id)

    assert (await session.get_one(Booking, booking.id)).instructor_id == teacher.id


async def test_no_instructor_is_chosen_where_the_class_does_not_allow_it(session: AsyncSession) -> None:
    stage = await set_stage(session)
    teacher = await make.make_instructor(session, stage.school)

    with pytest.raises(errors.InvalidInput):
        await stage.book(instructor_id=teacher.id)


async def test_an_instructor_of_another_school_can_not_be_chosen(session: AsyncSession) -> None:
    stage = await set_stage(session, lesson={"instructor_choice": True})
    rival = await make.make_instructor(session, await make.make_school(session))

    with pytest.raises(errors.InvalidInput):
        await stage.book(instructor_id=rival.id)


async def test_an_instructor_who_teaches_at_that_time_can_not_be_chosen(session: AsyncSession) -> None:
    stage = await set_stage(session, lesson={"instructor_choice": True})
    busy = await make.make_instructor(session, stage.school)
    await make.make_schedule(session, stage.lesson, start_at=stage.slot.start_at, instructor_id=busy.id)

    with pytest.raises(errors.InvalidInput):
        await stage.book(instructor_id=busy.id)


async def test_a_refused_booking_leaves_nothing_behind(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=0)

    with pytest.raises(errors.TicketsShort):
        await stage.book()

    for table in (Booking, Conversation, OutboxMessage):
        assert (await session.exec(select(func.count()).select_from(table))).one() == 0
    count = select(LessonSchedule.booked_count).where(col(LessonSchedule.id) == stage.slot.id)
    assert (await session.exec(count)).one() == 0


async def test_every_ticket_is_explained_by_the_ledger(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=5)
    for day in range(3):
        await stage.book(schedule_id=(await stage.another_slot(day + 1)).id)

    bucket = (await session.exec(select(TicketBalance))).one()
    await session.refresh(bucket)
    total = (await session.exec(select(func.sum(TicketEntry.delta)))).one()
    assert bucket.balance == total == 2
