"""The practice Stripe's news, worked off by the real job on a real database: both halves together."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from naraigoto import clock, db
from naraigoto.adapters.payments import Event
from naraigoto.jobs import reconcile
from naraigoto.jobs import webhooks as job
from naraigoto.models.billing import Payment, PaymentStatus, PlanId, PlanOrder, Subscription
from naraigoto.models.families import Family
from naraigoto.models.tickets import TicketBalance, TicketEntry
from naraigoto.services import webhooks
from tests.conftest import Committed
from tests.sandbox.practice import ORIGIN, YEAR, Practice, order, stripe, stripe_process
from tests.stage import set_stage

__all__ = ["stripe", "stripe_process"]


@dataclass
class Household:
    """A family, its customer at the practice Stripe, and the way of its news."""

    committed: Committed
    stripe: Practice
    family_id: UUID
    customer: str

    async def buy(self, plan: str, *, card: str = "ok", at: str) -> None:
        """Buy a plan at a moment ahead."""
        self.stripe.travel(self.customer, at)
        wanted = order(self.customer, plan, metadata={"family_id": str(self.family_id)})
        opened = await self.stripe.payments().open_checkout(wanted, key=f"order:{self.customer}:{at}")
        self.stripe.page(opened.url, card=card, bank="yes")

    async def portal(self, **form: str) -> None:
        """Send a form of the customer's portal."""
        address = await self.stripe.payments().open_portal(customer_id=self.customer, return_url=ORIGIN)
        assert self.stripe.page(address, **form).status_code == 303

    async def hear(self, *, seed: int | None = None) -> list[Event]:
        """Bring the news to the job, in Stripe's order or thrice in any; each event is handled once."""
        told = self.stripe.events(self.customer)
        if seed is not None:
            told = told * 3
            random.Random(seed).shuffle(told)
        now = clock.now()
        for event in told:
            async with db.at_once() as connection:
                await webhooks.record(
                    connection, event_id=event.id, kind=event.type, payload=event.payload, now=now
                )
        # News that came too early is tried again later.
        for minutes in (0, 1, 5, 20):
            await job.drain(self.stripe.payments(), now + timedelta(minutes=minutes))
        return told

    async def buckets(self) -> dict[str, int]:
        """The balance of each month, after checking that every bucket is the sum of its lines."""
        async with self.committed() as session:
            rows = (await session.exec(select(TicketBalance))).all()
            lines = (await session.exec(select(TicketEntry))).all()
        for row in rows:
            assert row.balance == sum(line.delta for line in lines if line.balance_id == row.id) >= 0
        return {f"{row.month:%Y-%m}": row.balance for row in sorted(rows, key=lambda row: row.month)}

    async def plan(self) -> tuple[str, str]:
        """Plan and state of the newest subscription."""
        async with self.committed() as session:
            row = (await session.exec(select(Subscription))).one()
        return row.plan.value, row.status.value

    async def payments(self) -> list[tuple[str, str, int]]:
        """Kind, state and amount of every payment, oldest first."""
        async with self.committed() as session:
            rows = (await session.exec(select(Payment))).all()
        rows = sorted(rows, key=lambda row: row.created_at)
        return [(row.kind.value, row.status.value, row.amount) for row in rows]


@pytest.fixture
async def home(committed: Committed, stripe: Practice) -> Household:
    """A family that has never paid."""
    customer = await stripe.customer()
    async with committed() as session:
        stage = await set_stage(session, tickets=0, plan=None)
        family = await session.get_one(Family, stage.family.id)
        family.stripe_customer_id = customer
        session.add(family)
    return Household(committed, stripe, stage.family.id, customer)


async def test_an_upgrade_grants_the_difference_at_once_and_a_downgrade_waits(home: Household) -> None:
    await home.buy("light", at=f"{YEAR}-04-01T12:00")
    home.stripe.travel(home.customer, f"{YEAR}-04-16T12:00")
    await home.portal(do="plan", price=await home.stripe.price("family"))
    await home.hear()
    assert await home.buckets() == {f"{YEAR}-04": 8}
    assert await home.plan() == ("family", "active")

    await home.portal(do="plan", price=await home.stripe.price("standard"))
    await home.hear()
    assert await home.plan() == ("family", "active")
    home.stripe.travel(home.customer, f"{YEAR}-05-02T12:00")
    await home.hear()
    assert await home.plan() == ("standard", "active")
    assert await home.buckets() == {f"{YEAR}-04": 8, f"{YEAR}-05": 4}
    assert await home.payments() == [
        ("first", "paid", 3980),
        ("upgrade", "paid", 4410),
        ("renewal", "paid", 6980),
    ]


async def test_an_anchor_late_in_the_utc_day_puts_two_grants_into_one_month(home: Household) -> None:
    await home.buy("standard", at=f"{YEAR}-01-31T00:30")
    home.stripe.travel(home.customer, f"{YEAR}-04-01T12:00")
    await home.hear()
    assert await home.buckets() == {f"{YEAR}-01": 4, f"{YEAR}-03": 8}


async def test_a_refund_takes_unused_tickets_back(home: Household) -> None:
    await home.buy("standard", at=f"{YEAR}-04-01T12:00")
    await home.hear()
    [invoice] = await home.stripe.payments().list_paid_invoices(customer_id=home.customer)
    found = home.stripe.page(f"/v1/charges?customer={home.customer}").json()["data"]
    home.stripe.page(f"/dev/stripe/customers/{home.customer}", do="refund", charge=found[0]["id"])
    await home.hear()
    assert await home.buckets() == {f"{YEAR}-04": 0}
    assert [row[1] for row in await home.payments()] == [PaymentStatus.REFUNDED]
    assert invoice.amount_paid == 6980


async def test_a_first_payment_of_which_no_news_came_is_found_at_night(home: Household) -> None:
    await home.buy("standard", at=f"{YEAR}-04-01T12:00")
    bought = datetime(YEAR, 4, 1, 12, tzinfo=clock.JST)
    async with home.committed() as session:
        family = await session.get_one(Family, home.family_id)
        session.add(
            PlanOrder(
                family_id=family.id,
                ordered_by=family.parent_user_id,
                plan=PlanId.STANDARD,
                amount=6980,
                page_version="1",
                confirmed_at=bought,
                expires_at=bought,
                created_at=bought,
            )
        )
    night = bought + timedelta(days=1)

    assert await reconcile.compare_all(home.stripe.payments(), night) == 2
    assert await reconcile.compare_all(home.stripe.payments(), night) == 0
    assert (await home.buckets(), await home.plan()) == ({f"{YEAR}-04": 4}, ("standard", "active"))
    await home.hear(seed=7)
    assert (await home.buckets(), await home.plan()) == ({f"{YEAR}-04": 4}, ("standard", "active"))
    assert await home.payments() == [("first", "paid", 6980)]


async def test_a_failed_renewal_holds_the_plan_and_gives_up_after_its_retries(home: Household) -> None:
    await home.buy("standard", card="fails_later", at=f"{YEAR}-03-10T12:00")
    home.stripe.travel(home.customer, f"{YEAR}-04-11T12:00")
    await home.hear()
    assert await home.plan() == ("standard", "on_hold")
    home.stripe.travel(home.customer, f"{YEAR}-05-01T12:00")
    await home.hear()
    assert await home.plan() == ("standard", "canceled")
    assert await home.buckets() == {f"{YEAR}-03": 4}
    assert await home.payments() == [("first", "paid", 6980), ("renewal", "failed", 6980)]


@pytest.mark.parametrize("seed", range(3))
async def test_a_life_told_thrice_in_any_order_ends_the_same(home: Household, seed: int) -> None:
    await home.buy("light", card="fails_later", at=f"{YEAR}-01-31T12:00")
    home.stripe.travel(home.customer, f"{YEAR}-03-01T12:00")
    await home.portal(do="card", card="ok")
    await home.portal(do="plan", price=await home.stripe.price("family"))
    home.stripe.travel(home.customer, f"{YEAR}-05-01T12:00")
    await home.portal(do="cancel")
    home.stripe.travel(home.customer, f"{YEAR}-06-01T12:00")
    await home.hear(seed=seed)
    # 31 January, end of February (failed, then paid; upgraded on 1 March), 31 March, 30 April; ended on
    # 31 May.
    assert await home.buckets() == {f"{YEAR}-01": 2, f"{YEAR}-02": 2, f"{YEAR}-03": 14, f"{YEAR}-04": 8}
    assert await home.plan() == ("family", "canceled")
