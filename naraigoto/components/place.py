"""Parts of the pages of schools and instructors: slots of a day, reviews of both voices."""

from typing import Any

import reflex as rx

from naraigoto.components.base import when
from naraigoto.components.buttons import button, link_button
from naraigoto.components.cards import card
from naraigoto.components.feedback import alert_if, badge, empty_state
from naraigoto.components.review_list import figures, review_list
from naraigoto.texts import schools as words
from naraigoto.texts import waitlist as waiting


def section(title: str, *children: rx.Component, **more: Any) -> rx.Component:
    """A part of the page under its heading."""
    return rx.el.section(
        rx.el.h2(title, class_name="mb-3"),
        *children,
        class_name="pt-10",
        custom_attrs={"aria-label": title},
        **more,
    )


def slots_section(state: Any, *children: rx.Component, **wiring: Any) -> rx.Component:
    """The slots of a place under their heading; `wiring` goes to _slot_days()."""
    return section(
        words.SLOTS, alert_if(state.problem, class_name="mb-3"), _slot_days(state, **wiring), *children
    )


def reviews_section(state: Any, title: str, *, on_report: Any) -> rx.Component:
    """Both voices on a place, in figures and one by one; `on_report` opens the report of one."""
    return section(
        title,
        figures(state.parent, state.child),
        rx.el.div(review_list(state, on_report=on_report), class_name="pt-6"),
        id="reviews",
    )


def _slot_days(state: Any, *, viewer: Any, login_href: Any, on_book: Any) -> rx.Component:
    """A row of days and the slots of the chosen one; who may book sees the button, a child whom to ask.

    `state` has the vars and handlers of the page's places (days, day, slots, more_days, …).
    """
    later = button(words.LATER_DAYS, look="quiet", icon_name="chevron-right", on_click=state.later_days)
    days = rx.el.div(
        rx.foreach(state.days, lambda day: _day(day, state)),
        when(state.more_days, later),
        role="group",
        class_name="np-days",
        custom_attrs={"aria-label": words.DAYS},
    )
    slots = rx.el.ul(
        rx.foreach(state.slots, lambda slot: _slot(slot, viewer, login_href, on_book)),
        class_name="flex flex-col gap-2",
        custom_attrs={"aria-live": "polite", "aria-label": words.SLOTS_OF_DAY},
    )
    none = empty_state(
        words.NO_SLOTS,
        text=words.NO_SLOTS_TEXT,
        icon_name="calendar",
        level=3,
        action=when(
            state.more_days,
            button(words.LATER_DAYS, look="secondary", on_click=state.later_days),
        ),
    )
    return rx.cond(state.days.length() > 0, rx.fragment(days, slots), card(none))


def _day(day: Any, state: Any) -> rx.Component:
    return rx.el.button(
        rx.el.span(day.label, class_name="font-bold"),
        rx.el.span(day.seats, class_name="np-small np-muted"),
        type="button",
        on_click=state.choose_day(day.date),
        class_name="np-day",
        custom_attrs={"aria-pressed": rx.cond(day.date == state.day, "true", "false")},
        key=day.date,
    )


def _slot(slot: Any, viewer: Any, login_href: Any, on_book: Any) -> rx.Component:
    seats = rx.cond(slot.bookable, badge(slot.seats, tone="success"), badge(slot.seats))
    said = rx.el.div(
        rx.el.p(
            rx.el.span(slot.time, class_name="font-bold tabular-nums"),
            seats,
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        rx.el.p(slot.title),
        rx.el.p(slot.teacher, " ・ ", slot.ages, " ・ ", slot.tickets, class_name="np-muted np-small"),
        class_name="min-w-0 flex-1",
    )
    action = rx.cond(
        slot.bookable,
        _action(slot, viewer, login_href, on_book),
        when(slot.waitable & (viewer.type == "parent"), _wait(slot, on_book)),
    )
    return rx.el.li(
        said,
        action,
        class_name="np-card flex flex-col gap-3 !p-4 sm:flex-row sm:items-center sm:justify-between",
        key=slot.id,
    )


def _action(slot: Any, viewer: Any, login_href: Any, on_book: Any) -> rx.Component:
    name = {"aria-label": f"{words.BOOK} {slot.name}"}
    book = button(words.BOOK, on_click=on_book(slot.id), class_name="flex-none", custom_attrs=name)
    login = link_button(
        words.BOOK_LOGIN,
        href=login_href,
        look="secondary",
        class_name="flex-none",
        custom_attrs={"aria-label": f"{words.BOOK_LOGIN} {slot.name}"},
    )
    ask = rx.el.p(words.ASK_AT_HOME, class_name="text-(--child) font-bold np-round flex-none")
    return rx.match(  # pyright: ignore[reportReturnType]  # components only
        viewer.type, ("parent", book), ("child", ask), ("", login), rx.fragment()
    )


def _wait(slot: Any, on_book: Any) -> rx.Component:
    return button(
        waiting.WAIT,
        look="secondary",
        on_click=on_book(slot.id),
        class_name="flex-none",
        custom_attrs={"aria-label": f"{waiting.WAIT} {slot.name}"},
    )
