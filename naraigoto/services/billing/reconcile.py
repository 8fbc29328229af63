"""The nightly look at Stripe: what no webhook told us is made good, what no rule can mend is shown (G7)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.adapters.payments import InvoiceState, SubscriptionState
from naraigoto.models.billing import IssueKind, Payment, PaymentStatus, PlanOrder, Subscription
from naraigoto.models.families import Family
from naraigoto.rules import RECONCILE_BACK
from naraigoto.services import ticket_care
from naraigoto.services.billing import customers, invoices, matters, subscriptions
from naraigoto.services.billing.looking import Looks, Thing

_GRANTED = text("SELECT EXISTS (SELECT 1 FROM ticket_entries WHERE source_key = :key)")


@dataclass(frozen=True, slots=True)
class Account:
    """A family that may have money to be looked after."""

    family_id: UUID
    customer_id: str


@dataclass
class Truth:
    """What Stripe says of one customer."""

    subscriptions: list[SubscriptionState] = field(default_factory=list)
    paid: list[InvoiceState] = field(default_factory=list)


async def accounts(session: AsyncSession, *, after: UUID | None, limit: int, now: datetime) -> list[Account]:
    """Families with a customer and a plan that lives, lately lived or was lately ordered, by their ids.

    An order counts whatever became of it here: if no news came, it looks unpaid.
    """
    since = now - RECONCILE_BACK
    lives = col(Subscription.status).not_in(subscriptions.ENDED) | (col(Subscription.ended_at) >= since)
    plan = select(Subscription.id).where(Subscription.family_id == Family.id, lives)
    order = select(PlanOrder.id).where(PlanOrder.family_id == Family.id, PlanOrder.created_at >= since)
    wanted = (
        select(Family.id, Family.stripe_customer_id)
        .where(col(Family.stripe_customer_id).is_not(None), or_(plan.exists(), order.exists()))
        .order_by(col(Family.id))
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(col(Family.id) > after)
    return [Account(family_id, customer or "") for family_id, customer in await session.exec(wanted)]


async def compare(
    session: AsyncSession, account: Account, truth: Truth, *, looks: Looks, now: datetime
) -> int:
    """Bring one family to what Stripe says; answers how many things were made good.

    Raises: Doubt.
    """
    if await customers.hold(session, account.family_id) is None:
        return 0
    mended = 0
    for seen in sorted(truth.subscriptions, key=lambda each: each.created_at):
        mended += await _mend_subscription(session, account, seen, looks=looks, now=now)
    for invoice in truth.paid:
        mended += await _mend_invoice(session, account, invoice, looks=looks, now=now)
    await _report(session, account, truth, now=now)
    return mended


async def check_ledger(session: AsyncSession, *, now: datetime) -> int:
    """Show every bucket that its ledger does not explain; answers how many are new."""
    found = 0
    for bucket, family_id, month, balance, explained in await ticket_care.unexplained(session):
        found += await matters.raise_issue(
            session,
            IssueKind.BALANCE_WRONG,
            about=str(bucket),
            family_id=family_id,
            now=now,
            month=month.isoformat(),
            balance=balance,
            explained=explained,
        )
    return found


async def _mend_subscription(
    session: AsyncSession, account: Account, seen: SubscriptionState, *, looks: Looks, now: datetime
) -> int:
    row = await subscriptions.by_stripe_id(session, seen.id)
    status = subscriptions.OURS.get(seen.status)
    if row is None:
        # One that has ended already, too: its invoice alone would make it look alive.
        if status not in subscriptions.LIVE | {subscriptions.CANCELED} or not seen.plan:
            return 0
        row = await subscriptions.row_for(session, account.family_id, seen.id, plan=seen.plan, now=now)
    elif row.status in subscriptions.ENDED and status in subscriptions.LIVE:
        # Ours has ended and Stripe still collects: whoever ended it here meant it there, too.
        row.end_due_at = row.end_due_at or now
        session.add(row)
        await session.flush()
        return 0
    before = (row.status, row.plan, row.current_period_end, row.cancel_at_period_end)
    await subscriptions.accept(session, row, seen, looks=looks, now=now)
    return before != (row.status, row.plan, row.current_period_end, row.cancel_at_period_end)


async def _mend_invoice(
    session: AsyncSession, account: Account, seen: InvoiceState, *, looks: Looks, now: datetime
) -> int:
    known = await invoices.by_invoice(session, seen.id)
    settled = known is not None and known.status in (PaymentStatus.PAID, PaymentStatus.REFUNDED)
    key = invoices.source_key(seen.id)
    granted = (await (await session.connection()).execute(_GRANTED, {"key": key})).scalar_one()
    due = bool(invoices.tickets_by_month(seen.lines)) and seen.amount_paid > 0
    if settled and (granted or not due):
        return 0
    # A list does not tell what went back since.
    seen = looks(Thing.INVOICE, seen.id) or seen
    at = seen.paid_at or seen.created_at
    await invoices.learn(session, account.family_id, seen, at=at, looks=looks, now=now)
    return 1


async def _report(session: AsyncSession, account: Account, truth: Truth, *, now: datetime) -> None:
    known = {seen.id for seen in truth.subscriptions}
    live = await subscriptions.live_of(session, account.family_id)
    if live is not None and live.stripe_subscription_id not in known:
        await matters.raise_issue(
            session,
            IssueKind.SUBSCRIPTION_DIFFERS,
            about=live.stripe_subscription_id,
            family_id=account.family_id,
            now=now,
            subscription=live.stripe_subscription_id,
        )
    paid = {invoice.id for invoice in truth.paid}
    # Stripe was asked for the present owner's invoices alone.
    owned = await customers.owned_since(session, account.family_id)
    since = now - RECONCILE_BACK if owned is None else max(owned, now - RECONCILE_BACK)
    ours = await session.exec(
        select(Payment).where(
            Payment.family_id == account.family_id,
            Payment.status == PaymentStatus.PAID,
            col(Payment.created_at) >= since,
            Payment.amount > 0,
        )
    )
    for payment in ours:
        if payment.stripe_invoice_id not in paid:
            await matters.raise_issue(
                session,
                IssueKind.INVOICE_MISSING,
                about=payment.stripe_invoice_id or str(payment.id),
                family_id=account.family_id,
                now=now,
                invoice=payment.stripe_invoice_id,
            )
