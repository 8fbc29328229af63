"""Webhooks kept a second beside a bare insert of the same payload; and shuffled deliveries, one picture.

Both sides of the first keep and commit one event each; ours also checks the signature and reads the event.
"""

import asyncio
import itertools
import os
import random
import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any

import psycopg
import structlog
from psycopg.types.json import Jsonb

from naraigoto import clock, db, outside
from naraigoto.adapters.payments.access import Access
from naraigoto.adapters.payments.stripe import StripePayments
from naraigoto.api import webhooks as route
from naraigoto.models.base import new_id
from naraigoto.services import webhooks
from tests import stripe_news as news
from tests.billing import stories
from tests.factories import NOW

SHUFFLES = int(os.environ.get("SHUFFLES", "20"))
_ROUNDS = 7
_PER_CLIENT = {1: 200, 8: 100}
_numbers = itertools.count(1)
Keeper = Callable[[bytes, str], Awaitable[None]]


async def run(url: str) -> dict[str, Any]:
    """Measure on the empty database at `url`; medians of interleaved rounds.

    Raises: AssertionError when an order of deliveries left another picture.
    """
    await db.open_engine(url)
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    bare = [await psycopg.AsyncConnection.connect(plain) for _ in range(max(_PER_CLIENT))]
    outside.speak_to(StripePayments(Access("sk_test_nobody", (news.SECRET,), None)))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    try:
        return await _ingest(bare) | {"shuffles": await _shuffles()}
    finally:
        for connection in bare:
            await connection.close()
        await db.close_engine()


async def _ingest(bare: list[psycopg.AsyncConnection[Any]]) -> dict[str, Any]:
    sides: dict[str, list[Keeper]] = {
        "ours": [_kept] * len(bare),
        "insert": [_inserted(connection) for connection in bare],
    }
    for keep in (sides["ours"][0], *sides["insert"]):
        for _ in range(20):
            await keep(*_told())
    figures: dict[str, Any] = {}
    for clients, count in _PER_CLIENT.items():
        found: dict[str, list[float]] = {name: [] for name in sides}
        for turn in range(_ROUNDS):
            for name in list(sides)[:: 1 if turn % 2 else -1]:
                batches = [[_told() for _ in range(count)] for _ in range(clients)]
                found[name].append(await _speed(sides[name], batches))
        medians = {name: round(median(values)) for name, values in found.items()}
        figures[f"clients_{clients}"] = {f"{name}_per_s": value for name, value in medians.items()} | {
            "ratio": round(medians["ours"] / medians["insert"], 2)
        }
    return figures


async def _speed(keepers: list[Keeper], batches: list[list[tuple[bytes, str]]]) -> float:
    async def client(keep: Keeper, batch: list[tuple[bytes, str]]) -> None:
        for body, signature in batch:
            await keep(body, signature)

    begun = time.perf_counter()
    await asyncio.gather(*[client(keep, batch) for keep, batch in zip(keepers, batches, strict=False)])
    return sum(map(len, batches)) / (time.perf_counter() - begun)


def _told() -> tuple[bytes, str]:
    number = next(_numbers)
    start = NOW
    lines = [news.line("standard", start, start)]
    thing = news.invoice(f"in_{number}", "cus_bench", "sub_bench", lines, start)
    return news.signed(news.event("invoice.paid", thing, start, f"evt_bench_{number}"))


async def _kept(body: bytes, signature: str) -> None:
    """What the route does with a request."""
    event = route.verified(body, signature)
    async with db.at_once() as connection:
        await webhooks.record(
            connection, event_id=event.id, kind=event.type, payload=event.payload, now=clock.now()
        )


def _inserted(connection: psycopg.AsyncConnection[Any]) -> Keeper:
    payload = news.event("invoice.paid", {"id": "in_1"}, NOW, "evt")

    async def keep(body: bytes, _signature: str) -> None:
        values = {
            "id": new_id(),
            "event": f"bare_{next(_numbers)}",
            "type": "invoice.paid",
            "payload": _Raw(body, payload),
            "now": clock.now(),
        }
        await connection.execute(webhooks.RECORD, values)
        await connection.commit()

    return keep


class _Raw(Jsonb):
    """JSON that is written already: the bare side pays for no writing of it."""

    def __init__(self, body: bytes, _payload: Any) -> None:
        super().__init__(None, dumps=lambda _: body)


async def _shuffles() -> dict[str, Any]:
    told = stories.world()
    await stories.settle_families()
    ordered = await stories.live(told, dice=None)
    begun = time.perf_counter()
    for seed in range(SHUFFLES):
        shuffled = await stories.live(told, dice=random.Random(seed), times=3)
        wrong = stories.differences(ordered, shuffled)
        assert not wrong, (seed, wrong)
    seconds = time.perf_counter() - begun
    return {
        "count": SHUFFLES,
        "events": stories.EVENTS,
        "deliveries_each": 3,
        "different": 0,
        "events_per_s": round(SHUFFLES * stories.EVENTS / seconds),
    }
