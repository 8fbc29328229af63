"""Expiry, adjustments, tickets taken back, and the words before tickets go (D2, D16)."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db, errors
from naraigoto.jobs import tickets as job
from naraigoto.models.accounts import UserType
from naraigoto.models.billing import SubscriptionStatus
from naraigoto.models.notifications import NotificationSetting, OutboxMessage
from naraigoto.models.tickets import TicketBalance, TicketEntry, TicketReason
from naraigoto.services import money_mails, money_notices, notifications, ticket_care, tickets
from tests import factories as make
from tests.conftest import Committed
from tests.stage import set_stage

NOW = make.NOW
MONTH = clock.month_of(NOW)
BEFORE = clock.add_months(MONTH, -1)
_WAITING_FOR_US = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
)


async def admin(session: AsyncSession):
    return await make.actor_of(session, await make.make_user(session, UserType.ADMIN, name="管理者"))


async def lines(session: AsyncSession, reason: TicketReason) -> list[int]:
    found = await session.exec(
        select(TicketEntry.delta).where(TicketEntry.reason == reason).order_by(col(TicketEntry.id))
    )
    return list(found.all())


async def balances(session: AsyncSession, family: make.Family) -> list[int]:
    found = await session.exec(
        select(TicketBalance.balance)
        .where(TicketBalance.family_id == family.id)
        .order_by(col(TicketBalance.month))
        .execution_options(populate_existing=True)
    )
    return list(found.all())


async def test_what_was_not_used_in_time_expires_once_and_is_explained(session: AsyncSession) -> None:
    family = await make.make_family(session)
    await make.grant_tickets(session, family, 3, month=BEFORE)
    await make.grant_tickets(session, family, 4)
    last_day = clock.jst_midnight(date(2026, 12, 1)) - timedelta(seconds=1)

    assert await ticket_care.expire_due(session, now=last_day) == 0
    assert await ticket_care.expire_due(session, now=last_day + timedelta(seconds=1)) == 1
    assert await ticket_care.expire_due(session, now=last_day + timedelta(seconds=1)) == 0

    assert await balances(session, family) == [0, 4]
    assert await lines(session, TicketReason.EXPIRE) == [-3]


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=1), timedelta(days=1)], ids=str)
async def test_tickets_granted_months_late_expire_too(session: AsyncSession, later: timedelta) -> None:
    family = await make.make_family(session)
    await make.grant_tickets(session, family, 3, month=BEFORE)
    january = clock.jst_midnight(date(2027, 1, 5))
    await ticket_care.expire_due(session, now=january)
    await tickets.grant(session, family.id, month=BEFORE, count=2, source_key="invoice:late", now=january)

    assert await ticket_care.expire_due(session, now=january + later) == 1
    assert await ticket_care.expire_due(session, now=january + later) == 0
    assert await balances(session, family) == [0]
    assert await lines(session, TicketReason.EXPIRE) == [-3, -2]
    assert await ticket_care.unexplained(session) == []


async def test_two_nights_at_once_empty_every_bucket_once(committed: Committed) -> None:
    async with committed() as session:
        family = await make.make_family(session)
        await make.grant_tickets(session, family, 3, month=BEFORE)
    january = clock.jst_midnight(date(2027, 1, 5))
    assert sorted(await asyncio.gather(*(job.expire(january) for _ in range(3)))) == [0, 0, 1]
    async with committed() as session:
        assert await lines(session, TicketReason.EXPIRE) == [-3]
        assert await ticket_care.unexplained(session) == []


async def test_a_night_goes_on_to_others_when_a_batch_was_emptied_by_somebody_else(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticket_care, "_EXPIRE_BATCH", 1)
    async with committed() as session:
        families = [await make.make_family(session) for _ in range(2)]
        for family in families:
            await make.grant_tickets(session, family, 3, month=BEFORE)
    january = clock.jst_midnight(date(2027, 1, 5))
    async with committed() as session:
        assert await ticket_care.expire_due(session, now=january) == 1
        night = asyncio.create_task(job.expire(january))
        while not (await (await session.connection()).execute(_WAITING_FOR_US)).scalar_one():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert await night == 1
    async with committed() as session:
        assert [await balances(session, family) for family in families] == [[0], [0]]


async def test_an_adjustment_takes_from_the_oldest_bucket_first(session: AsyncSession) -> None:
    family = await make.make_family(session)
    await make.grant_tickets(session, family, 2, month=BEFORE)
    await make.grant_tickets(session, family, 4)
    actor = await admin(session)

    made = await ticket_care.adjust(
        session, actor, family_id=family.id, delta=-3, reason="二重に届いた分", now=NOW
    )

    assert made.balance == 3
    assert await balances(session, family) == [0, 3]


async def test_an_adjustment_may_go_to_last_month(session: AsyncSession) -> None:
    family = await make.make_family(session)
    actor = await admin(session)

    await ticket_care.adjust(
        session, actor, family_id=family.id, delta=1, reason="おわび", month=BEFORE, now=NOW
    )

    bucket = (await session.exec(select(TicketBalance))).one()
    assert (bucket.month, bucket.expires_on, bucket.balance) == (BEFORE, date(2026, 11, 30), 1)


async def test_expired_tickets_cannot_be_taken(session: AsyncSession) -> None:
    family = await make.make_family(session)
    await make.grant_tickets(session, family, 2, month=clock.add_months(MONTH, -2))
    actor = await admin(session)

    with pytest.raises(errors.TicketsShort):
        await ticket_care.adjust(session, actor, family_id=family.id, delta=-1, reason="おわび", now=NOW)


async def test_only_an_admin_adjusts(session: AsyncSession) -> None:
    stage = await set_stage(session)
    for user, refusal in ((stage.guardian, errors.Forbidden), (stage.child, errors.Forbidden)):
        actor = await make.actor_of(session, user)
        with pytest.raises(refusal):
            await ticket_care.adjust(
                session, actor, family_id=stage.family.id, delta=1, reason="ください", now=NOW
            )


async def test_two_admins_cannot_take_the_same_ticket(committed: Committed) -> None:
    async with committed() as session:
        family = await make.make_family(session)
        await make.grant_tickets(session, family, 1)
        actor = await admin(session)

    async def take() -> str:
        async def work(session: AsyncSession) -> Any:
            return await ticket_care.adjust(
                session, actor, family_id=family.id, delta=-1, reason="訂正", now=NOW
            )

        try:
            await db.retrying(work)
        except errors.DomainError as refusal:
            return refusal.code
        return "taken"

    answers = await asyncio.gather(*(take() for _ in range(4)))
    assert sorted(answers) == sorted(["taken", *["ticket_balance_insufficient"] * 3])
    async with committed() as session:
        assert await balances(session, family) == [0]


async def test_the_tickets_of_a_booking_go_back_to_their_buckets_once(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=0, lesson={"ticket_cost": 3})
    await make.grant_tickets(session, stage.family, 2, month=BEFORE)
    await make.grant_tickets(session, stage.family, 2)
    booking = await stage.book()
    assert await balances(session, stage.family) == [0, 1]

    assert await tickets.refund_booking(session, booking_id=booking.id, now=NOW) == 3
    assert await tickets.refund_booking(session, booking_id=booking.id, now=NOW) == 0
    assert await balances(session, stage.family) == [2, 2]


async def test_a_ticket_whose_bucket_expired_comes_back_to_this_month(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=0)
    await make.grant_tickets(session, stage.family, 1, month=BEFORE)
    booking = await stage.book()
    later = clock.jst_midnight(date(2026, 12, 2))

    assert await tickets.refund_booking(session, booking_id=booking.id, now=later) == 1
    assert await balances(session, stage.family) == [0, 1]
    assert await stage.tickets(later) == 1


async def promised(session: AsyncSession) -> list[OutboxMessage]:
    found = await session.exec(select(OutboxMessage).where(col(OutboxMessage.kind).startswith("tickets_")))
    return list(found.all())


async def low(session: AsyncSession, now: datetime = NOW) -> int:
    return await money_notices.promise_low(session, since=now - timedelta(hours=6), now=now)


async def test_the_last_ticket_is_told_of_once_a_month_and_level(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=3)
    father = await make.make_co_guardian(session, stage.family)
    await stage.book()
    assert await low(session) == 0
    second = await stage.book(schedule_id=(await stage.another_slot(1)).id)

    assert await low(session) == 2
    assert await low(session) == 0
    await tickets.refund_booking(session, booking_id=second.id, now=NOW)
    await stage.book(schedule_id=(await stage.another_slot(2)).id)
    assert await low(session) == 0
    await stage.book(schedule_id=(await stage.another_slot(3)).id)
    assert await low(session) == 2

    readers = {row.recipient_user_id for row in await promised(session)}
    assert readers == {stage.guardian.id, father.id}


async def test_who_does_not_want_words_about_tickets_gets_none(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=1)
    await make.grant_tickets(session, stage.family, 2, month=BEFORE)
    session.add(NotificationSetting(user_id=stage.guardian.id, ticket_notices=False, updated_at=NOW))
    await stage.keep()
    for day in range(3):
        await stage.book(schedule_id=(await stage.another_slot(day + 1)).id)

    assert await low(session) == 0
    assert await money_notices.promise_expiring(session, now=NOW) == 0


async def test_a_word_that_is_no_longer_true_is_not_said(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=1)
    await stage.book()
    await low(session)
    (message,) = await promised(session)
    load = money_mails.FACTS[notifications.Kind.TICKETS_LOW]

    told = await load(session, stage.guardian.id, message.payload, NOW)
    assert isinstance(told, money_mails.TicketsLow)
    assert (told.left, told.to) == (0, stage.guardian.email)
    await make.grant_tickets(session, stage.family, 2, month=BEFORE)
    assert await load(session, stage.guardian.id, message.payload, NOW) is None


async def test_tickets_that_expire_in_a_week_are_told_of_once(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=0, plan=SubscriptionStatus.ACTIVE)
    await make.grant_tickets(session, stage.family, 2, month=BEFORE)
    early = clock.jst_midnight(date(2026, 11, 22))

    assert await money_notices.promise_expiring(session, now=early) == 0
    assert await money_notices.promise_expiring(session, now=NOW) == 1
    assert await money_notices.promise_expiring(session, now=NOW) == 0
    (message,) = await promised(session)
    load = money_mails.FACTS[notifications.Kind.TICKETS_EXPIRING]
    told = await load(session, stage.guardian.id, message.payload, NOW)
    assert isinstance(told, money_mails.TicketsExpiring)
    assert (told.count, told.expires_on) == (2, date(2026, 11, 30))
