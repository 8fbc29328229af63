"""The life of a subscription: bought, renewed, failing, changed, ended."""

from naraigoto.sandbox.stripe import money, shapes
from naraigoto.sandbox.stripe.cards import Card
from naraigoto.sandbox.stripe.events import emit
from naraigoto.sandbox.stripe.money import Outcome
from naraigoto.sandbox.stripe.periods import period_after
from naraigoto.sandbox.stripe.store import Json, Store

LIVE = {"active", "past_due"}


def item_of(subscription: Json) -> Json:
    """The one thing a subscription of ours sells."""
    return subscription["items"]["data"][0]


def buy(store: Store, session: Json, card: Card, *, confirmed: bool) -> Outcome:
    """Pay an open checkout session. The events leave in the worst order: money first, the order last."""
    customer = session["customer"]
    outcome = money.try_card(store, customer, card, present=True, confirmed=confirmed)
    if outcome is not Outcome.PAID:
        return outcome
    now, price = store.now(customer), store.need(session["_price"])
    subscription = shapes.subscription(
        customer, price, session["_subscription_metadata"], now, period_after(now, now)
    )
    store.add(subscription, customer=customer)
    store.save(store.need(customer) | {"_card": card.id})
    item = item_of(subscription)
    period = (now, item["current_period_end"])
    lines = [shapes.line(subscription, price, price["unit_amount"], period, proration=False)]
    invoice = money.bill(store, subscription, lines, "subscription_create")
    money.settle(store, invoice)
    emit(store, "customer.subscription.created", subscription)
    subscription["status"] = "active"
    store.save(subscription)
    emit(store, "customer.subscription.updated", subscription, {"status": "incomplete"})
    done = {"status": "complete", "payment_status": "paid", "url": None}
    session |= done | {"subscription": subscription["id"], "invoice": invoice["id"]}
    emit(store, "checkout.session.completed", store.save(session))
    return outcome


def lapse(store: Store, session: Json) -> None:
    """Nobody paid in time, or the page was closed."""
    session |= {"status": "expired", "url": None}
    emit(store, "checkout.session.expired", store.save(session))


def renew(store: Store, subscription: Json) -> None:
    """The period is over: end it, or begin the next one and ask for its money."""
    item = item_of(subscription)
    begins = item["current_period_end"]
    if subscription["cancel_at"] is not None:
        end(store, subscription, begins)
        return
    before = {"items": {"data": [dict(item)]}}
    _follow_schedule(store, subscription)
    item["current_period_start"] = begins
    item["current_period_end"] = period_after(subscription["billing_cycle_anchor"], begins)
    price, period = item["price"], (begins, item["current_period_end"])
    lines = [shapes.line(subscription, price, price["unit_amount"], period, proration=False)]
    invoice = money.bill(store, subscription, lines, "subscription_cycle")
    store.save(subscription)
    attempt(store, subscription, invoice)
    if subscription["status"] == "active":
        emit(store, "customer.subscription.updated", subscription, before)


def attempt(store: Store, subscription: Json, invoice: Json) -> None:
    """Ask the kept card for an open invoice while the customer is away."""
    customer = subscription["customer"]
    outcome = money.try_card(store, customer, money.card_of(store, customer), present=False)
    if outcome is Outcome.PAID:
        _recover(store, subscription, invoice)
    elif money.miss(store, invoice, outcome):
        _change(store, subscription, status="past_due")
    else:
        end(store, subscription, store.now(customer))


def pay(store: Store, subscription: Json, card: Card, *, confirmed: bool) -> Outcome:
    """The customer is back with a card: keep it, and pay what is open."""
    customer = subscription["customer"]
    outcome = money.try_card(store, customer, card, present=True, confirmed=confirmed)
    if outcome is not Outcome.PAID:
        return outcome
    store.save(store.need(customer) | {"_card": card.id})
    if invoice := open_invoice(store, subscription):
        _recover(store, subscription, invoice)
    return outcome


def open_invoice(store: Store, subscription: Json) -> Json | None:
    """The invoice that waits for money, if any."""
    found = [
        invoice
        for invoice in store.all("invoice", customer=subscription["customer"])
        if invoice["status"] == "open" and invoice["id"] == subscription["latest_invoice"]
    ]
    return found[0] if found and subscription["status"] in LIVE else None


def upgrade(store: Store, subscription: Json, price: Json) -> Outcome:
    """To a dearer plan, now: the rest of the period is charged for at once, or nothing changes."""
    customer, item = subscription["customer"], item_of(subscription)
    card = money.card_of(store, customer)
    # The customer stands before the page and has just said yes to it.
    outcome = money.try_card(store, customer, card, present=True, confirmed=True)
    if outcome is not Outcome.PAID:
        return outcome
    release(store, subscription)
    now, old = store.now(customer), item["price"]
    start, stop = item["current_period_start"], item["current_period_end"]
    share = (stop - now) / (stop - start)
    lines = [
        shapes.line(subscription, one, round(sign * one["unit_amount"] * share), (now, stop), proration=True)
        for one, sign in ((old, -1), (price, 1))
    ]
    item["price"] = price
    invoice = money.bill(store, subscription, lines, "subscription_update")
    store.save(subscription)
    money.settle(store, invoice)
    emit(store, "customer.subscription.updated", subscription, {"items": {"data": [{**item, "price": old}]}})
    return outcome


def downgrade(store: Store, subscription: Json, price: Json) -> None:
    """To a cheaper plan, with the next period."""
    release(store, subscription)
    customer = subscription["customer"]
    made = store.add(shapes.schedule(subscription, price, store.now(customer)), customer=customer)
    _change(store, subscription, schedule=made["id"])


def release(store: Store, subscription: Json) -> None:
    """Forget a planned downgrade."""
    if schedule := subscription["schedule"]:
        store.save(store.need(schedule) | {"status": "released"})
        _change(store, subscription, schedule=None)


def set_flag(store: Store, subscription: Json, *, ends: bool) -> None:
    """Whether it ends with its period, as the API says it; the flag does not touch what the portal set."""
    if ends or subscription["cancel_at_period_end"]:
        _set_ending(store, subscription, ends=ends, flag=ends)


def set_moment(store: Store, subscription: Json, *, ends: bool) -> None:
    """Whether it ends with its period, as the portal says it: by the moment alone, without the flag."""
    _set_ending(store, subscription, ends=ends, flag=False)


def end(store: Store, subscription: Json, moment: int) -> None:
    """It is over."""
    if schedule := subscription["schedule"]:
        store.save(store.need(schedule) | {"status": "canceled"})
    if invoice := open_invoice(store, subscription):
        store.save(invoice | {"next_payment_attempt": None})
    subscription |= {"status": "canceled", "ended_at": moment, "schedule": None}
    subscription["canceled_at"] = subscription["canceled_at"] or moment
    emit(store, "customer.subscription.deleted", store.save(subscription))


def _set_ending(store: Store, subscription: Json, *, ends: bool, flag: bool) -> None:
    # Saying the same again changes nothing and tells nobody.
    now, stop = store.now(subscription["customer"]), item_of(subscription)["current_period_end"]
    _change(
        store,
        subscription,
        cancel_at_period_end=flag,
        cancel_at=stop if ends else None,
        canceled_at=now if ends else None,
    )


def _recover(store: Store, subscription: Json, invoice: Json) -> None:
    money.settle(store, invoice)
    if subscription["status"] != "active":
        _change(store, subscription, status="active")


def _follow_schedule(store: Store, subscription: Json) -> None:
    if schedule := subscription["schedule"]:
        plan = store.need(schedule)
        item_of(subscription)["price"] = store.need(plan["phases"][-1]["items"][0]["price"])
        store.save(plan | {"status": "released"})
        subscription["schedule"] = None


def _change(store: Store, subscription: Json, **values: object) -> None:
    before = {name: subscription[name] for name, value in values.items() if subscription[name] != value}
    if before:
        subscription |= values
        emit(store, "customer.subscription.updated", store.save(subscription), before)
