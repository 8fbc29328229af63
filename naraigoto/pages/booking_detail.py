"""/bookings/[booking_id]: everything about one booking, what can be done with it, and its story."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.booking_card import status_badge
from naraigoto.pages.guarded import guarded
from naraigoto.state.booking_changes import BookingChangeState
from naraigoto.state.bookings import BookingDetailState
from naraigoto.texts import booking_changes as changes
from naraigoto.texts import bookings as texts
from naraigoto.texts import reviews


def booking_page(viewer: Any) -> rx.Component:
    """Facts, the school's question, changes, the code for the door, the place, the story."""
    state: Any = BookingDetailState
    facts = state.facts
    guardian = viewer.type == "parent"
    body = rx.fragment(
        rx.el.p(
            ui.text_link(ui.icon("chevron-left", size=16), texts.BACK, href="/bookings"), class_name="mb-3"
        ),
        ui.page_heading(facts.title, action=status_badge(facts.status)),
        ui.when(facts.question != "", _question(facts, guardian)),
        ui.alert_if(
            rx.cond(BookingChangeState.dialog == "", BookingChangeState.error, ""), class_name="mb-4"
        ),
        ui.card(_facts(facts)),
        ui.when((facts.status == "attended") & guardian, _review(state.path)),
        ui.when(facts.open & guardian, _actions(facts.free_until)),
        ui.when(state.code != "", _code(state.code)),
        _place(facts),
        _story(state.story),
        ui.when(guardian, rx.fragment(_cancel_dialog(), _reschedule_dialog())),
    )
    return ui.page(
        guarded(state.access, body, path=state.path),
        rx.el.span(on_unmount=BookingChangeState.close),
        viewer=viewer,
        section="bookings",
        width="text",
        message=BookingChangeState.said,
        on_message_done=BookingChangeState.spoken,
    )


def _facts(facts: Any) -> rx.Component:
    return ui.facts(
        (texts.WHEN, facts.when),
        (texts.CHILD, facts.child),
        (texts.SCHOOL, ui.text_link(facts.school, href=facts.school_href)),
        (texts.TEACHER, facts.teacher),
        (texts.BELONGINGS, facts.belongings),
        (texts.TICKETS_USED, facts.tickets),
        (texts.BOOKED_AT, facts.booked_at),
    )


def _question(facts: Any, guardian: Any) -> rx.Component:
    answers = rx.el.div(
        ui.button(changes.ACCEPT, icon_name="check", on_click=BookingChangeState.accept),
        ui.button(changes.DECLINE, look="secondary", on_click=BookingChangeState.ask_cancel),
        class_name="flex flex-wrap gap-3 pt-3",
    )
    words = rx.el.div(
        rx.el.p(rx.el.b(facts.question)),
        rx.el.p(facts.when, class_name="np-round text-lg"),
        rx.el.p(facts.answer_by),
        ui.when(guardian, answers),
    )
    return ui.alert(words, tone="info", live=False, class_name="mb-4")


def _actions(free_until: Any) -> rx.Component:
    buttons = rx.el.div(
        ui.button(
            changes.RESCHEDULE,
            look="secondary",
            icon_name="calendar-days",
            on_click=BookingChangeState.ask_reschedule,
        ),
        ui.button(changes.CANCEL, look="secondary", icon_name="x", on_click=BookingChangeState.ask_cancel),
        role="group",
        class_name="flex flex-wrap gap-3",
        custom_attrs={"aria-label": changes.ACTIONS},
    )
    until = rx.el.p(changes.FREE_UNTIL, ": ", free_until, class_name="np-small np-muted")
    return rx.el.div(buttons, until, class_name="flex flex-col gap-2 pt-4")


def _review(path: Any) -> rx.Component:
    return rx.el.div(
        ui.link_button(reviews.WRITE_OR_SEE, href=path + "/review", icon_name="pencil"),
        rx.el.p(reviews.POINTS_NOTE, class_name="np-small np-muted"),
        class_name="flex flex-wrap items-center gap-3 pt-4",
    )


def _code(code: Any) -> rx.Component:
    picture = rx.el.img(
        src=code, alt=changes.QR_ALT, class_name="rounded-xl bg-white", custom_attrs={"width": 240}
    )
    return rx.el.section(
        rx.el.h2(changes.QR, class_name="mt-8 mb-3"),
        ui.card(
            picture,
            rx.el.p(changes.QR_TEXT, class_name="np-small"),
            class_name="flex flex-col items-center gap-3 text-center",
        ),
    )


def _place(facts: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(texts.PLACE, class_name="mt-8 mb-3"),
        ui.card(
            rx.el.p(ui.icon("map-pin"), " ", facts.address, class_name="font-bold"),
            rx.cond(facts.access != "", rx.el.p(facts.access, class_name="np-muted"), rx.fragment()),
            ui.link_button(texts.TO_SCHOOL, href=facts.school_href, look="secondary", icon_name="school"),
            class_name="flex flex-col items-start gap-3",
        ),
    )


def _story(lines: Any) -> rx.Component:
    def row(line: Any, number: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(line.at, class_name="np-small np-muted tabular-nums"),
            rx.el.p(line.what, ui.when(line.who != "", rx.el.span("　", line.who, class_name="np-muted"))),
            class_name="border-l-2 border-(--line) pl-4",
            key=number,
        )

    return rx.el.section(
        rx.el.h2(changes.STORY, class_name="mt-8 mb-3"),
        ui.card(rx.el.ol(rx.foreach(lines, row), class_name="flex flex-col gap-4")),
    )


def _cancel_dialog() -> rx.Component:
    state: Any = BookingChangeState
    terms = state.terms
    reasons = ui.choices(
        changes.REASON,
        ui.choice("reason", "plans", changes.REASON_PLANS, default_checked=True),
        ui.choice(
            "reason",
            "sickness",
            rx.el.span(changes.REASON_SICKNESS, class_name="block font-bold"),
            rx.el.span(changes.SICKNESS_TEXT, class_name="block np-small"),
        ),
        id_="cancel-reason",
    )
    late = rx.fragment(
        ui.alert(
            rx.fragment(rx.el.p(rx.el.b(terms.headline)), rx.el.p(terms.text), rx.el.p(changes.LATE_RETURN)),
            live=False,
        ),
        ui.when(terms.sickness, reasons, rx.el.p(terms.note, class_name="np-small np-muted")),
    )
    free = rx.fragment(
        rx.el.p(terms.headline, class_name="font-bold"),
        rx.el.p(changes.FREE_UNTIL, ": ", terms.text, class_name="np-muted np-small"),
    )
    form = rx.el.form(
        rx.cond(terms.free, free, late),
        ui.alert_if(state.error),
        rx.el.div(
            ui.submit_button(changes.CANCEL_YES, look="danger", busy=state.busy, block=True),
            ui.button(changes.CANCEL_NO, look="secondary", on_click=BookingChangeState.close, block=True),
            class_name="flex flex-col gap-2.5",
        ),
        key=state.form_key,
        on_submit=BookingChangeState.cancel,
        class_name="flex flex-col gap-5",
    )
    return ui.dialog(
        form,
        id_="cancel",
        title=changes.CANCEL_TITLE,
        open_=state.dialog == "cancel",
        on_close=BookingChangeState.close,
    )


def _reschedule_dialog() -> rx.Component:
    state: Any = BookingChangeState

    def choice(slot: Any) -> rx.Component:
        details = rx.el.span(slot.seats, ui.when(slot.teacher != "", rx.el.span("　", slot.teacher)))
        return ui.choice(
            "schedule_id",
            slot.id,
            rx.el.span(slot.when, class_name="block font-bold tabular-nums"),
            rx.el.span(details, class_name="block np-small np-muted"),
            key=slot.id,
        )

    some = rx.el.form(
        rx.el.p(changes.RESCHEDULE_TEXT),
        rx.el.div(
            ui.choices(changes.CHOOSE_SLOT, rx.foreach(state.slots, choice), id_="reschedule-slot"),
            class_name="max-h-[45vh] overflow-y-auto p-1 -m-1",
        ),
        ui.alert_if(state.error),
        ui.submit_button(changes.RESCHEDULE_YES, busy=state.busy, block=True),
        key=state.form_key,
        on_submit=BookingChangeState.reschedule,
        class_name="flex flex-col gap-5",
    )
    return ui.dialog(
        rx.cond(state.slots.length() > 0, some, rx.el.p(changes.RESCHEDULE_NONE)),
        id_="reschedule",
        title=changes.RESCHEDULE_TITLE,
        open_=state.dialog == "reschedule",
        on_close=BookingChangeState.close,
    )
