"""The job of the waitlist: each seat in a transaction of its own, and a second run changes nothing (D7)."""

from datetime import timedelta

from sqlmodel import col, select

from naraigoto.jobs import waitlist as job
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.waitlist import WaitlistEntry, WaitlistStatus
from naraigoto.services import bookings, tickets
from tests import factories as make
from tests.conftest import Committed
from tests.races.wrong import wrongs
from tests.services.test_waitlist import LATE, full, join, waiter

NOW = make.NOW


async def statuses(committed: Committed) -> list[str]:
    async with committed() as session:
        entries = select(WaitlistEntry.status).order_by(col(WaitlistEntry.created_at))
        return list((await session.exec(entries)).all())


async def test_a_lapsed_offer_goes_to_the_next_family(committed: Committed) -> None:
    async with committed() as session:
        stage, booking = await full(session)
        for number in range(2):
            await join(stage, await waiter(session), now=NOW + timedelta(seconds=number))
        await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)
    over = NOW + timedelta(hours=2)

    assert [await job.run(over) for _ in range(2)] == [1, 0]

    assert await statuses(committed) == [WaitlistStatus.LAPSED, WaitlistStatus.OFFERED]
    assert await wrongs() == {}


async def test_one_family_is_booked_unasked_and_one_that_can_not_be_is_asked(committed: Committed) -> None:
    async with committed() as session:
        stage, booking = await full(session)
        stage.slot.capacity = 2
        await stage.keep(stage.slot)
        second = await stage.book(child_id=(await make.make_child(session, stage.family)).id)
        rich, poor = await waiter(session), await waiter(session)
        await join(stage, rich, auto_book=True)
        await join(stage, poor, auto_book=True, now=NOW + timedelta(seconds=1))
        elsewhere = await stage.another_slot(1)
        await stage.book(actor=poor.actor, child_id=poor.child.id, schedule_id=elsewhere.id)
        for one in (booking, second):
            await bookings.cancel(session, stage.actor, booking_id=one.id, now=NOW)

    assert [await job.run(NOW) for _ in range(2)] == [1, 0]

    assert await statuses(committed) == [WaitlistStatus.BOOKED, WaitlistStatus.OFFERED]
    async with committed() as session:
        told = select(OutboxMessage.recipient_user_id).where(OutboxMessage.kind == "waitlist_offer")
        assert (await session.exec(told)).all() == [poor.actor.user_id]
    assert await wrongs() == {}


async def test_the_ticket_of_a_late_cancellation_comes_back_once(committed: Committed) -> None:
    async with committed() as session:
        stage, booking = await full(session)
        one = await waiter(session)
        await join(stage, one)
        await bookings.cancel(session, stage.actor, booking_id=booking.id, now=LATE)
        await stage.book(actor=one.actor, child_id=one.child.id, now=LATE)
        assert await stage.tickets(LATE) == 3

    assert [await job.run(LATE) for _ in range(2)] == [1, 0]

    async with committed() as session:
        assert await tickets.usable(session, stage.family.id, now=LATE) == 4
    assert await wrongs() == {}


async def test_beyond_the_cutoff_nobody_waits(committed: Committed) -> None:
    async with committed() as session:
        stage, _ = await full(session)
        await join(stage, await waiter(session))

    assert await job.run(stage.slot.start_at) == 1
    assert await statuses(committed) == [WaitlistStatus.CLOSED]
