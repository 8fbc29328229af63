"""`/v1`: what Stripe's official client asks us for; everything else gets Stripe's own refusals."""

import hashlib
import json
import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from naraigoto.sandbox.stripe import billing, money, shapes
from naraigoto.sandbox.stripe.events import emit
from naraigoto.sandbox.stripe.forms import StripeRefusal, is_true, missing, need, parse
from naraigoto.sandbox.stripe.listing import expand, page
from naraigoto.sandbox.stripe.store import Json, Store, new_id, public

Verb = Callable[[Store, Json, str], Json]
_KEEP_ANSWERS = 86_400


def routes() -> list[Route]:
    """Every address of the API."""
    return [
        *_resource("customers", "customer", create=create_customer, update=update_customer),
        *_resource("products", "product", create=create_product),
        *_resource("prices", "price", create=create_price),
        *_resource("billing_portal/configurations", "billing_portal.configuration", create=create_rules),
        *_resource("checkout/sessions", "checkout.session", create=create_checkout),
        *_resource("subscriptions", "subscription", update=update_subscription, delete=cancel_subscription),
        *_resource("subscription_schedules", "subscription_schedule"),
        *_resource("invoices", "invoice"),
        *_resource("invoice_payments", "invoice_payment"),
        *_resource("payment_intents", "payment_intent"),
        *_resource("charges", "charge"),
        *_resource("refunds", "refund", create=create_refund),
        *_resource("events", "event"),
        _route("POST", "billing_portal/sessions", create_portal),
        _route("POST", "checkout/sessions/{id}/expire", expire_checkout),
        _route("POST", "subscription_schedules/{id}/release", release_schedule),
        Route("/v1/{rest:path}", _unknown, methods=["GET", "POST", "DELETE"]),
    ]


def create_customer(store: Store, params: Json, _id: str) -> Json:
    """Somebody who pays."""
    made = shapes.customer(params, store.now())
    store.add(made, customer=made["id"])
    emit(store, "customer.created", made)
    return made


def update_customer(store: Store, params: Json, id_: str) -> Json:
    """Another name or address; metadata is merged."""
    found = _found(store, "customer", id_)
    metadata = {**found["metadata"], **params.get("metadata", {})}
    changed = {name: params[name] for name in ("email", "name") if name in params}
    return store.save({**found, **changed, "metadata": metadata})


def create_product(store: Store, params: Json, _id: str) -> Json:
    """Something to sell."""
    if store.get(params.get("id", "")):
        raise StripeRefusal("Product already exists.", code="resource_already_exists", param="id")
    need(params, "name")
    return store.add(shapes.product(params, store.now()))


def create_price(store: Store, params: Json, _id: str) -> Json:
    """What it costs; a lookup key belongs to one price."""
    _found(store, "product", need(params, "product"))
    key = params.get("lookup_key")
    if key and any(each["lookup_key"] == key for each in store.all("price")):
        raise StripeRefusal(f"A price already uses that lookup key: {key}", param="lookup_key")
    for name in ("currency", "unit_amount"):
        need(params, name)
    return store.add(shapes.price(params, store.now()))


def create_rules(store: Store, params: Json, _id: str) -> Json:
    """What the portal offers; ours always offers the same."""
    kept = {"features": need(params, "features"), "metadata": params.get("metadata") or {}}
    made = {"id": new_id("bpc"), "object": "billing_portal.configuration", "active": True}
    return store.add({**made, "created": store.now(), "livemode": False, **kept})


def create_checkout(store: Store, params: Json, _id: str) -> Json:
    """An order with a page to pay it on."""
    customer = _found(store, "customer", need(params, "customer"))
    need(params, "success_url")
    if params.get("mode") != "subscription":
        raise StripeRefusal("The sandbox sells subscriptions only.", param="mode")
    lines = need(params, "line_items")
    price = _found(store, "price", lines[0].get("price", ""))
    session = shapes.checkout_session(params, price, store.now(customer["id"]))
    session["url"] = f"{store.origin}/dev/stripe/pay/{session['id']}"
    return store.add(session, customer=customer["id"])


def expire_checkout(store: Store, _params: Json, id_: str) -> Json:
    """Close an open order."""
    session = _found(store, "checkout.session", id_)
    if session["status"] != "open":
        raise StripeRefusal('Only Checkout Sessions with a status in ["open"] can be expired.')
    billing.lapse(store, session)
    return session


def create_portal(store: Store, params: Json, _id: str) -> Json:
    """A page for one customer."""
    customer = _found(store, "customer", need(params, "customer"))
    made = {
        "id": new_id("bps"),
        "object": "billing_portal.session",
        "created": store.now(customer["id"]),
        "customer": customer["id"],
        "configuration": params.get("configuration"),
        "return_url": params.get("return_url") or store.origin,
        "livemode": False,
    }
    made["url"] = f"{store.origin}/dev/stripe/portal/{made['id']}"
    return store.add(made, customer=customer["id"])


def update_subscription(store: Store, params: Json, id_: str) -> Json:
    """End it with its period, or let it go on; its plan changes on the portal's page only."""
    subscription = _found(store, "subscription", id_)
    if unknown := params.keys() - {"cancel_at_period_end", "cancel_at", "metadata", "expand"}:
        raise StripeRefusal(f"Received unknown parameter: {min(unknown)}", code="parameter_unknown")
    if subscription["status"] not in billing.LIVE:
        raise StripeRefusal("A canceled subscription can only update its cancellation_details and metadata.")
    if params.keys() >= {"cancel_at_period_end", "cancel_at"} or params.get("cancel_at"):
        raise StripeRefusal("Here a moment of the end can only be taken back.", param="cancel_at")
    if params.keys() & {"cancel_at_period_end", "cancel_at"}:
        if subscription["schedule"]:
            raise StripeRefusal(
                "The subscription is managed by a subscription schedule, and updating any cancelation"
                " behavior directly is not allowed. Please update the schedule instead."
            )
        if "cancel_at" in params:
            billing.set_moment(store, subscription, ends=False)
        else:
            billing.set_flag(store, subscription, ends=is_true(params["cancel_at_period_end"]))
    subscription["metadata"] |= params.get("metadata", {})
    return store.save(subscription)


def cancel_subscription(store: Store, _params: Json, id_: str) -> Json:
    """End it now."""
    subscription = _found(store, "subscription", id_)
    if subscription["status"] == "canceled":
        raise missing("subscription", id_)
    billing.end(store, subscription, store.now(subscription["customer"]))
    return subscription


def release_schedule(store: Store, _params: Json, id_: str) -> Json:
    """Forget a planned downgrade."""
    schedule = _found(store, "subscription_schedule", id_)
    if schedule["status"] != "active":
        raise StripeRefusal(f"You cannot release a schedule that is {schedule['status']}.")
    billing.release(store, store.need(schedule["subscription"]))
    return store.need(id_)


def create_refund(store: Store, params: Json, _id: str) -> Json:
    """Give money back."""
    charge = params.get("charge")
    if charge is None:
        charge = _found(store, "payment_intent", need(params, "payment_intent"))["latest_charge"] or ""
    amount = int(params["amount"]) if "amount" in params else None
    return money.refund(store, _found(store, "charge", charge), amount)


def _resource(
    path: str,
    kind: str,
    *,
    create: Verb | None = None,
    update: Verb | None = None,
    delete: Verb | None = None,
) -> list[Route]:
    def read(store: Store, _params: Json, id_: str) -> Json:
        return _found(store, kind, id_)

    def read_all(store: Store, params: Json, _id: str) -> Json:
        return page(store, kind, f"/v1/{path}", params)

    one = f"{path}/{{id}}"
    found = [_route("GET", path, read_all), _route("GET", one, read)]
    wanted = (("POST", path, create), ("POST", one, update), ("DELETE", one, delete))
    return found + [_route(method, where, verb) for method, where, verb in wanted if verb]


def _route(method: str, path: str, verb: Verb) -> Route:
    async def answer(request: Request) -> Response:
        body = (await request.body()).decode()
        store: Store = request.app.state.store
        with store.transaction():
            return _once(store, request, body, lambda: _run(store, verb, request, body))

    endpoint: Callable[[Request], Awaitable[Response]] = answer
    return Route(f"/v1/{path}", endpoint, methods=[method])


def _run(store: Store, verb: Verb, request: Request, body: str) -> tuple[int, Json]:
    store.sql.execute("SAVEPOINT verb")
    try:
        params = parse(body if request.method == "POST" else request.url.query)
        done = public(verb(store, params, request.path_params.get("id", "")))
        expand(store, done, params.get("expand", []))
    except (StripeRefusal, ValueError) as wrong:
        store.sql.execute("ROLLBACK TO verb")
        refusal = wrong if isinstance(wrong, StripeRefusal) else StripeRefusal("Invalid integer.")
        return refusal.status, refusal.body
    return 200, done


def _once(store: Store, request: Request, body: str, run: Callable[[], tuple[int, Json]]) -> Response:
    """The same key with the same request gets the same answer again; with another request it is refused."""
    key = request.headers.get("idempotency-key")
    if request.method != "POST" or key is None:
        return _answer(*run())
    store.sql.execute("DELETE FROM answers WHERE at < ?", (time.time() - _KEEP_ANSWERS,))
    asked = hashlib.sha256(f"{request.url.path}\n{body}".encode()).hexdigest()
    known = store.sql.execute("SELECT asked, status, body FROM answers WHERE key = ?", (key,)).fetchone()
    if known is None:
        status, answer = run()
        written = (key, asked, status, json.dumps(answer, ensure_ascii=False), time.time())
        store.sql.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?)", written)
        return _answer(status, answer)
    if known[0] != asked:
        refusal = StripeRefusal(
            "Keys for idempotent requests can only be used with the parameters they were first used with.",
            kind="idempotency_error",
        )
        return _answer(refusal.status, refusal.body)
    replayed = _answer(known[1], json.loads(known[2]))
    replayed.headers["idempotent-replayed"] = "true"
    return replayed


def _answer(status: int, body: Json) -> Response:
    return JSONResponse(body, status, {"request-id": new_id("req")})


async def _unknown(request: Request) -> Response:
    message = f"Unrecognized request URL ({request.method}: {request.url.path})."
    return _answer(404, StripeRefusal(message).body)


def _found(store: Store, kind: str, id_: str) -> Json:
    found = store.get(id_)
    if found is None or found["object"] != kind:
        raise missing(kind, id_)
    return found
