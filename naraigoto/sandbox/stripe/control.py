"""/dev/stripe: time, deliveries and mishaps, for the people who build and try the site."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from naraigoto import clock
from naraigoto.sandbox.stripe import billing, deliveries, events, money, travel
from naraigoto.sandbox.stripe.cards import CARDS
from naraigoto.sandbox.stripe.forms import StripeRefusal, parse
from naraigoto.sandbox.stripe.hosted import nothing
from naraigoto.sandbox.stripe.periods import DAY, months_after
from naraigoto.sandbox.stripe.rendering import page
from naraigoto.sandbox.stripe.store import Json, Store
from naraigoto.texts import stripe_sandbox as texts

_SHOWN = 60
_CUSTOMERS_SHOWN = 8
_FURTHEST = 3 * 366 * DAY


def routes() -> list[Route]:
    """Addresses that people see."""
    return [
        Route("/dev/stripe", show, methods=["GET"]),
        Route("/dev/stripe", deliver, methods=["POST"]),
        Route("/dev/stripe/customers/{id}", show_customer, methods=["GET"]),
        Route("/dev/stripe/customers/{id}", treat_customer, methods=["POST"]),
    ]


async def show(request: Request) -> Response:
    """Deliveries and customers."""
    store: Store = request.app.state.store
    return page(
        "control.html",
        said=texts.SAID.get(request.query_params.get("said", ""), ""),
        hold=store.switch(events.HOLD),
        copies=store.switch(events.COPIES, "1"),
        deliveries=_deliveries(store),
        held=_count(store, "held"),
        shown=_CUSTOMERS_SHOWN,
        customers=[_line(store, each) for each in store.all("customer")],
        cards=CARDS.values(),
    )


async def deliver(request: Request) -> Response:
    """Hold, double, let go, send again."""
    store: Store = request.app.state.store
    form = parse((await request.body()).decode())
    said = "switched"
    with store.transaction():
        match form.get("do"):
            case "hold":
                store.turn(events.HOLD, "1")
            case "copies" if form.get("copies") in {"1", "2", "3"}:
                store.turn(events.COPIES, form["copies"])
            case "let_go":
                store.turn(events.HOLD, "")
                deliveries.let_go(store, str(form.get("order")))
            case "again" if str(form.get("delivery")).isdecimal():
                deliveries.again(store, int(form["delivery"]))
                said = "sent"
            case _:
                return RedirectResponse("/dev/stripe", 303)
    return RedirectResponse(f"/dev/stripe?said={said}", 303)


async def show_customer(request: Request) -> Response:
    """One customer: its clock, its plan, its invoices."""
    store, customer = _customer(request)
    if customer is None:
        return nothing()
    return _customer_page(store, customer, said=texts.SAID.get(request.query_params.get("said", ""), ""))


async def treat_customer(request: Request) -> Response:
    """Move its clock, let a payment fail, give money back."""
    store, customer = _customer(request)
    if customer is None:
        return nothing()
    form = parse((await request.body()).decode())
    try:
        with store.transaction():
            said = _treat(store, customer["id"], form)
    except (StripeRefusal, ValueError):
        return _customer_page(store, customer, error=texts.BAD_MOMENT)
    return RedirectResponse(f"{request.url.path}?said={said}", 303)


def _treat(store: Store, customer: str, form: Json) -> str:
    now = store.now(customer)
    match form.get("do"):
        case "day":
            travel.advance(store, customer, now + DAY)
        case "month":
            travel.advance(store, customer, months_after(now, 1))
        case "until":
            travel.advance(store, customer, _moment(str(form.get("until")), now))
        case "fail":
            store.turn(money.fail_next(customer), "" if store.switch(money.fail_next(customer)) else "1")
            return "switched"
        case "refund":
            charge = store.get(str(form.get("charge")))
            if charge and charge["object"] == "charge":
                money.refund(store, charge, None)
            return "refunded"
    return "travelled"


def _moment(written: str, now: int) -> int:
    """A Japanese date and time, later than now and within reach.

    Raises: ValueError.
    """
    target = int(datetime.fromisoformat(written).replace(tzinfo=clock.JST).timestamp())
    if not now < target < now + _FURTHEST:
        raise ValueError(written)
    return target


def _customer(request: Request) -> tuple[Store, Json | None]:
    store: Store = request.app.state.store
    found = store.get(request.path_params["id"])
    return store, found if found and found["object"] == "customer" else None


def _customer_page(store: Store, customer: Json, **more: Any) -> Response:
    intents = {each["id"]: each for each in store.all("payment_intent", customer=customer["id"])}
    charges = {each["id"]: each for each in store.all("charge", customer=customer["id"])}
    paid_by = {
        each["invoice"]: charges.get(intents[each["payment"]["payment_intent"]]["latest_charge"])
        for each in store.all("invoice_payment", customer=customer["id"])
    }
    return page(
        "customer.html",
        line=_line(store, customer),
        fails=store.switch(money.fail_next(customer["id"])),
        until=f"{datetime.fromtimestamp(store.now(customer['id']), clock.JST):%Y-%m-%dT%H:%M}",
        invoices=[(each, paid_by.get(each["id"])) for each in store.all("invoice", customer=customer["id"])],
        **more,
    )


def _line(store: Store, customer: Json) -> dict[str, Any]:
    found = store.all("subscription", customer=customer["id"])
    return {
        "customer": customer,
        "now": store.now(customer["id"]),
        "travelled": abs(store.ahead(customer["id"])) > 1,
        "subscription": found[0] if found else None,
        "item": billing.item_of(found[0]) if found else None,
        "product": store.need(billing.item_of(found[0])["price"]["product"])["name"] if found else "",
    }


def _deliveries(store: Store) -> list[dict[str, Any]]:
    rows = store.sql.execute(
        "SELECT id, type, state, attempts, answer FROM deliveries ORDER BY id DESC LIMIT ?", (_SHOWN,)
    )
    return [dict(zip(("id", "type", "state", "attempts", "answer"), row, strict=True)) for row in rows]


def _count(store: Store, state: str) -> int:
    return store.sql.execute("SELECT count(*) FROM deliveries WHERE state = ?", (state,)).fetchone()[0]
