"""From Stripe's JSON to our facts (API version 2026-10-28.endive)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from naraigoto.adapters.payments import (
    CheckoutPage,
    CheckoutState,
    Event,
    InvoiceLine,
    InvoiceState,
    SubscriptionState,
)

Json = Mapping[str, Any]
PlanOf = Callable[[str], str]


def checkout_page(session: Json) -> CheckoutPage:
    """A page that was just opened."""
    return CheckoutPage(session["id"], session["url"], _moment(session["expires_at"]))


def checkout(session: Json) -> CheckoutState:
    """An order."""
    return CheckoutState(
        session_id=session["id"],
        status=session["status"],
        paid=session["payment_status"] == "paid",
        url=session["url"],
        reference=session["client_reference_id"],
        customer_id=_id(session["customer"]),
        subscription_id=_id_or_none(session["subscription"]),
        invoice_id=_id_or_none(session["invoice"]),
        metadata=dict(session["metadata"] or {}),
    )


def price_ids(subscription: Json) -> set[str]:
    """Every price the subscription has or will have."""
    items = [subscription["items"]["data"][0]]
    items += [item for phase in _phases(subscription) for item in phase["items"]]
    return {_id(item["price"]) for item in items}


def subscription(found: Json, plan_of: PlanOf) -> SubscriptionState:
    """A subscription, whose `schedule` was expanded; its period stands at the item since 2025."""
    item = found["items"]["data"][0]
    later = [
        plan_of(_id(phase["items"][0]["price"]))
        for phase in _phases(found)
        if phase["start_date"] >= item["current_period_end"]
    ]
    plan = plan_of(_id(item["price"]))
    return SubscriptionState(
        id=found["id"],
        customer_id=_id(found["customer"]),
        status=found["status"],
        plan=plan,
        next_plan=later[0] if later and later[0] != plan else "",
        period_start=_moment(item["current_period_start"]),
        period_end=_moment(item["current_period_end"]),
        cancel_at_period_end=found["cancel_at_period_end"],
        latest_invoice_id=_id_or_none(found["latest_invoice"]),
        metadata=dict(found["metadata"] or {}),
        created_at=_moment(found["created"]),
        ended_at=_moment_or_none(found["ended_at"]),
    )


def invoice(found: Json, plan_of: PlanOf, *, refunded: int = 0) -> InvoiceState:
    """An invoice, whose `payments` were expanded."""
    return InvoiceState(
        id=found["id"],
        customer_id=_id(found["customer"]),
        subscription_id=_subscription_of(found),
        status=found["status"],
        reason=found["billing_reason"] or "",
        amount_due=found["amount_due"],
        amount_paid=found["amount_paid"],
        amount_refunded=refunded,
        currency=found["currency"],
        attempt_count=found["attempt_count"],
        next_attempt_at=_moment_or_none(found.get("next_payment_attempt")),
        payment_intent_id=payment_intent_of(found),
        receipt_url=found.get("hosted_invoice_url"),
        number=found.get("number") or "",
        lines=tuple(_line(line, plan_of) for line in found["lines"]["data"]),
        created_at=_moment(found["created"]),
        paid_at=_moment_or_none(found["status_transitions"]["paid_at"]),
    )


def line_prices(invoice: Json) -> set[str]:
    """Every price on the invoice's lines."""
    return {price for line in invoice["lines"]["data"] if (price := _price_of(line))}


def payment_intent_of(invoice: Json) -> str | None:
    """The payment intent that paid, or tries to pay, the invoice."""
    payments = (invoice.get("payments") or {"data": []})["data"]
    ours = [each["payment"] for each in payments if each["payment"]["type"] == "payment_intent"]
    return _id_or_none(ours[0]["payment_intent"]) if ours else None


def event(payload: dict[str, Any]) -> Event:
    """A webhook."""
    return Event(
        id=payload["id"],
        type=payload["type"],
        created_at=_moment(payload["created"]),
        object=payload["data"]["object"],
        payload=payload,
    )


def _line(line: Json, plan_of: PlanOf) -> InvoiceLine:
    price = _price_of(line)
    parent = (line["parent"] or {}).get("subscription_item_details") or {}
    return InvoiceLine(
        plan=plan_of(price) if price else "",
        amount=line["amount"],
        proration=bool(parent.get("proration")),
        period_start=_moment(line["period"]["start"]),
        period_end=_moment(line["period"]["end"]),
    )


def _price_of(line: Json) -> str | None:
    details = (line.get("pricing") or {}).get("price_details") or {}
    return _id_or_none(details.get("price"))


def _subscription_of(invoice: Json) -> str | None:
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    return _id_or_none(details.get("subscription"))


def _phases(subscription: Json) -> list[Json]:
    schedule = subscription.get("schedule")
    return list(schedule["phases"]) if isinstance(schedule, Mapping) else []


def _id(reference: Any) -> str:
    """A reference is an id, or the whole thing where it was expanded."""
    return reference["id"] if isinstance(reference, Mapping) else reference


def _id_or_none(reference: Any) -> str | None:
    return None if reference is None else _id(reference)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _moment_or_none(seconds: int | None) -> datetime | None:
    return None if seconds is None else _moment(seconds)
