"""The first page tells everybody the same, and says so when the database is away."""

from uuid import uuid4

import reflex as rx

from naraigoto import clock, db
from naraigoto.models.schools import SafetyBadge
from naraigoto.services.search import CodedName, SchoolRow
from naraigoto.state.home import HomeState
from naraigoto.state.school_cards import card_of
from tests.conftest import Committed
from tests.factories import NOW, make_school


async def test_the_first_page_offers_areas_genres_and_published_schools(committed: Committed):
    async with committed() as session:
        school = await make_school(session)
    state = _state()
    await _load(state)
    assert ("13113", "東京都渋谷区") in state.areas
    assert ("swim", "水泳") in state.categories
    assert [card.href for card in state.schools] == [f"/schools/{school.id}"]
    assert state.loaded
    assert not state.unavailable


async def test_a_draft_is_not_offered(committed: Committed):
    async with committed() as session:
        await make_school(session, status="draft", published_at=None)
    state = _state()
    await _load(state)
    assert state.schools == []
    assert state.loaded


async def test_without_a_database_the_page_says_so():
    await db.close_engine()
    state = _state()
    await _load(state)
    assert state.unavailable
    assert state.loaded


def test_a_card_leaves_out_what_is_not_known():
    card = card_of(_row())
    assert (card.image, card.distance, card.rating_parent, card.rating_child, card.next_slot) == ("",) * 5


def test_a_card_speaks_in_units_and_japanese_time():
    card = card_of(
        _row(
            image_key="schools/a.webp",
            distance_m=1240,
            rating_parent=4.46,
            rating_child=5.0,
            next_lesson_at=clock.jst(NOW),
        )
    )
    assert (card.distance, card.rating_parent, card.rating_child) == ("1.2 km", "4.5", "5.0")
    assert card.image == "/media/schools/a-480.webp"
    assert card.next_slot == "11/24(火) 12:00"


def _row(**over: object) -> SchoolRow:
    values: dict[str, object] = {
        "id": uuid4(),
        "name": "スマイル水泳",
        "area": CodedName("13113", "渋谷区"),
        "category": CodedName("swim", "水泳"),
        "summary": "",
        "image_key": None,
        "lat": 35.66,
        "lng": 139.7,
        "distance_m": None,
        "rating_parent": None,
        "rating_child": None,
        "review_count": 0,
        "like_count": 0,
        "next_lesson_at": None,
        "open_slots": 0,
        "tickets_from": None,
        "safety_badge": SafetyBadge.NONE,
        "new": False,
        "name_matches": False,
    }
    return SchoolRow(**(values | over))  # pyright: ignore[reportArgumentType]


def _state() -> HomeState:
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    found = root.get_substate(HomeState.get_full_name().split("."))
    assert isinstance(found, HomeState)
    return found


async def _load(state: HomeState) -> None:
    await HomeState.load.fn(state)  # pyright: ignore[reportFunctionMemberAccess]
