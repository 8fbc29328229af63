"""/bookings, and the dialog that any page with slots can carry."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.booking_card import booking_card
from naraigoto.components.booking_dialog import booking_dialog_frame
from naraigoto.pages.family_calendar import calendar_tab
from naraigoto.pages.guarded import guarded
from naraigoto.state.booking_dialog import BookingState
from naraigoto.state.bookings import BookingListState
from naraigoto.state.calendar import CalendarState
from naraigoto.state.review_due import DueReviewsState
from naraigoto.state.waitlist import WaitlistState
from naraigoto.texts import bookings as texts
from naraigoto.texts import reviews
from naraigoto.texts import waitlist as waiting


def booking_dialog(*, after: Any = None) -> rx.Component:
    """The dialog; open it with BookingState.choose(schedule_id). `after` runs when it was closed."""
    on_close = [BookingState.close, *([after] if after is not None else [])]
    return booking_dialog_frame(
        BookingState, on_close=on_close, on_confirm=BookingState.confirm, on_wait=BookingState.wait
    )


def bookings_page(viewer: Any) -> rx.Component:
    """これから and これまで, for everybody or one child."""
    state: Any = BookingListState
    body = rx.fragment(
        ui.page_heading(texts.HEADING),
        _places(),
        _due(),
        ui.tabs(texts.TABS, state.tab, state.show, label=texts.SECTIONS),
        ui.when(
            (state.children.length() > 0) & (state.tab != texts.CALENDAR),
            _children(state),
        ),
        *[ui.tab_panel(key, state.tab, _rows(state, key)) for key, _words in texts.LISTS],
        ui.tab_panel(texts.CALENDAR, state.tab, rx.cond(state.tab == texts.CALENDAR, calendar_tab(), "")),
    )
    return ui.page(
        guarded(state.access, body, path="/bookings"),
        viewer=viewer,
        section="bookings",
        width="text",
        message=rx.cond(WaitlistState.said != "", WaitlistState.said, CalendarState.said),
        on_message_done=[WaitlistState.spoken, CalendarState.spoken],
    )


def _due() -> rx.Component:
    """Attended lessons that wait for the family's words."""
    state: Any = DueReviewsState

    def row(lesson: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(lesson.title, class_name="font-bold leading-snug"),
                rx.el.p(lesson.school, "　", lesson.when, "　", lesson.child, class_name="np-small np-muted"),
                rx.el.p(lesson.closes, class_name="np-small np-muted"),
                class_name="min-w-0 flex-1",
            ),
            ui.link_button(
                reviews.WRITE,
                href=f"/bookings/{lesson.id}/review",
                look="secondary",
                icon_name="pencil",
                custom_attrs={"aria-label": f"{lesson.title} {lesson.when} {reviews.WRITE}"},
            ),
            class_name="flex flex-col gap-3 sm:flex-row sm:items-center",
            key=lesson.id,
        )

    return ui.when(
        state.lessons.length() > 0,
        rx.el.section(
            rx.el.h2(reviews.DUE),
            rx.el.p(reviews.POINTS_NOTE, class_name="np-small np-muted mb-3"),
            rx.el.ul(
                rx.foreach(state.lessons, row),
                class_name="np-card flex flex-col gap-4 border-l-4 border-l-(--accent)",
            ),
            class_name="mb-8",
        ),
    )


def _places() -> rx.Component:
    """Seats that are held for the family, and queues in which it waits."""
    state: Any = WaitlistState
    return ui.when(
        state.places.length() > 0,
        rx.el.section(
            rx.el.h2(waiting.HEADING, class_name="mb-3"),
            ui.alert_if(state.error, class_name="mb-3"),
            rx.el.ul(
                rx.foreach(state.places, lambda place: _place(place, state.busy)),
                class_name="flex flex-col gap-3",
            ),
            class_name="mb-8",
        ),
    )


def _place(place: Any, busy: Any) -> rx.Component:
    held = rx.fragment(
        rx.el.p(
            ui.badge(waiting.OFFER, tone="accent", icon_name="bell"),
            rx.el.b(place.held),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        rx.el.div(
            ui.button(
                waiting.BOOK,
                busy=busy == place.schedule_id,
                on_click=WaitlistState.book(place.schedule_id, place.child_id),
                custom_attrs={"aria-label": f"{waiting.BOOK} {place.when} {place.title}"},
            ),
            _leave(place, waiting.DECLINE),
            class_name="flex flex-wrap gap-3",
        ),
    )
    still = rx.el.div(
        rx.el.p(
            ui.badge(place.position, icon_name="clock"),
            ui.when(place.auto, rx.el.span(waiting.AUTO, class_name="np-small np-muted")),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        _leave(place, waiting.LEAVE),
        class_name="flex flex-wrap items-center justify-between gap-3",
    )
    return rx.el.li(
        rx.el.p(place.when, class_name="np-round text-lg leading-snug"),
        rx.el.p(
            rx.el.b(place.title),
            " ",
            ui.text_link(place.school, href=place.school_href),
        ),
        rx.el.p(
            ui.avatar(place.child, child=True),
            rx.el.span(place.child, class_name="np-small font-bold"),
            class_name="flex items-center gap-2",
        ),
        rx.cond(place.held != "", held, still),
        class_name="np-card flex flex-col gap-3",
        key=place.id,
    )


def _leave(place: Any, words: str) -> rx.Component:
    return ui.button(
        words,
        look="secondary",
        on_click=WaitlistState.leave(place.schedule_id, place.child_id),
        custom_attrs={"aria-label": f"{words} {place.when} {place.title}"},
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
