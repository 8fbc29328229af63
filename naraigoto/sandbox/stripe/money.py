"""Collecting an invoice's money, and giving it back."""

from enum import StrEnum

from naraigoto.sandbox.stripe import shapes
from naraigoto.sandbox.stripe.cards import CARDS, Card
from naraigoto.sandbox.stripe.events import emit
from naraigoto.sandbox.stripe.forms import StripeRefusal
from naraigoto.sandbox.stripe.periods import DAY
from naraigoto.sandbox.stripe.store import Json, Store

# When an unpaid renewal is tried again, counted from the last attempt; then Stripe gives up.
RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)


class Outcome(StrEnum):
    """What came of an attempt to pay."""

    PAID = "paid"
    DECLINED = "declined"
    ASKS = "asks"  # the bank wants to hear from the customer first


def fail_next(customer: str) -> str:
    """Name of the switch that lets the next payment of a customer fail, whatever the card."""
    return f"fail_next:{customer}"


def try_card(store: Store, customer: str, card: Card, *, present: bool, confirmed: bool = False) -> Outcome:
    """What the card's bank says; `present` is the customer before a page, `confirmed` a yes to the bank."""
    if store.switch(fail_next(customer)):
        store.turn(fail_next(customer), "")
        return Outcome.DECLINED
    if (card.asks_now if present else card.asks_later) and not confirmed:
        return Outcome.ASKS
    works = card.works_now if present else card.works_later
    return Outcome.PAID if works else Outcome.DECLINED


def card_of(store: Store, customer: str) -> Card:
    """The card a customer pays with."""
    return CARDS[store.need(customer)["_card"] or "declined"]


def bill(store: Store, subscription: Json, lines: list[Json], reason: str) -> Json:
    """A new invoice with its payment intent, not yet paid."""
    customer = subscription["customer"]
    now = store.now(customer)
    count = len(store.all("invoice", customer=customer)) + 1
    number = f"{customer[-6:].upper()}-{count:04d}"
    invoice = shapes.invoice(subscription, lines, reason, number, now)
    subscription["latest_invoice"] = invoice["id"]
    return keep(store, invoice, now)


def keep(store: Store, invoice: Json, now: int) -> Json:
    """Keep a new invoice, with a payment intent when there is something to pay."""
    customer = invoice["customer"]
    if invoice["amount_due"] > 0:
        intent = store.add(shapes.payment_intent(invoice, now), customer=customer)
        link = store.add(shapes.invoice_payment(invoice, intent, now), customer=customer)
        invoice["_payment"] = link["id"]
    invoice["hosted_invoice_url"] = f"{store.origin}/dev/stripe/receipts/{invoice['id']}"
    return store.add(invoice, customer=customer)


def settle(store: Store, invoice: Json) -> None:
    """The money came, and two events tell of it, as Stripe does."""
    mark_paid(store, invoice, store.now(invoice["customer"]))
    emit(store, "invoice.paid", invoice)
    emit(store, "invoice.payment_succeeded", invoice)


def mark_paid(store: Store, invoice: Json, now: int) -> None:
    """Charge, intent and invoice say that the money came."""
    if link_id := invoice["_payment"]:
        link = store.need(link_id)
        intent = store.need(link["payment"]["payment_intent"])
        charge = store.add(shapes.charge(intent, now), customer=invoice["customer"])
        store.save(intent | {"status": "succeeded", "latest_charge": charge["id"]})
        store.save(link | {"status": "paid", "amount_paid": invoice["amount_due"]})
    invoice["status"] = "paid"
    invoice["attempted"] = True
    invoice["attempt_count"] += 1
    invoice["amount_paid"], invoice["amount_remaining"] = invoice["amount_due"], 0
    invoice["next_payment_attempt"] = None
    invoice["status_transitions"]["paid_at"] = now
    store.save(invoice)


def miss(store: Store, invoice: Json, outcome: Outcome) -> bool:
    """The money did not come; False when nothing more is tried."""
    invoice["attempted"] = True
    invoice["attempt_count"] += 1
    again = invoice["attempt_count"] <= len(RETRIES)
    wait = RETRIES[invoice["attempt_count"] - 1] if again else 0
    invoice["next_payment_attempt"] = store.now(invoice["customer"]) + wait if again else None
    store.save(invoice)
    emit(store, "invoice.payment_failed", invoice)
    if outcome is Outcome.ASKS:
        emit(store, "invoice.payment_action_required", invoice)
    return again


def refund(store: Store, charge: Json, amount: int | None) -> Json:
    """Give money back, all of what is left unless told otherwise.

    Raises: StripeRefusal.
    """
    left: int = charge["amount"] - charge["amount_refunded"]
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        raise StripeRefusal(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
            code="charge_already_refunded" if left == 0 else "amount_too_large",
            param="amount",
        )
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    store.save(charge)
    customer = charge["customer"]
    given = store.add(shapes.refund(charge, amount, store.now(customer)), customer=customer)
    emit(store, "charge.refunded", charge)
    return given
