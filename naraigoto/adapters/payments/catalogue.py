"""What a Stripe account must hold before we can sell there: three prices and the rules of its portal.

They are looked up, and made when they are missing, so a new account needs nothing but its two settings.
"""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import stripe

from naraigoto.rules import PLANS, Plan

_PRODUCTS = Path(__file__).resolve().parents[2] / "data" / "stripe_products.csv"


class Catalogue:
    """The prices of one account by plan, and its portal configuration; both are asked for once."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._client = client
        self._price_of_plan: dict[str, str] = {}
        self._plan_of_price: dict[str, str] = {}
        self._products: dict[str, str] = {}
        self._portal = ""

    async def price(self, plan: str) -> str:
        """The price of a plan."""
        await self._load()
        return self._price_of_plan[plan]

    async def learn(self, prices: set[str]) -> None:
        """Find out what these prices sell; older ones of ours tell it by their metadata."""
        if prices - self._plan_of_price.keys():
            await self._load()
        for price in prices - self._plan_of_price.keys():
            try:
                found = (await self._client.v1.prices.retrieve_async(price)).to_dict()
            except stripe.InvalidRequestError:
                found = {"metadata": {}}
            self._plan_of_price[price] = (found["metadata"] or {}).get("plan", "")

    def plan_of(self, price: str) -> str:
        """The plan that a price (learned before) sells; "" for what is none of ours."""
        plan = self._plan_of_price.get(price, "")
        return plan if plan in PLANS else ""

    async def portal(self) -> str:
        """Our rules of the portal: upgrade now, downgrade and cancel with the period (D1, D4)."""
        if not self._portal:
            await self._load()
            wanted = self._portal_rules()
            self._portal = await self._find_portal(wanted["metadata"]) or await self._make_portal(wanted)
        return self._portal

    async def _load(self) -> None:
        if len(self._price_of_plan) == len(PLANS):
            return
        listed = await self._client.v1.prices.list_async(
            {"lookup_keys": [_lookup_key(plan) for plan in PLANS.values()], "active": True, "limit": 100}
        )
        found = {price.lookup_key: price.to_dict() for price in listed.data}
        for plan in PLANS.values():
            price = found.get(_lookup_key(plan)) or await self._make_price(plan)
            self._price_of_plan[plan.id] = price["id"]
            self._plan_of_price[price["id"]] = plan.id
            self._products[plan.id] = price["product"]

    async def _make_price(self, plan: Plan) -> dict[str, Any]:
        made = await self._client.v1.prices.create_async(
            {
                "currency": "jpy",
                "unit_amount": plan.amount,
                "tax_behavior": "inclusive",
                "recurring": {"interval": "month"},
                "product": await self._product(plan),
                "lookup_key": _lookup_key(plan),
                "metadata": {"plan": plan.id},
            },
            {"idempotency_key": f"naraigoto:price:{_lookup_key(plan)}"},
        )
        return made.to_dict()

    async def _product(self, plan: Plan) -> str:
        with _PRODUCTS.open(encoding="utf-8") as file:
            words = next(row for row in csv.DictReader(file) if row["plan"] == plan.id)
        product = f"naraigoto_{plan.id}"
        try:
            await self._client.v1.products.create_async(
                {"id": product, "name": words["name"], "description": words["description"]}
            )
        except stripe.InvalidRequestError as refusal:
            if refusal.code != "resource_already_exists":
                raise
        return product

    def _portal_rules(self) -> Any:
        features = {
            "payment_method_update": {"enabled": True},
            "invoice_history": {"enabled": True},
            "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
            "subscription_update": {
                "enabled": True,
                "default_allowed_updates": ["price"],
                "proration_behavior": "always_invoice",
                "schedule_at_period_end": {"conditions": [{"type": "decreasing_item_amount"}]},
                "products": [
                    {"product": self._products[plan], "prices": [self._price_of_plan[plan]]} for plan in PLANS
                ],
            },
        }
        mark = hashlib.sha256(json.dumps(features, sort_keys=True).encode()).hexdigest()[:16]
        return {"features": features, "metadata": {"naraigoto": mark}}

    async def _find_portal(self, metadata: dict[str, str]) -> str:
        listed = await self._client.v1.billing_portal.configurations.list_async(
            {"active": True, "limit": 100}
        )
        known = [each for each in (one.to_dict() for one in listed.data) if each.get("metadata") == metadata]
        return known[0]["id"] if known else ""

    async def _make_portal(self, wanted: Any) -> str:
        mark = wanted["metadata"]["naraigoto"]
        made = await self._client.v1.billing_portal.configurations.create_async(
            wanted, {"idempotency_key": f"naraigoto:portal:{mark}"}
        )
        return made.id


def _lookup_key(plan: Plan) -> str:
    # The amount is part of it: a new price in rules.py is a new price at Stripe, and old ones stay.
    return f"naraigoto_{plan.id}_{plan.amount}_jpy"
