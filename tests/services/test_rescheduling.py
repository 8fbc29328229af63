"""Another slot of the same class instead, in one step (D6); brothers and sisters to be fetched elsewhere."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, errors
from naraigoto.models.messages import Conversation
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.tickets import TicketEntry
from naraigoto.models.waitlist import WaitlistStatus
from naraigoto.services import bookings
from tests import factories as make
from tests.services.test_waitlist import entry_of, full, join, waiter
from tests.stage import Stage, set_stage

NOW = make.NOW
LATE = datetime(2026, 11, 26, 20, 1, tzinfo=clock.JST)


async def reschedule(stage: Stage, booking: bookings.BookingView, slot: Any, **over: Any):
    values: dict[str, Any] = {"booking_id": booking.id, "schedule_id": slot.id, "now": NOW} | over
    return await bookings.reschedule(stage.session, values.pop("actor", stage.actor), **values)


async def test_the_booking_moves_with_its_ticket_and_its_thread(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    booking, other = await stage.book(), await stage.another_slot(7)

    moved = await reschedule(stage, booking, other)

    assert (moved.id, moved.schedule.id, moved.conversation_id) == (
        booking.id,
        other.id,
        booking.conversation_id,
    )
    assert moved.cancel_until == datetime(2026, 12, 3, 20, 0, tzinfo=clock.JST)
    await session.refresh(stage.slot)
    await session.refresh(other)
    assert (stage.slot.booked_count, other.booked_count) == (0, 1)
    assert (await session.exec(select(func.count()).select_from(TicketEntry))).one() == 2
    thread = await session.get_one(Conversation, booking.conversation_id)
    await session.refresh(thread)
    assert thread.writable_until == other.end_at + timedelta(days=30)


async def test_both_sides_are_told_and_the_story_tells_it(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking, other = await stage.book(), await stage.another_slot(7)

    await reschedule(stage, booking, other)

    told = await session.exec(
        select(OutboxMessage.recipient_user_id).where(OutboxMessage.kind == "booking_rescheduled")
    )
    assert set(told.all()) == {stage.guardian.id, stage.owner.id}
    lines = await bookings.story(session, stage.actor, booking.id)
    last = next(line for line in lines if line.event == "booking.rescheduled")
    assert last.name == "花子"
    assert datetime.fromisoformat(last.facts["after"]) == other.start_at


async def test_the_seat_left_behind_is_offered_to_the_queue(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one, other = await waiter(session), await stage.another_slot(7)
    await join(stage, one)

    await reschedule(stage, booking, other)

    assert (await entry_of(stage, one)).status is WaitlistStatus.OFFERED


async def test_a_slot_that_overlaps_the_old_one_can_be_taken(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking = await stage.book()
    later = await make.make_schedule(
        session, stage.lesson, start_at=stage.slot.start_at + timedelta(minutes=20)
    )

    assert (await reschedule(stage, booking, later)).schedule.id == later.id


async def test_what_can_not_be_taken_leaves_the_booking_as_it_was(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    booking, kept = await stage.book(), await stage.another_slot(1)
    await stage.book(schedule_id=kept.id)
    full_slot = await stage.another_slot(2)
    full_slot.booked_count = full_slot.capacity
    await stage.keep(full_slot)
    clashing = await make.make_schedule(session, stage.lesson, start_at=kept.start_at + timedelta(minutes=10))
    foreign = (await set_stage(session)).slot

    for slot, refusal in (
        (full_slot, errors.ScheduleFull),
        (clashing, errors.ScheduleOverlap),
        (kept, errors.AlreadyBooked),
        (stage.slot, errors.AlreadyBooked),
        (foreign, errors.NotFound),
        (await stage.another_slot(90), errors.BookingDeadlinePassed),
    ):
        with pytest.raises(refusal):
            await reschedule(stage, booking, slot)
    assert (await bookings.get(session, stage.actor, booking.id)).booking.schedule.id == stage.slot.id


async def test_once_cancelling_costs_a_ticket_nothing_is_rescheduled(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking, other = await stage.book(), await stage.another_slot(7)

    with pytest.raises(errors.CancelDeadlinePassed):
        await reschedule(stage, booking, other, now=LATE)


async def test_strangers_and_children_reschedule_nothing(session: AsyncSession) -> None:
    stage, outsider = await set_stage(session), await set_stage(session)
    booking, other = await stage.book(), await stage.another_slot(7)

    for actor, refusal in (
        (outsider.actor, errors.NotFound),
        (await make.actor_of(session, stage.child), errors.ParentApprovalRequired),
        (await make.actor_of(session, stage.owner), errors.Forbidden),
    ):
        with pytest.raises(refusal):
            await reschedule(stage, booking, other, actor=actor)
        with pytest.raises(refusal):
            await bookings.accept_change(session, actor, booking_id=booking.id, now=NOW)


async def test_a_cancelled_booking_is_not_rescheduled(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking, other = await stage.book(), await stage.another_slot(7)
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)

    with pytest.raises(errors.BookingNotActive):
        await reschedule(stage, booking, other)


@pytest.mark.parametrize(("gap", "warned"), [(0, True), (29, True), (31, False)])
async def test_a_sibling_to_be_fetched_elsewhere_is_named(
    session: AsyncSession, gap: int, warned: bool
) -> None:
    stage = await set_stage(session, tickets=4)
    sibling = await make.make_child(session, stage.family, name="うみ")
    elsewhere = await make.make_class(session, await make.make_school(session, name="英語の森"))
    start_at = stage.slot.end_at + timedelta(minutes=gap)
    await stage.book(
        schedule_id=(await make.make_schedule(session, elsewhere, start_at=start_at)).id, child_id=sibling.id
    )

    offered = await bookings.options(session, stage.actor, schedule_id=stage.slot.id, now=NOW)

    pickups = {child.name: child.pickup for child in offered.children}
    assert pickups["うみ"] is None
    assert (pickups["そら"] is not None) is warned
    if pickups["そら"]:
        assert (pickups["そら"].child, pickups["そら"].school) == ("うみ", "英語の森")


async def test_siblings_at_one_school_are_fetched_together(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    sibling = await make.make_child(session, stage.family, name="うみ")
    await stage.book(child_id=sibling.id)

    offered = await bookings.options(session, stage.actor, schedule_id=stage.slot.id, now=NOW)

    assert [child.pickup for child in offered.children] == [None, None]
