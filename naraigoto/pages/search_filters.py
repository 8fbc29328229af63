"""The filters of /search: a form that works as an address, and choices that are links."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.here import here_button
from naraigoto.state.search import SearchState
from naraigoto.texts import search


def filters(asked: Any) -> rx.Component:
    """Everything above the results."""
    form = ui.search_form(
        _fields(asked),
        _areas_chosen(),
        rx.el.div(
            _details(asked),
            _place(asked),
            class_name="flex flex-wrap items-start justify-between gap-x-4 gap-y-2",
        ),
        *[_kept(name, value) for name, value in _silent(asked)],
        action="/search",
        method="get",
        role="search",
        version=asked.key,
        class_name="np-card flex flex-col gap-3",
    )
    return rx.el.div(form, _genres(), class_name="flex flex-col gap-4 mb-5")


def _silent(asked: Any) -> list[tuple[str, Any]]:
    return [
        ("category", asked.category),
        ("near", asked.near),
        ("radius_m", asked.radius_m),
        ("travel", asked.travel),
        ("sort", asked.sort),
    ]


def _kept(name: str, value: Any) -> rx.Component:
    return ui.when(ui.filled(value), rx.el.input(type="hidden", name=name, default_value=value))


def _fields(asked: Any) -> rx.Component:
    chosen: Any = SearchState.areas_chosen
    areas: Any = SearchState.areas
    first = rx.el.option(rx.cond(chosen.length() > 0, search.ADD_AREA, search.EVERY_AREA), value="")
    options = rx.foreach(areas, lambda area: rx.el.option(area[1], value=area[0], key=area[0]))
    return rx.el.div(
        _labelled(
            search.KEYWORD,
            ui.suggest_field(
                id_="search-q",
                placeholder=search.KEYWORD_EXAMPLE,
                value=asked.q,
                kept=SearchState.kept,
            ),
            "search-q",
            "col-span-2 md:col-span-1 md:flex-1",
        ),
        _labelled(
            search.AREA,
            rx.el.select(
                first, options, id="search-area", name="area", default_value="", class_name="np-input"
            ),
            "search-area",
            "md:w-56",
        ),
        _date(asked),
        ui.submit_button(
            ui.icon("search"), search.SUBMIT, class_name="min-h-[2.875rem] col-span-2 md:col-span-1"
        ),
        class_name="grid grid-cols-2 gap-3 md:flex md:items-end",
    )


def _date(asked: Any) -> rx.Component:
    return _labelled(
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
    )


def _areas_chosen() -> rx.Component:
    """The areas asked for: sent along with the next one, each taken away by its link."""
    chosen: Any = SearchState.areas_chosen
    chips = rx.foreach(
        chosen,
        lambda area: rx.fragment(
            rx.el.input(type="hidden", name="area", default_value=area.key),
            ui.link_chip(area.name, href=area.href, icon_name="x", key=area.key),
        ),
    )
    return rx.cond(chosen.length() > 0, ui.chips(chips, label=search.AREAS_CHOSEN), rx.fragment())


def _labelled(label: str, control: rx.Component, id_: str, class_name: str) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=id_, class_name="np-label np-small"),
        control,
        class_name=f"np-field {class_name}",
    )


def _details(asked: Any) -> rx.Component:
    ages = [(str(years), search.age(years)) for years in range(19)]
    choices = rx.el.div(
        _select("age", search.AGE, search.ANY_AGE, ages, asked.age),
        _select("time", search.TIME, search.ANY_TIME, search.TIMES, asked.time),
        _select(
            "child_rating",
            search.CHILD_RATING,
            search.ANY_RATING,
            search.CHILD_RATINGS,
            asked.child_rating,
        ),
        class_name="grid grid-cols-2 gap-3 md:flex",
    )
    flags = rx.el.div(
        ui.checkbox("instructor_choice", search.CHOICE, value="1", default_checked=asked.instructor_choice),
        ui.checkbox("safety", search.SAFETY, value="1", default_checked=asked.safety),
        class_name="flex flex-wrap gap-x-6",
    )
    return rx.el.details(
        rx.el.summary(search.MORE_FILTERS, class_name="np-link np-small w-fit py-2.5"),
        rx.el.div(choices, _weekdays(asked), flags, class_name="flex flex-col gap-3 pt-1"),
        open=asked.detailed,
        class_name="open:basis-full",
    )


def _select(
    name: str, label: str, nothing: str, options: Any, value: Any, class_name: str = "md:w-44"
) -> rx.Component:
    control = rx.el.select(
        rx.el.option(nothing, value=""),
        *[rx.el.option(words, value=key) for key, words in options],
        id=f"search-{name}",
        name=name,
        default_value=value,
        class_name="np-input",
        custom_attrs={"data-asked": value},
    )
    return _labelled(label, control, f"search-{name}", class_name)


def _weekdays(asked: Any) -> rx.Component:
    boxes = [
        ui.checkbox("weekday", words, value=key, default_checked=asked.weekdays.contains(key))
        for key, words in search.WEEKDAYS
    ]
    return rx.el.fieldset(
        rx.el.legend(search.WEEKDAY, class_name="np-label np-small"),
        rx.el.div(*boxes, class_name="flex flex-wrap gap-x-5"),
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
    row = ui.chips(chips, label=search.GENRES, class_name="np-bleed")
    shapes = [ui.skeleton("h-11 w-24 rounded-full") for _ in range(8)]
    waiting = ui.when(SearchState.loading, rx.el.div(*shapes, class_name="np-chips np-bleed"))
    return rx.cond(genres.length() > 0, row, waiting)


def _place(asked: Any) -> rx.Component:
    travels: Any = SearchState.travels
    rings = rx.foreach(
        travels, lambda way: ui.link_chip(way.name, href=way.href, current=way.current, key=way.key)
    )
    chosen = rx.el.div(
        ui.badge(search.NEAR_ON, tone="info", icon_name="map-pin"),
        ui.text_link(search.NEAR_OFF, href=SearchState.place_off),
        ui.chips(rings, label=search.TRAVEL),
        class_name="flex flex-wrap items-center gap-3",
    )
    ask = here_button(
        SearchState.here_base, label=search.HERE, busy=search.HERE_BUSY, denied=search.HERE_DENIED
    )
    return rx.cond(asked.near != "", chosen, ask)
