"""A tab's state belongs to one session."""

from typing import Any, cast

import pytest
import reflex as rx
from reflex.app import App
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event

from naraigoto.state import binding
from naraigoto.state.binding import SessionBind


class PrivateState(rx.State):
    """Holds what only its session may see."""

    children: list[str] = []
    _note: str = ""


def tab(cookie: str = "", name: str = "tab-1") -> BaseState:
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    connect(root, cookie, name)
    return root


def connect(root: BaseState, cookie: str, name: str = "tab-1") -> None:
    before = dict(root.router_data)
    root.router_data = {"headers": {"cookie": cookie}, "pathname": "/", "asPath": "/", "token": name}
    root._update_router_vars(root.router_data, before)


async def press(guard: SessionBind, root: BaseState) -> StateUpdate | None:
    return await guard.preprocess(cast(App, None), root, Event(name="x"))


async def filled(guard: SessionBind, cookie: str) -> tuple[BaseState, Any]:
    root = tab(cookie)
    assert await press(guard, root) is None
    state = cast(Any, await root.get_state(PrivateState))
    state.children, state._note = ["そら"], "secret"
    return root, state


MINE = "theme=dark; naraigoto_session=mine"


async def test_the_same_session_keeps_its_state():
    guard = SessionBind()
    root, state = await filled(guard, MINE)
    connect(root, "naraigoto_session=mine")
    assert await press(guard, root) is None
    assert (state.children, state._note) == (["そら"], "secret")


@pytest.mark.parametrize("cookie", ["", "naraigoto_session=theirs", "naraigoto_session="])
async def test_another_session_in_the_same_tab_finds_nothing(cookie: str):
    guard = SessionBind()
    root, state = await filled(guard, MINE)
    connect(root, cookie)
    assert await press(guard, root) is None
    assert (state.children, state._note) == ([], "")


async def test_signing_in_forgets_what_the_guest_saw():
    guard = SessionBind()
    root, state = await filled(guard, "")
    connect(root, MINE)
    await press(guard, root)
    assert state.children == []


async def test_a_flood_of_one_tab_is_dropped_and_other_tabs_go_on(monkeypatch: pytest.MonkeyPatch):
    at = [1000.0]
    monkeypatch.setattr(binding.time, "monotonic", lambda: at[0])
    guard, loud, quiet = SessionBind(), tab(name="loud"), tab(name="quiet")
    answers = [await press(guard, loud) for _ in range(300)]
    assert answers[:200] == [None] * 200
    assert all(isinstance(answer, StateUpdate) for answer in answers[200:])
    assert await press(guard, quiet) is None
    at[0] += 10
    assert await press(guard, loud) is None
