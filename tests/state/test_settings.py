"""/settings shows what is one's own, and what a press has changed."""

from typing import Any

import pytest
import reflex as rx

from naraigoto import clock
from naraigoto.models.accounts import User, UserType
from naraigoto.models.base import new_id
from naraigoto.services import sessions
from naraigoto.state.settings import SettingsState
from naraigoto.texts import settings as texts
from tests import factories as make
from tests.conftest import Committed

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
)


async def screen(committed: Committed, user: User | None, path: str = "/settings") -> Any:
    """The state behind the page of a person who just opened it."""
    cookie = ""
    if user is not None:
        async with committed() as session:
            opened = await sessions.create(session, user.id, user_agent="test", now=clock.now())
        cookie = f"naraigoto_session={opened.token}"
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    root.router_data = {"headers": {"cookie": cookie}, "pathname": path, "asPath": path, "token": "t"}
    root._update_router_vars(root.router_data, {})
    state: Any = await root.get_state(SettingsState)
    await SettingsState.load.fn(state)  # pyright: ignore[reportFunctionMemberAccess]
    return state


async def fire(state: Any, handler: str, *arguments: object) -> None:
    await getattr(SettingsState, handler).fn(state, *arguments)


async def booked(committed: Committed) -> make.Booked:
    async with committed() as session:
        found = await make.make_booked(session)
        await make.give_password(session, found.guardian)
        return found


async def test_a_guardian_sees_account_devices_mails_and_the_way_out(committed: Committed) -> None:
    family = await booked(committed)
    state = await screen(committed, family.guardian)
    assert (state.access, state.account.kind, state.account.name) == ("ok", "parent", "花子")
    assert state.account.has_password
    assert state.account.owns_family
    assert [flag.on for flag in state.flags] == [True, True, True, True, False]
    assert [device.current for device in state.devices] == [True]
    assert not state.others
    assert state.closing.possible
    assert state.closing.notes == (texts.family_ends(1, 1), texts.CLOSE_LOST)


async def test_a_child_sees_only_what_is_its_own(committed: Committed) -> None:
    family = await booked(committed)
    state = await screen(committed, family.child)
    assert (state.access, state.account.kind, state.account.name) == ("ok", "child", "そら")
    assert state.account.family_code == family.family.family_code
    assert state.flags == []
    assert not state.closing.possible
    assert "花子" not in repr(state.account)


async def test_a_school_and_an_admin_are_told_why_they_stay(committed: Committed) -> None:
    family = await booked(committed)
    async with committed() as session:
        admin = await make.make_user(session, UserType.ADMIN)
    assert (await screen(committed, family.owner)).closing.stopped == texts.schools_need_owner(1)
    assert (await screen(committed, admin)).closing.stopped == texts.CLOSE_ADMIN


async def test_a_guest_is_asked_to_sign_in(committed: Committed) -> None:
    state = await screen(committed, None)
    assert (state.access, state.account.name, state.devices) == ("login", "", [])


async def test_a_flag_is_turned_and_turned_back(committed: Committed) -> None:
    family = await booked(committed)
    state = await screen(committed, family.guardian)
    await fire(state, "flip", "reminders")
    assert (state.message, state.flags[0].on) == (texts.SAVED, False)
    again = await screen(committed, family.guardian)
    assert not again.flags[0].on
    await fire(again, "flip", "reminders")
    assert again.flags[0].on


@pytest.mark.parametrize("key", ["nonsense", "user_id", None, 3, [], "__class__"])
async def test_what_is_no_flag_turns_nothing(committed: Committed, key: object) -> None:
    family = await booked(committed)
    state = await screen(committed, family.guardian)
    before = list(state.flags)
    await fire(state, "flip", key)
    assert (state.flags, state.message) == (before, "")


@pytest.mark.parametrize("form", [{"name": "  "}, {}, None, {"name": ["a"]}, {"name": "あ" * 41}])
async def test_a_bad_name_is_told_beside_the_field(committed: Committed, form: object) -> None:
    family = await booked(committed)
    state = await screen(committed, family.guardian)
    await fire(state, "rename", form)
    assert state.name_error
    assert (state.message, state.account.name) == ("", "花子")


async def test_a_good_name_is_shown_at_once(committed: Committed) -> None:
    family = await booked(committed)
    state = await screen(committed, family.guardian)
    await fire(state, "rename", {"name": " はなこ "})
    assert (state.account.name, state.name_error, state.message) == ("はなこ", "", texts.SAVED)


async def test_another_device_is_signed_out_and_leaves_the_list(committed: Committed) -> None:
    family = await booked(committed)
    async with committed() as session:
        phone = await sessions.create(session, family.guardian.id, user_agent=PHONE, now=clock.now())
        strange = await sessions.create(session, family.owner.id, user_agent=PHONE, now=clock.now())
    state = await screen(committed, family.guardian)
    assert state.others
    [row] = [device for device in state.devices if not device.current]
    assert "Safari" in row.name

    for foreign in (strange.id, new_id(), "x"):
        await fire(state, "end_device", str(foreign))
        assert (len(state.devices), state.message) == (2, "")
    await fire(state, "end_device", str(phone.id))

    assert (len(state.devices), state.message, state.others) == (1, texts.ENDED, False)
    async with committed() as session:
        assert not (await sessions.resolve(session, phone.token, now=clock.now())).signed_in
        assert (await sessions.resolve(session, strange.token, now=clock.now())).signed_in


async def test_all_other_devices_end_and_this_one_stays(committed: Committed) -> None:
    family = await booked(committed)
    async with committed() as session:
        for _ in range(3):
            await sessions.create(session, family.guardian.id, user_agent=PHONE, now=clock.now())
    state = await screen(committed, family.guardian)
    await fire(state, "end_others")
    assert (len(state.devices), state.message) == (1, texts.ENDED_OTHERS)


async def test_after_a_changed_password_the_page_says_so(committed: Committed) -> None:
    family = await booked(committed)
    state = await screen(committed, family.guardian, "/settings?done=password")
    assert state.message == texts.PASSWORD_DONE
    assert (await screen(committed, family.guardian, "/settings?done=x")).message == ""


async def test_who_leaves_nothing_of_a_family_behind_reads_nothing_of_its_tickets(
    committed: Committed,
) -> None:
    family = await booked(committed)
    async with committed() as session:
        mate = await make.make_co_guardian(session, family.family)
        staff = await make.make_user(session, UserType.SCHOOL_OWNER)
    state = await screen(committed, mate)
    assert state.closing.notes == (texts.CLOSE_KEPT, texts.CLOSE_CALENDAR)
    assert (await screen(committed, staff)).closing.notes == ()


async def test_the_dialog_opens_with_what_would_happen_now(committed: Committed) -> None:
    family = await booked(committed)
    state = await screen(committed, family.guardian)
    async with committed() as session:
        await make.make_co_guardian(session, family.family)
    await fire(state, "ask_closing")
    assert state.closing.open
    kept = (texts.CLOSE_KEPT, texts.CLOSE_CALENDAR)
    assert state.closing.notes == (texts.family_passes("太郎"), *kept)
    SettingsState.stay.fn(state)  # pyright: ignore[reportFunctionMemberAccess]
    assert not state.closing.open
