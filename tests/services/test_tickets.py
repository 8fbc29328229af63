"""The ticket ledger: every ticket is explained, none is counted twice (D2)."""

import random
from datetime import date, timedelta

import pytest
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, errors
from naraigoto.actor import ANONYMOUS
from naraigoto.models.accounts import UserType
from naraigoto.models.tickets import TicketBalance, TicketEntry, TicketReason
from naraigoto.services import tickets
from tests import factories as make
from tests.stage import set_stage

NOW = make.NOW
MONTH = clock.month_of(NOW)


async def grant(session: AsyncSession, family: make.Family, count: int, source: str, month: date = MONTH):
    return await tickets.grant(session, family.id, month=month, count=count, source_key=source, now=NOW)


async def test_a_grant_opens_the_bucket_of_its_month(session: AsyncSession) -> None:
    family = await make.make_family(session)

    assert await grant(session, family, 4, "invoice:1")

    bucket = (await session.exec(select(TicketBalance))).one()
    assert (bucket.month, bucket.balance) == (date(2026, 11, 1), 4)
    assert bucket.expires_on == date(2026, 12, 31)


async def test_a_second_grant_in_a_month_adds_to_the_bucket(session: AsyncSession) -> None:
    family = await make.make_family(session)

    await grant(session, family, 4, "invoice:1")
    await grant(session, family, 2, "invoice:2")

    assert (await session.exec(select(TicketBalance.balance))).all() == [6]


async def test_the_same_source_is_counted_once(session: AsyncSession) -> None:
    family = await make.make_family(session)

    assert await grant(session, family, 4, "invoice:1")
    assert not await grant(session, family, 4, "invoice:1")

    assert await tickets.usable(session, family.id, now=NOW) == 4


async def test_tickets_are_usable_until_the_end_of_the_following_month(session: AsyncSession) -> None:
    family = await make.make_family(session)
    await grant(session, family, 4, "invoice:1")
    new_year = clock.jst_midnight(date(2027, 1, 1))

    assert await tickets.usable(session, family.id, now=new_year - timedelta(seconds=1)) == 4
    assert await tickets.usable(session, family.id, now=new_year) == 0


async def test_the_view_shows_usable_months_and_the_ledger_newest_first(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=0)
    await grant(session, stage.family, 1, "old", clock.add_months(MONTH, -2))
    await grant(session, stage.family, 2, "before", clock.add_months(MONTH, -1))
    await grant(session, stage.family, 4, "now")
    booking = await stage.book(now=NOW + timedelta(minutes=1))

    view = await tickets.balance(session, stage.actor, now=NOW)

    assert (view.month, view.balance) == (MONTH, 5)
    assert [(bucket.month.month, bucket.balance) for bucket in view.months] == [(10, 1), (11, 4)]
    newest = view.entries[0]
    assert (newest.delta, newest.reason, newest.booking_id) == (-1, TicketReason.SPEND, booking.id)
    assert [line.delta for line in view.entries[1:]] == [4, 2, 1]


async def test_another_familys_tickets_are_not_shown(session: AsyncSession) -> None:
    stage, _outsider = await set_stage(session, tickets=1), await set_stage(session, tickets=7)

    assert (await tickets.balance(session, stage.actor, now=NOW)).balance == 1


async def test_guests_and_people_without_a_family_have_no_tickets(session: AsyncSession) -> None:
    owner = await make.make_user(session, UserType.SCHOOL_OWNER)

    with pytest.raises(errors.Unauthenticated):
        await tickets.balance(session, ANONYMOUS, now=NOW)
    with pytest.raises(errors.Forbidden):
        await tickets.balance(session, await make.actor_of(session, owner), now=NOW)


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_happens_the_ledger_explains_every_balance(session: AsyncSession, seed: int) -> None:
    """Random grants, repeated grants and bookings: Σ entries of each bucket = its balance ≥ 0."""
    dice = random.Random(seed)
    stage = await set_stage(session, tickets=0, lesson={"ticket_cost": dice.randint(1, 3)})
    slots = [await stage.another_slot(day + 1) for day in range(20)]
    await session.commit()
    booked = 0
    for _ in range(30):
        if dice.random() < 0.5:
            month = clock.add_months(MONTH, dice.randint(-2, 1))
            await grant(session, stage.family, dice.randint(1, 4), f"source:{dice.randint(0, 12)}", month)
            continue
        try:
            await stage.book(schedule_id=dice.choice(slots).id)
            booked += 1
        except (errors.TicketsShort, errors.AlreadyBooked, errors.TooManyBookings):
            continue

    sums = select(TicketEntry.balance_id, func.sum(TicketEntry.delta)).group_by(col(TicketEntry.balance_id))
    explained = dict((await session.exec(sums)).all())
    buckets = (await session.exec(select(TicketBalance.id, TicketBalance.balance))).all()
    assert explained == dict(buckets)
    assert all(balance >= 0 for _, balance in buckets)
    spent = select(func.sum(TicketEntry.delta)).where(TicketEntry.reason == TicketReason.SPEND)
    assert -((await session.exec(spent)).one() or 0) == booked * stage.lesson.ticket_cost
