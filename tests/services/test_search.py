"""Finding schools: exact words, every order page by page, places, days, and who is never found."""

import itertools
import random
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.errors import InvalidInput, SearchTooBroad
from naraigoto.models.base import new_id
from naraigoto.models.schools import School, SchoolStatus
from naraigoto.rules import BOOKING_HORIZON
from naraigoto.services import cursors, search, stats
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

_PIECES = (
    "水泳", "スイミング", "ｽｲﾐﾝｸﾞ", "ピアノ", "英会話", "英語", "碁", "囲碁",
    "教室", "こども", "ひまわり", "渋谷", "薩摩琵琶",
    "100%", "a_b", "C\\D", "O'Neil", '"引用"', "🎹", "ＡＢＣ", "abc", "データー", "デ−タ", "〜", "㍿",
)  # fmt: skip
_QUERIES = (
    "水泳", "泳", "スイミング", "すいみんぐ", "ｽｲﾐﾝｸﾞ", "ピアノ", "ぴあの", "英会話", "碁",
    "囲碁 教室", "水泳　こども", "渋谷 ピアノ 英語", "薩摩琵琶", "0%", "%", "_", "a_b", "a%b",
    "C\\D", "\\", "O'Neil", "'", '"引用"', "🎹", "abc", "ABC", "ＡＢＣ", "データー", "で",
    "無いことば", "水泳水泳", "ノ英", "・", "", "   ", "!", "碁碁碁", "株式会社",
)  # fmt: skip


async def _crowd(session: AsyncSession, count: int = 300) -> list[School]:
    """Schools in three areas and three genres, with words, places and moments that often tie."""
    dice = random.Random(7)
    areas = [await make_area(session, code, name=f"区{code}") for code in ("13101", "13102", "13103")]
    genres = [await make_category(session, code, name=code) for code in ("swim", "piano", "go")]
    schools = [
        School(
            id=new_id(),
            name="".join(dice.choices(_PIECES, k=3))[:80],
            summary="".join(dice.choices(_PIECES, k=2)),
            area_code=dice.choice(areas).code,
            category_code=dice.choice(genres).code,
            location=point(35.66 + dice.randrange(12) / 100, 139.70 + dice.randrange(3) / 100),
            status=SchoolStatus.PUBLISHED,
            published_at=NOW - timedelta(days=dice.randrange(40, 60)),
        )
        for _ in range(count)
    ]
    session.add_all(schools)
    await session.flush()
    # Uneven figures with many ties, the same in every run.
    figures = (
        "UPDATE schools_stats SET score = 3500 + 100 * mod(abs(hashtext(norm)), 7),"
        " rating_score = mod(abs(hashtext(norm)), 5)"
        " FROM school_search t WHERE t.school_id = schools_stats.school_id"
    )
    await (await session.connection()).execute(text(figures))
    return schools


async def _ids(session: AsyncSession, sql: str, **values: Any) -> list[UUID]:
    return list((await (await session.connection()).execute(text(sql), values)).scalars())


async def _found(session: AsyncSession, now: datetime = NOW, **filters: Any) -> set[UUID]:
    page = await search.schools(session, filters=SearchFilters(**filters), limit=50, now=now)
    return {row.id for row in page.items}


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
    await _crowd(session)
    for words, (limit, probe) in itertools.product(_QUERIES, ((4, 4), (30, 50), (30, 2000))):
        expected = await _ids(
            session,
            "SELECT st.school_id FROM schools_stats st JOIN school_search t USING (school_id)"
            " WHERE t.norm LIKE ALL (ng_like(:q)) ORDER BY st.score DESC, st.school_id DESC LIMIT :limit",
            q=words,
            limit=limit,
        )
        found = await _ids(
            session,
            "SELECT school_id FROM search_schools(:q, NULL, NULL, NULL, NULL, false, NULL, NULL,"
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
    await _crowd(session)
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
    await _crowd(session)
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
    await _crowd(session)
    near, radius = Near(35.66, 139.70), 20_000
    expected = await _ids(
        session,
        "SELECT s.id FROM schools s JOIN schools_stats st ON st.school_id = s.id"
        " ORDER BY st.score - floor(ST_Distance(s.location, ST_MakePoint(:lng, :lat)::geography) / 10)::int"
        " DESC, s.id DESC",
        lat=near.lat,
        lng=near.lng,
    )
    rows = await _walk(session, SearchFilters(near=near, radius_m=radius), limit=11)
    assert [row.id for row in rows] == expected


async def test_a_school_added_between_two_pages_repeats_nobody(session: AsyncSession) -> None:
    await _crowd(session, 40)
    first = await search.schools(session, filters=SearchFilters(), limit=10, now=NOW)
    await make_school(session)
    second = await search.schools(
        session, filters=SearchFilters(), cursor=first.next_cursor, limit=10, now=NOW
    )
    assert not {row.id for row in first.items} & {row.id for row in second.items}


async def test_a_cursor_of_another_search_is_refused(session: AsyncSession) -> None:
    await _crowd(session, 20)
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


async def test_area_and_genre_narrow_the_list(session: AsyncSession) -> None:
    here = await make_school(session)
    await make_area(session, "13112", name="世田谷区")
    await make_category(session, "piano", name="ピアノ")
    await make_school(session, area_code="13112")
    await make_school(session, category_code="piano")
    assert await _found(session, area="13113", category="swim") == {here.id}
    assert await _found(session, area="渋谷区", category="水泳") == {here.id}


async def test_an_unknown_area_or_genre_is_named(session: AsyncSession) -> None:
    with pytest.raises(InvalidInput) as refused:
        await search.schools(session, filters=SearchFilters(area="99999", category="ufo"), now=NOW)
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
    monkeypatch.setattr(
        listing, "_SEARCH", text("SELECT pg_sleep(5), :q, :area, :category, :day, :age, :choice")
    )
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
