"""A family at Stripe, and the way its news takes through record, claim and work."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db
from naraigoto.jobs import webhooks as job
from naraigoto.models.accounts import User
from naraigoto.models.billing import (
    BillingIssue,
    IssueKind,
    OrderStatus,
    Payment,
    PlanId,
    PlanOrder,
    Subscription,
    WebhookEvent,
)
from naraigoto.models.families import Family
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.tickets import TicketBalance, TicketEntry
from naraigoto.rules import CHECKOUT_VALID, PLANS
from naraigoto.services import webhooks
from tests import factories as make
from tests import stripe_news as news
from tests.conftest import Committed

NOW = make.NOW
_numbers = itertools.count(1)


@dataclass
class Desk:
    """One family with a customer; `tell` brings news and has it worked off."""

    committed: Committed
    stripe: news.MemoryStripe
    family: Family
    guardian: User
    customer: str
    plan: str = "standard"
    start: datetime = NOW
    end: datetime = NOW + timedelta(days=30)
    number: str = field(default_factory=lambda: f"sub_{next(_numbers)}")

    def subscription(self, **over: Any) -> dict[str, Any]:
        """The family's subscription as Stripe writes it."""
        plan, start, end = (
            over.pop("plan", self.plan),
            over.pop("start", self.start),
            over.pop("end", self.end),
        )
        return news.subscription(over.pop("id", self.number), self.customer, plan, start, end, **over)

    def invoice(self, number: str, at: datetime | None = None, **over: Any) -> dict[str, Any]:
        """An invoice of the family's subscription; `lines` and `of` may be given."""
        at = at or self.start
        lines = over.pop("lines", None) or [news.line(self.plan, at, at + timedelta(days=30))]
        return news.invoice(number, self.customer, over.pop("of", self.number), lines, at, **over)

    async def bring(self, kind: str, thing: dict[str, Any], at: datetime, number: str = "") -> bool:
        """Record one event."""
        told = news.event(kind, thing, at, number or f"evt_{next(_numbers)}")
        async with db.at_once() as connection:
            return await webhooks.record(connection, event_id=told["id"], kind=kind, payload=told, now=NOW)

    async def work(self, now: datetime = NOW) -> int:
        """Let the job run."""
        return await job.drain(self.stripe, now)

    async def tell(self, kind: str, thing: dict[str, Any], at: datetime | None = None) -> None:
        """Record one event and have it worked off."""
        await self.bring(kind, thing, at or self.start)
        await self.work()

    async def begin(self) -> None:
        """A plan that was bought and paid at `start`."""
        first = self.invoice(f"in_first_{self.number}", billing_reason="subscription_create")
        await self.tell("customer.subscription.created", self.subscription())
        await self.tell("invoice.paid", first)

    async def order(self, status: OrderStatus = OrderStatus.OPEN, *, at: datetime | None = None) -> None:
        """An order of the guardian's, of which we know what we know."""
        at = at or self.start
        row = PlanOrder(
            family_id=self.family.id,
            ordered_by=self.guardian.id,
            plan=PlanId(self.plan),
            amount=PLANS[self.plan].amount,
            page_version="1",
            confirmed_at=at,
            status=status,
            expires_at=at + CHECKOUT_VALID,
            created_at=at,
        )
        async with self.committed() as session:
            session.add(row)

    async def row(self, number: str | None = None) -> Subscription:
        """Our row of the subscription."""
        async with self.committed() as session:
            found = await session.exec(
                select(Subscription).where(Subscription.stripe_subscription_id == (number or self.number))
            )
            return found.one()

    async def payments(self) -> list[Payment]:
        """The family's payments in the order of their invoices."""
        return await self._all(
            select(Payment)
            .where(Payment.family_id == self.family.id)
            .order_by(col(Payment.stripe_invoice_id))
        )

    async def buckets(self) -> dict[str, int]:
        """The family's balances by month."""
        rows = await self._all(
            select(TicketBalance)
            .where(TicketBalance.family_id == self.family.id)
            .order_by(col(TicketBalance.month))
        )
        await self._books_balance()
        return {f"{row.month:%Y-%m}": row.balance for row in rows}

    async def issues(self) -> dict[IssueKind, dict[str, Any]]:
        """What waits for an admin."""
        return {row.kind: row.facts for row in await self._all(select(BillingIssue))}

    async def mails(self) -> list[str]:
        """The kinds of what the family was promised."""
        return sorted(row.kind for row in await self._all(select(OutboxMessage)))

    async def events(self) -> list[WebhookEvent]:
        """Every event kept."""
        return await self._all(select(WebhookEvent).order_by(col(WebhookEvent.id)))

    async def _all(self, question: Any) -> list[Any]:
        async with self.committed() as session:
            return list((await session.exec(question)).all())

    async def _books_balance(self) -> None:
        async with self.committed() as session:
            sums = select(TicketEntry.balance_id, func.sum(TicketEntry.delta)).group_by(
                col(TicketEntry.balance_id)
            )
            explained: dict[UUID, int] = dict((await session.exec(sums)).all())
            rows = (await session.exec(select(TicketBalance.id, TicketBalance.balance))).all()
            assert {number: explained.get(number, 0) for number, _ in rows} == dict(rows)


async def open_desk(committed: Committed, *, customer: str = "cus_desk", plan: str = "standard") -> Desk:
    """A family whose customer Stripe knows, without a plan."""
    async with committed() as session:
        guardian = await make.make_user(session)
        family = await make.make_family(session, guardian=guardian, stripe_customer_id=customer)
    return Desk(committed, news.MemoryStripe(), family, guardian, customer, plan)


def jst(year: int, month: int, day: int, hour: int = 12) -> datetime:
    """A moment on a Japanese clock."""
    return datetime(year, month, day, hour, tzinfo=clock.JST)


async def spend(session: AsyncSession, family: Family, count: int) -> None:
    """Use tickets as a booking does, without the booking."""
    bucket = (await session.exec(select(TicketBalance).where(TicketBalance.family_id == family.id))).one()
    bucket.balance -= count
    entry = TicketEntry(
        family_id=family.id,
        balance_id=bucket.id,
        delta=-count,
        reason="spend",  # pyright: ignore[reportArgumentType]
        source_key=f"test:spend:{next(_numbers)}",
        created_at=NOW,
    )
    session.add_all((bucket, entry))
    await session.flush()
