"""Every event handler × every kind of person: who receives a private word or changes a row (domain.md D9)."""

import ast
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import naraigoto.state
from tests.authz.screen import Step, fire, handlers
from tests.authz.world import MARKERS, Persona, World, Worlds, picture, untouched

A, C, G, O, S, R, X = Persona  # noqa: E741  # one letter each, so that the table below can be read
NOBODY: frozenset[Persona] = frozenset()


class Fired(NamedTuple):
    """How a handler is tried: arguments, page, what comes before, who may see or change what is private.

    `once`: what can happen only once is tried by each of them in a world of its own.
    """

    payload: dict[str, Any] = {}
    path: str = "/"
    query: str = ""
    before: tuple[Step, ...] = ()
    may: frozenset[Persona] | set[Persona] = NOBODY
    once: bool = False


_AT_SCHOOL: tuple[Step, ...] = (("school_state.load", {}),)
HANDLERS: dict[str, Fired] = {
    "session_state.load": Fired(may={C, G}),
    # Every page also loads the frame, which greets a family by its own name; /bookings, /kids and /family
    # load what the family has said and may still say, which both sides of it may see.
    "home_state.load": Fired(),
    "search_state.load": Fired(path="/search", query="q=水泳&near=35.66,139.7&radius_m=2000"),
    "search_state.more": Fired(path="/search", before=(("search_state.load", {}),)),
    "search_state.show": Fired({"view": "map"}, path="/search"),
    "search_state.select": Fired(
        {"school_id": "{school}"}, path="/search", before=(("search_state.load", {}),)
    ),
    "search_state.move": Fired({"bounds": {"south": 35, "west": 139}}, path="/search"),
    "search_state.leave": Fired(path="/search"),
    "saved_search_state.load": Fired(path="/search"),
    "saved_search_state.save": Fired(path="/search", query="q=水泳&area=13113", may={G, O}),
    "saved_search_state.forget": Fired({"saved_id": "{saved}"}, path="/search", may={G}),
    "saved_search_state.turn_mail": Fired({"wanted": True}, path="/search", may={G, O}),
    "saved_search_state.spoken": Fired(path="/search"),
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
    "booking_state.wait": Fired(
        {"form": {"child_id": "{child}", "auto_book": "on"}},
        path="/schools/{school}",
        before=(("booking_state.choose", {"schedule_id": "{full}"}),),
        may={G},
    ),
    "waitlist_state.load": Fired(path="/bookings", may={C, G}),
    "waitlist_state.book": Fired(
        {"schedule_id": "{free}", "child_id": "{child}"}, path="/bookings", may={C, G}
    ),
    "waitlist_state.leave": Fired(
        {"schedule_id": "{waited}", "child_id": "{child}"}, path="/bookings", may={C, G}
    ),
    "school_state.watch": Fired(path="/schools/{school}", before=(("school_state.load", {}),)),
    "instructor_state.watch": Fired(
        path="/instructors/{instructor}", before=(("instructor_state.load", {}),)
    ),
    "waitlist_state.watch": Fired(path="/x", before=(("waitlist_state.load", {}),), may={G}),
    "waitlist_state.spoken": Fired(),
    "booking_state.close": Fired(
        path="/schools/{school}", before=(("booking_state.choose", {"schedule_id": "{free}"}),), may={G}
    ),
    "booking_list_state.load": Fired(path="/bookings", may={C, G}),
    "booking_list_state.show": Fired(
        {"tab": "past"}, path="/bookings", before=(("booking_list_state.load", {}),), may={C, G}
    ),
    "booking_list_state.only": Fired(
        {"child": "{child}"}, path="/bookings", before=(("booking_list_state.load", {}),), may={C, G}
    ),
    "booking_list_state.more": Fired(path="/bookings", before=(("booking_list_state.load", {}),), may={C, G}),
    "booking_detail_state.load": Fired(path="/bookings/{booking}", may={C, G}),
    "booking_detail_state.refresh": Fired(path="/bookings/{booking}", may={C, G}),
    # An address that loads no page by itself, so that only these handlers speak.
    "booking_change_state.ask_cancel": Fired(path="/x/{booking}"),
    "booking_change_state.cancel": Fired(
        {"form": {"reason": "plans"}},
        path="/x/{booking}",
        before=(("booking_change_state.ask_cancel", {}),),
        may={G, X},
        once=True,
    ),
    "booking_change_state.ask_reschedule": Fired(path="/x/{booking}"),
    "booking_change_state.reschedule": Fired(
        {"form": {"schedule_id": "{free}"}},
        path="/x/{booking}",
        before=(("booking_change_state.ask_reschedule", {}),),
        may={G},
    ),
    "booking_change_state.accept": Fired(path="/x/{moved}", may={G}),
    "booking_change_state.close": Fired(path="/x/{booking}"),
    "booking_change_state.spoken": Fired(),
    "slot_change_state.ask": Fired({"schedule_id": "{free}", "what": "cancel"}, path="/x", may=NOBODY),
    "slot_change_state.move": Fired(
        {"form": {"date": "2099-01-01", "time": "10:00"}},
        path="/x",
        before=(("slot_change_state.ask", {"schedule_id": "{free}", "what": "move"}),),
        may={S, X},
        once=True,
    ),
    "slot_change_state.cancel": Fired(
        {"form": {"reason": ""}},
        path="/x",
        before=(("slot_change_state.ask", {"schedule_id": "{free}", "what": "cancel"}),),
        may={S, X},
        once=True,
    ),
    "slot_change_state.teach": Fired(
        {"form": {"instructor_id": "{instructor}"}},
        path="/x",
        before=(("slot_change_state.ask", {"schedule_id": "{free}", "what": "teach"}),),
        may={S, X},
    ),
    "slot_change_state.close": Fired(path="/x"),
    "slot_change_state.spoken": Fired(),
    "check_in_state.load": Fired(path="/school/check-in/{begun}", may={S}),
    "check_in_state.record": Fired(path="/school/check-in/{begun}", may={S}),
    "calendar_state.load": Fired(path="/x", may={G}),
    "calendar_state.turn": Fired({"months": 1}, path="/x", before=(("calendar_state.load", {}),), may={G}),
    "calendar_state.spoken": Fired(),
    "calendar_state.make": Fired(path="/x", before=(("calendar_state.load", {}),), may={G, O}),
    # Made and ended: nothing is left.
    "calendar_state.end": Fired(path="/x", before=(("calendar_state.make", {}),)),
    "login_state.load": Fired(path="/login", query="who=child"),
    "sign_up_state.load": Fired(path="/signup", query="invitation=x"),
    "mailed_link_state.load": Fired(path="/verify", query="token=x"),
    "door_state.load": Fired(path="/login", query="problem=away&link=1"),
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
    # Stripe's page needs a customer, made once for the asker's own family.
    "tickets_state.manage": Fired(path="/tickets", before=(("tickets_state.load", {}),), may={G, O}),
    "tickets_state.ask": Fired(path="/tickets"),
    "tickets_state.keep": Fired(path="/tickets"),
    "tickets_state.cancel": Fired(path="/tickets", before=(("tickets_state.load", {}),)),
    "tickets_state.undo": Fired(path="/tickets", before=(("tickets_state.load", {}),)),
    "tickets_state.said": Fired(path="/tickets"),
    "kids_state.load": Fired(path="/kids", may={C, G}),
    "family_state.load": Fired(path="/family", may={C, G}),
    "family_state.begin": Fired(path="/family", may={C, G}),
    # Two guardians each invite into their own family.
    "family_state.invite": Fired(path="/family", may={C, G, O}),
    "family_state.take_back": Fired({"invitation_id": "{invitation}"}, path="/family", may={C, G}),
    "family_state.ask": Fired(
        {"user_id": "{child}"}, path="/family", before=(("family_state.load", {}),), may={C, G}
    ),
    "family_state.answer": Fired(
        path="/family",
        before=(("family_state.load", {}), ("family_state.ask", {"user_id": "{child}"})),
        may={C, G},
    ),
    "family_state.close": Fired(path="/family", may={C, G}),
    "family_state.said": Fired(path="/family", may={C, G}),
    "child_form_state.add": Fired(path="/family", may={C, G}),
    "child_form_state.edit": Fired({"child_id": "{child}"}, path="/family", may={C, G}),
    # Two guardians each add a child to their own family.
    "child_form_state.save": Fired(
        {"form": {"name": "うみ", "login_name": "umi", "passcode": "2580", "consent": "on"}},
        path="/family",
        before=(("family_state.load", {}), ("child_form_state.add", {})),  # the page loads with the first
        may={C, G, O},
    ),
    "child_form_state.close": Fired(path="/family", may={C, G}),
    # Whoever holds the link reads who invites.
    "join_state.load": Fired(path="/join/{token}", may=set(Persona)),
    "join_state.accept": Fired(path="/join/{token}", may=set(Persona)),
    "child_mode_state.load": Fired(path="/kids/guardian"),
    "attendance_state.load": Fired(path="/school", may={S}),
    "attendance_state.record": Fired(
        {"booking_id": "{begun}", "status": "attended"}, path="/school", may={S}
    ),
    "legal_state.load": Fired(path="/legal/terms"),
    "settings_state.load": Fired(path="/settings", may={C, G}),
    "settings_state.refresh": Fired(path="/settings", may={C, G}),
    "settings_state.rename": Fired({"form": {"name": "あたらしい名前"}}, may={G, O, S, R, X}),
    "settings_state.flip": Fired({"key": "digest"}, may={G, O, S, R, X}),
    "settings_state.end_device": Fired({"device_id": "{booking}"}, path="/settings", may={C, G}),
    "settings_state.end_others": Fired(may={G}),
    "settings_state.ask_closing": Fired(),
    "settings_state.stay": Fired(),
    "settings_state.said": Fired(),
    "school_state.for_age": Fired({"age": "lower"}, path="/schools/{school}", before=_AT_SCHOOL),
    "school_state.sort_by": Fired({"sort": "helpful"}, path="/schools/{school}", before=_AT_SCHOOL),
    "school_state.for_teacher": Fired(
        {"teacher": "{instructor}"}, path="/schools/{school}", before=_AT_SCHOOL
    ),
    "school_state.vote": Fired(
        {"kind": "parent", "review_id": "{said}"}, path="/schools/{school}", may={O, R, X}, once=True
    ),
    "instructor_state.for_age": Fired({"age": "lower"}, path="/instructors/{instructor}"),
    "instructor_state.sort_by": Fired({"sort": "helpful"}, path="/instructors/{instructor}"),
    "instructor_state.for_teacher": Fired({"teacher": ""}, path="/instructors/{instructor}"),
    "instructor_state.vote": Fired(
        {"kind": "parent", "review_id": "{said}"},
        path="/instructors/{instructor}",
        may={O, R, X},
        once=True,
    ),
    "review_report_state.ask": Fired({"kind": "parent", "review_id": "{said}"}, path="/schools/{school}"),
    "review_report_state.send": Fired(
        {"form": {"reason": "other", "comment": ""}},
        before=(("review_report_state.ask", {"kind": "parent", "review_id": "{said}"}),),
        may={O, S, R, X},
        once=True,
    ),
    "review_report_state.close": Fired(),
    "review_report_state.spoken": Fired(),
    "due_reviews_state.load": Fired(path="/bookings", may={C, G}),
    "review_writing_state.load": Fired(path="/bookings/{attended}/review", may={G}),
    "review_writing_state.send": Fired(
        {"form": {"school-rating": "4", "school-comment": "ていねいに見てくださいました。"}},
        path="/bookings/{attended}/review",
        before=(("review_writing_state.load", {}),),
        may={G},
    ),
    "review_writing_state.edit": Fired(),
    "review_writing_state.stop": Fired(),
    "review_writing_state.ask_delete": Fired({"review_id": "{said}"}),
    "review_writing_state.delete": Fired(
        path="/bookings/{spoken}/review",
        before=(("review_writing_state.ask_delete", {"review_id": "{said}"}),),
        may={G},
    ),
    "review_writing_state.spoken": Fired(),
    "kids_review_state.load": Fired(path="/kids/review/{attended}", may={C}),
    "kids_review_state.send": Fired(
        {"form": {"school-rating": "5"}},
        path="/kids/review/{attended}",
        before=(("kids_review_state.load", {}),),
        may={C},
    ),
    "kids_review_state.edit": Fired(),
    "kids_review_state.stop": Fired(),
    "kids_review_state.ask_delete": Fired({"review_id": "{childs}"}),
    "kids_review_state.delete": Fired(
        path="/kids/review/{spoken}",
        before=(("kids_review_state.ask_delete", {"review_id": "{childs}"}),),
        may={C},
    ),
    "kids_review_state.spoken": Fired(),
    "family_reviews_state.load": Fired(path="/family", may={C, G}),
    "family_reviews_state.more": Fired(),
    "family_reviews_state.hide": Fired({"review_id": "{childs}"}),
    "family_reviews_state.show": Fired({"review_id": "{childs}"}),
    "family_reviews_state.ask_appeal": Fired({"kind": "child", "review_id": "{childs}"}),
    "family_reviews_state.appeal": Fired(
        {"form": {"body": "もう一度見てください"}},
        before=(("family_reviews_state.ask_appeal", {"kind": "parent", "review_id": "{said}"}),),
    ),
    "family_reviews_state.close": Fired(),
    "family_reviews_state.spoken": Fired(),
    "school_reviews_state.load": Fired(path="/school/reviews"),
    "school_reviews_state.choose": Fired({"school_id": "{school}"}, path="/school/reviews"),
    "school_reviews_state.turn": Fired({"tab": "all"}, path="/school/reviews"),
    "school_reviews_state.more": Fired(path="/school/reviews"),
    "school_reviews_state.ask": Fired({"review_id": "{said}"}, path="/school/reviews"),
    "school_reviews_state.reply": Fired(
        {"form": {"body": "ありがとうございます。"}},
        path="/school/reviews",
        before=(
            ("school_reviews_state.load", {}),
            ("school_reviews_state.ask", {"review_id": "{said}"}),
        ),
        may={S},
    ),
    "school_reviews_state.close": Fired(),
    "school_reviews_state.spoken": Fired(),
    "reports_state.load": Fired(path="/admin/reports", may={X}),
    "reports_state.turn": Fired({"tab": "decided"}),
    "reports_state.more": Fired(),
    "reports_state.look": Fired({"report_id": "{report}"}, path="/admin/reports", may={X}),
    "reports_state.back": Fired(),
    "reports_state.decide": Fired(
        {"form": {"action": "remove", "note": "お子さまの安全のため"}},
        path="/admin/reports",
        before=(("reports_state.look", {"report_id": "{report}"}),),
        may={X},
    ),
    "reports_state.of_month": Fired({"month": "2026-01-01"}),
    "reports_state.spoken": Fired(),
    "audit_state.load": Fired(path="/admin/operations", may={X}),
    "audit_state.ask": Fired({"form": {"who": "ひみつの花子"}}, may={X}),
    "audit_state.only": Fired({"who": "ひみつの花子"}, may={X}),
    "audit_state.everybody": Fired(),
    "audit_state.more": Fired(),
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
    "mailbox_state.look": Fired(path="/dev/mailbox"),
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
async def test_only_who_may_receives_or_changes_anything(worlds: Worlds, name: str) -> None:
    fired = HANDLERS[name]
    # Who may change something comes last, so that the others find the world untouched.
    personas = sorted(Persona, key=lambda who: who in fired.may)
    for group in [[each] for each in personas] if fired.once else [personas]:
        async with untouched(worlds) as world:
            before = await picture()
            for persona in group:
                sent = await fire(
                    _steps(name, fired, world), cookie=world.cookie(persona), **_place(fired, world)
                )
                after = await picture()
                touched = after != before or any(word in sent for word in MARKERS)
                assert touched == (persona in fired.may), (persona, sent)
                before = after


@pytest.mark.parametrize("name", HANDLERS)
async def test_hostile_arguments_change_nothing_and_crash_nothing(worlds: Worlds, name: str) -> None:
    fired = HANDLERS[name]
    async with untouched(worlds) as world:
        before = await picture()
        # Without arguments all tries are the same.
        for value in _HOSTILE if fired.payload else _HOSTILE[:1]:
            payload = dict.fromkeys(fired.payload, value)
            await fire(((name, payload),), cookie="", path=fired.path.format_map(world), query="q=%00&x=%FF")
        assert await picture() == before


def _steps(name: str, fired: Fired, world: World) -> list[Step]:
    return [(step, _filled(payload, world)) for step, payload in (*fired.before, (name, fired.payload))]


def _place(fired: Fired, world: World) -> dict[str, str]:
    return {"path": fired.path.format_map(world), "query": fired.query.format_map(world)}


def _filled(payload: Any, world: World) -> Any:
    if isinstance(payload, dict):
        return {key: _filled(value, world) for key, value in payload.items()}
    return payload.format_map(world) if isinstance(payload, str) else payload
