"""The booking dialog and the pages of bookings: what a guardian sees, and that nobody else sees it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from naraigoto import clock
from naraigoto.models.billing import SubscriptionStatus
from naraigoto.services import waitlist
from naraigoto.state.booking_dialog import BookingState
from naraigoto.state.bookings import BookingDetailState, BookingListState
from tests.conftest import Committed
from tests.factories import cookie_of
from tests.stage import set_stage
from tests.state.cast import Cast, fire, tab


async def dialog(cast: Cast, who: str = "hanako") -> Any:
    """The dialog as it opens for one of the people on the page of the school."""
    path = f"/schools/{cast.stage.school.id}"
    state = await tab(BookingState, cast.cookies[who], path)
    await fire(state, "choose", str(cast.stage.slot.id))
    return state


async def test_the_dialog_shows_slot_children_and_what_it_takes(cast: Cast) -> None:
    state = await dialog(cast)

    assert (state.open, state.step, state.busy, state.message) == (True, "choose", False, "")
    assert (state.slot.title, state.slot.school, state.slot.teacher) == (
        "はじめての水泳",
        "スマイル水泳",
        "おまかせ",
    )
    assert state.slot.when.endswith("10:00〜10:50")
    assert state.spending == "チケット1枚を使います（残り4枚 → 3枚）"
    assert [(child.name, child.age, child.reason, child.chosen) for child in state.children] == [
        ("そら", "7歳", "", True),
        ("あかり", "0歳", "対象年齢（4〜12歳）に合っていません", False),
    ]


async def test_confirming_books_and_says_what_is_left(cast: Cast) -> None:
    state = await dialog(cast)

    asked = await fire(state, "confirm", {"child_id": str(cast.stage.child.id), "instructor_id": ""})

    assert (state.step, state.busy, state.made.left) == ("done", False, "残りのチケット: 3枚")
    assert (state.slot.title, state.made.child) == ("はじめての水泳", "そら")
    assert len(asked) == 1  # the frame counts the tickets again
    detail = await tab(BookingDetailState, cast.cookies["hanako"], state.made.href)
    await fire(detail, "load")
    assert (detail.access, detail.facts.title, detail.facts.child) == ("ok", "はじめての水泳", "そら")
    assert (detail.facts.status, detail.facts.tickets) == ("reserved", "1枚")


async def test_a_second_click_books_nothing_more(cast: Cast) -> None:
    state = await dialog(cast)
    form = {"child_id": str(cast.stage.child.id)}

    await fire(state, "confirm", form)
    await fire(state, "confirm", form)

    assert (state.step, await cast.bookings()) == ("done", 1)


async def test_nobody_chosen_is_said_in_the_dialog(cast: Cast) -> None:
    state = await dialog(cast)

    await fire(state, "confirm", {})

    assert (state.step, state.message) == ("choose", "受けるお子さまを選んでください")
    assert await cast.bookings() == 0


async def test_a_refusal_stands_in_the_dialog_and_can_be_mended(cast: Cast) -> None:
    state = await dialog(cast)
    young = state.children[1].id

    await fire(state, "confirm", {"child_id": young})
    assert (state.step, state.message, state.busy) == (
        "choose",
        "対象年齢（4〜12歳）に合っていません",
        False,
    )

    await fire(state, "confirm", {"child_id": str(cast.stage.child.id)})
    assert state.step == "done"


async def test_a_full_slot_is_said_at_once(cast: Cast) -> None:
    async with cast.committed() as session:
        slot = await session.get_one(type(cast.stage.slot), cast.stage.slot.id)
        slot.booked_count = slot.capacity
        session.add(slot)

    state = await dialog(cast)

    assert (state.step, state.message, state.first_come) == ("full", "", False)
    assert {child.name: child.reason for child in state.children} == {
        "そら": "",
        "あかり": "対象年齢（4〜12歳）に合っていません",
    }


async def test_close_to_the_lesson_a_full_slot_promises_no_seat(cast: Cast) -> None:
    async with cast.committed() as session:
        slot = await session.get_one(type(cast.stage.slot), cast.stage.slot.id)
        slot.booked_count, slot.start_at = slot.capacity, clock.now() + timedelta(hours=3)
        slot.end_at = slot.start_at + timedelta(minutes=50)
        session.add(slot)

    state = await dialog(cast)

    assert (state.step, state.first_come) == ("full", True)
    # Whatever a page of this morning still sends, nothing is booked unasked any more.
    child = str(cast.stage.child.id)
    await fire(state, "wait", {"child_id": child, "auto_book": "on"})
    assert state.step == "waiting"
    async with cast.committed() as session:
        (place,) = await waitlist.mine(session, cast.stage.actor, now=clock.now())
    assert place.auto_book is False


@pytest.mark.parametrize(
    ("who", "step", "message"),
    [
        ("guest", "login", ""),
        ("sora", "stopped", "保護者の方の操作が必要です"),
        ("ito", "stopped", "この操作はできません"),
    ],
)
async def test_only_guardians_get_the_form(cast: Cast, who: str, step: str, message: str) -> None:
    state = await dialog(cast, who)

    assert (state.step, state.message, state.children) == (step, message, [])
    await fire(state, "confirm", {"child_id": str(cast.stage.child.id)})
    assert await cast.bookings() == 0
    if who == "guest":
        assert state.login_href == f"/login?next=/schools/{cast.stage.school.id}"


async def test_another_familys_child_can_not_be_slipped_in(cast: Cast) -> None:
    state = await dialog(cast, "outsider")

    await fire(state, "confirm", {"child_id": str(cast.stage.child.id)})

    assert (state.step, await cast.bookings()) == ("choose", 0)


async def test_closing_leaves_nothing_of_the_dialog(cast: Cast) -> None:
    state = await dialog(cast)

    await fire(state, "close")

    assert (state.open, state.children, state.message, state._schedule_id) == (False, [], "", None)


async def test_the_list_shows_what_comes_and_what_was_by_child(cast: Cast) -> None:
    state = await dialog(cast)
    await fire(state, "confirm", {"child_id": str(cast.stage.child.id)})
    listed = await tab(BookingListState, cast.cookies["hanako"], "/bookings")

    await fire(listed, "load")
    assert [(row.title, row.child, row.status) for row in listed.rows] == [
        ("はじめての水泳", "そら", "reserved")
    ]
    names = [name for _, name in listed.children]
    assert names == ["みんな", "そら", "あかり"]

    await fire(listed, "only", listed.children[2][0])
    assert (listed.access, listed.rows) == ("ok", [])
    await fire(listed, "only", "")
    await fire(listed, "show", "past")
    assert (listed.tab, listed.rows) == ("past", [])
    await fire(listed, "only", str(UUID(int=0)))
    assert listed.child == ""


@pytest.mark.parametrize(
    ("who", "access"), [("guest", "login"), ("sora", "missing"), ("ito", "missing"), ("outsider", "ok")]
)
async def test_the_list_of_one_family_is_closed_to_others(cast: Cast, who: str, access: str) -> None:
    state = await dialog(cast)
    await fire(state, "confirm", {"child_id": str(cast.stage.child.id)})

    listed = await tab(BookingListState, cast.cookies[who], "/bookings")
    await fire(listed, "load")

    assert (listed.access, listed.rows, listed.children) == (access, [], [])


@pytest.mark.parametrize(("who", "access"), [("guest", "login"), ("ito", "missing"), ("outsider", "missing")])
async def test_one_booking_is_closed_to_others(cast: Cast, who: str, access: str) -> None:
    state = await dialog(cast)
    await fire(state, "confirm", {"child_id": str(cast.stage.child.id)})

    detail = await tab(BookingDetailState, cast.cookies[who], state.made.href)
    await fire(detail, "load")

    assert (detail.access, detail.facts.title, detail.facts.child) == (access, "", "")


@pytest.mark.parametrize("path", ["/bookings/x", f"/bookings/{UUID(int=0)}", "/bookings//"])
async def test_an_address_without_a_booking_is_a_friendly_404(cast: Cast, path: str) -> None:
    detail = await tab(BookingDetailState, cast.cookies["hanako"], path)

    await fire(detail, "load")

    assert detail.access == "missing"


@pytest.mark.parametrize(
    ("plan", "way"), [(None, "/plans"), (SubscriptionStatus.ACTIVE, "/tickets")], ids=["no plan", "a plan"]
)
async def test_too_few_tickets_lead_to_where_more_come_from(
    committed: Committed, plan: SubscriptionStatus | None, way: str
) -> None:
    start_at = clock.jst_midnight(clock.jst_date(clock.now()) + timedelta(days=2)) + timedelta(hours=10)
    async with committed() as session:
        stage = await set_stage(session, tickets=0, plan=plan, slot={"start_at": start_at})
        cookie = (await cookie_of(session, stage.guardian))["Cookie"]
    dialog = await tab(BookingState, cookie, f"/schools/{stage.school.id}")
    await fire(dialog, "choose", str(stage.slot.id))
    await fire(dialog, "confirm", {"child_id": str(stage.child.id), "instructor_id": ""})
    assert dialog.way[0] == way
    assert dialog.message
