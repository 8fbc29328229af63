"""Offers of the waitlist and the clock: told while they stand, asleep at night (D7, D16)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.waitlist import WaitlistStatus
from naraigoto.services import bookings, nights, outbox, queue
from tests import factories as make
from tests.services.test_waitlist import at, entry_of, full, join, seats, waiter

NOW = make.NOW


async def test_an_offer_is_told_only_while_it_stands(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one = await waiter(session)
    await join(stage, one)
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)
    row = (await session.exec(select(OutboxMessage).where(OutboxMessage.kind == "waitlist_offer"))).one()
    message = outbox.Claimed(row.id, row.kind, row.dedupe_key, row.recipient_user_id, row.payload, 1)

    told: Any = await outbox.facts_for(session, message, now=NOW)
    assert (told.child, told.until, told.tickets) == ("りく", NOW + timedelta(hours=2), 1)
    assert await outbox.facts_for(session, message, now=NOW + timedelta(hours=2)) is None


@pytest.mark.parametrize(
    ("begun", "ends"),
    [
        (at(12), at(14)),
        (at(20), at(22)),
        (at(21), at(8, day=25)),
        (at(22), at(9, day=25)),
        (at(3), at(9)),
        (at(6, 59), at(9)),
    ],
)
def test_the_clock_of_an_offer_sleeps_at_night(begun: datetime, ends: datetime) -> None:
    assert nights.later(begun, timedelta(hours=2)) == ends


async def test_an_offer_made_at_night_is_told_in_the_morning(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one = await waiter(session)
    await join(stage, one)

    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=at(23))

    row = (await session.exec(select(OutboxMessage).where(OutboxMessage.kind == "waitlist_offer"))).one()
    assert row.run_at == at(7, day=25)
    assert (await entry_of(stage, one)).offer_expires_at == at(9, day=25)


def test_everybody_is_told_from_eight_the_evening_before() -> None:
    assert queue.tells_all_from(at(10, day=27)) == at(20, day=26)


async def test_removing_a_child_gives_its_offer_to_the_next(session: AsyncSession) -> None:
    stage, booking = await full(session)
    one, two = await waiter(session), await waiter(session)
    await join(stage, one)
    await join(stage, two, now=NOW + timedelta(seconds=1))
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)

    await bookings.release_children(session, [one.child.id], now=NOW)

    assert (await entry_of(stage, one)).status is WaitlistStatus.CLOSED
    assert (await entry_of(stage, two)).status is WaitlistStatus.OFFERED
    assert await seats(stage) == (0, 1)
