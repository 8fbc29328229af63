"""Doubt: what the news alone cannot settle is asked at Stripe, outside of the transaction, and told again.

A service that needs to know says `looks(Thing.SUBSCRIPTION, id, version)`. The first time that raises
`Doubt`, which rolls the transaction back; whoever works outside of it (`look`) asks Stripe and begins again
with the answer. `version` is the row's: an answer to an older row is no answer.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from naraigoto.adapters.payments import InvoiceState, Payments, SubscriptionState


class Thing(StrEnum):
    """What can be looked at."""

    SUBSCRIPTION = "subscription"
    INVOICE = "invoice"
    PAYMENT = "payment"  # the invoice that a payment intent paid


class Doubt(Exception):
    """Look at this thing and begin again."""

    def __init__(self, thing: Thing, number: str, version: int) -> None:
        super().__init__(thing.value)
        self.thing, self.number, self.version = thing, number, version


@dataclass
class Looks:
    """What was found at Stripe so far; None where Stripe knows no such thing."""

    found: dict[tuple[Thing, str], tuple[int, Any]] = field(default_factory=dict)

    def __call__(self, thing: Thing, number: str, version: int = 0) -> Any:
        """What Stripe says of the thing now.

        Raises: Doubt when nobody has looked since the row became this version.
        """
        known = self.found.get((thing, number))
        if known is None or known[0] != version:
            raise Doubt(thing, number, version)
        return known[1]

    def keep(self, doubt: Doubt, state: SubscriptionState | InvoiceState | None) -> None:
        """Remember an answer."""
        self.found[doubt.thing, doubt.number] = (doubt.version, state)


async def look(payments: Payments, doubt: Doubt) -> SubscriptionState | InvoiceState | None:
    """Ask Stripe; never inside a transaction.

    Raises: PaymentsUnavailable, PaymentsRefused.
    """
    match doubt.thing:
        case Thing.SUBSCRIPTION:
            return await payments.get_subscription(doubt.number)
        case Thing.INVOICE:
            return await payments.get_invoice(doubt.number)
        case Thing.PAYMENT:
            return await payments.invoice_of_payment(doubt.number)
