"""/search: filters, results and a map; every filter is a link or a form, so the address says it all."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.here import here_button
from naraigoto.state.search import SearchState
from naraigoto.texts import search
from naraigoto.texts import ui as words


def search_page(viewer: Any) -> rx.Component:
    """The filters above, the list and the map side by side on wide screens."""
    return ui.page(
        ui.page_heading(search.HEADING),
        _filters(SearchState.asked),
        rx.cond(SearchState.away, ui.unavailable(), _results()),
        rx.el.span(on_unmount=SearchState.leave),
        viewer=viewer,
        section="search",
    )


def _filters(asked: Any) -> rx.Component:
    form = ui.router_form(
        _fields(asked),
        rx.el.div(
            _details(asked),
            _place(asked),
            class_name="flex flex-wrap items-start justify-between gap-x-4 gap-y-2",
        ),
        *[_kept(name, value) for name, value in _silent(asked)],
        action="/search",
        method="get",
        role="search",
        key=asked.key,
        class_name="np-card flex flex-col gap-3",
    )
    return rx.el.div(form, _genres(), class_name="flex flex-col gap-4 mb-5")


def _silent(asked: Any) -> list[tuple[str, Any]]:
    return [
        ("category", asked.category),
        ("near", asked.near),
        ("radius_m", asked.radius_m),
        ("sort", asked.sort),
    ]


def _kept(name: str, value: Any) -> rx.Component:
    return ui.when(ui.filled(value), rx.el.input(type="hidden", name=name, default_value=value))


def _fields(asked: Any) -> rx.Component:
    everywhere = rx.el.option(search.EVERY_AREA, value="")
    areas: Any = SearchState.areas
    options = rx.foreach(areas, lambda area: rx.el.option(area[1], value=area[0], key=area[0]))
    return rx.el.div(
        _labelled(
            search.KEYWORD,
            rx.el.input(
                id="search-q",
                name="q",
                type="search",
                default_value=asked.q,
                placeholder=search.KEYWORD_EXAMPLE,
                max_length=100,
                enter_key_hint="search",
                class_name="np-input",
            ),
            "search-q",
            "col-span-2 md:col-span-1 md:flex-1",
        ),
        _labelled(
            search.AREA,
            rx.el.select(
                everywhere,
                options,
                id="search-area",
                name="area",
                default_value=asked.area,
                class_name="np-input",
            ),
            "search-area",
            "md:w-56",
        ),
        _labelled(
            search.DATE,
            rx.el.input(
                id="search-date",
                name="date",
                type="date",
                default_value=asked.date,
                min=SearchState.first_day,
                max=SearchState.last_day,
                class_name="np-input",
            ),
            "search-date",
            "md:w-44",
        ),
        ui.submit_button(
            ui.icon("search"), search.SUBMIT, class_name="min-h-[2.875rem] col-span-2 md:col-span-1"
        ),
        class_name="grid grid-cols-2 gap-3 md:flex md:items-end",
    )


def _labelled(label: str, control: rx.Component, id_: str, class_name: str) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=id_, class_name="np-label np-small"),
        control,
        class_name=f"np-field {class_name}",
    )


def _details(asked: Any) -> rx.Component:
    ages = [
        rx.el.option(search.ANY_AGE, value=""),
        *[rx.el.option(search.age(years), value=str(years)) for years in range(19)],
    ]
    age = _labelled(
        search.AGE,
        rx.el.select(*ages, id="search-age", name="age", default_value=asked.age, class_name="np-input"),
        "search-age",
        "w-44",
    )
    choice = ui.checkbox(
        "instructor_choice", search.CHOICE, value="1", default_checked=asked.instructor_choice
    )
    return rx.el.details(
        rx.el.summary(search.MORE_FILTERS, class_name="np-link np-small w-fit py-2.5"),
        rx.el.div(age, choice, class_name="flex flex-wrap items-end gap-4 pt-1"),
        open=asked.detailed,
        class_name="open:basis-full",
    )


def _genres() -> rx.Component:
    genres: Any = SearchState.genres
    chips = rx.foreach(
        genres,
        lambda genre: rx.cond(
            genre.key == "",
            ui.link_chip(genre.name, href=genre.href, current=genre.current, key="all"),
            ui.link_chip(
                genre.name,
                href=genre.href,
                current=genre.current,
                icon_name=f"genre-{genre.key}",
                key=genre.key,
            ),
        ),
    )
    # One line that scrolls on phones: the list should begin on the first screen.
    row = ui.chips(
        chips,
        label=search.GENRES,
        class_name="np-bleed",
    )
    waiting = [ui.skeleton("h-11 w-24 rounded-full") for _ in range(8)]
    return rx.cond(
        genres.length() > 0,
        row,
        rx.el.div(*waiting, class_name="np-chips np-bleed"),
    )


def _place(asked: Any) -> rx.Component:
    chosen = rx.el.div(
        ui.badge(search.NEAR_ON, tone="info", icon_name="map-pin"),
        ui.text_link(search.NEAR_OFF, href=SearchState.place_off),
        class_name="flex flex-wrap items-center gap-3",
    )
    ask = here_button(
        SearchState.here_base, label=search.HERE, busy=search.HERE_BUSY, denied=search.HERE_DENIED
    )
    return rx.cond(asked.near != "", chosen, ask)


def _results() -> rx.Component:
    both = rx.el.div(
        rx.el.div(_list(), class_name=rx.cond(SearchState.view == "map", "max-lg:hidden", "")),
        rx.el.div(
            _map(),
            class_name=rx.cond(SearchState.view == "map", "", "max-lg:hidden"),
        ),
        class_name="grid items-start gap-6 lg:grid-cols-[1fr_24rem]",
    )
    schools: Any = SearchState.schools
    found = rx.cond(schools.length() > 0, both, _nothing())
    return rx.el.section(
        ui.alert_if(SearchState.notice, tone="info", class_name="mb-4"),
        ui.alert_if(SearchState.problem, class_name="mb-4"),
        _bar(),
        rx.cond(SearchState.loading, ui.skeleton_cards(6), found),
        custom_attrs={"aria-label": search.TITLE, "aria-busy": SearchState.loading},
    )


def _bar() -> rx.Component:
    sorts: Any = SearchState.sorts
    schools: Any = SearchState.schools
    links = rx.foreach(
        sorts, lambda sort: ui.link_chip(sort.name, href=sort.href, current=sort.current, key=sort.key)
    )
    views = ui.chips(
        *[
            ui.chip(
                label,
                icon_name=icon,
                pressed=SearchState.view == view,
                on_click=SearchState.show(view),
            )
            for view, label, icon in (("list", search.AS_LIST, "list"), ("map", search.AS_MAP, "map"))
        ],
        label=search.VIEWS,
        class_name="flex-nowrap lg:hidden",
    )
    # On phones list or map stands beside the number, above the orders: it must never scroll out of sight.
    some = SearchState.loading | (schools.length() > 0)
    return rx.el.div(
        rx.el.p(
            rx.cond(SearchState.loading, words.LOADING, SearchState.count),
            role="status",
            class_name="font-bold",
        ),
        rx.cond(
            some,
            rx.fragment(
                views, ui.chips(links, label=search.SORTS, class_name="np-bleed max-md:w-[calc(100%+2rem)]")
            ),
            rx.fragment(),
        ),
        class_name="flex flex-wrap items-center justify-between gap-3 mb-4",
    )


def _list() -> rx.Component:
    schools: Any = SearchState.schools
    return rx.fragment(
        rx.el.div(rx.foreach(schools, school_row), class_name="np-grid"),
        ui.pager(SearchState.cursor != "", SearchState.more, busy=SearchState.more_busy),
        rx.el.p(search.SORT_REASON, class_name="np-muted np-small pt-6"),
    )


def school_row(school: Any) -> rx.Component:
    """A school as a card of the list."""
    return ui.school_card(
        href=school.href,
        name=school.name,
        image=school.image,
        area=school.area,
        category=school.category,
        distance=school.distance,
        rating_parent=school.rating_parent,
        rating_child=school.rating_child,
        next_slot=school.next_slot,
    )


def _map() -> rx.Component:
    chosen: Any = SearchState.chosen
    again = ui.link_button(
        search.SEARCH_HERE, href=SearchState.moved_href, look="secondary", icon_name="search"
    )
    return rx.el.div(
        ui.school_map(
            SearchState.pins,
            areas=SearchState.area_names,
            selected=SearchState.selected,
            on_select=SearchState.select,
            on_move=SearchState.move,
            class_name="h-[60dvh] lg:h-[calc(100dvh-14rem)]",
        ),
        ui.when(ui.filled(SearchState.moved_href), again),
        rx.foreach(chosen, school_row),
        class_name="flex flex-col gap-3 lg:sticky lg:top-20",
    )


def _nothing() -> rx.Component:
    relaxed: Any = SearchState.relaxed
    buttons = rx.foreach(
        relaxed, lambda less: ui.link_button(less.name, href=less.href, look="secondary", key=less.key)
    )
    none = ui.empty_state(
        search.NOTHING,
        text=search.NOTHING_TEXT,
        action=rx.el.div(buttons, class_name="flex flex-wrap justify-center gap-3"),
    )
    empty = ui.empty_state(search.NOTHING_AT_ALL, icon_name="school")
    return rx.cond(
        SearchState.problem != "", rx.fragment(), ui.card(rx.cond(relaxed.length() > 0, none, empty))
    )
