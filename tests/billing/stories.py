"""Thirty families live ten events each, and what is left of them in the database.

Stripe promises neither order nor once, so every order and number of deliveries has to leave the same picture.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from naraigoto import db
from naraigoto.jobs import webhooks as job
from naraigoto.rules import WEBHOOK_BACKOFF, WEBHOOK_LEASE
from naraigoto.services import webhooks
from tests import factories as make
from tests import stripe_news as news

FAMILIES = 30
EVENTS = 300
_WORKERS = 4
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_TABLES = (
    "webhook_events, ticket_entries, ticket_balances, payments, subscriptions, outbox_messages,"
    " billing_issues"
)
_PICTURE = {
    "subscriptions": "stripe_subscription_id, plan, status, current_period_start, current_period_end,"
    " cancel_at_period_end, next_plan, last_event_at, status_at, ended_at, end_due_at",
    "payments": "family_id, stripe_invoice_id, stripe_payment_intent_id, kind, status, amount, meta, paid_at",
    "ticket_balances": "family_id, month, balance",
    "ticket_entries": "family_id, source_key, delta, reason",
    "billing_issues": "kind, key, facts",
}
Told = tuple[str, dict[str, Any], datetime]


@dataclass
class World:
    """Every event in the order of its making, and the Stripe that knows how it all ended."""

    events: list[dict[str, Any]] = field(default_factory=list)
    stripe: news.MemoryStripe = field(default_factory=news.MemoryStripe)


@dataclass(frozen=True)
class Home:
    """One family at Stripe."""

    number: int
    start: datetime

    @property
    def customer(self) -> str:
        """Stripe's name for the family."""
        return f"cus_{self.number}"

    def plan(self, at: datetime, **over: Any) -> dict[str, Any]:
        """The subscription in the period that began at `at`."""
        plan = over.pop("plan", "standard")
        return news.subscription(f"sub_{self.number}", self.customer, plan, at, at + 30 * _DAY, **over)

    def bill(self, turn: int, at: datetime, **over: Any) -> dict[str, Any]:
        """The invoice of a turn."""
        lines = over.pop("lines", None) or [news.line("standard", at, at + 30 * _DAY)]
        reason = over.pop("billing_reason", "subscription_cycle" if turn else "subscription_create")
        number = f"in_{self.number}_{turn}"
        return news.invoice(
            number, self.customer, f"sub_{self.number}", lines, at, billing_reason=reason, **over
        )


def _gone(thing: dict[str, Any], at: datetime) -> dict[str, Any]:
    return thing | {"status": "canceled", "ended_at": news.seconds(at)}


def _begun(home: Home) -> list[Told]:
    # All of one second, as Stripe makes them.
    at = home.start
    return [
        ("customer.subscription.created", home.plan(at, status="incomplete"), at),
        ("invoice.paid", home.bill(0, at), at),
        ("customer.subscription.updated", home.plan(at), at),
    ]


def _steady(home: Home) -> list[Told]:
    second, third = home.start + 30 * _DAY, home.start + 60 * _DAY
    return [
        *_begun(home),
        ("invoice.payment_succeeded", home.bill(0, home.start), home.start),
        ("customer.subscription.updated", home.plan(second), second),
        ("invoice.paid", home.bill(1, second), second + 3600 * _SECOND),
        ("invoice.payment_succeeded", home.bill(1, second), second + 3600 * _SECOND),
        ("customer.subscription.updated", home.plan(third), third),
        ("invoice.paid", home.bill(2, third), third + 3600 * _SECOND),
        ("customer.tax_id.created", {"id": "txi"}, third),
    ]


def _recovered(home: Home) -> list[Told]:
    due = home.start + 30 * _DAY
    unpaid = home.bill(1, due, status="open", next_payment_attempt=news.seconds(due + 3 * _DAY))
    again = unpaid | {"attempt_count": 2, "next_payment_attempt": None}
    paid_at = due + 5 * _DAY
    return [
        *_begun(home),
        ("invoice.payment_failed", unpaid, due),
        ("customer.subscription.updated", home.plan(due, status="past_due"), due),
        ("invoice.payment_action_required", unpaid, due),
        ("invoice.payment_failed", again, due + 3 * _DAY),
        ("invoice.paid", home.bill(1, due, attempt_count=3), paid_at),
        ("invoice.payment_succeeded", home.bill(1, due, attempt_count=3), paid_at),
        ("customer.subscription.updated", home.plan(due), paid_at),
    ]


def _lost(home: Home) -> list[Told]:
    due = home.start + 30 * _DAY
    unpaid = home.bill(1, due, status="open")
    return [
        *_begun(home),
        ("invoice.payment_failed", unpaid, due),
        ("customer.subscription.updated", home.plan(due, status="past_due"), due),
        ("invoice.payment_failed", unpaid | {"attempt_count": 2}, due + 3 * _DAY),
        ("invoice.payment_failed", unpaid | {"attempt_count": 3}, due + 5 * _DAY),
        ("customer.subscription.updated", home.plan(due, status="past_due"), due + 6 * _DAY),
        ("customer.subscription.deleted", _gone(home.plan(due), due + 7 * _DAY), due + 7 * _DAY),
        ("customer.discount.deleted", {"id": "di"}, due + 7 * _DAY),
    ]


def _changed(home: Home) -> list[Told]:
    change, end = home.start + 10 * _DAY, home.start + 30 * _DAY
    lines = [
        news.line("standard", change, end, amount=-4653, proration=True),
        news.line("family", change, end, amount=8533, proration=True),
    ]
    ending = home.plan(home.start, plan="family", cancel_at_period_end=True)
    return [
        *_begun(home),
        ("invoice.paid", home.bill(1, change, lines=lines, billing_reason="subscription_update"), change),
        ("customer.subscription.updated", home.plan(home.start, plan="family"), change),
        ("customer.subscription.updated", ending, change + _DAY),
        ("customer.subscription.updated", home.plan(home.start, plan="family"), change + 2 * _DAY),
        ("customer.subscription.updated", ending, change + 3 * _DAY),
        ("invoice.payment_succeeded", home.bill(0, home.start), home.start),
        ("customer.subscription.deleted", _gone(ending, end), end),
    ]


def _refunded(home: Home) -> list[Told]:
    second = home.start + 30 * _DAY
    amount = 6980
    return [
        *_begun(home),
        ("customer.subscription.updated", home.plan(second), second),
        ("invoice.paid", home.bill(1, second), second),
        ("charge.refunded", news.charge(home.customer, f"pi_{home.number}_1", amount, 1000), second + _DAY),
        (
            "charge.refunded",
            news.charge(home.customer, f"pi_{home.number}_1", amount, amount),
            second + 2 * _DAY,
        ),
        ("invoice.payment_succeeded", home.bill(1, second), second),
        ("customer.subscription.updated", home.plan(second, cancel_at_period_end=True), second + 2 * _DAY),
        ("customer.subscription.deleted", _gone(home.plan(second), second + 3 * _DAY), second + 3 * _DAY),
    ]


def _torn(home: Home) -> list[Told]:
    # Two different news of one second: only Stripe knows which was the last.
    at = home.start + 3 * _DAY
    return [
        *_begun(home),
        ("invoice.payment_succeeded", home.bill(0, home.start), home.start),
        ("customer.subscription.updated", home.plan(home.start, cancel_at_period_end=True), at),
        ("customer.subscription.updated", home.plan(home.start), at),
        ("customer.subscription.updated", home.plan(home.start, cancel_at_period_end=True), at),
        ("invoice.paid", home.bill(1, at + 27 * _DAY), at + 27 * _DAY),
        ("invoice.payment_succeeded", home.bill(1, at + 27 * _DAY), at + 27 * _DAY),
        ("invoice.finalized", {"id": "in_x"}, at),
    ]


_STORIES: tuple[Callable[[Home], list[Told]], ...] = (_steady, _recovered, _lost, _changed, _refunded, _torn)


def world() -> World:
    """Thirty families, five of each story; Stripe knows each as its last news told."""
    made = World()
    for number in range(FAMILIES):
        home = Home(number, make.NOW + timedelta(hours=number))
        told = _STORIES[number % len(_STORIES)](home)
        for turn, (kind, thing, at) in enumerate(told):
            made.events.append(news.event(kind, thing, at, f"evt_{number}_{turn}"))
            if kind.startswith("customer.subscription."):
                made.stripe.know_subscription(thing)
            if kind == "invoice.paid":
                intent = thing["id"].replace("in_", "pi_")
                gone = (
                    6980
                    if _STORIES[number % len(_STORIES)] is _refunded and thing["id"].endswith("_1")
                    else 0
                )
                made.stripe.know_invoice(thing, intent=intent, refunded=gone)
    made.events.sort(key=lambda event: event["created"])
    assert len(made.events) == EVENTS
    return made


async def settle_families() -> None:
    """The families behind the customers."""
    async with db.transaction() as session:
        for number in range(FAMILIES):
            await make.make_family(session, stripe_customer_id=f"cus_{number}")


async def live(told: World, *, dice: random.Random | None, times: int = 1) -> dict[str, list[str]]:
    """Deliver every event `times` times, shuffled by `dice`, to several workers; what is left."""
    async with db.transaction() as session:
        await (await session.connection()).execute(text(f"TRUNCATE {_TABLES} CASCADE"))
    deliveries = [event for event in told.events for _ in range(times)]
    if dice is not None:
        dice.shuffle(deliveries)
    async with db.at_once() as connection:
        for event in deliveries:
            await webhooks.record(
                connection, event_id=event["id"], kind=event["type"], payload=event, now=make.NOW
            )
    now = make.NOW
    for wait in (timedelta(0), *WEBHOOK_BACKOFF):
        now += wait + WEBHOOK_LEASE
        await asyncio.gather(*(job.drain(told.stripe, now) for _ in range(1 if dice is None else _WORKERS)))
    return await picture()


async def picture() -> dict[str, list[str]]:
    """What matters of the database, whatever the order of the rows."""
    found: dict[str, list[str]] = {}
    async with db.transaction() as session:
        connection = await session.connection()
        undone = await connection.scalar(
            text("SELECT count(*) FROM webhook_events WHERE processed_at IS NULL")
        )
        assert undone == 0, f"{undone} events were not worked off"
        for table, columns in _PICTURE.items():
            rows = await connection.execute(text(f"SELECT {columns} FROM {table}"))
            found[table] = sorted(repr(tuple(row)) for row in rows)
    return found


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> list[str]:
    """What is in one picture and not in the other."""
    return [
        f"{table} {mark} {row}"
        for table in one
        for mark, rows, rest in (("-", one[table], other[table]), ("+", other[table], one[table]))
        for row in rows
        if row not in rest
    ]
