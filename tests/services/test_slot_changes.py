"""Slots that a school moves, cancels or gives to another instructor after they were booked (D5, D6, R89)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, errors
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.models.accounts import UserType
from naraigoto.models.base import new_id
from naraigoto.models.bookings import Booking, BookingQuestion, BookingStatus, CancelKind
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.waitlist import WaitlistEntry, WaitlistStatus
from naraigoto.services import bookings, outbox, slot_changes, waitlist
from naraigoto.services.slot_changes import Outcome
from tests import factories as make
from tests.services.test_waitlist import full, join, waiter
from tests.stage import Stage, set_stage

NOW = make.NOW
START = datetime(2026, 11, 27, 10, 0, tzinfo=clock.JST)
LATE = datetime(2026, 11, 26, 21, 0, tzinfo=clock.JST)
AFTERNOON = START.replace(hour=15)


async def keeper(stage: Stage) -> Actor:
    return await make.actor_of(stage.session, stage.owner)


async def move(stage: Stage, **over: Any) -> Outcome:
    values: dict[str, Any] = {"schedule_id": stage.slot.id, "start_at": AFTERNOON, "now": NOW} | over
    return await slot_changes.move(stage.session, values.pop("actor", await keeper(stage)), **values)


async def cancel(stage: Stage, **over: Any) -> Outcome:
    values: dict[str, Any] = {"schedule_id": stage.slot.id, "reason": "講師急病", "now": NOW} | over
    return await slot_changes.cancel(stage.session, values.pop("actor", await keeper(stage)), **values)


async def row_of(stage: Stage, booking_id: Any) -> Booking:
    found = await stage.session.exec(
        select(Booking).where(Booking.id == booking_id).execution_options(populate_existing=True)
    )
    return found.one()


async def news(session: AsyncSession, kind: str, now: datetime = NOW) -> list[Any]:
    """What each guardian would read of this kind."""
    rows = (await session.exec(select(OutboxMessage).where(OutboxMessage.kind == kind))).all()
    messages = [
        outbox.Claimed(row.id, row.kind, row.dedupe_key, row.recipient_user_id, row.payload, 1)
        for row in rows
    ]
    return [await outbox.facts_for(session, message, now=now) for message in messages]


async def test_a_moved_slot_asks_every_family_within_a_day(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking = await stage.book()

    outcome = await move(stage)

    stored = await row_of(stage, booking.id)
    assert outcome == Outcome(asked=1)
    assert (stored.period.lower, stored.period.upper) == (AFTERNOON, AFTERNOON + timedelta(minutes=50))
    assert (stored.question, stored.answer_by) == (BookingQuestion.MOVED, NOW + timedelta(hours=24))
    assert stored.cancel_until == datetime(2026, 11, 26, 20, 0, tzinfo=clock.JST)
    (told,) = await news(session, "schedule_moved")
    assert (told.children, told.before, told.start_at) == (["そら"], START, AFTERNOON)
    assert (told.booking_id, told.answer_by) == (booking.id, NOW + timedelta(hours=24))


async def test_accepting_a_moved_slot_keeps_the_booking(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking = await stage.book()
    await move(stage)

    await bookings.accept_change(session, stage.actor, booking_id=booking.id, now=NOW)
    kept = await bookings.accept_change(session, stage.actor, booking_id=booking.id, now=NOW)

    assert (kept.status, kept.question, kept.schedule.start_at) == (BookingStatus.RESERVED, None, AFTERNOON)
    lines = await bookings.story(session, stage.actor, booking.id)
    assert [(line.event, line.who) for line in lines if line.event.startswith("booking")] == [
        ("booking.created", "family"),
        ("booking.moved", "school"),
        ("booking.change_accepted", "family"),
    ]


async def test_a_moved_slot_can_be_declined_free_even_when_it_is_late(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    booking = await stage.book()
    await move(stage, now=LATE)

    done = await bookings.cancel(session, stage.actor, booking_id=booking.id, now=LATE + timedelta(hours=17))

    assert (done.kind, done.refunded_tickets) == (CancelKind.SCHOOL, 1)


async def test_after_a_day_of_silence_the_ordinary_rules_hold(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    booking = await stage.book()
    await move(stage, start_at=NOW + timedelta(hours=30))

    done = await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW + timedelta(hours=25))

    assert done.kind is CancelKind.LATE


async def test_a_child_with_another_lesson_at_the_new_time_gets_its_ticket_back(
    session: AsyncSession,
) -> None:
    stage = await set_stage(session, tickets=4)
    other = await make.make_schedule(session, stage.lesson, start_at=AFTERNOON + timedelta(minutes=20))
    booking = await stage.book()
    await stage.book(schedule_id=other.id)

    outcome = await move(stage)

    stored = await row_of(stage, booking.id)
    assert outcome == Outcome(cancelled=1)
    assert (stored.status, stored.cancel_kind) == (BookingStatus.CANCELLED, CancelKind.SCHOOL)
    assert await stage.tickets() == 3
    await session.refresh(stage.slot)
    assert stage.slot.booked_count == 0


async def test_moving_twice_tells_only_of_the_last_time(session: AsyncSession) -> None:
    stage = await set_stage(session)
    await stage.book()
    await move(stage)
    await move(stage, start_at=AFTERNOON + timedelta(hours=1))

    told = [facts for facts in await news(session, "schedule_moved") if facts is not None]

    assert [facts.start_at for facts in told] == [AFTERNOON + timedelta(hours=1)]


async def test_an_instructor_can_not_be_moved_into_another_slot_of_theirs(session: AsyncSession) -> None:
    stage = await set_stage(session)
    teacher = await make.make_instructor(session, stage.school)
    stage.slot.instructor_id = teacher.id
    await stage.keep(stage.slot)
    await make.make_schedule(session, stage.lesson, start_at=AFTERNOON, instructor_id=teacher.id)

    with pytest.raises(errors.ScheduleConflict):
        await move(stage)


async def test_a_cancelled_slot_returns_every_ticket_even_late(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    sibling = await make.make_child(session, stage.family, name="うみ")
    one, two = await stage.book(), await stage.book(child_id=sibling.id)
    again = await stage.another_slot(7)
    await stage.another_slot(8)

    outcome = await cancel(stage, now=LATE)

    assert outcome == Outcome(cancelled=2)
    assert {(await row_of(stage, booking.id)).cancel_kind for booking in (one, two)} == {CancelKind.SCHOOL}
    assert await stage.tickets() == 4
    (told,) = await news(session, "schedule_cancelled", LATE)
    assert (sorted(told.children), told.tickets, told.reason) == (["うみ", "そら"], 2, "講師急病")
    assert told.alternatives[0].start_at == again.start_at
    assert await news(session, "booking_cancelled") == []


async def test_who_waits_for_a_cancelled_slot_is_told_and_waits_no_more(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one, two = await waiter(session), await waiter(session)
    await join(stage, one)
    await join(stage, two, now=NOW + timedelta(seconds=1))
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)

    outcome = await cancel(stage, now=NOW + timedelta(minutes=1))

    assert outcome == Outcome(waiting=2)
    ended = await session.exec(select(WaitlistEntry).execution_options(populate_existing=True))
    assert {entry.status for entry in ended} == {WaitlistStatus.CLOSED}
    await session.refresh(stage.slot)
    assert (stage.slot.booked_count, stage.slot.held_count) == (0, 0)
    told = await news(session, "schedule_cancelled", NOW + timedelta(minutes=1))
    assert [facts.children for facts in told] == [["りく"], ["りく"]]
    with pytest.raises(errors.BookingDeadlinePassed):
        await waitlist.join(session, one.actor, schedule_id=stage.slot.id, child_id=one.child.id, now=NOW)


async def test_cancelling_a_slot_twice_happens_once(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    await stage.book()
    await cancel(stage)

    assert await cancel(stage) == Outcome()
    assert await stage.tickets() == 4
    assert len(await news(session, "schedule_cancelled")) == 1


async def test_a_family_whose_chosen_instructor_is_replaced_may_cancel_free_until_the_start(
    session: AsyncSession,
) -> None:
    stage = await set_stage(session, tickets=4, lesson={"instructor_choice": True})
    chosen, other = [await make.make_instructor(session, stage.school, name=name) for name in "甲乙"]
    booking = await stage.book(instructor_id=chosen.id)

    outcome = await slot_changes.replace_instructor(
        session, await keeper(stage), schedule_id=stage.slot.id, instructor_id=other.id, now=LATE
    )

    assert outcome == Outcome(asked=1)
    stored = await row_of(stage, booking.id)
    assert (stored.instructor_id, stored.question, stored.answer_by) == (
        other.id,
        BookingQuestion.INSTRUCTOR,
        START,
    )
    (told,) = await news(session, "instructor_replaced", LATE)
    assert (told.instructor, told.children) == ("乙", ["そら"])
    done = await bookings.cancel(
        session, stage.actor, booking_id=booking.id, now=START - timedelta(minutes=1)
    )
    assert (done.kind, done.refunded_tickets) == (CancelKind.SCHOOL, 1)


async def test_who_left_the_choice_to_the_school_is_not_asked(session: AsyncSession) -> None:
    stage = await set_stage(session, lesson={"instructor_choice": True})
    booking = await stage.book()
    teacher = await make.make_instructor(session, stage.school)

    outcome = await slot_changes.replace_instructor(
        session, await keeper(stage), schedule_id=stage.slot.id, instructor_id=teacher.id, now=NOW
    )

    assert outcome == Outcome()
    assert (await row_of(stage, booking.id)).question is None


async def test_only_who_teaches_here_can_be_made_the_instructor(session: AsyncSession) -> None:
    stage = await set_stage(session)
    foreign = await make.make_instructor(session, await make.make_school(session))

    for number in (foreign.id, new_id()):
        with pytest.raises(errors.InvalidInput):
            await slot_changes.replace_instructor(
                session, await keeper(stage), schedule_id=stage.slot.id, instructor_id=number, now=NOW
            )


async def test_strangers_change_no_slot(session: AsyncSession) -> None:
    stage, rival = await set_stage(session), await set_stage(session)
    refusals = {
        ANONYMOUS: errors.Unauthenticated,
        stage.actor: errors.Forbidden,
        await make.actor_of(session, stage.child): errors.Forbidden,
        await keeper(rival): errors.NotFound,
    }
    for actor, refusal in refusals.items():
        with pytest.raises(refusal):
            await move(stage, actor=actor)
        with pytest.raises(refusal):
            await cancel(stage, actor=actor)
        with pytest.raises(refusal):
            await slot_changes.replace_instructor(
                session, actor, schedule_id=stage.slot.id, instructor_id=None, now=NOW
            )
    with pytest.raises(errors.NotFound):
        await cancel(stage, schedule_id=new_id())


async def test_an_admin_cancels_a_slot_too(session: AsyncSession) -> None:
    stage = await set_stage(session)
    await stage.book()
    admin = await make.actor_of(session, await make.make_user(session, UserType.ADMIN))

    assert await cancel(stage, actor=admin) == Outcome(cancelled=1)


async def test_bad_moments_and_long_reasons_are_refused(session: AsyncSession) -> None:
    stage = await set_stage(session)

    with pytest.raises(errors.InvalidInput):
        await move(stage, start_at=NOW)
    with pytest.raises(errors.InvalidInput):
        await cancel(stage, reason="あ" * 201)
    with pytest.raises(errors.LessonBegun):
        await move(stage, now=START)
    with pytest.raises(errors.LessonBegun):
        await cancel(stage, now=START)
    assert await move(stage, start_at=START) == Outcome()


async def test_news_of_a_far_lesson_waits_for_the_morning_and_of_a_near_one_does_not(
    session: AsyncSession,
) -> None:
    night = datetime(2026, 11, 24, 23, 0, tzinfo=clock.JST)
    far, near = await set_stage(session), await set_stage(session, slot={"start_at": NOW + timedelta(days=1)})
    for stage in (far, near):
        await stage.book()
        await cancel(stage, now=night)

    rows = await session.exec(
        select(OutboxMessage.run_at)
        .where(OutboxMessage.kind == "schedule_cancelled")
        .order_by(col(OutboxMessage.run_at))
    )
    assert list(rows.all()) == [night, night.replace(day=25, hour=7)]
