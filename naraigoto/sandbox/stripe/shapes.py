"""Stripe's objects as API version 2026-10-28.endive shows them: the fields that clients read."""

from typing import Any

from naraigoto.sandbox.stripe.store import Json, new_id

API_VERSION = "2026-10-28.endive"


def listed(url: str, data: list[Json], *, has_more: bool = False) -> Json:
    """A list."""
    return {"object": "list", "url": url, "has_more": has_more, "data": data}


def customer(params: Json, now: int) -> Json:
    """A customer; `_card` is the card it pays with."""
    return {
        "id": new_id("cus"),
        "object": "customer",
        "created": now,
        "email": params.get("email"),
        "name": params.get("name"),
        "metadata": params.get("metadata") or {},
        "livemode": False,
        "_card": "",
    }


def product(params: Json, now: int) -> Json:
    """What is sold."""
    return {
        "id": params.get("id") or new_id("prod"),
        "object": "product",
        "active": True,
        "created": now,
        "name": params.get("name"),
        "description": params.get("description"),
        "metadata": params.get("metadata") or {},
        "livemode": False,
    }


def price(params: Json, now: int) -> Json:
    """What it costs."""
    return {
        "id": new_id("price"),
        "object": "price",
        "active": True,
        "created": now,
        "currency": params["currency"],
        "unit_amount": int(params["unit_amount"]),
        "product": params["product"],
        "lookup_key": params.get("lookup_key"),
        "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"},
        "type": "recurring",
        "metadata": params.get("metadata") or {},
        "livemode": False,
    }


def checkout_session(params: Json, price: Json, now: int) -> Json:
    """An order; its page lives as long as Stripe's, a day."""
    return {
        "id": new_id("cs_test"),
        "object": "checkout.session",
        "mode": "subscription",
        "ui_mode": "hosted_page",
        "status": "open",
        "payment_status": "unpaid",
        "created": now,
        "expires_at": now + 86_400,
        "customer": params["customer"],
        "client_reference_id": params.get("client_reference_id"),
        "amount_total": price["unit_amount"],
        "currency": price["currency"],
        "subscription": None,
        "invoice": None,
        "success_url": params["success_url"],
        "cancel_url": params.get("cancel_url"),
        "metadata": params.get("metadata") or {},
        "livemode": False,
        "url": None,
        "_price": price["id"],
        "_subscription_metadata": (params.get("subscription_data") or {}).get("metadata") or {},
    }


def subscription(customer: str, price: Json, metadata: Json, start: int, end: int) -> Json:
    """A subscription at its beginning."""
    return {
        "id": new_id("sub"),
        "object": "subscription",
        "status": "incomplete",
        "customer": customer,
        "created": start,
        "start_date": start,
        "billing_cycle_anchor": start,
        "collection_method": "charge_automatically",
        "currency": price["currency"],
        "cancel_at_period_end": False,
        "cancel_at": None,
        "canceled_at": None,
        "ended_at": None,
        "latest_invoice": None,
        "schedule": None,
        "metadata": metadata,
        "livemode": False,
        "items": listed(
            "/v1/subscription_items",
            [
                {
                    "id": new_id("si"),
                    "object": "subscription_item",
                    "created": start,
                    "current_period_start": start,
                    "current_period_end": end,
                    "price": price,
                    "quantity": 1,
                    "metadata": {},
                }
            ],
        ),
        "_retries": 0,
    }


def schedule(subscription: Json, later: Json, now: int) -> Json:
    """The plan of a downgrade: this price until the period ends, the other one from then on."""
    item = subscription["items"]["data"][0]
    start, end = item["current_period_start"], item["current_period_end"]
    phases: list[Json] = [
        {"start_date": start, "end_date": end, "items": [{"price": item["price"]["id"], "quantity": 1}]},
        {"start_date": end, "end_date": None, "items": [{"price": later["id"], "quantity": 1}]},
    ]
    return {
        "id": new_id("sub_sched"),
        "object": "subscription_schedule",
        "created": now,
        "customer": subscription["customer"],
        "subscription": subscription["id"],
        "status": "active",
        "phases": phases,
        "metadata": {},
        "livemode": False,
    }


def line(subscription: Json, price: Json, amount: int, period: tuple[int, int], *, proration: bool) -> Json:
    """A line of an invoice; the price stands under `pricing` since 2025."""
    details = {
        "subscription": subscription["id"],
        "subscription_item": subscription["items"]["data"][0]["id"],
        "proration": proration,
    }
    return {
        "id": new_id("il"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "quantity": 1,
        "metadata": {},
        "period": {"start": period[0], "end": period[1]},
        "parent": {"type": "subscription_item_details", "subscription_item_details": details},
        "pricing": {
            "type": "price_details",
            "price_details": {"price": price["id"], "product": price["product"]},
            "unit_amount_decimal": str(abs(amount)),
        },
    }


def invoice(subscription: Json, lines: list[Json], reason: str, number: str, now: int) -> Json:
    """An invoice that waits for its payment."""
    total = max(0, sum(each["amount"] for each in lines))
    parent = {
        "type": "subscription_details",
        "subscription_details": {"subscription": subscription["id"], "metadata": subscription["metadata"]},
        "quote_details": None,
    }
    return {
        "id": new_id("in"),
        "object": "invoice",
        "status": "open",
        "customer": subscription["customer"],
        "created": now,
        "currency": subscription["currency"],
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "number": number,
        "amount_due": total,
        "amount_paid": 0,
        "amount_remaining": total,
        "total": total,
        "attempt_count": 0,
        "attempted": False,
        "next_payment_attempt": None,
        "period_start": subscription["items"]["data"][0]["current_period_start"],
        "period_end": now,
        "lines": listed("/v1/invoices/lines", lines),
        "parent": parent,
        "status_transitions": {"finalized_at": now, "paid_at": None, "voided_at": None},
        "hosted_invoice_url": None,
        "metadata": {},
        "livemode": False,
        "_payment": None,
    }


def payment_intent(invoice: Json, now: int) -> Json:
    """The attempt to collect an invoice's money."""
    return {
        "id": new_id("pi"),
        "object": "payment_intent",
        "amount": invoice["amount_due"],
        "currency": invoice["currency"],
        "created": now,
        "customer": invoice["customer"],
        "status": "requires_payment_method",
        "latest_charge": None,
        "metadata": {},
        "livemode": False,
    }


def invoice_payment(invoice: Json, intent: Json, now: int) -> Json:
    """What ties a payment intent to its invoice."""
    return {
        "id": new_id("inpay"),
        "object": "invoice_payment",
        "invoice": invoice["id"],
        "amount_requested": invoice["amount_due"],
        "amount_paid": None,
        "created": now,
        "currency": invoice["currency"],
        "is_default": True,
        "status": "open",
        "payment": {"type": "payment_intent", "payment_intent": intent["id"]},
        "livemode": False,
    }


def charge(intent: Json, now: int) -> Json:
    """Money that was taken; the way back to the invoice leads over its payment intent."""
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_refunded": 0,
        "refunded": False,
        "paid": True,
        "status": "succeeded",
        "currency": intent["currency"],
        "created": now,
        "customer": intent["customer"],
        "payment_intent": intent["id"],
        "metadata": {},
        "livemode": False,
    }


def refund(charge: Json, amount: int, now: int) -> Json:
    """Money that went back."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "currency": charge["currency"],
        "created": now,
        "payment_intent": charge["payment_intent"],
        "status": "succeeded",
        "metadata": {},
    }


def event(kind: str, thing: Json, previous: Json | None, now: int) -> Json:
    """What happened."""
    data: dict[str, Any] = {"object": thing}
    if previous is not None:
        data["previous_attributes"] = previous
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now,
        "type": kind,
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
    }
