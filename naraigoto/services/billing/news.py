"""What each kind of Stripe's news means: one handler a kind; kinds without one are kept and skipped."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.adapters.payments import InvoiceState, payloads
from naraigoto.services.billing import customers, invoices, orders, subscriptions
from naraigoto.services.billing.looking import Looks, Thing


class PaymentUnknown(Exception):
    """A refund of a payment that nobody has told of (yet)."""


@dataclass(frozen=True, slots=True)
class News:
    """One event: what it tells of, when Stripe made it, and what is known besides."""

    kind: str
    object: Mapping[str, Any]
    at: datetime
    plans: Mapping[str, str]
    looks: Looks
    now: datetime


async def _invoice(session: AsyncSession, told: News) -> None:
    failed = told.kind in {"invoice.payment_failed", "invoice.payment_action_required"}
    seen = payloads.invoice_in(told.object, told.plans)
    metadata = payloads.invoice_metadata(told.object)
    family = await customers.hold_of(session, seen.customer_id, metadata)
    await invoices.learn(session, family.id, seen, at=told.at, failed=failed, looks=told.looks, now=told.now)


async def _subscription(session: AsyncSession, told: News) -> None:
    seen = payloads.subscription_in(told.object, told.plans)
    family = await customers.hold_of(session, seen.customer_id, seen.metadata)
    await subscriptions.learn(
        session,
        family.id,
        seen,
        at=told.at,
        scheduled=payloads.has_schedule(told.object),
        looks=told.looks,
        now=told.now,
    )


async def _checkout_completed(session: AsyncSession, told: News) -> None:
    state = payloads.checkout_in(told.object)
    family = await customers.hold_of(session, state.customer_id, state.metadata)
    await orders.complete(session, family.id, state, at=told.at, looks=told.looks, now=told.now)


async def _checkout_expired(session: AsyncSession, told: News) -> None:
    state = payloads.checkout_in(told.object)
    family = await customers.hold_of(session, state.customer_id, state.metadata)
    await orders.lapse(session, family.id, state)


async def _refund(session: AsyncSession, told: News) -> None:
    customer_id, intent_id, invoice_id, amount, refunded = payloads.refund_in(told.object)
    family = await customers.hold_of(session, customer_id, payloads.invoice_metadata(told.object))
    payment = await invoices.by_invoice(session, invoice_id) if invoice_id else None
    if payment is None and intent_id:
        payment = await invoices.by_intent(session, intent_id)
    if payment is None and intent_id:
        # An invoice's news has not named its payment intent since 2025, so Stripe is asked.
        invoice: InvoiceState | None = told.looks(Thing.PAYMENT, intent_id)
        if invoice is not None:
            paid_at = invoice.paid_at or invoice.created_at
            payment = await invoices.learn(
                session, family.id, invoice, at=paid_at, looks=told.looks, now=told.now
            )
    if payment is None:
        raise PaymentUnknown
    await invoices.refund(session, payment, amount=amount, refunded=refunded, now=told.now)


Handler = Callable[[AsyncSession, News], Awaitable[None]]
HANDLERS: Final[Mapping[str, Handler]] = {
    "checkout.session.completed": _checkout_completed,
    "checkout.session.expired": _checkout_expired,
    "invoice.paid": _invoice,
    "invoice.payment_succeeded": _invoice,
    "invoice.payment_failed": _invoice,
    "invoice.payment_action_required": _invoice,
    "customer.subscription.created": _subscription,
    "customer.subscription.updated": _subscription,
    "customer.subscription.deleted": _subscription,
    "charge.refunded": _refund,
}
