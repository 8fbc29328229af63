"""/home: a guardian's next lessons, tickets and children, and the way to new ones."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.pages.guarded import guarded
from naraigoto.state.member_home import MemberHomeState
from naraigoto.texts import member_home as texts


def member_home_page(viewer: Any) -> rx.Component:
    """Greeting, next bookings, tickets, genres, children."""
    state: Any = MemberHomeState
    body = rx.fragment(
        ui.page_heading(rx.fragment(viewer.name, texts.GREETING), lead=texts.LEAD),
        rx.el.div(
            _bookings(state.bookings),
            rx.el.div(
                _tickets(state),
                _children(state.children),
                class_name="flex flex-col gap-8 lg:row-span-2",
            ),
            _genres(state.categories),
            class_name="grid items-start gap-8 lg:grid-cols-[1fr_20rem] lg:grid-rows-[auto_1fr]",
        ),
    )
    return ui.page(guarded(state.access, body, path="/home"), viewer=viewer, section="home")


def _bookings(bookings: Any) -> rx.Component:
    none = ui.card(
        ui.empty_state(
            texts.NO_BOOKINGS,
            text=texts.NO_BOOKINGS_TEXT,
            icon_name="calendar",
            action=ui.link_button(texts.TO_SEARCH, href="/search", icon_name="search"),
            level=3,
        )
    )
    rows = rx.el.ul(rx.foreach(bookings, _booking), class_name="np-agenda")
    return rx.el.section(
        rx.el.div(
            rx.el.h2(texts.NEXT),
            ui.text_link(texts.ALL_BOOKINGS, href="/bookings"),
            class_name="flex flex-wrap items-end justify-between gap-3 mb-3",
        ),
        rx.cond(bookings.length() > 0, rows, none),
    )


def _booking(booking: Any) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.div(
                rx.el.p(
                    rx.el.span(booking.day, class_name="np-round np-agenda-day"),
                    rx.el.span(booking.time, class_name="np-muted whitespace-nowrap"),
                    class_name="flex flex-wrap items-baseline gap-x-2.5",
                ),
                rx.el.p(booking.title, class_name="font-bold"),
                rx.el.p(booking.school, class_name="np-small np-muted"),
                rx.el.p(
                    ui.avatar(booking.child, child=True),
                    rx.el.span(booking.child, class_name="np-small font-bold"),
                    class_name="flex items-center gap-2 pt-2",
                ),
                class_name="flex-1 min-w-0",
            ),
            ui.icon("chevron-right", class_name="text-(--muted)"),
            href=booking.href,
            class_name="np-card flex items-center gap-4 hover:bg-(--soft)",
        ),
        key=booking.id,
    )


def _tickets(state: Any) -> rx.Component:
    left, until = state.tickets_left, state.tickets_until
    some = rx.fragment(
        rx.el.p(
            rx.el.span(texts.LEFT),
            rx.el.b(left, class_name="np-round text-5xl leading-none tabular-nums"),
            rx.el.span(texts.UNIT, class_name="font-bold"),
            class_name="flex items-baseline gap-2 text-(--accent)",
        ),
        rx.el.p(ui.icon("clock", size=16), " ", until, class_name="np-small"),
    )
    none = rx.fragment(
        rx.el.p(texts.NO_TICKETS, class_name="font-bold"),
        rx.el.p(texts.NO_TICKETS_TEXT, class_name="np-small"),
    )
    to_plans = ui.link_button(texts.TO_PLANS, href="/plans", icon_name="ticket", class_name="mt-2")
    plan = rx.fragment(
        ui.when(state.plan_line != "", rx.el.p(state.plan_line, class_name="np-small")),
        ui.when(
            state.warning != "",
            rx.el.p(
                ui.icon("circle-alert", size=16),
                " ",
                state.warning,
                class_name="np-small font-bold text-(--danger)",
            ),
        ),
        ui.text_link(
            texts.TO_TICKETS,
            href="/tickets",
            class_name="np-small inline-flex min-h-7 items-center self-start",
        ),
    )
    card = rx.el.div(
        rx.el.div(
            rx.cond(left > 0, some, none),
            rx.cond(state.has_plan, plan, to_plans),
            class_name="flex min-w-0 flex-1 flex-col items-start gap-2",
        ),
        ui.icon("ticket", size=44, class_name="text-(--accent) opacity-40"),
        class_name="np-card flex items-center gap-4 !bg-(--accent-soft) !border-transparent",
    )
    return rx.el.section(rx.el.h2(texts.TICKETS, class_name="mb-3"), card)


def _genres(categories: Any) -> rx.Component:
    def chip(category: Any) -> rx.Component:
        code = category[0]
        return ui.link_chip(category[1], href=f"/search?category={code}", icon_name=f"genre-{code}", key=code)

    return rx.el.section(
        rx.el.h2(texts.GENRES, class_name="mb-3"), ui.chips(rx.foreach(categories, chip), label=texts.GENRES)
    )


def _children(children: Any) -> rx.Component:
    def row(child: Any) -> rx.Component:
        return rx.el.li(
            ui.avatar(child.name, child=True),
            rx.el.span(child.name, class_name="font-bold"),
            rx.el.span(child.age, class_name="np-muted"),
            class_name="flex items-center gap-3",
            key=child.id,
        )

    rows = rx.el.ul(rx.foreach(children, row), class_name="flex flex-col gap-3")
    none = rx.el.div(
        rx.el.p(texts.NO_CHILDREN, class_name="np-muted"),
        ui.link_button(texts.ADD_CHILD, href="/family", icon_name="baby", block=True),
        class_name="flex flex-col gap-3",
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2(texts.CHILDREN),
            ui.text_link(texts.ALL_FAMILY, href="/family"),
            class_name="flex flex-wrap items-end justify-between gap-3 mb-3",
        ),
        ui.card(rx.cond(children.length() > 0, rows, none)),
    )
