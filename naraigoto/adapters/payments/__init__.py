"""Payments: one Protocol, the facts it answers with, and the choice of its implementation.

Services see no Stripe object: plans are ids of `rules.PLANS`, moments are aware, amounts are whole yen.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from naraigoto.settings import Settings

_LIVE = ("sk_live_", "rk_live_")


class PaymentsUnavailable(Exception):
    """Stripe is away, too slow or too busy; the same call may be made later. The text names nobody."""


class PaymentsRefused(Exception):
    """Stripe says no, and will say it again; `code` is Stripe's word for it. The text names nobody."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PaymentsNotConfigured(Exception):
    """There is no Stripe to speak to: production without keys, or the sandbox was never started."""


class SignatureInvalid(Exception):
    """A webhook that Stripe did not sign, or signed more than five minutes ago."""


@dataclass(frozen=True, slots=True)
class CheckoutOrder:
    """What a family is about to buy; the amount comes from `rules.PLANS`, never from outside."""

    customer_id: str
    plan: str
    reference: str  # ours: comes back as CheckoutState.reference
    success_url: str
    cancel_url: str
    metadata: Mapping[str, str] = field(default_factory=dict)  # on the session and on the subscription


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """Stripe's page where the family pays."""

    session_id: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CheckoutState:
    """How an order stands; `status` is open, complete or expired."""

    session_id: str
    status: str
    paid: bool
    url: str | None
    reference: str | None
    customer_id: str
    subscription_id: str | None
    invoice_id: str | None
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """A subscription as it is now. `status` is Stripe's: incomplete, incomplete_expired, active, past_due, …

    `plan` is "" when the price is none of ours; `next_plan` is what it changes to at `period_end`.
    """

    id: str
    customer_id: str
    status: str
    plan: str
    next_plan: str
    period_start: datetime
    period_end: datetime
    cancel_at_period_end: bool
    latest_invoice_id: str | None
    metadata: Mapping[str, str]
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line; a proration has a negative amount for the old plan and a positive one for the new."""

    plan: str  # "" when the price is none of ours
    amount: int
    proration: bool
    period_start: datetime
    period_end: datetime


@dataclass(frozen=True, slots=True)
class InvoiceState:
    """An invoice as it is now. `status` is Stripe's: draft, open, paid, uncollectible, void.

    `reason` is Stripe's billing_reason: subscription_create, subscription_cycle, subscription_update, …
    `next_attempt_at` is None when nothing is tried any more. `amount_refunded` is what went back, 0 in lists.
    """

    id: str
    customer_id: str
    subscription_id: str | None
    status: str
    reason: str
    amount_due: int
    amount_paid: int
    amount_refunded: int
    currency: str
    attempt_count: int
    next_attempt_at: datetime | None
    payment_intent_id: str | None
    receipt_url: str | None
    number: str
    lines: tuple[InvoiceLine, ...]
    created_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """A verified webhook. `object` is what it tells of (already old when read: fetch the thing again)."""

    id: str
    type: str
    created_at: datetime
    object: Mapping[str, Any]
    payload: dict[str, Any]  # the whole event, for webhook_events


class Payments(Protocol):
    """What we ask of Stripe. A `key` is an idempotency key: the same key and values happen once in 24 hours.

    Every verb raises PaymentsUnavailable (try again) or PaymentsRefused (final). None of them may be called
    inside a transaction: each takes up to ten seconds.
    """

    async def ensure_customer(self, *, family_id: str, email: str, name: str, key: str) -> str:
        """The family's customer; the same key answers the same customer, however many call at once."""
        ...

    async def open_checkout(self, order: CheckoutOrder, *, key: str) -> CheckoutPage:
        """Open a page where the customer pays for the plan, monthly from now on."""
        ...

    async def get_checkout(self, session_id: str) -> CheckoutState | None:
        """How the order stands; None when Stripe knows no such session."""
        ...

    async def expire_checkout(self, session_id: str) -> None:
        """Close an open page so that nobody can pay there; one that is no longer open stays as it is."""
        ...

    async def open_portal(self, *, customer_id: str, return_url: str) -> str:
        """Open a page where the customer changes card or plan, or cancels; answers its address."""
        ...

    async def get_subscription(self, subscription_id: str) -> SubscriptionState | None:
        """The subscription now; None when Stripe knows no such one."""
        ...

    async def list_subscriptions(self, customer_id: str) -> list[SubscriptionState]:
        """All of a customer's subscriptions, ended ones too, newest first."""
        ...

    async def cancel_at_period_end(self, subscription_id: str) -> SubscriptionState:
        """Let it end with its period; saying it twice changes nothing."""
        ...

    async def undo_cancel(self, subscription_id: str) -> SubscriptionState:
        """Let it go on after all; saying it twice changes nothing."""
        ...

    async def cancel_now(self, subscription_id: str) -> SubscriptionState:
        """End it at once, without money back; one that has ended stays as it is."""
        ...

    async def get_invoice(self, invoice_id: str) -> InvoiceState | None:
        """The invoice now; None when Stripe knows no such one."""
        ...

    async def list_paid_invoices(
        self, *, customer_id: str | None = None, since: datetime | None = None
    ) -> list[InvoiceState]:
        """Paid invoices, newest first: of one customer or of all, made at or after `since`."""
        ...

    async def invoice_of_payment(self, payment_intent_id: str) -> InvoiceState | None:
        """The invoice that a payment intent (of a refunded charge, say) paid for."""
        ...

    async def plans_of(self, prices: Collection[str]) -> dict[str, str]:
        """What these prices sell; "" for what is none of ours. Asked for once per price and process."""
        ...

    def read_event(self, payload: bytes, signature: str | None) -> Event:
        """The event in the raw body, when it is signed with the current or the previous secret.

        Raises: SignatureInvalid.
        """
        ...


def has_live_key(settings: Settings) -> bool:
    """Whether real money would move."""
    key = settings.stripe_api_key
    return key is not None and key.get_secret_value().startswith(_LIVE)


def can_pay(settings: Settings) -> bool:
    """Whether this environment has a Stripe that it may use; in production the sandbox is none."""
    return not settings.production or (
        settings.stripe_api_key is not None and settings.stripe_webhook_secret is not None
    )


def make_payments(settings: Settings) -> Payments:
    """Stripe with the keys of the settings; without them, outside production, the sandbox of the data folder.

    Raises: PaymentsNotConfigured.
    """
    from naraigoto.adapters.payments.access import access_of
    from naraigoto.adapters.payments.stripe import StripePayments

    if not can_pay(settings):
        raise PaymentsNotConfigured("NARAIGOTO_ENV=production needs STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET")
    return StripePayments(access_of(settings))
