"""Filters one by one: areas, weekdays and hours, ways to travel, ratings by children, badge; counts."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.models.schools import SafetyBadge, School
from naraigoto.rules import TimeOfDay, Travel
from naraigoto.services import search
from naraigoto.services.search import Near, SearchFilters, Sort, listing
from tests.factories import NOW, SHIBUYA, make_area, make_class, make_schedule, make_school, point

_METRE = 1 / 110_950


async def _found(session: AsyncSession, **filters: Any) -> set[UUID]:
    asked = SearchFilters(**filters)
    page = await search.schools(session, filters=asked, limit=50, now=NOW)
    assert await search.count(session, filters=asked, now=NOW) == len(page.items)
    return {row.id for row in page.items}


async def test_several_areas_are_searched_together(session: AsyncSession) -> None:
    await make_area(session, "13112", name="世田谷区")
    await make_area(session, "13110", name="目黒区")
    here, there, _other = [await make_school(session, area_code=code) for code in ("13113", "13112", "13110")]
    for sort in (Sort.RECOMMENDED, Sort.RATING, Sort.NEWEST):
        assert await _found(session, areas=("13113", "世田谷区"), sort=sort) == {here.id, there.id}


async def test_saturday_morning_asks_for_a_free_seat_then(session: AsyncSession) -> None:
    school = await make_school(session)
    lesson = await make_class(session, school)
    saturday = datetime(2026, 12, 5, 11, 59, tzinfo=clock.JST)
    slot = await make_schedule(session, lesson, start_at=saturday)
    morning = {"weekdays": (5,), "time": TimeOfDay.MORNING}
    assert await _found(session, **morning) == {school.id}
    assert await _found(session, weekdays=(5, 6)) == {school.id}
    assert await _found(session, time=TimeOfDay.MORNING) == {school.id}
    assert await _found(session, weekdays=(6,)) == set()
    assert await _found(session, weekdays=(5,), time=TimeOfDay.AFTERNOON) == set()
    slot.booked_count = slot.capacity
    await session.flush()
    assert await _found(session, **morning) == set()


@pytest.mark.parametrize(
    ("hour", "minute", "when"),
    [(0, 0, "morning"), (12, 0, "afternoon"), (16, 59, "afternoon"), (17, 0, "evening"), (23, 59, "evening")],
)
async def test_hours_are_japanese_and_meet_without_a_gap(
    session: AsyncSession, hour: int, minute: int, when: str
) -> None:
    school = await make_school(session)
    start = datetime(2026, 12, 5, hour, minute, tzinfo=clock.JST)
    await make_schedule(session, await make_class(session, school), start_at=start)
    for time in TimeOfDay:
        assert await _found(session, time=time) == ({school.id} if time == when else set())


async def test_a_quarter_of_an_hour_reaches_farther_by_bicycle_and_car(session: AsyncSession) -> None:
    lat, lng = SHIBUYA
    schools = [
        await make_school(session, location=point(lat + metres * _METRE, lng))
        for metres in (900, 2_200, 4_500, 4_700)
    ]
    near = Near(lat, lng)
    reached = [len(await _found(session, near=near, travel=travel)) for travel in Travel]
    assert reached == [1, 2, 3]
    assert len(await _found(session, near=near)) == len(schools)


async def _rate(session: AsyncSession, school: School, total: int, count: int) -> None:
    await (await session.connection()).execute(
        text("UPDATE schools_stats SET child_rating_sum = :t, child_review_count = :c WHERE school_id = :id"),
        {"t": total, "c": count, "id": school.id},
    )


async def test_children_s_rating_counts_from_three_reviews_and_as_the_card_rounds_it(
    session: AsyncSession,
) -> None:
    good, rounded, bad, few = [await make_school(session) for _ in range(4)]
    for school, total, count in ((good, 15, 3), (rounded, 89, 20), (bad, 88, 20), (few, 10, 2)):
        await _rate(session, school, total, count)
    assert await _found(session, child_rating=4.5) == {good.id, rounded.id}
    assert await _found(session, child_rating=4.0) == {good.id, rounded.id, bad.id}


async def test_the_badge_follows_the_school(session: AsyncSession) -> None:
    await make_school(session, safety_badge=SafetyBadge.PLANNED)
    applied = await make_school(session, safety_badge=SafetyBadge.APPLIED)
    assert await _found(session, safe=True) == {applied.id}
    applied.safety_badge = SafetyBadge.NONE
    await session.flush()
    assert await _found(session, safe=True) == set()


async def test_counting_stops_at_a_thousand(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        await make_school(session)
    monkeypatch.setattr(listing, "SEARCH_COUNT_CAP", 3)
    for filters in (
        SearchFilters(),
        SearchFilters(q="水泳"),
        SearchFilters(near=Near(*SHIBUYA), radius_m=500),
    ):
        assert await search.count(session, filters=filters, now=NOW) == 3


async def test_nothing_found_offers_what_brings_most_and_says_how_much(session: AsyncSession) -> None:
    school = await make_school(session)
    await make_school(session)
    await make_class(session, school, age_min=5, age_max=6)
    filters = SearchFilters(q="水泳", age=5, child_rating=4.5)
    offered = await search.relaxations(session, filters=filters, now=NOW)
    assert [(less.field, less.count) for less in offered] == [("child_rating", 1)]
    assert offered[0].filters == SearchFilters(q="水泳", age=5)


async def test_when_no_single_filter_helps_all_are_offered(session: AsyncSession) -> None:
    await make_school(session)
    filters = SearchFilters(q="宇宙遊泳", age=5, near=Near(*SHIBUYA), travel=Travel.WALK, sort=Sort.DISTANCE)
    offered = await search.relaxations(session, filters=filters, now=NOW)
    assert [(less.field, less.count) for less in offered] == [("q", 0), ("place", 0), ("age", 0)]
    assert offered[1].filters == SearchFilters(q="宇宙遊泳", age=5, near=Near(*SHIBUYA), sort=Sort.DISTANCE)


async def test_a_row_says_why_it_stands_there(session: AsyncSession) -> None:
    school = await make_school(session, published_at=NOW - timedelta(days=3))
    lesson = await make_class(session, school, ticket_cost=2)
    await make_class(session, school, title="お得", ticket_cost=1)
    await make_schedule(session, lesson)
    await _rate(session, school, 14, 3)
    filters = SearchFilters(q="スマイル", near=Near(*SHIBUYA), radius_m=500)
    (row,) = (await search.schools(session, filters=filters, now=NOW)).items
    assert row.reasons == [
        ("name", None),
        ("distance", 0),
        ("rating_child", 4.7),
        ("open_slots", 1),
        ("new", None),
    ]
    assert row.tickets_from == 1
