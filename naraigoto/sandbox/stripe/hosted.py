"""The page where an order is paid, and the receipts."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from naraigoto.sandbox.stripe import billing
from naraigoto.sandbox.stripe.cards import CARDS
from naraigoto.sandbox.stripe.forms import parse
from naraigoto.sandbox.stripe.money import Outcome
from naraigoto.sandbox.stripe.periods import period_after
from naraigoto.sandbox.stripe.rendering import page
from naraigoto.sandbox.stripe.store import Json, Store
from naraigoto.texts import stripe_sandbox as texts


def routes() -> list[Route]:
    """Addresses that people see."""
    return [
        Route("/dev/stripe/pay/{id}", show_order, methods=["GET"]),
        Route("/dev/stripe/pay/{id}", pay_order, methods=["POST"]),
        Route("/dev/stripe/receipts/{id}", show_receipt, methods=["GET"]),
    ]


async def show_order(request: Request) -> Response:
    """What is bought, and the cards to choose from."""
    store, session = _order(request)
    if session is None:
        return nothing()
    return _order_page(store, session)


async def pay_order(request: Request) -> Response:
    """Pay with the chosen card."""
    form = parse((await request.body()).decode())
    store, session = _order(request)  # only now: another press may have paid while this form came in
    if session is None:
        return nothing()
    card = CARDS.get(str(form.get("card")))
    if session["status"] != "open":
        return _order_page(store, session)
    if card is None:
        return _order_page(store, session, error=texts.CHOOSE_CARD)
    if form.get("bank") == "no":
        return _order_page(store, session, error=texts.NOT_CONFIRMED)
    with store.transaction():
        outcome = billing.buy(store, session, card, confirmed=form.get("bank") == "yes")
    if outcome is Outcome.DECLINED:
        return _order_page(store, session, error=texts.DECLINED)
    if outcome is Outcome.ASKS:
        return bank(request.url.path, {"card": card.id}, session["amount_total"])
    return RedirectResponse(_success(session), 303)


async def show_receipt(request: Request) -> Response:
    """The receipt of an invoice."""
    store: Store = request.app.state.store
    invoice = store.get(request.path_params["id"])
    if invoice is None or invoice["object"] != "invoice":
        return nothing()
    names = {price["id"]: store.need(price["product"])["name"] for price in store.all("price")}
    customer = store.need(invoice["customer"])
    return page("receipt.html", invoice=invoice, customer=customer, names=names)


def bank(action: str, values: Json, amount: int) -> Response:
    """The bank of the card asks whether it is really the customer."""
    return page("bank.html", action=action, values=values, amount=amount)


def nothing() -> Response:
    """There is no such page."""
    return page("nothing.html", status=404)


def _order(request: Request) -> tuple[Store, Json | None]:
    store: Store = request.app.state.store
    session = store.get(request.path_params["id"])
    return store, session if session and session["object"] == "checkout.session" else None


def _order_page(store: Store, session: Json, **more: Any) -> Response:
    price = store.need(session["_price"])
    now = store.now(session["customer"])
    return page(
        "pay.html",
        session=session,
        product=store.need(price["product"]),
        renews=period_after(now, now),
        cards=CARDS.values(),
        back=session["cancel_url"] or store.origin,
        success=_success(session),
        **more,
    )


def _success(session: Json) -> str:
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
