"""The tab 「カレンダー」 of /bookings: a month, its lessons in a row, the address for calendar apps."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.state.calendar import CalendarState
from naraigoto.texts import family_calendar as texts


def calendar_tab() -> rx.Component:
    """Grid and list of one month; on phones the grid shows dots, the list the words."""
    state: Any = CalendarState
    return rx.fragment(
        _stepper(state.title),
        ui.alert_if(state.error, class_name="mb-3"),
        _grid(state),
        _agenda(state.lessons),
        _feed(state),
    )


def _stepper(title: Any) -> rx.Component:
    return rx.el.div(
        ui.icon_button(
            "chevron-left", label=texts.PREVIOUS, look="secondary", on_click=CalendarState.turn(-1)
        ),
        rx.el.h2(title, class_name="min-w-36 text-center", custom_attrs={"aria-live": "polite"}),
        ui.icon_button("chevron-right", label=texts.NEXT, look="secondary", on_click=CalendarState.turn(1)),
        class_name="flex items-center justify-center gap-3 pb-3",
    )


def _grid(state: Any) -> rx.Component:
    head = [rx.el.th(day, scope="col", class_name="np-small np-muted font-normal pb-1") for day in texts.WEEK]
    return rx.el.table(
        rx.el.caption(state.title, class_name="np-sr"),
        rx.el.thead(rx.el.tr(*head)),
        rx.el.tbody(rx.foreach(state.weeks, _week)),
        class_name="w-full table-fixed border-collapse",
    )


def _week(week: Any) -> rx.Component:
    return rx.el.tr(rx.foreach(week.days, _day))


def _day(day: Any) -> rx.Component:
    number = rx.el.span(
        day.number,
        class_name=rx.cond(
            day.today,
            "grid h-7 w-7 place-items-center rounded-full bg-(--accent) text-(--on-accent) font-bold",
            rx.cond(day.here, "grid h-7 w-7 place-items-center", "grid h-7 w-7 place-items-center np-muted"),
        ),
        custom_attrs={"aria-hidden": "true"},
    )
    dots = rx.el.span(
        rx.foreach(
            day.lessons,
            lambda lesson: rx.el.span(class_name="h-2 w-2 rounded-full bg-(--child)", key=lesson.id),
        ),
        class_name="flex flex-wrap justify-center gap-1 md:hidden",
        custom_attrs={"aria-hidden": "true"},
    )
    return rx.el.td(
        ui.screen_reader(day.name),
        rx.el.div(number, class_name="flex justify-center md:justify-start"),
        dots,
        rx.foreach(day.lessons, _chip),
        class_name="h-14 border border-(--line) p-1 align-top md:h-24",
    )


def _chip(lesson: Any) -> rx.Component:
    return rx.el.a(
        rx.el.span(lesson.begins, " ", lesson.child, class_name="block truncate font-bold"),
        rx.el.span(lesson.title, class_name="block truncate"),
        href=lesson.href,
        class_name="mt-1 hidden rounded-md bg-(--child-soft) px-1.5 py-0.5 text-xs text-(--child) md:block",
        key=lesson.id,
    )


def _agenda(lessons: Any) -> rx.Component:
    def row(lesson: Any) -> rx.Component:
        return rx.el.li(
            rx.el.a(
                rx.el.p(
                    rx.el.span(lesson.day, class_name="np-round text-lg"),
                    " ",
                    rx.el.span(lesson.time, class_name="np-muted tabular-nums"),
                ),
                rx.el.p(
                    rx.el.b(lesson.child, class_name="text-(--child)"),
                    "　",
                    lesson.title,
                    rx.el.span("　", lesson.school, class_name="np-muted np-small"),
                ),
                href=lesson.href,
                class_name="np-card block hover:bg-(--soft)",
            ),
            key=lesson.id,
        )

    some = rx.el.ul(rx.foreach(lessons, row), class_name="flex flex-col gap-3")
    return rx.el.section(
        rx.el.h2(texts.AGENDA, class_name="mt-8 mb-3"),
        rx.cond(lessons.length() > 0, some, rx.el.p(texts.NONE, class_name="np-muted")),
    )


def _feed(state: Any) -> rx.Component:
    address = rx.fragment(
        ui.text_field(
            "address",
            texts.ADDRESS,
            hint=texts.ADDRESS_HINT,
            value=state.address,
            read_only=True,
            id_="calendar-address",
        ),
        rx.el.p(texts.FEED_SECRET, class_name="np-small np-muted"),
        rx.el.div(
            ui.button(texts.REMAKE, look="secondary", icon_name="refresh-cw", on_click=CalendarState.make),
            ui.button(texts.END, look="secondary", icon_name="x", on_click=CalendarState.end),
            class_name="flex flex-wrap gap-3",
        ),
    )
    make = ui.button(texts.MAKE, icon_name="calendar", on_click=CalendarState.make)
    return rx.el.section(
        rx.el.h2(texts.FEED, class_name="mt-8 mb-3"),
        ui.card(
            rx.el.p(texts.FEED_TEXT),
            rx.cond(state.address != "", address, make),
            class_name="flex flex-col items-start gap-4",
        ),
    )
