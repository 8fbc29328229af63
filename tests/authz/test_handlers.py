"""Every event handler × every kind of person: who receives a private word or changes a row (domain.md D9)."""

import ast
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import naraigoto.state
from tests.authz.screen import Step, fire, handlers
from tests.authz.world import MARKERS, Persona, World, build, traces
from tests.conftest import Committed

A, C, G, O, S, R, X = Persona  # noqa: E741  # one letter each, so that the table below can be read
NOBODY: frozenset[Persona] = frozenset()


class Fired(NamedTuple):
    """How a handler is tried: arguments, page, what comes before, who may see or change what is private."""

    payload: dict[str, Any] = {}
    path: str = "/"
    query: str = ""
    before: tuple[Step, ...] = ()
    may: frozenset[Persona] | set[Persona] = NOBODY


HANDLERS: dict[str, Fired] = {
    "session_state.load": Fired(may={C, G}),
    # Every page also loads the frame, which greets a family by its own name.
    "home_state.load": Fired(),
    "search_state.load": Fired(path="/search", query="q=水泳&near=35.66,139.7&radius_m=2000"),
    "search_state.more": Fired(path="/search", before=(("search_state.load", {}),)),
    "search_state.show": Fired({"view": "map"}, path="/search"),
    "search_state.select": Fired(
        {"school_id": "{school}"}, path="/search", before=(("search_state.load", {}),)
    ),
    "search_state.move": Fired({"bounds": {"south": 35, "west": 139}}, path="/search"),
    "search_state.leave": Fired(path="/search"),
    "school_state.load": Fired(path="/schools/{school}"),
    "instructor_state.load": Fired(path="/instructors/{instructor}"),
    "school_state.choose_day": Fired({"day": "2026-11-25"}, path="/schools/{school}"),
    "school_state.later_days": Fired(path="/schools/{school}", before=(("school_state.load", {}),)),
    "school_state.refresh_slots": Fired(path="/schools/{school}", before=(("school_state.load", {}),)),
    "school_state.turn": Fired(
        {"tab": "child"}, path="/schools/{school}", before=(("school_state.load", {}),)
    ),
    "school_state.more_reviews": Fired(path="/schools/{school}", before=(("school_state.load", {}),)),
    "school_state.leave": Fired(path="/schools/{school}", before=(("school_state.load", {}),)),
    "instructor_state.choose_day": Fired({"day": "2026-11-25"}, path="/instructors/{instructor}"),
    "instructor_state.later_days": Fired(
        path="/instructors/{instructor}", before=(("instructor_state.load", {}),)
    ),
    "instructor_state.refresh_slots": Fired(
        path="/instructors/{instructor}", before=(("instructor_state.load", {}),)
    ),
    "instructor_state.turn": Fired(
        {"tab": "child"},
        path="/instructors/{instructor}",
        before=(("instructor_state.load", {}),),
    ),
    "instructor_state.more_reviews": Fired(
        path="/instructors/{instructor}", before=(("instructor_state.load", {}),)
    ),
    "instructor_state.leave": Fired(
        path="/instructors/{instructor}", before=(("instructor_state.load", {}),)
    ),
    "booking_state.choose": Fired({"schedule_id": "{free}"}, path="/schools/{school}", may={G}),
    "booking_state.confirm": Fired(
        {"form": {"child_id": "{child}", "instructor_id": ""}},
        path="/schools/{school}",
        before=(("booking_state.choose", {"schedule_id": "{free}"}),),
        may={G},
    ),
    "booking_state.close": Fired(
        path="/schools/{school}", before=(("booking_state.choose", {"schedule_id": "{free}"}),), may={G}
    ),
    "booking_list_state.load": Fired(path="/bookings", may={G}),
    "booking_list_state.show": Fired(
        {"tab": "past"}, path="/bookings", before=(("booking_list_state.load", {}),), may={G}
    ),
    "booking_list_state.only": Fired(
        {"child": "{child}"}, path="/bookings", before=(("booking_list_state.load", {}),), may={G}
    ),
    "booking_list_state.more": Fired(path="/bookings", before=(("booking_list_state.load", {}),), may={G}),
    "booking_detail_state.load": Fired(path="/bookings/{booking}", may={C, G}),
    "login_state.load": Fired(path="/login", query="who=child"),
    "login_state.turn": Fired({"tab": "child"}, path="/login"),
    "member_home_state.load": Fired(path="/home", may={G}),
    "plans_state.load": Fired(path="/plans", query="plan=light"),
    "confirm_state.load": Fired(path="/plans/confirm", query="plan=light"),
    # Each owner guardian orders for their own family.
    "confirm_state.order": Fired(
        path="/plans/confirm", query="plan=light", before=(("confirm_state.load", {}),), may={G, O}
    ),
    "ordered_state.load": Fired(path="/plans/done", query="order=00000000-0000-7000-8000-000000000000"),
    "ordered_state.check": Fired(
        path="/plans/done",
        query="order=00000000-0000-7000-8000-000000000000",
        before=(("ordered_state.load", {}),),
    ),
    "tickets_state.load": Fired(path="/tickets"),
    "tickets_state.settle": Fired(path="/tickets", query="from=stripe", before=(("tickets_state.load", {}),)),
    "tickets_state.earlier": Fired(path="/tickets", before=(("tickets_state.load", {}),)),
    "tickets_state.earlier_payments": Fired(path="/tickets", before=(("tickets_state.load", {}),)),
    "tickets_state.manage": Fired(path="/tickets", before=(("tickets_state.load", {}),)),
    "tickets_state.ask": Fired(path="/tickets"),
    "tickets_state.keep": Fired(path="/tickets"),
    "tickets_state.cancel": Fired(path="/tickets", before=(("tickets_state.load", {}),)),
    "tickets_state.undo": Fired(path="/tickets", before=(("tickets_state.load", {}),)),
    "tickets_state.said": Fired(path="/tickets"),
    "kids_state.load": Fired(path="/kids", may={C}),
    "attendance_state.load": Fired(path="/school", may={S}),
    "attendance_state.record": Fired(
        {"booking_id": "{begun}", "status": "attended"}, path="/school", may={S}
    ),
    "operations_state.load": Fired(path="/admin/operations", may={X}),
    "operations_state.retry": Fired({"message_id": "{dead}"}, path="/admin/operations", may={X}),
    "operations_state.said": Fired(),
    "money_operations_state.load": Fired(path="/admin/operations", may={X}),
    "money_operations_state.replay": Fired({"number": "{dead_event}"}, path="/admin/operations", may={X}),
    "money_operations_state.ask": Fired(
        {"issue_id": "{issue}"},
        path="/admin/operations",
        before=(("money_operations_state.load", {}),),
        may={X},
    ),
    "money_operations_state.close": Fired(
        path="/admin/operations", before=(("money_operations_state.load", {}),), may={X}
    ),
    "money_operations_state.settle": Fired(
        {"form": {"note": "おわびの連絡をした"}},
        path="/admin/operations",
        before=(
            ("money_operations_state.load", {}),
            ("money_operations_state.ask", {"issue_id": "{issue}"}),
        ),
        may={X},
    ),
    "money_operations_state.said": Fired(),
    "mailbox_state.load": Fired(path="/dev/mailbox"),
    "mailbox_state.show": Fired({"number": "0" * 32}, path="/dev/mailbox"),
    "mailbox_state.close": Fired(path="/dev/mailbox"),
    "mailbox_state.turn": Fired({"view": "text"}, path="/dev/mailbox"),
    "kit_state.open_dialog": Fired(),
    "kit_state.close_dialog": Fired(),
    "kit_state.confirm": Fired(),
    "kit_state.say": Fired(),
    "kit_state.said": Fired(),
    "kit_state.turn": Fired({"tab": "past"}),
    "kit_state.toggle_chip": Fired(),
    "kit_state.press": Fired({"pin": "smile"}),
    "kit_state.move": Fired({"bounds": {}}),
}

_HOSTILE = (None, "", "x" * 5000, -1, 1e308, True, [], {"a": {"b": []}}, "\x00' OR 1=1 --", "\u202eabc")


def test_every_handler_has_a_declared_expectation() -> None:
    assert set(handlers()) == set(HANDLERS)


def test_every_public_method_of_a_state_says_that_it_is_a_handler_or_a_var() -> None:
    bare = [
        f"{file.name}: {state.name}.{method.name}"
        for file in sorted(Path(naraigoto.state.__path__[0]).glob("*.py"))
        for state in ast.walk(ast.parse(file.read_text()))
        if isinstance(state, ast.ClassDef) and "rx.State" in map(ast.unparse, state.bases)
        for method in state.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
        and not method.name.startswith("_")
        and not any(ast.unparse(mark).startswith(("rx.event", "rx.var")) for mark in method.decorator_list)
    ]
    assert bare == []


@pytest.mark.parametrize("name", HANDLERS)
async def test_only_who_may_receives_or_changes_anything(committed: Committed, name: str) -> None:
    async with committed() as session:
        world = await build(session)
    fired = HANDLERS[name]
    for persona in sorted(Persona, key=lambda who: who in fired.may):
        async with traces() as changed:
            sent = await fire(
                _steps(name, fired, world), cookie=world.cookie(persona), **_place(fired, world)
            )
        touched = changed[0] or any(word in sent for word in MARKERS)
        assert touched == (persona in fired.may), (persona, sent)


@pytest.mark.parametrize("name", HANDLERS)
async def test_hostile_arguments_change_nothing_and_crash_nothing(committed: Committed, name: str) -> None:
    async with committed() as session:
        world = await build(session)
    fired = HANDLERS[name]
    async with traces() as changed:
        for value in _HOSTILE:
            payload = dict.fromkeys(fired.payload, value)
            await fire(((name, payload),), cookie="", path=fired.path.format_map(world), query="q=%00&x=%FF")
    assert changed == [False]


def _steps(name: str, fired: Fired, world: World) -> list[Step]:
    return [(step, _filled(payload, world)) for step, payload in (*fired.before, (name, fired.payload))]


def _place(fired: Fired, world: World) -> dict[str, str]:
    return {"path": fired.path.format_map(world), "query": fired.query.format_map(world)}


def _filled(payload: Any, world: World) -> Any:
    if isinstance(payload, dict):
        return {key: _filled(value, world) for key, value in payload.items()}
    return payload.format_map(world) if isinstance(payload, str) else payload
