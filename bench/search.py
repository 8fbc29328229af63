"""Search at scale: each shape over HTTP, through the service, and by the same SQL on bare psycopg, in turns.

Beside them stands a tantivy index of bigrams over the same rows, for the shapes it can answer.
`python -m bench.search URL` measures a database that already holds the schools.
"""

import asyncio
import itertools
import os
import random
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from unittest import mock

import httpx
import psycopg
from sqlalchemy.dialects import postgresql

from bench import tantivy_floor
from naraigoto import bundle, clock, db, serving
from naraigoto.errors import SearchTooBroad
from naraigoto.rules import TimeOfDay, Travel
from naraigoto.services import search
from naraigoto.services.search import Near, SearchFilters, Sort, listing

_REPEATS = 60
_WARM = 6
_BLOCK = 10  # searches one after another on one side, as a server answers them
_LIMIT = 20


class Place(NamedTuple):
    """Where a school is, so that places are asked for as densely as they are."""

    area: str
    category: str
    lat: float
    lng: float


Ask = Callable[[SearchFilters], Awaitable[int]]
Shape = Callable[[Place, date], SearchFilters]

_SHAPES: dict[str, Shape] = {
    "everything": lambda place, day: SearchFilters(),
    "two characters 水泳": lambda place, day: SearchFilters(q="水泳"),
    "three characters ピアノ": lambda place, day: SearchFilters(q="ピアノ"),
    "one character 碁": lambda place, day: SearchFilters(q="碁"),
    "rare 着衣水泳 世田谷": lambda place, day: SearchFilters(q="着衣水泳 世田谷"),
    "none 手話": lambda place, day: SearchFilters(q="手話"),
    "and ピアノ 個人 渋谷": lambda place, day: SearchFilters(q="ピアノ 個人 渋谷"),
    "水泳 by rating": lambda place, day: SearchFilters(q="水泳", sort=Sort.RATING),
    "area + genre": lambda place, day: SearchFilters(areas=(place.area,), category=place.category),
    "area + genre + date": lambda place, day: SearchFilters(
        areas=(place.area,), category=place.category, day=day
    ),
    "three areas + 水泳": lambda place, day: SearchFilters(q="水泳", areas=(place.area, "13112", "13120")),
    "saturday morning": lambda place, day: SearchFilters(weekdays=(5,), time=TimeOfDay.MORNING),
    "水泳 + 15 minutes by bicycle + saturday": lambda place, day: SearchFilters(
        q="水泳", near=Near(place.lat, place.lng), travel=Travel.BIKE, weekdays=(5,)
    ),
    "children's rating, none yet": lambda place, day: SearchFilters(child_rating=4.5),
    "date": lambda place, day: SearchFilters(day=day),
    "水泳 + area": lambda place, day: SearchFilters(q="水泳", areas=(place.area,)),
    "3 km": lambda place, day: SearchFilters(near=Near(place.lat, place.lng), radius_m=3_000),
    "3 km by distance": lambda place, day: SearchFilters(
        near=Near(place.lat, place.lng), radius_m=3_000, sort=Sort.DISTANCE
    ),
    "nearest": lambda place, day: SearchFilters(near=Near(place.lat, place.lng), sort=Sort.DISTANCE),
    "水泳 + 3 km": lambda place, day: SearchFilters(
        q="水泳", near=Near(place.lat, place.lng), radius_m=3_000
    ),
    "50 km": lambda place, day: SearchFilters(near=Near(place.lat, place.lng), radius_m=50_000),
    "all combined": lambda place, day: SearchFilters(
        q="教室", category=place.category, day=day, age=7, near=Near(place.lat, place.lng), radius_m=3_000
    ),
    "all combined by distance": lambda place, day: SearchFilters(
        q="教室",
        category=place.category,
        day=day,
        age=7,
        near=Near(place.lat, place.lng),
        radius_m=3_000,
        sort=Sort.DISTANCE,
    ),
}


async def run(url: str) -> dict[str, Any]:
    """Milliseconds (p50, p95) of every shape on every side, of suggestions and counts, and a plain LIKE."""
    now = clock.now()
    await db.open_engine(url)
    plain = url.replace("+psycopg", "")
    bundle.build()
    port = _free_port()
    try:
        async with (
            await psycopg.AsyncConnection.connect(plain, autocommit=True, options="-c timezone=UTC") as bare,
            _visitors(f"http://127.0.0.1:{port}/api/v1") as client,
        ):
            await bare.execute("ANALYZE")
            with (
                mock.patch.dict(os.environ, {"TRUSTED_PROXY_HOPS": "1"}),
                serving.server("127.0.0.1", port, url),
            ):
                sides: dict[str, Ask] = {
                    "http": _over_http(client),
                    "service": _through_service(now),
                    "sql": _on_psycopg(bare, now),
                }
                places = await _places(bare)
                figures = {name: await _measure(shape, sides, places, now) for name, shape in _SHAPES.items()}
                figures |= await _typing(client)
            figures["plain LIKE 水泳"] = await _plain_like(bare)
            floor = await tantivy_floor.measure(bare, {n: _SHAPES[n] for n in _KEYWORDS}, places)
    finally:
        await db.close_engine()
    for name, row in floor.items():
        figures[name] |= row
    _print(figures)
    return figures


# What an index of words alone can answer.
_KEYWORDS = (
    "two characters 水泳",
    "three characters ピアノ",
    "rare 着衣水泳 世田谷",
    "none 手話",
    "and ピアノ 個人 渋谷",
    "area + genre",
    "水泳 + area",
)


def _visitors(base_url: str) -> httpx.AsyncClient:
    """Each request comes from an address of its own: one alone may not read as often as we measure."""
    numbers = itertools.count(1)

    async def come_from_elsewhere(request: httpx.Request) -> None:
        high, low = divmod(next(numbers), 250)
        request.headers["X-Forwarded-For"] = f"10.{high // 250}.{high % 250}.{low + 1}"

    hooks = {"request": [come_from_elsewhere]}
    return httpx.AsyncClient(base_url=base_url, timeout=30, event_hooks=hooks)


def _over_http(client: httpx.AsyncClient) -> Ask:
    async def ask(filters: SearchFilters) -> int:
        answer = await client.get("/schools", params=filters.query() | {"limit": str(_LIMIT)})
        if answer.status_code == 503:  # stopped after two seconds: it counts with the time it took
            return 0
        answer.raise_for_status()
        return len(answer.json()["items"])

    return ask


async def _typing(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """Suggestions for beginnings as they are typed, and how many a search finds."""
    asked = {
        "suggest す, すい, ひまわり": ("/schools/suggest", ("す", "すい", "ひまわり")),
        "count 水泳, 手話, ピアノ 渋谷": ("/schools/count", ("水泳", "手話", "ピアノ 渋谷")),
    }
    figures = {}
    for name, (path, words) in asked.items():
        spent = []
        for turn in range(_REPEATS + _WARM):
            begun = time.perf_counter()
            (await client.get(path, params={"q": words[turn % len(words)]})).raise_for_status()
            spent.append((time.perf_counter() - begun) * 1000)
        figures[name] = {f"http_{key}": value for key, value in _quantiles(spent[_WARM:]).items()}
    return figures


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def _measure(shape: Shape, sides: dict[str, Ask], places: list[Place], now: datetime) -> dict[str, Any]:
    """The same searches on every side, in blocks; each side goes first as often as the others."""
    dice = random.Random(11)
    today = clock.jst_date(now)
    asked = [
        shape(dice.choice(places), today + timedelta(days=dice.randint(1, 14)))
        for _ in range(_REPEATS + _WARM)
    ]
    spent: dict[str, list[float]] = {name: [] for name in sides}
    rows = 0
    for ask in sides.values():
        for filters in asked[:_WARM]:
            await ask(filters)
    order = list(sides)
    for begin in range(_WARM, len(asked), _BLOCK):
        for name in order:
            for filters in asked[begin : begin + _BLOCK]:
                begun = time.perf_counter()
                rows += await sides[name](filters)
                spent[name].append((time.perf_counter() - begun) * 1000)
        order.append(order.pop(0))
    figures: dict[str, Any] = {}
    for name, values in spent.items():
        figures |= {f"{name}_{key}": value for key, value in _quantiles(values).items()}
    return figures | {"rows": round(rows / len(sides) / _REPEATS, 1)}


def _quantiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "p50_ms": round(ordered[len(ordered) // 2], 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95) - 1], 1),
    }


def _through_service(now: datetime) -> Ask:
    async def ask(filters: SearchFilters) -> int:
        try:
            async with db.transaction() as session:
                return len((await search.schools(session, filters=filters, limit=_LIMIT, now=now)).items)
        except SearchTooBroad:
            return 0

    return ask


def _on_psycopg(bare: psycopg.AsyncConnection[Any], now: datetime) -> Ask:
    statement = str(listing.STATEMENT.compile(dialect=postgresql.psycopg.dialect()))

    async def ask(filters: SearchFilters) -> int:
        values = listing.values_of(filters, None, None, _LIMIT, now)
        return len(await (await bare.execute(statement.encode(), values)).fetchall())

    return ask


async def _places(bare: psycopg.AsyncConnection[Any]) -> list[Place]:
    rows = await bare.execute(
        "SELECT area_code, category_code, ST_Y(location::geometry), ST_X(location::geometry) FROM schools"
        " WHERE status = 'published' ORDER BY hashtext(id::text) LIMIT 300"
    )
    return [Place(*row) for row in await rows.fetchall()]


async def _plain_like(bare: psycopg.AsyncConnection[Any]) -> dict[str, Any]:
    statement = (
        "SELECT st.school_id FROM schools_stats st JOIN school_search t USING (school_id)"
        " WHERE t.norm LIKE '%水泳%' AND t.norm NOT LIKE '%手話%' ORDER BY st.score DESC LIMIT 20"
    )
    await bare.execute("SET enable_nestloop = off")  # what a search without our walk would do
    spent = []
    for _ in range(8):
        begun = time.perf_counter()
        await (await bare.execute(statement.encode())).fetchall()
        spent.append((time.perf_counter() - begun) * 1000)
    await bare.execute("RESET enable_nestloop")
    return {f"sql_{key}": value for key, value in _quantiles(spent[1:]).items()}


def _print(figures: dict[str, Any]) -> None:
    sides = ("http", "service", "sql", "tantivy")
    print(f"{'':40}" + "".join(f"{side + ' p50':>13}{'p95':>8}" for side in sides) + f"{'rows':>7}")
    for name, row in figures.items():
        cells = "".join(
            f"{row.get(f'{side}_p50_ms', ''):>13}{row.get(f'{side}_p95_ms', ''):>8}" for side in sides
        )
        print(f"{name:40}{cells}{row.get('rows', ''):>7}")


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
