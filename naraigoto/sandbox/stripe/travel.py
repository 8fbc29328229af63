"""Time: what falls due happens by itself, or when somebody moves a customer's clock."""

from collections.abc import Callable, Iterator

from naraigoto.sandbox.stripe import billing
from naraigoto.sandbox.stripe.store import Json, Store


def catch_up(store: Store) -> None:
    """Let everything happen that has fallen due, for every customer, each at its own moment."""
    for customer in {each["customer"] for each in [*_live(store), *_open(store)]}:
        ahead = store.ahead(customer)
        _happen(store, customer, store.now(customer))
        store.sql.execute("INSERT OR REPLACE INTO clocks VALUES (?, ?)", (customer, ahead))


def advance(store: Store, customer: str, target: int) -> None:
    """Move a customer's clock forward; renewals, retries and endings happen on the way, in their order."""
    _happen(store, customer, target)
    store.set_clock(customer, target)


def _happen(store: Store, customer: str, until: int) -> None:
    while dues := sorted(_dues(store, customer), key=lambda due: due[0]):
        moment, act = dues[0]
        if moment > until:
            return
        store.set_clock(customer, moment)
        act()


def _dues(store: Store, customer: str) -> Iterator[tuple[int, Callable[[], None]]]:
    for session in _open(store, customer):
        yield session["expires_at"], lambda session=session: billing.lapse(store, session)
    for subscription in _live(store, customer):
        unpaid = billing.open_invoice(store, subscription)
        if unpaid and unpaid["next_payment_attempt"]:
            yield (
                unpaid["next_payment_attempt"],
                lambda found=subscription, unpaid=unpaid: billing.attempt(store, found, unpaid),
            )
        yield (
            billing.item_of(subscription)["current_period_end"],
            lambda found=subscription: billing.renew(store, found),
        )


def _live(store: Store, customer: str | None = None) -> list[Json]:
    found = store.all("subscription", customer=customer)
    return [each for each in found if each["status"] in billing.LIVE]


def _open(store: Store, customer: str | None = None) -> list[Json]:
    found = store.all("checkout.session", customer=customer)
    return [each for each in found if each["status"] == "open"]
