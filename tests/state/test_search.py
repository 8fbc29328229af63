"""The search page between its address and the service: links, counts, corrections, kept searches."""

from typing import Any
from urllib.parse import quote

import pytest
import reflex as rx

from naraigoto.models.accounts import User
from naraigoto.state.saved_searches import SavedSearchState
from naraigoto.state.search import SearchState
from naraigoto.texts import search as words
from tests.conftest import Committed
from tests.factories import (
    cookie_of,
    make_area,
    make_category,
    make_class,
    make_family,
    make_school,
)
from tests.terms import make_terms


async def _state(kind: type[rx.State], query: str = "", cookie: str = "") -> Any:
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    address = f"/search?{quote(query, safe='=&,%')}"
    root.router_data = {
        "headers": {"cookie": cookie},
        "pathname": "/search",
        "asPath": address,
        "token": "t",
    }
    root._update_router_vars(root.router_data, {})
    return await root.get_state(kind)


async def _searched(query: str) -> Any:
    state = await _state(SearchState, query)
    async for _ in SearchState.load.fn(state):  # pyright: ignore[reportAttributeAccessIssue]
        pass
    return state


@pytest.fixture
async def town(committed: Committed) -> None:
    async with committed() as session:
        await make_terms(session)
        await make_category(session, "piano", name="ピアノ", kana="ぴあの")
        await make_area(session, "13112", name="世田谷区", kana="せたがやく")
        for number in range(21):
            school = await make_school(session, name=f"みずのこ{number}")
            await make_class(session, school, age_min=4, age_max=12, ticket_cost=2)
        await make_school(session, area_code="13112", category_code="piano", name="おとのこ")


async def test_a_search_says_what_it_is_about_and_counts_what_it_finds(town: None) -> None:
    state = await _searched("q=スイミング&area=13113")
    assert state.title.startswith("「スイミング」の渋谷区の教室をさがす")
    assert (len(state.schools), state.count) == (20, "21件")
    assert {pin.price for pin in state.pins} == {"2枚〜"}
    async for _ in SearchState.more.fn(state):  # pyright: ignore[reportAttributeAccessIssue]
        pass
    assert (len(state.schools), state.count, state.cursor) == (21, "21件", "")


async def test_areas_are_added_by_the_form_and_taken_away_by_links(town: None) -> None:
    state = await _searched("area=13113&area=13112")
    assert [(area.key, area.name) for area in state.areas_chosen] == [
        ("13113", "渋谷区を外す"),
        ("13112", "世田谷区を外す"),
    ]
    assert state.areas_chosen[0].href == "/search?area=13112"
    assert state.title.startswith("渋谷区・世田谷区の教室をさがす")


async def test_a_place_brings_ways_to_travel_and_minutes_to_the_cards(town: None) -> None:
    state = await _searched("near=35.664,139.7&travel=walk&sort=distance")
    assert [(way.key, way.current) for way in state.travels] == [
        ("walk", True),
        ("bike", False),
        ("car", False),
        ("", False),
    ]
    assert state.schools[0].distance.startswith("徒歩 約")
    assert state.schools[0].reason == ""
    assert (await _searched("near=35.664,139.7")).schools[0].reason.startswith("この順位の理由: ")


async def test_a_mistyped_word_is_told_and_its_pages_go_on(town: None) -> None:
    state = await _searched("q=スイミソグ")
    assert state.corrected == words.corrected("スイミソグ", "スイミング")
    assert state.count == "21件"
    async for _ in SearchState.more.fn(state):  # pyright: ignore[reportAttributeAccessIssue]
        pass
    assert (len(state.schools), state.problem) == (21, "")


async def test_nothing_found_offers_what_to_give_up(town: None) -> None:
    state = await _searched("category=piano&age=7")
    assert [less.name for less in state.relaxed][:2] == [
        "ジャンル「ピアノ」を外す（21件）",
        "年齢（7歳）を外す（1件）",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "area=99999&q=みずのこ",
        "category=zzz&q=みずのこ",
        "area=13113,zzz&category=zzz",
        "weekday=x&q=みずのこ",
        "near=x&travel=walk&q=みずのこ",
    ],
)
async def test_what_cannot_be_read_is_left_out_and_said(town: None, query: str) -> None:
    state = await _searched(query)
    assert (state.notice, len(state.schools)) == (words.DROPPED, 20)
    async for _ in SearchState.more.fn(state):  # pyright: ignore[reportAttributeAccessIssue]
        pass
    assert (len(state.schools), state.problem, state.cursor) == (21, "", "")


async def test_of_several_areas_the_known_ones_stay(town: None) -> None:
    state = await _searched("area=13112,99999")
    assert (state.notice, [school.name for school in state.schools]) == (words.DROPPED, ["おとのこ"])


async def test_a_map_moved_to_nowhere_offers_nothing() -> None:
    state = await _state(SearchState, "q=みずのこ")
    bounds: dict[str, object] = {"south": 35.6, "west": 139.6, "north": 35.7, "east": 139.7}
    SearchState.move.fn(state, bounds)  # pyright: ignore[reportAttributeAccessIssue]
    assert state.moved_href.startswith("/search?q=")
    nowhere = (10**400, -(10**400), 1e308, float("nan"), float("inf"), None, "35", [], {})
    for edge in nowhere:
        for side in bounds:
            SearchState.move.fn(state, bounds | {side: edge})  # pyright: ignore[reportAttributeAccessIssue]
            assert state.moved_href == "", (side, edge)


async def test_a_guardian_keeps_the_search_of_the_address(town: None, committed: Committed) -> None:
    async with committed() as session:
        family = await make_family(session)
        user = await session.get(User, family.parent_user_id)
        assert user
        cookie = (await cookie_of(session, user))["Cookie"]
    state = await _state(SavedSearchState, "area=13113&weekday=sat&time=morning", cookie)
    for _ in range(2):
        await SavedSearchState.save.fn(state)  # pyright: ignore[reportAttributeAccessIssue]
    (kept,) = state.items
    assert (kept.name, kept.details, kept.href) == (
        "渋谷区",
        "土 ／ 午前",
        "/search?area=13113&weekday=sat&time=morning",
    )
    await SavedSearchState.turn_mail.fn(state, True)  # pyright: ignore[reportAttributeAccessIssue]
    assert (state.by_mail, state.said) == (True, words.MAIL_ON)
    hostile: tuple[Any, ...] = (None, 5, "x", {"a": 1}, [])
    for wrong in hostile:
        await SavedSearchState.forget.fn(state, wrong)  # pyright: ignore[reportAttributeAccessIssue]
    await SavedSearchState.forget.fn(state, kept.id)  # pyright: ignore[reportAttributeAccessIssue]
    assert state.items == []


async def test_a_guest_keeps_nothing_and_is_told_to_sign_in(town: None) -> None:
    state = await _state(SavedSearchState, "q=水泳")
    await SavedSearchState.load.fn(state)  # pyright: ignore[reportAttributeAccessIssue]
    await SavedSearchState.save.fn(state)  # pyright: ignore[reportAttributeAccessIssue]
    assert (state.items, state.problem) == ([], "ログインが必要です")
