"""Search at scale: each shape through the service and by the same SQL on bare psycopg, in turns.

`python -m bench.search URL` measures a database that already holds the schools.
"""

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import psycopg
from sqlalchemy.dialects import postgresql

from naraigoto import clock, db
from naraigoto.services import search
from naraigoto.services.search import Near, SearchFilters, Sort, listing

_REPEATS = 60
_WARM = 6
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
    "rare 送迎": lambda place, day: SearchFilters(q="送迎"),
    "none 手話": lambda place, day: SearchFilters(q="手話"),
    "and ピアノ 個人 渋谷": lambda place, day: SearchFilters(q="ピアノ 個人 渋谷"),
    "水泳 by rating": lambda place, day: SearchFilters(q="水泳", sort=Sort.RATING),
    "area + genre": lambda place, day: SearchFilters(areas=(place.area,), category=place.category),
    "area + genre + date": lambda place, day: SearchFilters(
        areas=(place.area,), category=place.category, day=day
    ),
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
    """Milliseconds (p50, p95) of every shape, service beside bare SQL, and a plain LIKE as the floor."""
    now = clock.now()
    await db.open_engine(url)
    plain = url.replace("+psycopg", "")
    try:
        async with await psycopg.AsyncConnection.connect(
            plain, autocommit=True, options="-c timezone=UTC"
        ) as bare:
            await bare.execute("ANALYZE")
            sides: dict[str, Ask] = {"service": _through_service(now), "sql": _on_psycopg(bare, now)}
            places = await _places(bare)
            figures = {name: await _measure(shape, sides, places, now) for name, shape in _SHAPES.items()}
            figures["plain LIKE 水泳"] = await _plain_like(bare)
    finally:
        await db.close_engine()
    _print(figures)
    return figures


async def _measure(shape: Shape, sides: dict[str, Ask], places: list[Place], now: datetime) -> dict[str, Any]:
    dice = random.Random(11)
    spent: dict[str, list[float]] = {name: [] for name in sides}
    rows = 0
    for turn in range(_REPEATS + _WARM):
        day = clock.jst_date(now) + timedelta(days=dice.randint(1, 14))
        filters = shape(dice.choice(places), day)
        for name in list(sides)[:: 1 if turn % 2 else -1]:
            begun = time.perf_counter()
            rows += await sides[name](filters)
            spent[name].append((time.perf_counter() - begun) * 1000)
    figures: dict[str, Any] = {}
    for name, values in spent.items():
        figures |= {f"{name}_{key}": value for key, value in _quantiles(values[_WARM:]).items()}
    return figures | {"rows": round(rows / 2 / (_REPEATS + _WARM), 1)}


def _quantiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "p50_ms": round(ordered[len(ordered) // 2], 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95) - 1], 1),
    }


def _through_service(now: datetime) -> Ask:
    async def ask(filters: SearchFilters) -> int:
        async with db.transaction() as session:
            return len((await search.schools(session, filters=filters, limit=_LIMIT, now=now)).items)

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
    print(f"{'':28}{'service p50':>12}{'p95':>8}{'SQL p50':>10}{'p95':>8}{'rows':>7}")
    for name, row in figures.items():
        cells = [
            row.get(key, "")
            for key in ("service_p50_ms", "service_p95_ms", "sql_p50_ms", "sql_p95_ms", "rows")
        ]
        print(f"{name:28}{cells[0]:>12}{cells[1]:>8}{cells[2]:>10}{cells[3]:>8}{cells[4]:>7}")


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
