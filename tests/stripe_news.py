"""Stripe's news as tests tell it: objects in its shapes, and a Stripe that remembers in memory."""

import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import stripe

from naraigoto import clock
from naraigoto.adapters.payments import (
    CheckoutOrder,
    CheckoutPage,
    CheckoutState,
    Event,
    InvoiceState,
    PaymentsRefused,
    SubscriptionState,
    payloads,
)
from naraigoto.adapters.payments.access import Access
from naraigoto.adapters.payments.stripe import StripePayments
from naraigoto.rules import PLANS

SECRET = "whsec_of_tests"


def seconds(moment: datetime) -> int:
    """A moment as Stripe writes it."""
    return int(moment.timestamp())


def event(kind: str, thing: Mapping[str, Any], at: datetime, number: str) -> dict[str, Any]:
    """An event of a kind about a thing."""
    return {
        "id": number,
        "object": "event",
        "api_version": "2026-10-28.endive",
        "type": kind,
        "created": seconds(at),
        "data": {"object": dict(thing)},
    }


def subscription(
    number: str, customer: str, plan: str, start: datetime, end: datetime, **over: Any
) -> dict[str, Any]:
    """A subscription of a plan in a period."""
    return {
        "id": number,
        "object": "subscription",
        "customer": customer,
        "status": "active",
        "created": seconds(start),
        "cancel_at_period_end": False,
        "ended_at": None,
        "latest_invoice": None,
        "schedule": None,
        "metadata": {},
        "items": {
            "data": [
                {
                    "price": {"id": f"price_{plan}", "metadata": {"plan": plan}},
                    "current_period_start": seconds(start),
                    "current_period_end": seconds(end),
                }
            ]
        },
    } | over


def line(plan: str, start: datetime, end: datetime, *, amount: int | None = None, proration: bool = False):
    """A line of an invoice."""
    return {
        "amount": PLANS[plan].amount if amount is None else amount,
        "pricing": {"price_details": {"price": f"price_{plan}", "product": f"prod_{plan}"}},
        "period": {"start": seconds(start), "end": seconds(end)},
        "parent": {"subscription_item_details": {"proration": proration}},
    }


def invoice(
    number: str, customer: str, of: str | None, lines: list[dict[str, Any]], at: datetime, **over: Any
) -> dict[str, Any]:
    """A paid invoice of a subscription."""
    total = sum(each["amount"] for each in lines)
    status = over.get("status", "paid")
    parent = {"type": "subscription_details", "subscription_details": {"subscription": of, "metadata": {}}}
    return {
        "id": number,
        "object": "invoice",
        "customer": customer,
        "status": status,
        "billing_reason": "subscription_cycle",
        "amount_due": total,
        "amount_paid": total if status == "paid" else 0,
        "currency": "jpy",
        "attempt_count": 1,
        "next_payment_attempt": None,
        "hosted_invoice_url": f"https://stripe.test/{number}",
        "number": number.upper(),
        "created": seconds(at),
        "status_transitions": {"paid_at": seconds(at) if status == "paid" else None},
        "lines": {"data": lines},
        "parent": parent if of else None,
    } | over


def charge(customer: str, intent: str, amount: int, refunded: int) -> dict[str, Any]:
    """A charge of which something went back."""
    return {
        "id": f"ch_{intent}",
        "object": "charge",
        "customer": customer,
        "payment_intent": intent,
        "amount": amount,
        "amount_refunded": refunded,
        "metadata": {},
    }


def signed(told: Mapping[str, Any], *, secret: str = SECRET, at: float | None = None) -> tuple[bytes, str]:
    """An event as it travels: body and signature."""
    body = json.dumps(told, ensure_ascii=False)
    return body.encode(), signature(body, secret=secret, at=at)


def signature(body: str, *, secret: str = SECRET, at: float | None = None) -> str:
    """Stripe's header for a body."""
    stamp = int(time.time() if at is None else at)
    return stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=stamp)


@dataclass
class MemoryStripe:
    """Stripe in memory: answers what tests put into it, and counts what was made."""

    customers: dict[str, str] = field(default_factory=dict)
    checkouts: dict[str, CheckoutState] = field(default_factory=dict)
    subscriptions: dict[str, SubscriptionState] = field(default_factory=dict)
    invoices: dict[str, InvoiceState] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)
    trouble: list[Exception] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)

    def know_subscription(self, told: Mapping[str, Any]) -> None:
        """From now on the subscription is as this object says."""
        seen = payloads.subscription_in(told, {})
        self.subscriptions[seen.id] = seen

    def know_invoice(self, told: Mapping[str, Any], *, intent: str | None = None, refunded: int = 0) -> None:
        """From now on the invoice is as this object says."""
        seen = payloads.invoice_in(told, _PRICES)
        self.invoices[seen.id] = replace(seen, payment_intent_id=intent, amount_refunded=refunded)
        if intent:
            self.payments[intent] = seen.id

    async def ensure_customer(self, *, family_id: str, email: str, name: str, key: str) -> str:
        """One customer per key."""
        self._called("ensure_customer")
        if key not in self.keys:
            self.keys[key] = self.customers[family_id] = f"cus_{len(self.keys)}"
        return self.keys[key]

    async def open_checkout(self, order: CheckoutOrder, *, key: str) -> CheckoutPage:
        """One page per key; the same key with other values is refused."""
        self._called("open_checkout")
        if key in self.keys:
            if self.keys[key][0] != order:
                raise PaymentsRefused("idempotency_error")
            return self.keys[key][1]
        number = f"cs_{len(self.checkouts)}"
        page = CheckoutPage(number, f"https://stripe.test/pay/{number}", clock.now() + timedelta(hours=24))
        self.checkouts[number] = CheckoutState(
            number, "open", False, page.url, order.reference, order.customer_id, None, None, order.metadata
        )
        self.keys[key] = (order, page)
        return page

    async def get_checkout(self, session_id: str) -> CheckoutState | None:
        """What was opened."""
        self._called("get_checkout")
        return self.checkouts.get(session_id)

    async def expire_checkout(self, session_id: str) -> None:
        """Close an open page."""
        self._called("expire_checkout")
        state = self.checkouts[session_id]
        if state.status == "open":
            self.checkouts[session_id] = replace(state, status="expired", url=None)

    async def open_portal(self, *, customer_id: str, return_url: str) -> str:
        """A new page each time."""
        self._called("open_portal")
        return f"https://stripe.test/portal/{customer_id}/{len(self.calls)}"

    async def get_subscription(self, subscription_id: str) -> SubscriptionState | None:
        """What is known."""
        self._called("get_subscription")
        return self.subscriptions.get(subscription_id)

    async def list_subscriptions(self, customer_id: str) -> list[SubscriptionState]:
        """What is known of a customer."""
        self._called("list_subscriptions")
        return [each for each in self.subscriptions.values() if each.customer_id == customer_id]

    async def cancel_at_period_end(self, subscription_id: str) -> SubscriptionState:
        """Set the flag."""
        return self._change("cancel_at_period_end", subscription_id, cancel_at_period_end=True)

    async def undo_cancel(self, subscription_id: str) -> SubscriptionState:
        """Take the flag away."""
        return self._change("undo_cancel", subscription_id, cancel_at_period_end=False)

    async def cancel_now(self, subscription_id: str) -> SubscriptionState:
        """End it."""
        return self._change("cancel_now", subscription_id, status="canceled")

    async def get_invoice(self, invoice_id: str) -> InvoiceState | None:
        """What is known."""
        self._called("get_invoice")
        return self.invoices.get(invoice_id)

    async def list_paid_invoices(
        self, *, customer_id: str | None = None, since: datetime | None = None
    ) -> list[InvoiceState]:
        """What is known and paid; what went back is told of single invoices alone."""
        self._called("list_paid_invoices")
        return [
            replace(each, amount_refunded=0)
            for each in self.invoices.values()
            if each.status == "paid"
            and customer_id in (None, each.customer_id)
            and (since is None or each.created_at >= since)
        ]

    async def invoice_of_payment(self, payment_intent_id: str) -> InvoiceState | None:
        """The invoice an intent paid."""
        self._called("invoice_of_payment")
        return self.invoices.get(self.payments.get(payment_intent_id, ""))

    async def plans_of(self, prices: Collection[str]) -> dict[str, str]:
        """`price_light` sells light."""
        return {price: _PRICES.get(price, "") for price in prices}

    def read_event(self, payload: bytes, signature: str | None) -> Event:
        """As the adapter reads it: nothing of a signature is in memory."""
        return _READER.read_event(payload, signature)

    def _change(self, call: str, number: str, **values: Any) -> SubscriptionState:
        self._called(call)
        if number not in self.subscriptions:
            raise PaymentsRefused("resource_missing")
        self.subscriptions[number] = replace(self.subscriptions[number], **values)
        return self.subscriptions[number]

    def _called(self, call: str) -> None:
        self.calls.append(call)
        if self.trouble:
            raise self.trouble.pop(0)


_READER = StripePayments(Access("sk_test_nobody", (SECRET,), None))
_PRICES = {f"price_{plan}": plan for plan in PLANS}
