"""The first page: what this is, the search box, how it works, and schools one can book now."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.state.home import HomeState
from naraigoto.texts import home, sign_up
from naraigoto.texts import ui as words


def home_page(viewer: Any) -> rx.Component:
    """The search comes first, then what one can book now, then what this is."""
    return ui.page(
        _hero(HomeState.areas, HomeState.categories, viewer),
        _schools(),
        _steps(),
        _pair(),
        viewer=viewer,
        section="top",
    )


def _hero(areas: Any, categories: Any, viewer: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h1(
            home.HEADING, tab_index=-1, class_name="-indent-[0.5em] text-3xl md:text-5xl md:leading-tight"
        ),
        rx.el.p(home.LEAD, class_name="np-muted max-w-2xl md:text-lg"),
        _search(areas),
        _genres(categories),
        rx.cond(viewer.signed_in, rx.fragment(), _begin()),
        class_name="flex flex-col gap-5 pt-2 pb-10 md:pt-8 md:pb-14",
    )


def _begin() -> rx.Component:
    return rx.el.div(
        ui.link_button(sign_up.BEGIN, href="/signup", icon_name="arrow-right"),
        rx.el.span(home.BEGIN_TEXT, class_name="np-muted"),
        class_name="flex flex-wrap items-center gap-x-4 gap-y-2",
    )


def _search(areas: Any) -> rx.Component:
    everywhere = rx.el.option(home.EVERY_AREA, value="")
    options = rx.foreach(areas, lambda area: rx.el.option(area[1], value=area[0], key=area[0]))
    return ui.router_form(
        ui.card(
            rx.el.div(
                rx.el.label(home.AREA, html_for="home-area", class_name="np-label"),
                rx.el.select(everywhere, options, id="home-area", name="area", class_name="np-input"),
                class_name="np-field md:w-64",
            ),
            rx.el.div(
                rx.el.label(home.KEYWORD, html_for="home-q", class_name="np-label"),
                ui.suggest_field(id_="home-q", placeholder=home.KEYWORD_EXAMPLE),
                class_name="np-field flex-1",
            ),
            ui.submit_button(ui.icon("search"), home.SEARCH, class_name="min-h-[2.875rem]"),
            class_name="flex flex-col gap-4 md:flex-row md:items-end",
        ),
        action="/search",
        method="get",
        role="search",
    )


def _genres(categories: Any) -> rx.Component:
    """Chips of genres; grey ones keep their place until they are known."""
    waiting = [ui.skeleton("h-11 w-24 rounded-full") for _ in range(12)]
    chips = ui.chips(rx.foreach(categories, _genre), label=home.GENRES)
    block = rx.el.div(
        rx.el.h2(home.GENRES, class_name="np-small np-muted mb-2"),
        rx.cond(HomeState.loaded, chips, rx.el.div(*waiting, class_name="np-chips")),
    )
    return rx.cond(HomeState.unavailable, rx.fragment(), block)


def _genre(category: Any) -> rx.Component:
    code = category[0]
    return ui.link_chip(category[1], href=f"/search?category={code}", icon_name=f"genre-{code}", key=code)


def _schools() -> rx.Component:
    schools: Any = HomeState.schools
    more = ui.text_link(home.ALL_SCHOOLS, href="/search")
    found = rx.el.div(rx.foreach(schools, _school), class_name="np-grid lg:grid-cols-3")
    none = ui.card(ui.empty_state(home.NO_SCHOOLS, text=home.NO_SCHOOLS_TEXT, icon_name="school", level=3))
    away = ui.card(
        ui.empty_state(words.UNAVAILABLE_TITLE, text=words.UNAVAILABLE_TEXT, icon_name="wifi-off", level=3)
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2(home.SCHOOLS), more, class_name="flex flex-wrap items-end justify-between gap-3 mb-4"
        ),
        rx.cond(
            HomeState.loaded,
            rx.cond(HomeState.unavailable, away, rx.cond(schools.length() > 0, found, none)),
            ui.skeleton_cards(6),
        ),
        class_name="pb-14",
    )


def _school(school: Any) -> rx.Component:
    return ui.school_card(
        href=school.href,
        name=school.name,
        image=school.image,
        area=school.area,
        category=school.category,
        rating_parent=school.rating_parent,
        rating_child=school.rating_child,
        next_slot=school.next_slot,
        level=3,
    )


def _steps() -> rx.Component:
    steps = [
        rx.el.li(
            rx.el.span(ui.icon(name, size=26), class_name="np-empty-mark"),
            rx.el.div(rx.el.h3(title), rx.el.p(text, class_name="np-muted")),
            class_name="flex gap-4 md:flex-col md:gap-2",
        )
        for name, title, text in home.STEPS
    ]
    return rx.el.section(
        rx.el.h2(home.STEPS_TITLE, class_name="mb-4"),
        rx.el.ol(*steps, class_name="grid gap-6 md:grid-cols-3"),
        rx.el.p(ui.text_link(home.PLANS, href="/plans"), class_name="mt-5"),
        class_name="pb-14",
    )


def _pair() -> rx.Component:
    parent = ui.voice(home.PAIR_PARENT, author=home.PAIR_PARENT_AUTHOR, rating=ui.stars(4))
    child = ui.voice(home.PAIR_CHILD, child=True, author=home.PAIR_CHILD_AUTHOR, rating=ui.faces(5))
    return rx.el.section(
        rx.el.h2(home.PAIR_TITLE),
        rx.el.p(home.PAIR_LEAD, class_name="np-muted mb-4"),
        ui.voice_pair(parent, child),
        rx.el.p(home.PAIR_EXAMPLE, class_name="np-muted np-small mt-2"),
    )
