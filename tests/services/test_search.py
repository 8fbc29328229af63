"""Finding schools: places, days, ages, words that follow changes, and who is never found."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.errors import InvalidInput, SearchTooBroad
from naraigoto.models.schools import SchoolStatus
from naraigoto.rules import BOOKING_HORIZON
from naraigoto.services import search, stats
from naraigoto.services.search import Near, SearchFilters, Sort, listing
from tests.factories import (
    NOW,
    SHIBUYA,
    make_area,
    make_category,
    make_class,
    make_instructor,
    make_schedule,
    make_school,
    point,
)


async def _found(session: AsyncSession, now: datetime = NOW, **filters: Any) -> set[UUID]:
    page = await search.schools(session, filters=SearchFilters(**filters), limit=50, now=now)
    return {row.id for row in page.items}


async def test_area_and_genre_narrow_the_list(session: AsyncSession) -> None:
    here = await make_school(session)
    await make_area(session, "13112", name="世田谷区")
    await make_category(session, "piano", name="ピアノ")
    await make_school(session, area_code="13112")
    await make_school(session, category_code="piano")
    assert await _found(session, areas=("13113",), category="swim") == {here.id}
    assert await _found(session, areas=("渋谷区",), category="水泳") == {here.id}


async def test_an_unknown_area_or_genre_is_named(session: AsyncSession) -> None:
    with pytest.raises(InvalidInput) as refused:
        await search.schools(session, filters=SearchFilters(areas=("99999",), category="ufo"), now=NOW)
    assert refused.value.facts["fields"] == {"area": "unknown", "category": "unknown"}


async def test_two_kilometres_take_in_1_9_and_leave_out_2_1(session: AsyncSession) -> None:
    lat, lng = SHIBUYA
    metre = 1 / 110_950
    inside = await make_school(session, location=point(lat + 1_900 * metre, lng))
    await make_school(session, location=point(lat + 2_100 * metre, lng))
    page = await search.schools(session, filters=SearchFilters(near=Near(lat, lng), radius_m=2_000), now=NOW)
    assert [row.id for row in page.items] == [inside.id]
    assert page.items[0].distance_m == pytest.approx(1_900, abs=5)


async def test_a_late_lesson_counts_for_its_japanese_day(session: AsyncSession) -> None:
    school = await make_school(session)
    lesson = await make_class(session, school)
    late = datetime(2026, 12, 5, 23, 30, tzinfo=clock.JST)
    await make_schedule(session, lesson, start_at=late)
    assert await _found(session, day=date(2026, 12, 5)) == {school.id}
    assert await _found(session, day=date(2026, 12, 6)) == set()
    assert await _found(session, day=date(2026, 12, 4)) == set()


@pytest.mark.parametrize(
    "over",
    [{"booked_count": 5}, {"held_count": 5}, {"cancelled_at": NOW}, {"booked_count": 3, "held_count": 2}],
)
async def test_a_day_without_a_free_seat_does_not_count(session: AsyncSession, over: dict[str, Any]) -> None:
    lesson = await make_class(session, await make_school(session))
    slot = await make_schedule(session, lesson, **over)
    assert await _found(session, day=clock.jst_date(slot.start_at)) == set()


async def test_a_slot_counts_until_its_cutoff_and_within_the_horizon(session: AsyncSession) -> None:
    school = await make_school(session, booking_cutoff_hours=2)
    lesson = await make_class(session, school)
    slot = await make_schedule(session, lesson)
    day = clock.jst_date(slot.start_at)
    cutoff = slot.start_at - timedelta(hours=2)
    assert await _found(session, now=cutoff, day=day) == {school.id}
    assert await _found(session, now=cutoff + timedelta(seconds=1), day=day) == set()
    assert await _found(session, now=slot.start_at - BOOKING_HORIZON - timedelta(seconds=1), day=day) == set()


async def test_age_and_choice_of_instructor_ask_for_one_class_that_has_both(session: AsyncSession) -> None:
    school = await make_school(session)
    await make_class(session, school, age_min=3, age_max=5, instructor_choice=True)
    lesson = await make_class(session, school, age_min=6, age_max=9)
    slot = await make_schedule(session, lesson)
    assert await _found(session, age=4) == {school.id}
    assert await _found(session, age=4, instructor_choice=True) == {school.id}
    assert await _found(session, age=7, instructor_choice=True) == set()
    assert await _found(session, age=10) == set()
    assert await _found(session, age=4, day=clock.jst_date(slot.start_at)) == set()
    assert await _found(session, age=7, day=clock.jst_date(slot.start_at)) == {school.id}


@pytest.mark.parametrize(
    "status", [status for status in SchoolStatus if status is not SchoolStatus.PUBLISHED]
)
async def test_only_published_schools_are_found(session: AsyncSession, status: SchoolStatus) -> None:
    school = await make_school(session, status=status)
    near = Near(*SHIBUYA)
    for sort in Sort:
        assert await _found(session, sort=sort, near=near) == set()
        assert await _found(session, sort=sort, near=near, radius_m=3_000, q="水泳") == set()
    school.status = SchoolStatus.PUBLISHED
    await session.flush()
    assert await _found(session) == {school.id}
    school.status = status
    await session.flush()
    assert await _found(session) == set()


async def test_a_deleted_school_is_not_found(session: AsyncSession) -> None:
    school = await make_school(session)
    school.deleted_at = NOW
    await session.flush()
    assert await _found(session) == set()


async def test_words_follow_every_change_of_school_area_and_genre(session: AsyncSession) -> None:
    school = await make_school(session, name="ことり教室")
    area = await make_area(session)
    genre = await make_category(session)
    for words in ("ことり", "渋谷区", "水泳", "すいえい", "スイエイ"):
        assert await _found(session, q=words) == {school.id}, words
    school.name, area.name, genre.name = "めだか教室", "新渋谷", "みずあそび"
    await session.flush()
    for words in ("めだか", "新渋谷", "みずあそび 新渋谷"):
        assert await _found(session, q=words) == {school.id}, words
    for words in ("ことり", "渋谷区", "水泳"):
        assert await _found(session, q=words) == set(), words


async def test_words_do_not_join_across_fields(session: AsyncSession) -> None:
    await make_school(session, name="ことり水", name_kana="泳ぐ")
    assert await _found(session, q="水泳ぐ") == set()


async def test_a_row_tells_the_next_bookable_lesson_and_counts_free_ones(session: AsyncSession) -> None:
    school = await make_school(session)
    lesson = await make_class(session, school)
    await make_schedule(session, lesson, start_at=NOW + timedelta(hours=1))
    await make_schedule(session, lesson, start_at=NOW + timedelta(days=1), booked_count=5)
    free = await make_schedule(session, lesson, start_at=NOW + timedelta(days=2))
    await make_schedule(session, lesson, start_at=NOW + timedelta(days=20))
    (row,) = (await search.schools(session, filters=SearchFilters(), now=NOW)).items
    assert row.next_lesson_at == free.start_at
    assert row.open_slots == 1
    assert (row.rating_parent, row.rating_child, row.distance_m) == (None, None, None)


async def test_a_search_that_takes_too_long_is_stopped_kindly(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "STATEMENT", text("SELECT pg_sleep(5), :q, :category, :age, :choice"))
    monkeypatch.setattr(listing, "_LIMIT_WAIT", text("SET LOCAL statement_timeout = 50"))
    with pytest.raises(SearchTooBroad) as stopped:
        await search.schools(session, filters=SearchFilters(), now=NOW)
    assert stopped.value.facts["retry_after"] == 5


async def test_classes_come_with_their_slots_and_the_day_asks_for_a_free_seat(session: AsyncSession) -> None:
    school = await make_school(session)
    teacher = await make_instructor(session, school)
    lesson = await make_class(session, school)
    other = await make_class(session, school, title="別のクラス")
    await make_schedule(session, other, booked_count=5)
    slot = await make_schedule(session, lesson, instructor_id=teacher.id)
    await make_schedule(session, lesson, start_at=slot.start_at + timedelta(days=1))
    day = clock.jst_date(slot.start_at)

    page = await search.classes(session, filters=search.ClassFilters(school_id=school.id), now=NOW)
    assert [(row.title, [s.seats_left for s in row.slots]) for row in page.items] == [
        ("はじめての水泳", [5, 5]),
        ("別のクラス", [0]),
    ]
    page = await search.classes(
        session, filters=search.ClassFilters(area="13113", category="swim", day=day), now=NOW
    )
    assert [(row.id, [s.id for s in row.slots]) for row in page.items] == [(lesson.id, [slot.id])]
    page = await search.classes(
        session, filters=search.ClassFilters(instructor_id=teacher.id, day=day), now=NOW
    )
    assert [s.instructor.name for row in page.items for s in row.slots if s.instructor] == ["鈴木 恵"]
    page = await search.classes(session, filters=search.ClassFilters(day=day + timedelta(days=5)), now=NOW)
    assert page.items == []


async def test_classes_are_paged_and_hide_unpublished_schools(session: AsyncSession) -> None:
    school = await make_school(session)
    lessons = [await make_class(session, school, title=f"クラス{n}") for n in range(5)]
    await make_class(session, await make_school(session, status=SchoolStatus.DRAFT))
    first = await search.classes(session, filters=search.ClassFilters(), limit=3, now=NOW)
    rest = await search.classes(
        session, filters=search.ClassFilters(), cursor=first.next_cursor, limit=3, now=NOW
    )
    assert [row.id for row in first.items + rest.items] == [lesson.id for lesson in lessons]
    assert rest.next_cursor is None
    with pytest.raises(InvalidInput):
        await search.classes(
            session, filters=search.ClassFilters(school_id=school.id), cursor=first.next_cursor, now=NOW
        )


async def test_refreshing_twice_changes_nothing(session: AsyncSession) -> None:
    school = await make_school(session)
    await make_schedule(session, await make_class(session, school))
    assert await stats.refresh(session, school_ids=[school.id], now=NOW) == 1
    assert await stats.refresh(session, now=NOW) == 0
