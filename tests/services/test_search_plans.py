"""The plans that search really runs, nested ones included, use the indexes they were made for."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.rules import TimeOfDay, Travel
from naraigoto.services import search
from naraigoto.services.search import Near, SearchFilters, Sort
from tests.connections import engine_of, rolled_back
from tests.factories import NOW, SHIBUYA, make_area, make_category
from tests.prepared import PreparedDatabases
from tests.terms import make_terms

_SCHOOLS = 3_000
_BIG = ("schools", "schools_stats", "school_search", "classes", "lesson_schedules")
_DAY = date(2026, 12, 5)
_MANY_SCHOOLS = f"""
    INSERT INTO schools (id, name, area_code, category_code, location, status, published_at,
      booking_cutoff_hours, cancel_policy, safety_badge)
    SELECT gen_random_uuid(), CASE WHEN n % 9 = 0 THEN '薩摩琵琶' ELSE '水泳' END || '教室' || n,
      '1310' || 1 + n % 5, (ARRAY['swim', 'piano', 'go'])[1 + n % 3],
      ST_MakePoint(139.4 + n / 60 * 0.01, 35.4 + n % 60 * 0.01)::geography, 'published',
      CAST(:now AS timestamptz) - n * interval '1 hour', 0, 'day_before_20', 'none'
    FROM generate_series(0, {_SCHOOLS - 1}) n
"""
_CLASSES = """
    INSERT INTO classes (id, school_id, title, capacity, duration_min, ticket_cost, age_min, age_max)
    SELECT gen_random_uuid(), id, 'クラス', 5, 50, 1, 4, 12 FROM schools
"""
_SLOTS = """
    INSERT INTO lesson_schedules (id, class_id, school_id, start_at, end_at, capacity, version)
    SELECT gen_random_uuid(), c.id, c.school_id, at, at + interval '50 minutes', 5, 1 FROM classes c,
      generate_series(timestamptz '2026-11-25 10:00+09', '2026-12-14 10:00+09', interval '1 day') at
    WHERE mod(abs(hashtext(c.id::text)), 10) = 0 OR at < '2026-11-27'
"""


async def _town(session: AsyncSession) -> None:
    """Thousands of schools with slots, of which the planner knows."""
    for number in range(5):
        await make_area(session, f"1310{number + 1}", name=f"区{number + 1}")
    for code in ("go", "piano", "swim"):
        await make_category(session, code)
    connection = await session.connection()
    # To write every class at once takes longer than a request may, on a busy machine.
    await connection.execute(text("SET LOCAL statement_timeout = 0"))
    await connection.execute(text(_MANY_SCHOOLS), {"now": NOW})
    for statement in (_CLASSES, _SLOTS, f"ANALYZE {', '.join(_BIG)}"):
        await connection.execute(text(statement))


@pytest.fixture
async def session(prepared_databases: PreparedDatabases) -> AsyncIterator[AsyncSession]:
    """A session in the town, on a connection of its own: no test before has made plans on it."""
    engine = engine_of(await prepared_databases.by(_town).ready())
    async with engine.connect() as connection, rolled_back(connection) as session:
        yield session
    await engine.dispose()


@pytest.fixture
async def plans(session: AsyncSession) -> AsyncIterator[list[str]]:
    """The plans of what runs next."""
    connection = await session.connection()
    for statement in (
        "LOAD 'auto_explain'",
        "SET LOCAL auto_explain.log_min_duration = 0",
        "SET LOCAL auto_explain.log_nested_statements = on",
        "SET LOCAL auto_explain.log_level = notice",
    ):
        await connection.execute(text(statement))
    raw: Any = (await connection.get_raw_connection()).driver_connection
    plans: list[str] = []
    note = _collect(plans)
    raw.add_notice_handler(note)
    yield plans
    raw.remove_notice_handler(note)


def _collect(plans: list[str]) -> Any:
    def note(diagnostic: psycopg.errors.Diagnostic) -> None:
        plans.append(diagnostic.message_primary or "")

    return note


def _scans_of_all(plans: list[str]) -> list[str]:
    lines = [line.strip() for plan in plans for line in plan.splitlines()]
    return [line for line in lines if any(f"Seq Scan on {table}" in line for table in _BIG)]


_CASES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["ix_schools_stats_score"]),
    ({"q": "水泳"}, ["ix_schools_stats_score", "pk_school_search"]),
    ({"q": "無い琵琶"}, ["ix_schools_stats_score", "ix_school_search_grams"]),
    ({"areas": ("13101",)}, ["ix_schools_stats_area"]),
    ({"category": "swim", "q": "水泳"}, ["ix_schools_stats_category"]),
    ({"areas": ("13101",), "category": "swim"}, ["ix_schools_stats_area_category"]),
    ({"day": _DAY}, ["ix_schools_stats_score", "ix_lesson_schedules_open_day"]),
    ({"day": date(2027, 1, 20)}, ["ix_lesson_schedules_open_day"]),
    ({"areas": ("13101", "13102", "13103"), "q": "水泳"}, ["ix_schools_stats_area"]),
    ({"safe": True}, ["ix_schools_stats_score", "ix_schools_stats_safe"]),
    ({"child_rating": 4.5}, ["ix_schools_stats_score", "ix_schools_stats_rated"]),
    ({"weekdays": (5,), "time": TimeOfDay.MORNING}, ["ix_schools_stats_score", "ix_lesson_schedules"]),
    ({"near": Near(*SHIBUYA), "travel": Travel.CAR, "weekdays": (6,)}, ["ix_schools_location"]),
    ({"sort": Sort.RATING}, ["ix_schools_stats_rating"]),
    ({"sort": Sort.NEWEST, "q": "水泳"}, ["ix_schools_stats_newest"]),
    ({"sort": Sort.DISTANCE, "near": Near(*SHIBUYA)}, ["ix_schools_location"]),
    ({"near": Near(*SHIBUYA), "radius_m": 3_000, "q": "水泳", "day": _DAY}, ["ix_schools_location"]),
]


async def test_hot_searches_use_their_indexes(session: AsyncSession, plans: list[str]) -> None:
    for filters, indexes in _CASES:
        plans.clear()
        await search.schools(session, filters=SearchFilters(**filters), now=NOW)
        # The outer plan is told when its portal closes, with the next statement.
        await (await session.connection()).execute(text("SELECT 1"))
        told = "\n".join(plans)
        assert "search_schools" in told
        assert [index for index in indexes if index not in told] == [], (filters, told)
        assert _scans_of_all(plans) == [], filters


async def test_suggestions_and_counts_use_their_indexes(session: AsyncSession, plans: list[str]) -> None:
    await make_terms(session)
    for _ in range(8):  # as often as it takes PostgreSQL to make a plan that serves every value
        await search.suggest(session, typed="薩摩")
    await (await session.connection()).execute(text("SELECT 1"))
    told = "\n".join(plans)
    assert "ix_school_search_name" in told
    assert "ix_school_search_kana" in told
    assert _scans_of_all(plans) == []
    for filters, index in (
        (SearchFilters(q="無い琵琶"), "ix_school_search_grams"),
        (SearchFilters(q="水泳"), "ix_schools_stats_score"),
        (SearchFilters(near=Near(*SHIBUYA), radius_m=3_000), "ix_schools_location"),
    ):
        plans.clear()
        await search.count(session, filters=filters, now=NOW)
        await (await session.connection()).execute(text("SELECT 1"))
        assert index in "\n".join(plans), filters
        assert _scans_of_all(plans) == [], filters
    plans.clear()
    circle = SearchFilters(near=Near(*SHIBUYA), radius_m=3_000, category="swim")
    await search.count(session, filters=circle, now=NOW)
    await (await session.connection()).execute(text("SELECT 1"))
    (asked,) = [
        line for plan in plans for line in plan.splitlines() if "Index Cond" in line and "location &&" in line
    ]
    assert "category_code" in asked
