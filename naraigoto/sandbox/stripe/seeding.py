"""The demo's families with a plan, as customers here: their portal, renewals and cancelling work."""

from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from naraigoto.reference import plain_url
from naraigoto.sandbox.stripe import money, shapes
from naraigoto.sandbox.stripe.store import Json, Store

_PLANS = """
SELECT f.stripe_customer_id AS customer, s.stripe_subscription_id AS subscription, s.plan, u.email, u.name,
       extract(epoch FROM s.current_period_start)::bigint AS begins,
       extract(epoch FROM s.current_period_end)::bigint AS ends
FROM subscriptions s JOIN families f ON f.id = s.family_id JOIN users u ON u.id = f.parent_user_id
WHERE s.stripe_subscription_id LIKE 'sub\\_demo\\_%' AND f.stripe_customer_id IS NOT NULL
  AND s.status IN ('active', 'on_hold')
ORDER BY u.email  -- the family one signs in as comes last, and the control page shows the newest first
"""
_PAID = """
SELECT p.stripe_invoice_id AS invoice, s.stripe_subscription_id AS subscription, p.amount, p.kind,
       p.meta ->> 'plan' AS plan, extract(epoch FROM p.paid_at)::bigint AS paid_at
FROM payments p JOIN subscriptions s ON s.id = p.subscription_id
WHERE p.stripe_invoice_id LIKE 'in\\_demo\\_%' AND p.status = 'paid' ORDER BY p.paid_at
"""
_REASONS = {"first": "subscription_create", "upgrade": "subscription_update"}
_MONTH = 31 * 86_400


@dataclass(frozen=True)
class Seeds:
    """What the demo's database says about plans and paid invoices."""

    plans: list[Json]
    invoices: list[Json]


def demo_seeds(database_url: str) -> Seeds:
    """Read them; other families have their customers here already."""
    with (
        psycopg.connect(plain_url(database_url)) as connection,
        connection.cursor(row_factory=dict_row) as rows,
    ):
        return Seeds(rows.execute(_PLANS).fetchall(), rows.execute(_PAID).fetchall())


def as_json(seeds: Seeds) -> Json:
    """For the way to the sandbox's process."""
    return asdict(seeds)


def routes() -> list[Route]:
    """The door for seeds; only whoever starts the sandbox uses it."""
    return [Route("/seeds", plant, methods=["POST"]), Route("/seeds", uproot, methods=["DELETE"])]


async def plant(request: Request) -> Response:
    """Make what is not there yet; whoever has been seeded before keeps what happened since."""
    store: Store = request.app.state.store
    seeds = await request.json()
    with store.transaction():
        prices = {each["metadata"].get("plan"): each for each in store.all("price")}
        made = [_customer(store, plan, prices) for plan in seeds["plans"] if not store.get(plan["customer"])]
        fresh = {each["id"]: each for each in made}
        for invoice in seeds["invoices"]:
            if invoice["subscription"] in fresh:
                _invoice(store, fresh[invoice["subscription"]], invoice, prices)
    return JSONResponse({"customers": len(made)})


async def uproot(request: Request) -> Response:
    """Forget everything: the site has begun with an empty database."""
    store: Store = request.app.state.store
    with store.transaction():
        store.clear()
    return Response(status_code=204)


def _customer(store: Store, plan: dict[str, Any], prices: dict[str, Json]) -> Json:
    customer = shapes.customer({"email": plan["email"], "name": plan["name"]}, plan["begins"])
    store.add(customer | {"id": plan["customer"], "_card": "ok"}, customer=plan["customer"])
    price = prices[plan["plan"]]
    metadata = {"plan": plan["plan"]}
    made = shapes.subscription(plan["customer"], price, metadata, plan["begins"], plan["ends"])
    return store.add(made | {"id": plan["subscription"], "status": "active"}, customer=plan["customer"])


def _invoice(store: Store, subscription: Json, paid: dict[str, Any], prices: dict[str, Json]) -> None:
    price = prices[paid["plan"]]
    period = (paid["paid_at"], paid["paid_at"] + _MONTH)
    lines = [shapes.line(subscription, price, paid["amount"], period, proration=False)]
    reason = _REASONS.get(paid["kind"], "subscription_cycle")
    number = f"DEMO-{paid['invoice'][-13:]}"
    made = shapes.invoice(subscription, lines, reason, number, paid["paid_at"]) | {"id": paid["invoice"]}
    money.mark_paid(store, money.keep(store, made, paid["paid_at"]), paid["paid_at"])
    store.save(subscription | {"latest_invoice": made["id"]})
