"""/search: filters, results and a map; every filter is a link or a form, so the address says it all."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.pages.search_filters import filters
from naraigoto.pages.search_saved import saved, seen
from naraigoto.state.saved_searches import SavedSearchState
from naraigoto.state.search import SearchState
from naraigoto.texts import schools as school_words
from naraigoto.texts import search
from naraigoto.texts import ui as words


def search_page(viewer: Any) -> rx.Component:
    """The filters above, the list and the map side by side on wide screens."""
    return ui.page(
        ui.page_heading(search.HEADING),
        filters(SearchState.asked),
        saved(viewer),
        rx.cond(SearchState.away, ui.unavailable(level=2), _results()),
        seen(),
        rx.el.span(on_unmount=SearchState.leave),
        viewer=viewer,
        section="search",
        message=SavedSearchState.said,
        on_message_done=SavedSearchState.spoken,
    )


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
        ui.alert_if(SearchState.corrected, tone="info", class_name="mb-4"),
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
        badge=school.badge,
        reason=school.reason,
        id_=school.id,
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
            tile_url=SearchState.tile_url,
            attribution=school_words.MAP_SOURCE,
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
