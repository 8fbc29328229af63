"""What a webhook's object says, whatever API version wrote it: the shapes of 2026 and those before 2025.

The version of a webhook is set at Stripe, apart from the one our client speaks, so this reading is tolerant:
what is missing has a plain default, and only what nothing can be done without makes an event unreadable.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from naraigoto.adapters.payments import CheckoutState, InvoiceLine, InvoiceState, SubscriptionState
from naraigoto.rules import PLANS

Json = Mapping[str, Any]
Plans = Mapping[str, str]  # what a price sells, as far as it was asked for


class Unreadable(Exception):
    """A signed event without what its kind must have; `args` names the field, never a value."""


def prices_in(thing: Json) -> set[str]:
    """Every price that the object names and does not explain by itself."""
    return {
        price_id
        for item in (*_items(thing), *_lines(thing))
        for price in [_price(item)]
        if (price_id := _id(price)) and not _plan_told(price)
    }


def subscription_in(found: Json, plans: Plans) -> SubscriptionState:
    """A subscription as it was when the event was made. `next_plan` stays "": a schedule is only named.

    Raises: Unreadable.
    """
    item = next(_items(found), {})
    created = _moment(found.get("created")) or datetime.fromtimestamp(0, UTC)
    start = _moment(item.get("current_period_start") or found.get("current_period_start"))
    end = _moment(item.get("current_period_end") or found.get("current_period_end"))
    # Since 2025 the portal sets no flag: it names the moment.
    stop = _moment(found.get("cancel_at"))
    metadata = _dict(found.get("metadata"))
    return SubscriptionState(
        id=_must(found, "id"),
        customer_id=_id(found.get("customer")) or "",
        status=_must(found, "status"),
        plan=_plan(_price(item), plans) or _ours(metadata.get("plan")),
        next_plan="",
        period_start=start or created,
        period_end=end or created,
        cancel_at_period_end=bool(found.get("cancel_at_period_end")) or (stop is not None and stop == end),
        latest_invoice_id=_id(found.get("latest_invoice")),
        metadata=metadata,
        created_at=created,
        ended_at=_moment(found.get("ended_at")),
    )


def invoice_in(found: Json, plans: Plans) -> InvoiceState:
    """An invoice as it was when the event was made; `amount_refunded` is not told here.

    Raises: Unreadable.
    """
    created = _moment(found.get("created")) or datetime.fromtimestamp(0, UTC)
    status = str(found.get("status") or ("paid" if found.get("paid") else "open"))
    paid = int(found.get("amount_paid") or 0)
    return InvoiceState(
        id=_must(found, "id"),
        customer_id=_id(found.get("customer")) or "",
        subscription_id=_subscription_of(found),
        status=status,
        reason=str(found.get("billing_reason") or ""),
        amount_due=int(found.get("amount_due") or paid),
        amount_paid=paid,
        amount_refunded=0,
        currency=str(found.get("currency") or "jpy"),
        attempt_count=int(found.get("attempt_count") or 0),
        next_attempt_at=_moment(found.get("next_payment_attempt")),
        payment_intent_id=_id(found.get("payment_intent")),
        receipt_url=found.get("hosted_invoice_url"),
        number=str(found.get("number") or ""),
        lines=tuple(_line(line, plans) for line in _lines(found)),
        created_at=created,
        paid_at=_moment(_dict(found.get("status_transitions")).get("paid_at")),
    )


def invoice_metadata(found: Json) -> dict[str, str]:
    """Our own words on the subscription behind the invoice."""
    parent = _dict(_dict(found.get("parent")).get("subscription_details"))
    before = _dict(found.get("subscription_details"))
    return {**_dict(found.get("metadata")), **_dict(before.get("metadata")), **_dict(parent.get("metadata"))}


def checkout_in(found: Json) -> CheckoutState:
    """An order as it was when the event was made.

    Raises: Unreadable.
    """
    return CheckoutState(
        session_id=_must(found, "id"),
        status=str(found.get("status") or ""),
        paid=found.get("payment_status") == "paid",
        url=found.get("url"),
        reference=found.get("client_reference_id"),
        customer_id=_id(found.get("customer")) or "",
        subscription_id=_id(found.get("subscription")),
        invoice_id=_id(found.get("invoice")),
        metadata=_dict(found.get("metadata")),
    )


def refund_in(found: Json) -> tuple[str, str | None, str | None, int, int]:
    """Of a refunded charge: customer, payment intent, invoice (before 2025), amount, and what went back."""
    return (
        _id(found.get("customer")) or "",
        _id(found.get("payment_intent")),
        _id(found.get("invoice")),
        int(found.get("amount") or 0),
        int(found.get("amount_refunded") or 0),
    )


def has_schedule(found: Json) -> bool:
    """Whether something is planned for the subscription that only Stripe can tell."""
    return found.get("schedule") is not None


def _line(line: Json, plans: Plans) -> InvoiceLine:
    details = _dict(_dict(line.get("parent")).get("subscription_item_details"))
    proration = bool(details.get("proration") or line.get("proration"))
    period = _dict(line.get("period"))
    amount = int(line.get("amount") or 0)
    plan = _plan(_price(line), plans) or _ours(_dict(line.get("metadata")).get("plan"))
    if not plan and not proration:
        plan = next((each.id for each in PLANS.values() if each.amount == amount), "")
    start = _moment(period.get("start")) or datetime.fromtimestamp(0, UTC)
    return InvoiceLine(plan, amount, proration, start, _moment(period.get("end")) or start)


def _items(found: Json) -> Iterator[Json]:
    yield from _dict(found.get("items")).get("data") or ()


def _lines(found: Json) -> Iterator[Json]:
    yield from _dict(found.get("lines")).get("data") or ()


def _price(item: Json) -> Any:
    details = _dict(_dict(item.get("pricing")).get("price_details"))
    return details.get("price") or item.get("price") or item.get("plan")


def _plan(price: Any, plans: Plans) -> str:
    return _plan_told(price) or _ours(plans.get(_id(price) or "", ""))


def _plan_told(price: Any) -> str:
    return _ours(_dict(_dict(price).get("metadata")).get("plan"))


def _subscription_of(invoice: Json) -> str | None:
    details = _dict(_dict(invoice.get("parent")).get("subscription_details"))
    return _id(details.get("subscription")) or _id(invoice.get("subscription"))


def _ours(plan: Any) -> str:
    return plan if plan in PLANS else ""


def _must(found: Json, name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable(name)
    return value


def _dict(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _id(reference: Any) -> str | None:
    """A reference is an id, or the whole thing where it was expanded."""
    found = reference.get("id") if isinstance(reference, Mapping) else reference
    return found if isinstance(found, str) and found else None


def _moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds > 0 else None
