"""What a queue promised before its slot was moved, or its seats went to whoever comes first (D6, D7)."""

from datetime import timedelta

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.jobs import waitlist as waitlist_job
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.waitlist import WaitlistStatus
from naraigoto.services import bookings, live, slot_changes, waitlist
from tests import factories as make
from tests.conftest import Committed
from tests.services.test_slot_changes import AFTERNOON, START, keeper, move, news
from tests.services.test_waitlist import LATE, NOW, at, entry_of, full, join, seats, waiter
from tests.stage import set_stage


async def test_who_waits_is_told_of_another_hour_and_not_booked_there_unasked(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one, two = await waiter(session), await waiter(session)
    await join(stage, one, auto_book=True)
    await join(stage, two, now=NOW + timedelta(seconds=1))

    await move(stage)
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)

    entry = await entry_of(stage, one)
    assert (entry.status, entry.auto_book) == (WaitlistStatus.OFFERED, False)
    assert await waitlist.to_book(session, now=NOW) == []
    told = await news(session, "waitlist_moved")
    assert [(facts.child, facts.before, facts.start_at) for facts in told] == [("りく", START, AFTERNOON)] * 2
    assert len(await news(session, "waitlist_offer")) == 1


async def test_an_offer_that_would_have_been_booked_unasked_becomes_a_question(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one = await waiter(session)
    await join(stage, one, auto_book=True)
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)
    (entry_id,) = await waitlist.to_book(session, now=NOW)

    await move(stage)

    assert await waitlist.book_unasked(session, entry_id=entry_id, now=NOW) is False
    (offer,) = await news(session, "waitlist_offer")
    assert (offer.start_at, await seats(stage)) == (AFTERNOON, (0, 1))


async def test_who_has_given_up_and_an_older_move_are_not_told(session: AsyncSession) -> None:
    stage, _ = await full(session)
    one, two = await waiter(session), await waiter(session)
    await join(stage, one)
    await join(stage, two)
    await move(stage)
    await session.refresh(stage.slot)
    await move(stage, start_at=AFTERNOON + timedelta(hours=1))
    await waitlist.leave(session, two.actor, schedule_id=stage.slot.id, child_id=two.child.id, now=NOW)

    (told,) = [facts for facts in await news(session, "waitlist_moved") if facts is not None]

    assert (told.to, told.before) == ((await session.get_one(make.User, one.actor.user_id)).email, AFTERNOON)


async def test_news_of_a_move_sleeps_at_night_when_the_lesson_is_far(session: AsyncSession) -> None:
    stage, _ = await full(session)
    await join(stage, await waiter(session))

    await move(stage, now=at(23))

    row = (await session.exec(select(OutboxMessage).where(OutboxMessage.kind == "waitlist_moved"))).one()
    assert row.run_at == at(7, day=25)


async def test_a_ticket_comes_back_only_for_the_seat_that_was_left(session: AsyncSession) -> None:
    stage = await set_stage(session, slot={"capacity": 2})
    late, in_time, one, two = await stage.book(), *[await waiter(session) for _ in range(3)]
    other = await stage.book(actor=in_time.actor, child_id=in_time.child.id)
    await join(stage, one)
    await join(stage, two, now=NOW + timedelta(seconds=1))
    evening = at(19, 30, day=26)
    await bookings.cancel(session, in_time.actor, booking_id=other.id, now=evening)
    await bookings.cancel(session, stage.actor, booking_id=late.id, now=LATE)

    await stage.book(actor=one.actor, child_id=one.child.id, now=LATE)
    assert await waitlist.refilled(session) == []

    await stage.book(actor=two.actor, child_id=two.child.id, now=LATE)
    assert await waitlist.refilled(session) == [late.id]


async def test_the_page_of_a_late_canceller_hears_of_the_returned_ticket(committed: Committed) -> None:
    async with committed() as session:
        stage, booking = await full(session)
        one = await waiter(session)
        await join(stage, one)
        await bookings.cancel(session, stage.actor, booking_id=booking.id, now=LATE)
        await stage.book(actor=one.actor, child_id=one.child.id, now=LATE)

    async with live.listen(f"family:{stage.family.id}") as heard:
        await waitlist_job.run(LATE)

        assert await heard.changed(within=5) == {f"family:{stage.family.id}"}


async def test_nobody_is_promised_a_booking_once_seats_go_to_whoever_comes_first(
    session: AsyncSession,
) -> None:
    stage, _ = await full(session)
    early, late = await waiter(session), await waiter(session)

    before = await join(stage, early, auto_book=True, now=at(19, 59, day=26))
    after = await join(stage, late, auto_book=True, now=LATE)

    assert (before.auto_book, after.auto_book) == (True, False)
    assert (before.first_come(at(19, 59, day=26)), before.first_come(LATE)) == (False, True)
    asker = await waiter(session)
    for now, first_come in ((at(19, 59, day=26), False), (LATE, True)):
        offered = await bookings.options(session, asker.actor, schedule_id=stage.slot.id, now=now)
        assert offered.first_come is first_come


async def test_a_move_keeps_the_places_of_those_who_wait(session: AsyncSession) -> None:
    stage, _ = await full(session)
    one, two = await waiter(session), await waiter(session)
    await join(stage, one)
    await join(stage, two, now=NOW + timedelta(seconds=1))

    await slot_changes.move(
        session, await keeper(stage), schedule_id=stage.slot.id, start_at=AFTERNOON, now=NOW
    )

    (place,) = await waitlist.mine(session, two.actor, now=NOW)
    assert (place.position, place.start_at) == (2, AFTERNOON)
