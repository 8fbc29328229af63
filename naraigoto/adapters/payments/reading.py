"""From Stripe's answers to our facts: what payloads.py reads, and what only expanded answers tell."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from naraigoto.adapters.payments import CheckoutPage, Event, InvoiceState, SubscriptionState
from naraigoto.adapters.payments.payloads import Plans, invoice_in, prices_in, subscription_in

Json = Mapping[str, Any]


def checkout_page(session: Json) -> CheckoutPage:
    """A page that was just opened."""
    return CheckoutPage(session["id"], session["url"], datetime.fromtimestamp(session["expires_at"], UTC))


def prices_of(subscription: Json) -> set[str]:
    """Every price the subscription has or will have, as far as it does not explain itself."""
    planned = {item["price"] for phase in _phases(subscription) for item in phase["items"]}
    return prices_in(subscription) | planned


def subscription(found: Json, plans: Plans) -> SubscriptionState:
    """A subscription, whose `schedule` was expanded: that is where a downgrade waits."""
    seen = subscription_in(found, plans)
    later = [
        plans.get(phase["items"][0]["price"], "")
        for phase in _phases(found)
        if phase["start_date"] >= seen.period_end.timestamp()
    ]
    return replace(seen, next_plan=later[0]) if later and later[0] != seen.plan else seen


def invoice(found: Json, plans: Plans, *, refunded: int = 0) -> InvoiceState:
    """An invoice, whose `payments` were expanded: that is where its payment intent stands since 2025."""
    seen = invoice_in(found, plans)
    return replace(seen, payment_intent_id=payment_intent_of(found), amount_refunded=refunded)


def payment_intent_of(invoice: Json) -> str | None:
    """The payment intent that paid, or tries to pay, the invoice."""
    payments = (invoice.get("payments") or {"data": []})["data"]
    ours = (each["payment"] for each in payments if each["payment"]["type"] == "payment_intent")
    return next((each["payment_intent"] for each in ours), None)


def event(payload: dict[str, Any]) -> Event:
    """A webhook.

    Raises: KeyError, TypeError, AttributeError for what is none.
    """
    return Event(
        id=payload["id"],
        type=payload["type"],
        created_at=datetime.fromtimestamp(payload["created"], UTC),
        object=payload["data"]["object"],
        payload=payload,
    )


def _phases(subscription: Json) -> Iterator[Json]:
    schedule = subscription.get("schedule")
    yield from schedule["phases"] if isinstance(schedule, Mapping) else ()
