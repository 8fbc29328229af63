"""Stripe through its official client: the same code for a live account, a test account and our sandbox."""

import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import stripe

from naraigoto.adapters.payments import (
    CheckoutOrder,
    CheckoutPage,
    CheckoutState,
    Event,
    InvoiceState,
    PaymentsRefused,
    PaymentsUnavailable,
    SignatureInvalid,
    SubscriptionState,
    payloads,
    reading,
)
from naraigoto.adapters.payments.access import Access
from naraigoto.adapters.payments.catalogue import Catalogue

API_VERSION = "2026-10-28.endive"
_TIMEOUT = 10.0
_TOLERANCE = 300  # seconds between Stripe's signing and our reading
_PAGE = 100


class StripePayments:
    """Speaks with one account. Made once per process; its connections belong to the loop that uses it."""

    def __init__(self, access: Access, *, timeout: float = _TIMEOUT) -> None:
        self._secrets = access.webhook_secrets
        self._client = stripe.StripeClient(
            access.api_key,
            stripe_version=API_VERSION,
            base_addresses={"api": access.base} if access.base else None,
            http_client=stripe.HTTPXClient(timeout=timeout),
            max_network_retries=1,
        )
        self._catalogue = Catalogue(self._client)

    async def prepare(self) -> None:
        """Make the prices and the portal's rules now, rather than at the first order."""
        async with _translated():
            await self._catalogue.portal()

    async def ensure_customer(self, *, family_id: str, email: str, name: str, key: str) -> str:
        """The family's customer. What may change is written apart: the key covers the rest."""
        async with _translated():
            made = await self._client.v1.customers.create_async(
                {"metadata": {"family_id": family_id}, "preferred_locales": ["ja"]}, {"idempotency_key": key}
            )
            await self._client.v1.customers.update_async(made.id, {"email": email, "name": name})
            return made.id

    async def open_checkout(self, order: CheckoutOrder, *, key: str) -> CheckoutPage:
        """Open a page where the customer pays for the plan, monthly from now on."""
        async with _translated():
            opened = await self._client.v1.checkout.sessions.create_async(
                {
                    "mode": "subscription",
                    "customer": order.customer_id,
                    "line_items": [{"price": await self._catalogue.price(order.plan), "quantity": 1}],
                    "client_reference_id": order.reference,
                    "metadata": dict(order.metadata),
                    "subscription_data": {"metadata": dict(order.metadata)},
                    "success_url": order.success_url,
                    "cancel_url": order.cancel_url,
                    "locale": "ja",
                },
                {"idempotency_key": key},
            )
            return reading.checkout_page(opened.to_dict())

    async def get_checkout(self, session_id: str) -> CheckoutState | None:
        """How the order stands; None when Stripe knows no such session."""
        async with _translated():
            found = await _found(self._client.v1.checkout.sessions.retrieve_async, session_id)
        return None if found is None else payloads.checkout_in(found)

    async def expire_checkout(self, session_id: str) -> None:
        """Close an open page so that nobody can pay there; one that is no longer open stays as it is."""
        state = await self.get_checkout(session_id)
        if state is None or state.status != "open":
            return
        try:
            async with _translated():
                await self._client.v1.checkout.sessions.expire_async(session_id)
        except PaymentsRefused:
            # It was paid or lapsed between the two calls: that is what closing it may find.
            again = await self.get_checkout(session_id)
            if again is not None and again.status == "open":
                raise

    async def open_portal(self, *, customer_id: str, return_url: str) -> str:
        """Open a page where the customer changes card or plan, or cancels; answers its address."""
        async with _translated():
            opened = await self._client.v1.billing_portal.sessions.create_async(
                {
                    "customer": customer_id,
                    "return_url": return_url,
                    "configuration": await self._catalogue.portal(),
                    "locale": "ja",
                }
            )
            return opened.url

    async def get_subscription(self, subscription_id: str) -> SubscriptionState | None:
        """The subscription now; None when Stripe knows no such one."""
        async with _translated():
            found = await _found(
                self._client.v1.subscriptions.retrieve_async, subscription_id, {"expand": ["schedule"]}
            )
            return None if found is None else await self._subscription(found)

    async def list_subscriptions(self, customer_id: str) -> list[SubscriptionState]:
        """All of a customer's subscriptions, ended ones too, newest first."""
        query = {"customer": customer_id, "status": "all", "expand": ["data.schedule"]}
        async with _translated():
            pages = _all(self._client.v1.subscriptions.list_async, query)
            return [await self._subscription(found) async for found in pages]

    async def cancel_at_period_end(self, subscription_id: str) -> SubscriptionState:
        """Let it end with its period; a downgrade that was planned for then is dropped."""
        async with _translated():
            found = (await self._client.v1.subscriptions.retrieve_async(subscription_id)).to_dict()
            # Stripe refuses to touch the ending of a subscription that a schedule leads.
            if schedule := found["schedule"]:
                await self._client.v1.subscription_schedules.release_async(schedule)
            if payloads.subscription_in(found, {}).cancel_at_period_end:
                return await self._change(subscription_id)
            return await self._change(subscription_id, cancel_at_period_end=True)

    async def undo_cancel(self, subscription_id: str) -> SubscriptionState:
        """Let it go on after all; saying it twice changes nothing."""
        async with _translated():
            found = (await self._client.v1.subscriptions.retrieve_async(subscription_id)).to_dict()
            # What was cancelled on the portal's page ends at a moment, without the flag.
            if found["cancel_at"] is not None and not found["cancel_at_period_end"]:
                return await self._change(subscription_id, cancel_at="")
            return await self._change(subscription_id, cancel_at_period_end=False)

    async def cancel_now(self, subscription_id: str) -> SubscriptionState:
        """End it at once, without money back; one that has ended stays as it is."""
        state = await self.get_subscription(subscription_id)
        if state is None:
            raise PaymentsRefused("resource_missing")
        if state.ended_at is not None:
            return state
        async with _translated():
            ended = await self._client.v1.subscriptions.cancel_async(subscription_id, {"prorate": False})
            return await self._subscription(ended.to_dict())

    async def get_invoice(self, invoice_id: str) -> InvoiceState | None:
        """The invoice now; None when Stripe knows no such one."""
        async with _translated():
            found = await _found(
                self._client.v1.invoices.retrieve_async, invoice_id, {"expand": ["payments"]}
            )
            if found is None:
                return None
            intent = reading.payment_intent_of(found)
            paid = found["status"] == "paid" and intent is not None
            return await self._invoice(found, refunded=await self._refunded(intent) if paid else 0)

    async def list_paid_invoices(
        self, *, customer_id: str | None = None, since: datetime | None = None
    ) -> list[InvoiceState]:
        """Paid invoices, newest first; `amount_refunded` is left at 0 here, it would cost a call each."""
        query: dict[str, Any] = {"status": "paid", "expand": ["data.payments"]}
        if customer_id is not None:
            query["customer"] = customer_id
        if since is not None:
            query["created"] = {"gte": int(since.timestamp())}
        async with _translated():
            return [
                await self._invoice(found) async for found in _all(self._client.v1.invoices.list_async, query)
            ]

    async def invoice_of_payment(self, payment_intent_id: str) -> InvoiceState | None:
        """The invoice that a payment intent (of a refunded charge, say) paid for."""
        async with _translated():
            listed = await self._client.v1.invoice_payments.list_async(
                {"payment": {"type": "payment_intent", "payment_intent": payment_intent_id}}
            )
            links = [each.to_dict() for each in listed.data]
        return await self.get_invoice(links[0]["invoice"]) if links else None

    async def plans_of(self, prices: Collection[str]) -> dict[str, str]:
        """What these prices sell; "" for what is none of ours. Asked for once per price and process."""
        async with _translated():
            return await self._plans(set(prices))

    def read_event(self, payload: bytes, signature: str | None) -> Event:
        """The event in the raw body, when it is signed with the current or the previous secret.

        Raises: SignatureInvalid.
        """
        if not any(self._is_signed(payload, signature or "", secret) for secret in self._secrets):
            raise SignatureInvalid
        try:
            # As it was sent: the client's own objects take twenty times as long to build, and turn some texts
            # into Decimals, which JSON cannot keep.
            return reading.event(json.loads(payload))
        except (ValueError, KeyError, TypeError, AttributeError):
            # Signed, but no event of the kind we asked for: as good as unsigned.
            raise SignatureInvalid from None

    def _is_signed(self, payload: bytes, signature: str, secret: str) -> bool:
        try:
            return stripe.WebhookSignature.verify_header(payload.decode(), signature, secret, _TOLERANCE)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            return False

    async def _change(self, subscription_id: str, **values: Any) -> SubscriptionState:
        changed = await self._client.v1.subscriptions.update_async(
            subscription_id,
            {**values, "expand": ["schedule"]},  # pyright: ignore[reportArgumentType]
        )
        return await self._subscription(changed.to_dict())

    async def _subscription(self, found: dict[str, Any]) -> SubscriptionState:
        return reading.subscription(found, await self._plans(reading.prices_of(found)))

    async def _invoice(self, found: dict[str, Any], *, refunded: int = 0) -> InvoiceState:
        plans = await self._plans(payloads.prices_in(found))
        return reading.invoice(found, plans, refunded=refunded)

    async def _plans(self, prices: set[str]) -> dict[str, str]:
        await self._catalogue.learn(prices)
        return {price: self._catalogue.plan_of(price) for price in prices}

    async def _refunded(self, payment_intent_id: str | None) -> int:
        if payment_intent_id is None:
            return 0
        intent = await self._client.v1.payment_intents.retrieve_async(
            payment_intent_id, {"expand": ["latest_charge"]}
        )
        charge = intent.to_dict()["latest_charge"]
        return charge["amount_refunded"] if charge else 0


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    """Stripe's errors in our two words; neither the messages nor the ids in them leave this module."""
    try:
        yield
    except stripe.APIError as away:
        if away.http_status == 409:  # the same key is being answered this very moment
            raise PaymentsRefused("idempotency_key_in_use") from None
        raise PaymentsUnavailable(type(away).__name__) from None
    except (stripe.APIConnectionError, stripe.RateLimitError) as away:
        raise PaymentsUnavailable(type(away).__name__) from None
    except stripe.StripeError as refusal:
        raise PaymentsRefused(refusal.code or type(refusal).__name__) from None


async def _found(retrieve: Any, *arguments: Any) -> dict[str, Any] | None:
    try:
        return (await retrieve(*arguments)).to_dict()
    except stripe.InvalidRequestError as refusal:
        if refusal.http_status == 404:
            return None
        raise


async def _all(list_some: Any, query: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """Every item of a list, page by page."""
    query = {**query, "limit": _PAGE}
    while True:
        page = await list_some(query)
        for item in page.data:
            yield item.to_dict()
        if not page.has_more:
            return
        query["starting_after"] = page.data[-1].id
