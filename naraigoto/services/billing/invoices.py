"""Invoices become payments and tickets: whatever the order of the news, each paid line grants once (D2, G7).

A payment only ever moves up: open, failed, void, paid, refunded.
"""

from collections import Counter
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.adapters.payments import InvoiceLine, InvoiceState
from naraigoto.models.billing import IssueKind, Payment, PaymentKind, PaymentStatus, Subscription
from naraigoto.rules import PLANS
from naraigoto.services import money_notices, ticket_care, tickets
from naraigoto.services.billing import matters, subscriptions
from naraigoto.services.billing.looking import Looks, Thing

_RANK: Final = {
    status: rank
    for rank, status in enumerate(
        (
            PaymentStatus.OPEN,
            PaymentStatus.FAILED,
            PaymentStatus.VOID,
            PaymentStatus.PAID,
            PaymentStatus.REFUNDED,
        )
    )
}
_KINDS: Final = {
    "subscription_create": PaymentKind.FIRST,
    "subscription_cycle": PaymentKind.RENEWAL,
    "subscription_update": PaymentKind.UPGRADE,
}


def source_key(invoice_id: str) -> str:
    """What makes the grants of an invoice happen once."""
    return f"invoice:{invoice_id}"


def tickets_by_month(lines: tuple[InvoiceLine, ...]) -> dict[date, int]:
    """The tickets that paid lines bring, by the JST month in which each line's period begins (G8).

    A full period brings the plan's tickets. A change of plan brings the difference between the plans, in the
    month of the change, and never takes any.
    """
    granted: Counter[date] = Counter()
    changed: Counter[date] = Counter()
    for line in lines:
        if line.plan not in PLANS or line.amount == 0:
            continue
        month, count = clock.month_of(line.period_start), PLANS[line.plan].tickets_per_month
        if line.proration:
            changed[month] += count if line.amount > 0 else -count
        elif line.amount > 0:
            granted[month] += count
    for month, difference in changed.items():
        granted[month] += max(difference, 0)
    return {month: count for month, count in sorted(granted.items()) if count}


async def learn(
    session: AsyncSession,
    family_id: UUID,
    seen: InvoiceState,
    *,
    at: datetime,
    failed: bool = False,
    looks: Looks,
    now: datetime,
) -> Payment:
    """Take in an invoice as it was at `at`; `failed`: because a try to collect it did not work.

    The family is held. Raises: Doubt, PlanUnknown for the first news of a subscription without a plan.
    """
    row = await _subscription(session, family_id, seen, now)
    payment = await _payment(session, family_id, seen, row, now)
    before = payment.status
    _merge(payment, seen, at=at, failed=failed)
    session.add(payment)
    await session.flush()
    granted = 0
    if seen.status == "paid":
        granted = await _grant(session, payment, seen, now=now)
    if payment.status is PaymentStatus.REFUNDED and (granted or before is not PaymentStatus.REFUNDED):
        await _revoke(session, payment, now=now)
    elif granted:
        await money_notices.tickets_delivered(session, payment=payment, now=now)
    if row is not None:
        await _tell_subscription(session, row, payment, seen, at=at, failed=failed, looks=looks, now=now)
    return payment


async def refund(
    session: AsyncSession, payment: Payment, *, amount: int, refunded: int, now: datetime
) -> None:
    """Money went back: all of it takes the tickets along, a part is for an admin to judge. Family held."""
    if refunded <= 0:
        return
    payment.meta = payment.meta | {"refunded": max(refunded, int(payment.meta.get("refunded", 0)))}
    session.add(payment)
    if refunded < amount:
        await matters.raise_issue(
            session,
            IssueKind.PARTIAL_REFUND,
            about=f"{payment.stripe_invoice_id}:{refunded}",
            family_id=payment.family_id,
            now=now,
            invoice=payment.stripe_invoice_id,
            refunded=refunded,
            amount=amount,
        )
    elif payment.status is not PaymentStatus.REFUNDED:
        payment.status = PaymentStatus.REFUNDED
        await session.flush()
        await _revoke(session, payment, now=now)
    await session.flush()


async def by_invoice(session: AsyncSession, invoice_id: str) -> Payment | None:
    """The payment of one of Stripe's invoices."""
    return await _one(session, col(Payment.stripe_invoice_id) == invoice_id)


async def by_intent(session: AsyncSession, intent_id: str) -> Payment | None:
    """The payment that one of Stripe's payment intents made."""
    return await _one(session, col(Payment.stripe_payment_intent_id) == intent_id)


async def _one(session: AsyncSession, condition: object) -> Payment | None:
    found = await session.exec(
        select(Payment).where(condition).execution_options(populate_existing=True)  # pyright: ignore[reportArgumentType, reportCallIssue]
    )
    return found.one_or_none()


async def _subscription(
    session: AsyncSession, family_id: UUID, seen: InvoiceState, now: datetime
) -> Subscription | None:
    if seen.subscription_id is None:
        return None
    bought = [line.plan for line in seen.lines if line.plan and line.amount > 0]
    plan = bought[-1] if bought else ""
    return await subscriptions.row_for(session, family_id, seen.subscription_id, plan=plan, now=now)


async def _payment(
    session: AsyncSession, family_id: UUID, seen: InvoiceState, row: Subscription | None, now: datetime
) -> Payment:
    return await by_invoice(session, seen.id) or Payment(
        family_id=family_id,
        subscription_id=row.id if row else None,
        stripe_invoice_id=seen.id,
        kind=_KINDS.get(seen.reason, PaymentKind.OTHER),
        status=PaymentStatus.OPEN,
        amount=seen.amount_due,
        currency=seen.currency,
        created_at=seen.created_at,
    )


def _merge(payment: Payment, seen: InvoiceState, *, at: datetime, failed: bool) -> None:
    told = _status_of(seen, failed=failed)
    if _RANK[told] >= _RANK[payment.status]:
        payment.status = told
    if seen.status == "paid":
        payment.amount = seen.amount_paid
        payment.paid_at = seen.paid_at or payment.paid_at or at
    payment.stripe_payment_intent_id = payment.stripe_payment_intent_id or seen.payment_intent_id
    known = payment.meta
    attempts = int(known.get("attempts", 0))
    if seen.attempt_count >= attempts:
        known = known | {"next_attempt_at": _written(seen.next_attempt_at)}
    if payment.status in (PaymentStatus.PAID, PaymentStatus.REFUNDED):
        known = known | {"next_attempt_at": None}
    payment.meta = known | {
        "attempts": max(seen.attempt_count, attempts),
        "number": seen.number or known.get("number", ""),
        "receipt_url": seen.receipt_url or known.get("receipt_url"),
        "plan": next((line.plan for line in reversed(seen.lines) if line.plan), known.get("plan", "")),
    }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _status_of(seen: InvoiceState, *, failed: bool) -> PaymentStatus:
    if seen.status == "paid":
        returned = seen.amount_refunded >= seen.amount_paid > 0
        return PaymentStatus.REFUNDED if returned else PaymentStatus.PAID
    if seen.status in {"void", "uncollectible"}:
        return PaymentStatus.VOID
    return PaymentStatus.FAILED if failed or seen.attempt_count > 0 else PaymentStatus.OPEN


async def _grant(session: AsyncSession, payment: Payment, seen: InvoiceState, *, now: datetime) -> int:
    by_month = tickets_by_month(seen.lines)
    if seen.amount_paid <= 0:
        # A discount or a credit that somebody gave at Stripe: an admin decides, there are no trials (D1).
        if by_month:
            await _raise(session, IssueKind.FREE_INVOICE, payment, now)
        return 0
    if not by_month and payment.subscription_id is not None and not any(line.plan for line in seen.lines):
        await _raise(session, IssueKind.PLAN_UNKNOWN, payment, now)
    granted = 0
    for number, (month, count) in enumerate(by_month.items()):
        key = source_key(seen.id) if number == 0 else f"{source_key(seen.id)}:{month}"
        if await tickets.grant(session, payment.family_id, month=month, count=count, source_key=key, now=now):
            granted += count
    return granted


async def _revoke(session: AsyncSession, payment: Payment, *, now: datetime) -> None:
    key = source_key(payment.stripe_invoice_id or "")
    owed = await ticket_care.revoke(session, payment.family_id, source_key=key, now=now)
    if owed:
        await _raise(session, IssueKind.TICKET_DEBT, payment, now, tickets=owed)


async def _raise(
    session: AsyncSession, kind: IssueKind, payment: Payment, now: datetime, **facts: object
) -> None:
    await matters.raise_issue(
        session,
        kind,
        about=payment.stripe_invoice_id or "",
        family_id=payment.family_id,
        now=now,
        invoice=payment.stripe_invoice_id,
        **facts,
    )


async def _tell_subscription(
    session: AsyncSession,
    row: Subscription,
    payment: Payment,
    seen: InvoiceState,
    *,
    at: datetime,
    failed: bool,
    looks: Looks,
    now: datetime,
) -> None:
    if seen.status == "paid":
        if await _owes_another(session, row, payment) and await _looked(session, row, at, looks, now):
            return
        await subscriptions.move(session, row, subscriptions.ACTIVE, at=at, looks=looks, now=now)
        return
    if not failed or payment.status is not PaymentStatus.FAILED or payment.kind is PaymentKind.FIRST:
        return
    await money_notices.payment_failed(session, payment=payment, attempt=seen.attempt_count, now=now)
    overtaken = row.status is subscriptions.ACTIVE and row.status_at is not None and at < row.status_at
    if overtaken and await _looked(session, row, at, looks, now):
        return
    await subscriptions.move(session, row, subscriptions.ON_HOLD, at=at, looks=looks, now=now)


async def _owes_another(session: AsyncSession, row: Subscription, payment: Payment) -> bool:
    others = await session.exec(
        select(Payment.id).where(
            Payment.subscription_id == row.id,
            Payment.status == PaymentStatus.FAILED,
            Payment.id != payment.id,
        )
    )
    return others.first() is not None


async def _looked(
    session: AsyncSession, row: Subscription, at: datetime, looks: Looks, now: datetime
) -> bool:
    """With several invoices, who is behind and who is not is only known at Stripe."""
    if row.status in subscriptions.ENDED:
        return True
    sure = looks(Thing.SUBSCRIPTION, row.stripe_subscription_id, row.version)
    if sure is None:
        return False
    await subscriptions.accept(session, row, sure, at=at, looks=looks, now=now)
    return True
