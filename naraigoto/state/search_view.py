"""The filters of the search page as a form and as links: every choice is an address."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from naraigoto.rules import SEARCH_COUNT_CAP
from naraigoto.services import search
from naraigoto.texts import dates, units
from naraigoto.texts import search as words

PATH = "/search"
_DETAILS = ("age", "instructor_choice", "weekday", "time", "child_rating", "safety")


@dataclass(frozen=True)
class Choice:
    """A filter as a link: where it leads and whether it is on."""

    key: str
    name: str
    href: str
    current: bool


@dataclass(frozen=True)
class Asked:
    """The filters as the form shows them; `key` changes with them, so that the form shows them anew."""

    key: str = ""
    q: str = ""
    category: str = ""
    date: str = ""
    near: str = ""
    radius_m: str = ""
    travel: str = ""
    age: str = ""
    time: str = ""
    child_rating: str = ""
    sort: str = ""
    weekdays: list[str] = field(default_factory=list)
    instructor_choice: bool = False
    safety: bool = False
    detailed: bool = False


@dataclass(frozen=True)
class Names:
    """How areas and genres are called, by their codes."""

    areas: dict[str, str]
    genres: dict[str, str]


def asked_of(filters: search.SearchFilters) -> Asked:
    """What the form holds."""
    query = filters.query()
    plain = ("q", "category", "date", "near", "radius_m", "travel", "age", "time", "child_rating", "sort")
    return Asked(
        key=urlencode(query),
        weekdays=[search.WEEKDAYS[day] for day in filters.weekdays],
        instructor_choice=filters.instructor_choice,
        safety=filters.safe,
        detailed=any(name in query for name in _DETAILS),
        **{name: query.get(name, "") for name in plain},
    )


def genres(filters: search.SearchFilters, names: Names) -> list[Choice]:
    """Every genre, and none."""
    query = filters.query()
    every = Choice("", words.ANY_GENRE, href(query, category=""), filters.category is None)
    return [
        every,
        *(
            Choice(code, name, href(query, category=code), filters.category == code)
            for code, name in names.genres.items()
        ),
    ]


def sorts(filters: search.SearchFilters) -> list[Choice]:
    """Every order; by distance only where a place is known."""
    return [
        Choice(key, name, href(filters.query(), sort=key), filters.sort == key)
        for key, name in words.SORT_NAMES
        if key != search.Sort.DISTANCE or filters.near
    ]


def travels(filters: search.SearchFilters) -> list[Choice]:
    """The rings of a quarter of an hour, where a place is known."""
    if filters.near is None:
        return []
    query = filters.query()
    return [
        *(
            Choice(key, name, href(query, travel=key, radius_m=""), filters.travel == key)
            for key, name in words.TRAVELS
        ),
        Choice("", words.ANY_DISTANCE, href(query, travel="", radius_m=""), filters.reach_m is None),
    ]


def areas_chosen(filters: search.SearchFilters, names: Names) -> list[Choice]:
    """The areas asked for; each leads to the search without it."""
    return [
        Choice(
            code,
            words.without(names.areas.get(code, code)),
            href(filters.query(), area=",".join(other for other in filters.areas if other != code)),
            current=True,
        )
        for code in filters.areas
    ]


def relaxed(offered: list[search.Relaxation], filters: search.SearchFilters, names: Names) -> list[Choice]:
    """What to give up when nothing was found, and the whole search without anything."""
    given = {
        "q": filters.q,
        "area": words.JOIN.join(names.areas.get(code, code) for code in filters.areas),
        "category": names.genres.get(filters.category or "", filters.category or ""),
        "place": units.distance(filters.reach_m),
    } | said(filters)
    choices = [
        Choice(
            less.field,
            words.relax(less.field, given[less.field], _brings(less.count)),
            href(less.filters.query()),
            current=False,
        )
        for less in offered
    ]
    return [*choices, Choice("all", words.RELAX_ALL, PATH, current=False)] if choices else []


def _brings(count: int | None) -> str:
    return words.found(count, capped=count >= SEARCH_COUNT_CAP) if count else ""


def said(filters: search.SearchFilters) -> dict[str, str]:
    """The finer filters in words; empty ones are not asked for."""
    return {
        "date": dates.day_label(filters.day) if filters.day else "",
        "weekday": words.weekdays(filters.weekdays),
        "time": words.time_of_day(filters.time or ""),
        "age": "" if filters.age is None else words.age(filters.age),
        "child_rating": "" if filters.child_rating is None else words.stars(filters.child_rating),
        "instructor_choice": words.CHOICE if filters.instructor_choice else "",
        "safety": words.SAFETY if filters.safe else "",
    }


def about(filters: search.SearchFilters, names: Names) -> str:
    """渋谷区・目黒区の水泳: what a search is about."""
    return words.about(**_subject(filters, names))


def title_of(filters: search.SearchFilters, names: Names) -> str:
    """渋谷区の水泳の教室をさがす: for the browser's tab and search engines."""
    return words.title(**_subject(filters, names))


def _subject(filters: search.SearchFilters, names: Names) -> dict[str, Any]:
    return {
        "q": filters.q,
        "areas": [names.areas.get(code, code) for code in filters.areas],
        "genre": names.genres.get(filters.category or "", ""),
    }


def href(query: dict[str, str], **change: str) -> str:
    """The address of these filters with some of them changed; empty ones are left out."""
    kept = {name: value for name, value in (query | change).items() if value}
    if kept.get("sort") == search.Sort.RECOMMENDED:
        del kept["sort"]
    return f"{PATH}?{urlencode(kept)}" if kept else PATH
