"""Waiting for a seat (D7): places, offers that hold a seat, their sleeping clock, and who comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, errors
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.models.accounts import User
from naraigoto.models.base import new_id
from naraigoto.models.families import Family
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.waitlist import WaitlistEntry, WaitlistStatus
from naraigoto.rules import WAITLIST_MAX
from naraigoto.services import bookings, tickets, waitlist
from tests import factories as make
from tests.stage import Stage, set_stage

NOW = make.NOW
LATE = datetime(2026, 11, 26, 20, 30, tzinfo=clock.JST)  # after 前日20:00 of the stage's slot


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.JST)


@dataclass(frozen=True)
class Waiter:
    """A family that wants the seat."""

    family: Family
    child: User
    actor: Actor


async def waiter(session: AsyncSession, *, count: int = 1) -> Waiter:
    guardian = await make.make_user(session)
    family = await make.make_family(session, guardian=guardian)
    child = await make.make_child(session, family, name="りく")
    if count:
        await make.grant_tickets(session, family, count)
    return Waiter(family, child, await make.actor_of(session, guardian))


async def full(session: AsyncSession, **over: Any) -> tuple[Stage, bookings.BookingView]:
    """A slot with one seat, taken by the stage's family."""
    stage = await set_stage(session, slot={"capacity": 1}, **over)
    return stage, await stage.book()


async def join(stage: Stage, who: Waiter, **over: Any) -> waitlist.Place:
    values: dict[str, Any] = {"schedule_id": stage.slot.id, "child_id": who.child.id, "now": NOW} | over
    return await waitlist.join(stage.session, values.pop("actor", who.actor), **values)


async def entry_of(stage: Stage, who: Waiter) -> WaitlistEntry:
    found = await stage.session.exec(
        select(WaitlistEntry)
        .where(col(WaitlistEntry.child_user_id) == who.child.id)
        .execution_options(populate_existing=True)
    )
    return found.one()


async def seats(stage: Stage) -> tuple[int, int]:
    """Booked and held."""
    await stage.session.refresh(stage.slot)
    return stage.slot.booked_count, stage.slot.held_count


async def kinds(session: AsyncSession) -> list[str]:
    rows = await session.exec(select(OutboxMessage.kind).where(col(OutboxMessage.kind).like("waitlist%")))
    return sorted(rows.all())


async def test_families_wait_in_the_order_in_which_they_came(session: AsyncSession) -> None:
    stage, _ = await full(session)
    one, two = await waiter(session), await waiter(session)

    first, second = await join(stage, one), await join(stage, two, now=NOW + timedelta(seconds=1))

    assert (first.position, second.position) == (1, 2)
    assert [place.position for place in await waitlist.mine(session, two.actor, now=NOW)] == [2]


async def test_joining_twice_keeps_the_place(session: AsyncSession) -> None:
    stage, _ = await full(session)
    one, two = await waiter(session), await waiter(session)
    await join(stage, one)
    await join(stage, two, now=NOW + timedelta(seconds=1))

    again = await join(stage, one, auto_book=True, now=NOW + timedelta(seconds=2))

    assert (again.position, again.auto_book) == (1, True)


async def test_a_freed_seat_is_offered_to_the_first_and_held_for_two_hours(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one, two = await waiter(session), await waiter(session)
    await join(stage, one)
    await join(stage, two, now=NOW + timedelta(seconds=1))

    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)

    entry = await entry_of(stage, one)
    assert (entry.status, entry.offer_expires_at) == (WaitlistStatus.OFFERED, NOW + timedelta(hours=2))
    assert (await entry_of(stage, two)).status is WaitlistStatus.WAITING
    assert await seats(stage) == (0, 1)
    assert await kinds(session) == ["waitlist_offer"]
    stranger = await waiter(session)
    with pytest.raises(errors.ScheduleFull):
        await stage.book(actor=stranger.actor, child_id=stranger.child.id)


async def test_whoever_has_the_offer_books_the_held_seat(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one = await waiter(session)
    await join(stage, one)
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)

    made = await stage.book(actor=one.actor, child_id=one.child.id)

    entry = await entry_of(stage, one)
    assert (entry.status, entry.booking_id) == (WaitlistStatus.BOOKED, made.id)
    assert await seats(stage) == (1, 0)
    lines = await bookings.story(session, one.actor, made.id)
    assert [line.event for line in lines] == ["waitlist.offered", "booking.created", "tickets.spend"]


async def test_declining_passes_the_seat_on(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one, two = await waiter(session), await waiter(session)
    await join(stage, one)
    await join(stage, two, now=NOW + timedelta(seconds=1))
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)

    for _ in range(2):
        await waitlist.leave(session, one.actor, schedule_id=stage.slot.id, child_id=one.child.id, now=NOW)

    assert (await entry_of(stage, one)).status is WaitlistStatus.DECLINED
    assert (await entry_of(stage, two)).status is WaitlistStatus.OFFERED
    assert await seats(stage) == (0, 1)


async def test_an_offer_that_lapsed_is_passed_on_once(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one, two = await waiter(session), await waiter(session)
    await join(stage, one)
    await join(stage, two, now=NOW + timedelta(seconds=1))
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)
    over = NOW + timedelta(hours=2)

    assert await waitlist.lapsed(session, now=over - timedelta(seconds=1)) == []
    (due,) = await waitlist.lapsed(session, now=over)
    assert [await waitlist.lapse(session, entry_id=due, now=over) for _ in range(2)] == [True, False]

    assert (await entry_of(stage, one)).status is WaitlistStatus.LAPSED
    assert (await entry_of(stage, two)).status is WaitlistStatus.OFFERED
    with pytest.raises(errors.ScheduleFull):
        await stage.book(actor=one.actor, child_id=one.child.id, now=over)


async def test_from_eight_the_evening_before_everybody_is_told_and_nothing_is_held(
    session: AsyncSession,
) -> None:
    stage, booking = await full(session)
    one, two = await waiter(session), await waiter(session)
    await join(stage, one)
    await join(stage, two, now=NOW + timedelta(seconds=1))

    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=LATE)

    assert await kinds(session) == ["waitlist_open", "waitlist_open"]
    assert await seats(stage) == (0, 0)
    await stage.book(actor=two.actor, child_id=two.child.id, now=LATE)
    assert (await entry_of(stage, two)).status is WaitlistStatus.BOOKED


async def test_a_late_cancellation_gets_its_ticket_back_when_the_seat_is_taken_from_the_queue(
    session: AsyncSession,
) -> None:
    stage, booking = await full(session)
    one = await waiter(session)
    await join(stage, one)
    done = await bookings.cancel(session, stage.actor, booking_id=booking.id, now=LATE)
    assert (done.refunded_tickets, await waitlist.refilled(session)) == (0, [])

    await stage.book(actor=one.actor, child_id=one.child.id, now=LATE)

    assert await waitlist.refilled(session) == [booking.id]
    counts = [await bookings.refund_refilled(session, booking_id=booking.id, now=LATE) for _ in range(2)]
    assert (counts, await waitlist.refilled(session), await stage.tickets(LATE)) == ([1, 0], [], 4)


async def test_a_seat_taken_by_a_passer_by_returns_nothing(session: AsyncSession) -> None:
    stage, booking = await full(session)
    passer_by = await waiter(session)
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=LATE)

    await stage.book(actor=passer_by.actor, child_id=passer_by.child.id, now=LATE)

    assert await waitlist.refilled(session) == []


async def test_whoever_wants_it_is_booked_without_being_asked(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one = await waiter(session)
    await join(stage, one, auto_book=True)
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)
    assert await kinds(session) == []

    (due,) = await waitlist.to_book(session, now=NOW)
    assert [await waitlist.book_unasked(session, entry_id=due, now=NOW) for _ in range(2)] == [True, False]

    assert (await entry_of(stage, one)).status is WaitlistStatus.BOOKED
    assert await seats(stage) == (1, 0)
    assert await tickets.usable(session, one.family.id, now=NOW) == 0


async def test_whoever_can_not_be_booked_unasked_is_asked(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one = await waiter(session)
    await join(stage, one, auto_book=True)
    await stage.book(actor=one.actor, child_id=one.child.id, schedule_id=(await stage.another_slot(1)).id)
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)
    (due,) = await waitlist.to_book(session, now=NOW)

    async with session.begin_nested() as inner:
        with pytest.raises(errors.TicketsShort):
            await waitlist.book_unasked(session, entry_id=due, now=NOW)
        await inner.rollback()
    await waitlist.ask_instead(session, entry_id=due, now=NOW)

    assert (await entry_of(stage, one)).status is WaitlistStatus.OFFERED
    assert await kinds(session) == ["waitlist_offer"]
    assert await waitlist.to_book(session, now=NOW) == []


async def test_booking_one_slot_ends_waiting_for_another_at_that_hour(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one = await waiter(session, count=2)
    await join(stage, one)
    same_hour = await make.make_schedule(
        session, stage.lesson, start_at=stage.slot.start_at + timedelta(minutes=20)
    )
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)

    await stage.book(actor=one.actor, child_id=one.child.id, schedule_id=same_hour.id)

    entry = await entry_of(stage, one)
    assert (entry.status, entry.offer_expires_at) == (WaitlistStatus.OFFERED, NOW)
    assert await waitlist.lapse(session, entry_id=entry.id, now=NOW)
    assert await seats(stage) == (0, 0)


async def test_twenty_families_may_wait(session: AsyncSession) -> None:
    stage, _ = await full(session)
    for _ in range(WAITLIST_MAX):
        await join(stage, await waiter(session))

    with pytest.raises(errors.WaitlistFull) as refused:
        await join(stage, await waiter(session))
    assert refused.value.code == "schedule_full"


async def test_who_may_not_wait(session: AsyncSession) -> None:
    stage, _ = await full(session)
    one, poor, outsider = await waiter(session), await waiter(session, count=0), await waiter(session)
    child = await make.actor_of(session, one.child)
    owner = await make.actor_of(session, stage.owner)

    for actor, refusal in (
        (ANONYMOUS, errors.Unauthenticated),
        (child, errors.ParentApprovalRequired),
        (owner, errors.Forbidden),
        (outsider.actor, errors.NotFound),
    ):
        with pytest.raises(refusal):
            await join(stage, one, actor=actor)
        with pytest.raises(refusal):
            await waitlist.leave(session, actor, schedule_id=stage.slot.id, child_id=one.child.id, now=NOW)
    with pytest.raises(errors.TicketsShort):
        await join(stage, poor)
    with pytest.raises(errors.AlreadyBooked):
        await join(stage, Waiter(stage.family, stage.child, stage.actor))
    with pytest.raises(errors.NotFound):
        await join(stage, one, schedule_id=new_id())
    with pytest.raises(errors.SeatsAgain):
        await join(stage, one, schedule_id=(await stage.another_slot(1)).id)
    with pytest.raises(errors.BookingDeadlinePassed):
        await join(stage, one, now=stage.slot.start_at)


async def test_nobody_waits_beyond_the_cutoff(session: AsyncSession) -> None:
    stage, _ = await full(session)
    one = await waiter(session)
    await join(stage, one)

    assert await waitlist.close_over(session, now=stage.slot.start_at - timedelta(hours=2, seconds=1)) == 0
    assert await waitlist.close_over(session, now=stage.slot.start_at - timedelta(hours=2)) == 1

    assert (await entry_of(stage, one)).status is WaitlistStatus.CLOSED
