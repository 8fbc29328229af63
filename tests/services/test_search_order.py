"""Pages of schools: exactly the rows of a plain comparison, in order, by every way the search may take."""

import itertools
import random
from collections.abc import AsyncIterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.errors import InvalidInput
from naraigoto.rules import BOOKING_HORIZON
from naraigoto.services import cursors, search
from naraigoto.services.search import Near, SearchFilters, Sort, listing
from tests.connections import kept_connection, rolled_back
from tests.factories import (
    NOW,
    SHIBUYA,
    make_class,
    make_schedule,
    make_school,
)
from tests.prepared import PreparedDatabases
from tests.services.search_crowd import analyze, crowd

_QUERIES = (
    "水泳", "泳", "スイミング", "すいみんぐ", "ｽｲﾐﾝｸﾞ", "ピアノ", "ぴあの", "英会話", "碁",
    "囲碁 教室", "水泳　こども", "渋谷 ピアノ 英語", "薩摩琵琶", "0%", "%", "_", "a_b", "a%b",
    "C\\D", "\\", "O'Neil", "'", '"引用"', "🎹", "abc", "ABC", "ＡＢＣ", "データー", "で",
    "無いことば", "水泳水泳", "ノ英", "・", "", "   ", "!", "碁碁碁", "株式会社",
)  # fmt: skip


async def _judged_crowd(session: AsyncSession) -> None:
    """The crowd with lessons on one day, ratings by children and badges."""
    for number, school in enumerate((await crowd(session))[:150]):
        lesson = await make_class(session, school, age_min=3 + number % 5, age_max=8)
        if number % 2:
            hour = 10 if number % 3 else 18
            await make_schedule(session, lesson, start_at=datetime(2026, 12, 5, hour, tzinfo=clock.JST))
    await _judge(session)
    await analyze(session)


@pytest.fixture
async def session(prepared_databases: PreparedDatabases) -> AsyncIterator[AsyncSession]:
    """A session in the crowd; nothing of it remains."""
    url = await prepared_databases.by(crowd).ready()
    async with kept_connection(url) as connection, rolled_back(connection) as session:
        yield session


@pytest.fixture
async def judged(prepared_databases: PreparedDatabases) -> AsyncIterator[AsyncSession]:
    """A session in the crowd that was judged; nothing of it remains."""
    url = await prepared_databases.by(_judged_crowd).ready()
    async with kept_connection(url) as connection, rolled_back(connection) as session:
        yield session


async def _ids(session: AsyncSession, sql: str, **values: Any) -> list[Any]:
    return list((await (await session.connection()).execute(text(sql), values)).scalars())


async def _walk(session: AsyncSession, filters: SearchFilters, limit: int) -> list[search.SchoolRow]:
    rows: list[search.SchoolRow] = []
    cursor = None
    for _ in range(200):
        page = await search.schools(session, filters=filters, cursor=cursor, limit=limit, now=NOW)
        rows += page.items
        cursor = page.next_cursor
        if cursor is None:
            return rows
    raise AssertionError("the pages never end")


async def test_keywords_find_exactly_what_plain_comparison_finds(session: AsyncSession) -> None:
    for words, (limit, probe) in itertools.product(_QUERIES, ((4, 4), (30, 30), (30, 100), (30, 2000))):
        expected = await _ids(
            session,
            "SELECT st.school_id FROM schools_stats st JOIN school_search t USING (school_id)"
            " WHERE t.norm LIKE ALL (ng_like(:q)) ORDER BY st.score DESC, st.school_id DESC LIMIT :limit",
            q=words,
            limit=limit,
        )
        found = await _ids(
            session,
            "SELECT school_id FROM search_schools(CAST(ROW(CAST(:q AS text), NULL, NULL, NULL, NULL, NULL,"
            " NULL, false, NULL, NULL, NULL, false) AS search_filters),"
            " 'recommended', NULL, NULL, :limit, :now, :now, :probe)",
            q=words,
            limit=limit,
            now=NOW,
            probe=probe,
        )
        assert found == expected, (words, limit, probe)


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("words", ["", "水泳", "薩摩琵琶 教室"])
async def test_pages_add_up_to_the_whole_list_in_order(session: AsyncSession, sort: Sort, words: str) -> None:
    near = Near(*SHIBUYA)
    order = {
        Sort.RECOMMENDED: "st.score DESC, st.school_id DESC",
        Sort.RATING: "st.rating_score DESC, st.school_id DESC",
        Sort.NEWEST: "s.published_at DESC, st.school_id DESC",
        Sort.DISTANCE: "s.location <-> ST_MakePoint(:lng, :lat)::geography, st.school_id",
    }[sort]
    expected = await _ids(
        session,
        "SELECT s.id FROM schools s JOIN schools_stats st ON st.school_id = s.id"
        " JOIN school_search t ON t.school_id = s.id"
        f" WHERE t.norm LIKE ALL (ng_like(:q)) ORDER BY {order}",
        q=words,
        lat=near.lat,
        lng=near.lng,
    )
    rows = await _walk(session, SearchFilters(q=words, sort=sort, near=near), limit=7)
    assert [row.id for row in rows] == expected


@pytest.mark.parametrize("sort", list(Sort))
async def test_inside_a_circle_pages_add_up_too(session: AsyncSession, sort: Sort) -> None:
    near, radius = Near(35.70, 139.71), 5_000
    expected = await _ids(
        session,
        "SELECT id FROM schools WHERE ST_DWithin(location, ST_MakePoint(:lng, :lat)::geography, :radius)",
        lat=near.lat,
        lng=near.lng,
        radius=radius,
    )
    rows = await _walk(session, SearchFilters(sort=sort, near=near, radius_m=radius), limit=9)
    assert len(rows) == len(expected)
    assert {row.id for row in rows} == set(expected)


async def test_recommended_inside_a_circle_weighs_nearness_exactly(session: AsyncSession) -> None:
    near, radius = Near(35.66, 139.70), 20_000
    penalty = "floor(ST_Distance(s.location, ST_MakePoint(:lng, :lat)::geography, false) / 10)::int"
    expected = await _ids(
        session,
        "SELECT s.id FROM schools s JOIN schools_stats st ON st.school_id = s.id"
        f" ORDER BY st.score - {penalty} DESC, s.id DESC",
        lat=near.lat,
        lng=near.lng,
    )
    rows = await _walk(session, SearchFilters(near=near, radius_m=radius), limit=11)
    assert [row.id for row in rows] == expected


_ANY_WAY = """
    SELECT school_id, rank_key FROM search_schools(CAST(ROW(
      CAST(:q AS text), CAST(:areas AS text[]), CAST(:category AS text), CAST(:days AS date[]),
      CAST(:time_from AS time), CAST(:time_until AS time), CAST(:age AS int), false,
      ST_MakePoint(139.71, 35.70)::geography, CAST(:radius AS float8), CAST(:child_rating AS int), :safe)
      AS search_filters), :sort, CAST(:key AS text), CAST(:after AS uuid), 6, :now, :until, :probe)
"""


_COUNT_ANY_WAY = (
    _ANY_WAY.replace("SELECT school_id, rank_key FROM search_schools", "SELECT count_schools")
    .replace(":sort, CAST(:key AS text), CAST(:after AS uuid), 6, ", "")
    .replace(":probe", "1000, :probe")
)


@pytest.mark.parametrize("sort", list(Sort))
async def test_every_way_to_the_rows_gives_the_same_rows(judged: AsyncSession, sort: Sort) -> None:
    day = date(2026, 12, 5)
    choices = (
        ("", "教室", "薩摩琵琶"),
        (None, ["13101"], ["13101", "13103"]),
        (None, "swim"),
        (None, [day], [day, date(2026, 12, 12)]),
        ((None, None), (time(9), time(12))),
        (None, 4),
        (None, 4000, 30_000),
        (None, 400),
        (False, True),
    )
    asked = random.Random(3).sample(list(itertools.product(*choices)), 60)
    for q, areas, category, days, hours, age, radius, rating, safe in asked:
        values = {"q": q, "areas": areas, "category": category, "days": days, "age": age, "radius": radius}
        values |= {"time_from": hours[0], "time_until": hours[1], "child_rating": rating, "safe": safe}
        values |= {"sort": sort.value, "now": NOW, "until": NOW + BOOKING_HORIZON}
        everything = await _pages_any_way(judged, values, probe=100_000)
        assert await _pages_any_way(judged, values, probe=6) == everything, values
        found = len(everything) if len(everything) < 18 else None
        for probe in (6, 100_000):
            counted = await _ids(judged, _COUNT_ANY_WAY, **values, probe=probe)
            assert counted[0] >= 18 if found is None else counted == [found], values


async def _judge(session: AsyncSession) -> None:
    """Give a third of the schools ratings by children and a fifth a badge."""
    await (await session.connection()).execute(
        text(
            "UPDATE schools_stats SET child_rating_sum = 14 + mod(abs(hashtext(school_id::text)), 6),"
            " child_review_count = CASE WHEN mod(abs(hashtext(school_id::text)), 3) = 0 THEN 4 ELSE 0 END,"
            " safety = mod(abs(hashtext(school_id::text)), 5) / 2"
        )
    )


async def _pages_any_way(session: AsyncSession, values: dict[str, Any], probe: int) -> list[UUID]:
    rows: list[UUID] = []
    place: dict[str, Any] = {"key": None, "after": None}
    connection = await session.connection()
    for _ in range(3):
        page = (await connection.execute(text(_ANY_WAY), values | place | {"probe": probe})).all()
        rows += [row.school_id for row in page]
        if len(page) < 6:
            break
        place = {"key": page[-1].rank_key, "after": page[-1].school_id}
    return rows


async def test_a_school_added_between_two_pages_repeats_nobody(session: AsyncSession) -> None:
    first = await search.schools(session, filters=SearchFilters(), limit=10, now=NOW)
    await make_school(session)
    second = await search.schools(
        session, filters=SearchFilters(), cursor=first.next_cursor, limit=10, now=NOW
    )
    assert not {row.id for row in first.items} & {row.id for row in second.items}


async def test_a_cursor_of_another_search_is_refused(session: AsyncSession) -> None:
    cursor = (await search.schools(session, filters=SearchFilters(), limit=5, now=NOW)).next_cursor
    with pytest.raises(InvalidInput) as refused:
        await search.schools(session, filters=SearchFilters(q="水泳"), cursor=cursor, now=NOW)
    assert refused.value.facts["fields"] == {"cursor": "cursor"}


_SOMEWHERE = str(UUID(int=1))


@pytest.mark.parametrize(
    "position", [["abc", "x"], ["1e999", _SOMEWHERE], ["12", "no"], [1, 2], ["9" * 50, _SOMEWHERE]]
)
@pytest.mark.parametrize("sort", list(Sort))
async def test_a_forged_cursor_is_refused(session: AsyncSession, sort: Sort, position: list[Any]) -> None:
    filters = SearchFilters(sort=sort, near=Near(*SHIBUYA))
    forged = cursors.encode(listing.scope_of(filters), position)
    with pytest.raises(InvalidInput):
        await search.schools(session, filters=filters, cursor=forged, now=NOW)
