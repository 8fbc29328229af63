"""/bookings, /bookings/[booking_id], and the dialog that any page with slots can carry."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.booking_card import booking_card, status_badge
from naraigoto.components.booking_dialog import booking_dialog_frame
from naraigoto.pages.guarded import guarded
from naraigoto.state.booking_dialog import BookingState
from naraigoto.state.bookings import BookingDetailState, BookingListState
from naraigoto.texts import bookings as texts


def booking_dialog(*, after: Any = None) -> rx.Component:
    """The dialog; open it with BookingState.choose(schedule_id). `after` runs when it was closed."""
    on_close = [BookingState.close, *([after] if after is not None else [])]
    return booking_dialog_frame(BookingState, on_close=on_close, on_confirm=BookingState.confirm)


def bookings_page(viewer: Any) -> rx.Component:
    """これから and これまで, for everybody or one child."""
    state: Any = BookingListState
    body = rx.fragment(
        ui.page_heading(texts.HEADING),
        ui.tabs(texts.TABS, state.tab, state.show, label=texts.SECTIONS),
        rx.cond(state.children.length() > 0, _children(state), rx.fragment()),
        *[ui.tab_panel(key, state.tab, _rows(state, key)) for key, _words in texts.TABS],
    )
    return ui.page(
        guarded(state.access, body, path="/bookings"), viewer=viewer, section="bookings", width="text"
    )


def _children(state: Any) -> rx.Component:
    def one(child: Any) -> rx.Component:
        return ui.chip(child[1], pressed=state.child == child[0], on_click=state.only(child[0]), key=child[0])

    return ui.chips(rx.foreach(state.children, one), label=texts.CHILDREN, class_name="pt-4")


def _rows(state: Any, key: str) -> rx.Component:
    rows = rx.el.ul(
        rx.foreach(state.rows, lambda row: rx.el.li(booking_card(row), key=row.id)),
        class_name="flex flex-col gap-3",
    )
    some = rx.fragment(rows, ui.pager(state.has_more, state.more))
    none = ui.card(_none(key))
    return rx.cond(state.tab == key, rx.cond(state.rows.length() > 0, some, none), rx.fragment())


def _none(key: str) -> rx.Component:
    upcoming = key == texts.TABS[0][0]
    return ui.empty_state(
        texts.NO_UPCOMING if upcoming else texts.NO_PAST,
        text=texts.NO_UPCOMING_TEXT if upcoming else texts.NO_PAST_TEXT,
        icon_name="calendar",
        action=ui.link_button(texts.TO_SEARCH, href="/search", icon_name="search"),
    )


def booking_page(viewer: Any) -> rx.Component:
    """Everything about one booking."""
    state: Any = BookingDetailState
    facts = state.facts
    school = ui.text_link(facts.school, href=facts.school_href)
    body = rx.fragment(
        rx.el.p(
            ui.text_link(ui.icon("chevron-left", size=16), texts.BACK, href="/bookings"), class_name="mb-3"
        ),
        ui.page_heading(facts.title, action=status_badge(facts.status)),
        ui.card(
            ui.facts(
                (texts.WHEN, facts.when),
                (texts.CHILD, facts.child),
                (texts.SCHOOL, school),
                (texts.TEACHER, facts.teacher),
                (texts.BELONGINGS, facts.belongings),
                (texts.TICKETS_USED, facts.tickets),
                (texts.BOOKED_AT, facts.booked_at),
            )
        ),
        rx.el.section(
            rx.el.h2(texts.PLACE, class_name="mt-8 mb-3"),
            ui.card(
                rx.el.p(ui.icon("map-pin"), " ", facts.address, class_name="font-bold"),
                rx.cond(facts.access != "", rx.el.p(facts.access, class_name="np-muted"), rx.fragment()),
                ui.link_button(texts.TO_SCHOOL, href=facts.school_href, look="secondary", icon_name="school"),
                class_name="flex flex-col items-start gap-3",
            ),
        ),
    )
    return ui.page(
        guarded(state.access, body, path=state.path), viewer=viewer, section="bookings", width="text"
    )
