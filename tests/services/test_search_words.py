"""What words find: synonyms, readings, classes, teachers, places; words that were meant; suggestions."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import InvalidInput
from naraigoto.models.schools import School, SchoolStatus
from naraigoto.services import search
from naraigoto.services.search import SearchFilters, SuggestionKind
from tests.factories import (
    NOW,
    make_area,
    make_category,
    make_class,
    make_instructor,
    make_school,
)
from tests.terms import make_terms


async def _found(session: AsyncSession, words: str) -> set[UUID]:
    page = await search.schools(session, filters=SearchFilters(q=words), limit=50, now=NOW)
    assert page.corrected is None
    return {row.id for row in page.items}


async def _full(session: AsyncSession) -> School:
    await make_terms(session)
    await make_category(session, "english", name="英語", kana="えいご")
    school = await make_school(
        session,
        category_code="english",
        name="ハロー・キッズ",
        name_kana="はろーきっず",
        address="東京都渋谷区神南1-2-3",
        access="原宿駅から徒歩5分",
        description="歌から始めます",
    )
    lesson = await make_class(session, school, title="親子フォニックス", description="絵本を使います")
    await make_instructor(session, school, name="スミス 恵美", name_kana="すみす えみ")
    assert lesson.school_id == school.id
    return school


@pytest.mark.parametrize(
    "words",
    ["えいかいわ 渋谷", "英会話", "エイゴ", "English", "ＥＮＧＬＩＳＨ", "ハローキッズ", "はろー",
     "神南", "原宿", "東京都渋谷区", "しぶや", "フォニックス", "ふぉにっくす 絵本",
     "スミス", "えみ 英語", "子ども", "子供 英会話", "歌から"],
)  # fmt: skip
async def test_a_school_is_found_by_everything_that_is_said_of_it(session: AsyncSession, words: str) -> None:
    school = await _full(session)
    await make_category(session, "go", name="碁", kana="ご")
    await make_area(session, "13112", name="世田谷区", kana="せたがやく", prefecture="")
    await make_school(session, category_code="go", area_code="13112", name="石の音", name_kana="いしのおと")
    assert await _found(session, words) == {school.id}


async def test_a_genre_is_found_by_its_synonyms_and_a_synonym_by_the_genre(session: AsyncSession) -> None:
    await make_terms(session)
    swim = await make_school(session, name="みずのこ")
    await make_category(session, "gym", name="体操", kana="たいそう")
    gym = await make_school(
        session, category_code="gym", name="とびばこ", description="夏はスイミングもします"
    )
    for words in ("水泳", "スイミング", "ｽｲﾐﾝｸﾞ", "すいえい", "swimming"):
        assert await _found(session, words) == {swim.id, gym.id}, words


async def test_words_follow_classes_and_instructors(session: AsyncSession) -> None:
    school = await make_school(session)
    lesson = await make_class(session, school, title="背泳ぎ道場")
    teacher = await make_instructor(session, school, name="山崎 健")
    assert await _found(session, "背泳ぎ 山崎") == {school.id}
    lesson.title, teacher.name = "平泳ぎ道場", "川崎 健"
    await session.flush()
    assert await _found(session, "背泳ぎ") == await _found(session, "山崎") == set()
    assert await _found(session, "平泳ぎ 川崎") == {school.id}
    lesson.deleted_at = teacher.deleted_at = NOW
    await session.flush()
    assert await _found(session, "平泳ぎ") == await _found(session, "川崎") == set()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ピヤノ", "ピアノ"), ("書動", "書道"), ("プログラミソグ", "プログラミング"),
     ("サッカ一", "サッカー"), ("すいえん", "水泳")],
)  # fmt: skip
async def test_a_mistyped_word_finds_what_was_meant_and_says_so(
    session: AsyncSession, typed: str, meant: str
) -> None:
    await make_terms(session)
    for code, name in (
        ("piano", "ピアノ"),
        ("calligraphy", "書道"),
        ("programming", "プログラミング"),
        ("soccer", "サッカー"),
    ):
        await make_category(session, code, name=name)
        await make_school(session, category_code=code, name=f"{name}のいえ")
    await make_school(session, name="みずのこ")
    page = await search.schools(session, filters=SearchFilters(q=f"{typed} 渋谷"), now=NOW)
    assert page.corrected == f"{meant} 渋谷"
    assert len(page.items) == 1


@pytest.mark.parametrize("dash", ["ー", "ｰ", "－", "-", "−", "‐", "‑", "–", "—", "―", "〜", "～"])
async def test_a_long_vowel_is_found_however_its_dash_was_typed(session: AsyncSession, dash: str) -> None:
    plain = await make_school(session, name="サッカー教室", summary="")
    typed = await make_school(session, name=f"サッカ{dash}クラブ", summary="")
    both = {plain.id, typed.id}
    for words in ("サッカー", f"サッカ{dash}", f"さっか{dash}"):
        found = await search.schools(session, filters=SearchFilters(q=words), now=NOW)
        assert ({row.id for row in found.items}, found.corrected) == (both, None), words
    assert [text for _, text in await _suggested(session, f"サッカ{dash}ク")] == [typed.name]


async def test_a_hyphen_between_words_and_numbers_is_found_as_it_stands(session: AsyncSession) -> None:
    school = await make_school(session, name="K-POPダンス", address="東京都渋谷区神南1-2-3")
    for words in ("K-POP", "ｋ－ｐｏｐ", "神南1-2-3", "神南１−２−３"):
        found = await search.schools(session, filters=SearchFilters(q=words), now=NOW)
        assert [row.id for row in found.items] == [school.id], words


async def test_the_pages_of_a_corrected_search_follow_each_other(session: AsyncSession) -> None:
    await make_terms(session)
    await make_category(session, "piano", name="ピアノ")
    for number in range(5):
        await make_school(session, category_code="piano", name=f"音のいえ{number}")
    filters = SearchFilters(q="ピヤノ")
    first = await search.schools(session, filters=filters, limit=3, now=NOW)
    rest = await search.schools(session, filters=filters, cursor=first.next_cursor, limit=3, now=NOW)
    assert len({row.id for row in first.items + rest.items}) == 5
    assert rest.corrected == "ピアノ"
    assert await search.count(session, filters=filters, now=NOW) == 5
    with pytest.raises(InvalidInput):
        await search.schools(session, filters=SearchFilters(q="バヤノ"), cursor=first.next_cursor, now=NOW)


async def test_what_was_meant_but_is_not_there_either_is_not_told(session: AsyncSession) -> None:
    await make_terms(session)
    await make_school(session)
    for words in ("ピヤノ", "ピヤノ 水泳", "水泳 " * 9 + "無い"):
        filters = SearchFilters(q=words.strip())
        page = await search.schools(session, filters=filters, now=NOW)
        assert page.corrected is None, words
        assert await search.count(session, filters=filters, now=NOW) == len(page.items), words


async def test_words_that_resemble_nothing_find_nothing(session: AsyncSession) -> None:
    await make_terms(session)
    await make_school(session)
    page = await search.schools(session, filters=SearchFilters(q="宇宙遊泳"), now=NOW)
    assert (page.items, page.corrected) == ([], None)


async def _suggested(session: AsyncSession, typed: str) -> list[tuple[str, str]]:
    return [(item.kind.value, item.text) for item in await search.suggest(session, typed=typed)]


async def test_while_typing_genres_areas_stations_and_schools_are_suggested(session: AsyncSession) -> None:
    await make_terms(session)
    await make_area(session)
    school = await make_school(session)
    assert (await _suggested(session, "すい"))[0] == ("genre", "水泳")
    assert ("area", "渋谷区") in await _suggested(session, "しぶ")
    assert ("station", "渋谷駅") in await _suggested(session, "渋")
    assert await _suggested(session, "スマイ") == [("school", school.name)]
    assert await _suggested(session, "すまい") == [("school", school.name)]
    assert ("genre", "水泳") in await _suggested(session, "スイミ")
    station = next(
        item for item in await search.suggest(session, typed="渋谷駅") if item.kind is SuggestionKind.STATION
    )
    assert station.near == pytest.approx((35.658, 139.7016))


async def test_only_the_last_word_is_completed_and_half_typed_letters_wait(session: AsyncSession) -> None:
    await make_terms(session)
    await make_area(session)
    assert ("area", "渋谷区") in await _suggested(session, "水泳 しぶ")
    assert (await _suggested(session, "すいm"))[0] == ("genre", "水泳")


@pytest.mark.parametrize("status", [SchoolStatus.DRAFT, SchoolStatus.SUSPENDED])
async def test_only_published_schools_are_suggested(session: AsyncSession, status: SchoolStatus) -> None:
    await make_school(session, status=status)
    assert await _suggested(session, "スマ") == []


@pytest.mark.parametrize("typed", ["", " ", "・", "%", "_", "\\", "'", "\0", "🎹", "x" * 10_000, "\u202e"])
async def test_strange_beginnings_suggest_nothing(session: AsyncSession, typed: Any) -> None:
    await make_terms(session)
    await make_school(session)
    assert await _suggested(session, typed) == []
