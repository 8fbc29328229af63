"""The page of one customer: plan, card, cancelling, receipts."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from naraigoto.sandbox.stripe import billing
from naraigoto.sandbox.stripe.cards import CARDS
from naraigoto.sandbox.stripe.forms import parse
from naraigoto.sandbox.stripe.hosted import bank, nothing
from naraigoto.sandbox.stripe.money import Outcome, card_of
from naraigoto.sandbox.stripe.rendering import page
from naraigoto.sandbox.stripe.store import Json, Store
from naraigoto.texts import stripe_sandbox as texts

Answer = str | Response  # what was done, or a page that asks for more


class Wrong(Exception):
    """What was chosen does not work; the text says why."""


def routes() -> list[Route]:
    """Addresses that people see."""
    return [
        Route("/dev/stripe/portal/{id}", show_portal, methods=["GET"]),
        Route("/dev/stripe/portal/{id}", change, methods=["POST"]),
    ]


async def show_portal(request: Request) -> Response:
    """How things stand, and what can be changed."""
    store, portal = _portal(request)
    if portal is None:
        return nothing()
    return _page(store, portal, said=texts.SAID.get(request.query_params.get("said", ""), ""))


async def change(request: Request) -> Response:
    """Do one thing, then show the page again."""
    store, portal = _portal(request)
    if portal is None:
        return nothing()
    form = parse((await request.body()).decode())
    subscription = _current(store, portal["customer"])
    verb = _VERBS.get(str(form.get("do")))
    if subscription is None or verb is None:
        return _page(store, portal)
    try:
        with store.transaction():
            answer = verb(store, subscription, form)
    except Wrong as wrong:
        return _page(store, portal, error=str(wrong))
    if isinstance(answer, Response):
        return answer
    return RedirectResponse(f"{request.url.path}?said={answer}", 303)


def _take_card(store: Store, subscription: Json, form: Json) -> Answer:
    card = CARDS.get(str(form.get("card")))
    if card is None:
        raise Wrong(texts.CHOOSE_CARD)
    if form.get("bank") == "no":
        raise Wrong(texts.NOT_CONFIRMED)
    unpaid = billing.open_invoice(store, subscription)
    outcome = billing.pay(store, subscription, card, confirmed=form.get("bank") == "yes")
    if outcome is Outcome.DECLINED:
        raise Wrong(texts.DECLINED)
    if outcome is Outcome.ASKS:
        return bank("", {"do": "card", "card": card.id}, unpaid["amount_due"] if unpaid else 0)
    return "paid" if unpaid else "card"


def _pay_open(store: Store, subscription: Json, form: Json) -> Answer:
    return _take_card(store, subscription, {**form, "card": card_of(store, subscription["customer"]).id})


def _change_plan(store: Store, subscription: Json, form: Json) -> Answer:
    now = billing.item_of(subscription)["price"]
    wanted = next((each for each in _prices(store) if each["id"] == form.get("price")), None)
    if wanted is None or subscription["status"] != "active" or subscription["cancel_at"] is not None:
        raise Wrong(texts.CHOOSE_PLAN)
    if wanted["id"] == now["id"]:
        billing.release(store, subscription)
        return "kept"
    if wanted["unit_amount"] < now["unit_amount"]:
        billing.downgrade(store, subscription, wanted)
        return "downgraded"
    if billing.upgrade(store, subscription, wanted) is not Outcome.PAID:
        raise Wrong(texts.DECLINED)
    return "upgraded"


def _cancel(store: Store, subscription: Json, _form: Json) -> Answer:
    billing.release(store, subscription)
    billing.set_moment(store, subscription, ends=True)
    return "cancelled"


def _resume(store: Store, subscription: Json, _form: Json) -> Answer:
    billing.set_moment(store, subscription, ends=False)
    return "resumed"


_VERBS: dict[str, Callable[[Store, Json, Json], Answer]] = {
    "card": _take_card,
    "pay": _pay_open,
    "plan": _change_plan,
    "cancel": _cancel,
    "resume": _resume,
}


def _portal(request: Request) -> tuple[Store, Json | None]:
    store: Store = request.app.state.store
    found = store.get(request.path_params["id"])
    return store, found if found and found["object"] == "billing_portal.session" else None


def _current(store: Store, customer: str) -> Json | None:
    """The subscription that lives."""
    live = [each for each in store.all("subscription", customer=customer) if each["status"] in billing.LIVE]
    return live[0] if live else None


def _prices(store: Store) -> list[Json]:
    """What one may change to, cheapest first."""
    return sorted(
        (each for each in store.all("price") if each["active"]), key=lambda each: each["unit_amount"]
    )


def _page(store: Store, portal: Json, **more: Any) -> Response:
    customer = store.need(portal["customer"])
    subscription = _current(store, customer["id"])
    later = None
    if subscription and subscription["schedule"]:
        later = store.need(store.need(subscription["schedule"])["phases"][-1]["items"][0]["price"])
    return page(
        "portal.html",
        portal=portal,
        customer=customer,
        subscription=subscription,
        item=billing.item_of(subscription) if subscription else None,
        unpaid=billing.open_invoice(store, subscription) if subscription else None,
        later=later,
        prices=_prices(store),
        names={each["id"]: each["name"] for each in store.all("product")},
        card=CARDS.get(customer["_card"]),
        cards=CARDS.values(),
        invoices=store.all("invoice", customer=customer["id"]),
        **more,
    )
