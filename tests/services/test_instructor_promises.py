"""An instructor whom a family has chosen is promised to nobody else at that hour (D5)."""

from datetime import timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import errors
from naraigoto.models.schedules import LessonSchedule
from naraigoto.models.schools import Instructor
from naraigoto.services import bookings, slot_changes
from tests import factories as make
from tests.services.test_slot_changes import AFTERNOON, NOW, START, keeper, move
from tests.services.test_waitlist import Waiter, waiter
from tests.stage import Stage, set_stage


async def chosen(session: AsyncSession) -> tuple[Stage, LessonSchedule, Instructor, bookings.BookingView]:
    """鈴木先生 is chosen for one slot; another class at the same hour lets families choose too."""
    stage = await set_stage(session, lesson={"instructor_choice": True})
    teacher = await make.make_instructor(session, stage.school)
    lesson = await make.make_class(session, stage.school, title="背泳ぎ", instructor_choice=True)
    other = await make.make_schedule(session, lesson, start_at=START + timedelta(minutes=20))
    return stage, other, teacher, await stage.book(instructor_id=teacher.id)


async def take(session: AsyncSession, who: Waiter, slot: LessonSchedule, teacher: Instructor) -> None:
    await bookings.book(
        session, who.actor, schedule_id=slot.id, child_id=who.child.id, instructor_id=teacher.id, now=NOW
    )


async def test_two_families_choose_the_same_instructor_at_the_same_hour(session: AsyncSession) -> None:
    stage, other, teacher, booking = await chosen(session)
    rival = await waiter(session)

    offered = await bookings.options(session, rival.actor, schedule_id=other.id, now=NOW)
    assert offered.instructors == []
    with pytest.raises(errors.InvalidInput):
        await take(session, rival, other, teacher)

    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)
    await take(session, rival, other, teacher)


async def test_two_families_of_one_slot_may_choose_the_same_instructor(session: AsyncSession) -> None:
    stage, _, teacher, _ = await chosen(session)

    await take(session, await waiter(session), stage.slot, teacher)


async def test_a_school_gives_no_slot_to_who_is_promised_elsewhere(session: AsyncSession) -> None:
    stage, other, teacher, _ = await chosen(session)

    seen = await slot_changes.look(session, await keeper(stage), schedule_id=other.id, now=NOW)
    assert seen.teachers == []
    with pytest.raises(errors.ScheduleConflict):
        await slot_changes.replace_instructor(
            session, await keeper(stage), schedule_id=other.id, instructor_id=teacher.id, now=NOW
        )


async def test_a_slot_does_not_move_to_where_its_chosen_instructor_is_promised(session: AsyncSession) -> None:
    stage, other, teacher, _ = await chosen(session)
    other.start_at, other.end_at = AFTERNOON, AFTERNOON + timedelta(minutes=50)
    await stage.keep(other)
    await take(session, await waiter(session), other, teacher)

    with pytest.raises(errors.ScheduleConflict):
        await move(stage)
