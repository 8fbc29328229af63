"""The cards one may pay with here. Nobody types a number: a real one could not even be entered."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A test card and how it behaves; `last4` are those of Stripe's own test card."""

    id: str
    last4: str
    works_now: bool = True
    works_later: bool = True
    asks_now: bool = False
    asks_later: bool = False


CARDS = {
    card.id: card
    for card in (
        Card("ok", "4242"),
        Card("declined", "0002", works_now=False, works_later=False),
        Card("fails_later", "0341", works_later=False),
        Card("asks", "3155", asks_now=True),
        Card("asks_always", "3184", asks_now=True, asks_later=True),
    )
}
