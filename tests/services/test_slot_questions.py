"""Two changes of one slot: both are told, and none takes away what the other one gave (D5, D6)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, errors
from naraigoto.models.bookings import BookingQuestion, CancelKind
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.schools import Instructor
from naraigoto.services import bookings, slot_changes
from naraigoto.services.slot_changes import Outcome, Teacher
from tests import factories as make
from tests.services.test_slot_changes import AFTERNOON, NOW, START, keeper, move, news, row_of
from tests.stage import Stage, set_stage

NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=clock.JST)
MORNING = datetime(2026, 11, 25, 7, 0, tzinfo=clock.JST)


async def chosen(session: AsyncSession) -> tuple[Stage, bookings.BookingView, list[Instructor]]:
    """A family has chosen the first of three instructors."""
    stage = await set_stage(session, lesson={"instructor_choice": True})
    teachers = [await make.make_instructor(session, stage.school, name=name) for name in "甲乙丙"]
    return stage, await stage.book(instructor_id=teachers[0].id), teachers


async def teach(stage: Stage, instructor_id: UUID | None, now: datetime = NOW) -> Outcome:
    return await slot_changes.replace_instructor(
        stage.session, await keeper(stage), schedule_id=stage.slot.id, instructor_id=instructor_id, now=now
    )


async def change(stage: Stage, teacher: Instructor, now: datetime = NOW) -> Outcome:
    return await slot_changes.change(
        stage.session,
        await keeper(stage),
        schedule_id=stage.slot.id,
        start_at=AFTERNOON,
        teacher=Teacher(teacher.id),
        now=now,
    )


async def told(session: AsyncSession, now: datetime = MORNING) -> dict[str, int]:
    """How many mails of each kind really leave in the morning."""
    counts = {}
    for kind in ("schedule_moved", "instructor_replaced"):
        counts[kind] = len([facts for facts in await news(session, kind, now) if facts is not None])
    return counts


@pytest.mark.parametrize("order", [*permutations(["teach", "move"]), ["both"]])
async def test_a_new_instructor_and_a_new_hour_are_both_told_and_cancelling_stays_free(
    session: AsyncSession, order: list[str]
) -> None:
    stage, booking, (_, other, _) = await chosen(session)
    steps: dict[str, Callable[[datetime], Awaitable[Outcome]]] = {
        "teach": lambda now: teach(stage, other.id, now),
        "move": lambda now: move(stage, now=now),
        "both": lambda now: change(stage, other, now),
    }

    for minutes, step in enumerate(order):
        assert await steps[step](NIGHT + timedelta(minutes=minutes)) == Outcome(asked=1)
        await session.refresh(stage.slot)

    assert await told(session) == {"schedule_moved": 1, "instructor_replaced": 1}
    stored = await row_of(stage, booking.id)
    assert (stored.question, stored.answer_by) == (BookingQuestion.MOVED, AFTERNOON)
    last = AFTERNOON - timedelta(minutes=1)
    done = await bookings.cancel(session, stage.actor, booking_id=booking.id, now=last)
    assert (done.kind, done.refunded_tickets) == (CancelKind.SCHOOL, 1)


async def test_who_has_accepted_reads_no_question_in_the_morning(session: AsyncSession) -> None:
    stage, booking, (_, other, _) = await chosen(session)
    await change(stage, other, NIGHT)
    later = NIGHT + timedelta(minutes=5)
    await bookings.accept_change(session, stage.actor, booking_id=booking.id, now=later)

    assert await told(session) == {"schedule_moved": 0, "instructor_replaced": 0}

    # What was accepted stays accepted when the school changes something else.
    await move(stage, start_at=AFTERNOON + timedelta(hours=1), now=NIGHT + timedelta(minutes=9))
    assert await told(session) == {"schedule_moved": 1, "instructor_replaced": 0}


async def test_no_move_shortens_the_time_to_answer_another_one_gave(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking = await stage.book()
    await move(stage)
    await move(stage, start_at=NOW + timedelta(hours=5), now=NOW)
    soon = (await row_of(stage, booking.id)).answer_by
    await move(stage, now=NOW + timedelta(hours=1))

    assert soon == NOW + timedelta(hours=5)
    assert (await row_of(stage, booking.id)).answer_by == AFTERNOON


async def test_every_change_of_the_instructor_is_promised_and_the_last_one_told(
    session: AsyncSession,
) -> None:
    stage, _, (first, second, _) = await chosen(session)
    for minutes, teacher in enumerate((second, first, second)):
        await teach(stage, teacher.id, NIGHT + timedelta(minutes=minutes))

    rows = await session.exec(select(OutboxMessage).where(OutboxMessage.kind == "instructor_replaced"))
    assert len(rows.all()) == 3
    (facts,) = [facts for facts in await news(session, "instructor_replaced", MORNING) if facts]
    assert facts.instructor == "乙"


async def test_a_move_to_tomorrow_is_told_at_once_even_by_night(session: AsyncSession) -> None:
    stage = await set_stage(session)
    await stage.book()

    await move(stage, start_at=datetime(2026, 11, 25, 16, 0, tzinfo=clock.JST), now=NIGHT)

    (row,) = (await session.exec(select(OutboxMessage).where(OutboxMessage.kind == "schedule_moved"))).all()
    assert row.run_at == NIGHT


async def test_moving_back_and_forth_is_told_each_time(session: AsyncSession) -> None:
    stage = await set_stage(session)
    other, booking = await stage.another_slot(1), await stage.book()
    for slot in (other, stage.slot, other):
        await bookings.reschedule(session, stage.actor, booking_id=booking.id, schedule_id=slot.id, now=NOW)

    rows = await session.exec(
        select(OutboxMessage).where(
            OutboxMessage.kind == "booking_rescheduled",
            col(OutboxMessage.recipient_user_id) == stage.guardian.id,
        )
    )
    assert len(rows.all()) == 3


async def test_a_slot_moves_to_the_hour_at_which_its_new_instructor_is_free(session: AsyncSession) -> None:
    stage, booking, (_, other, _) = await chosen(session)
    await make.make_schedule(session, stage.lesson, start_at=START, instructor_id=other.id)

    with pytest.raises(errors.ScheduleConflict):
        async with session.begin_nested():
            await teach(stage, other.id)
    outcome = await change(stage, other)

    stored = await row_of(stage, booking.id)
    assert (outcome, stored.instructor_id, stored.period.lower) == (Outcome(asked=1), other.id, AFTERNOON)
