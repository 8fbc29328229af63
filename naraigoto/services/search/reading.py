"""Reading filters: the one door for untrusted text, of the API and of addresses of pages."""

import math
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from naraigoto.errors import InvalidInput
from naraigoto.rules import (
    AGE_MAX,
    BOOKING_HORIZON,
    CHILD_RATINGS_ASKED,
    SEARCH_AREAS_MAX,
    SEARCH_KEYWORD_MAX,
    SEARCH_RADIUS_MAX_M,
    SEARCH_RADIUS_MIN_M,
    TimeOfDay,
    Travel,
)
from naraigoto.services.search.filters import FIELDS, WEEKDAYS, Near, SearchFilters, Sort

Bound = TypeVar("Bound", int, float, date)
_EARLIEST = date(2020, 1, 1)
_CODE_MAX = 40
_YES = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
_REASONS = {"too_long", "enum", "out_of_range"}
_NAMES = {"date": "day", "area": "areas", "weekday": "weekdays", "safety": "safe"}
_NEED_PLACE = ("radius_m", "travel")


def parse(raw: Mapping[str, str | None], *, today: date) -> SearchFilters:
    """Read the filters of a query string; unknown names are left alone, empty values mean none.

    Raises: InvalidInput naming every field that cannot be read.
    """
    given = {name: plain(raw.get(name) or "") for name in FIELDS}
    values: dict[str, object] = {}
    problems: dict[str, str] = {}
    for name, text in given.items():
        if not text:
            continue
        try:
            values[_NAMES.get(name, name)] = _read(name, text, today)
        except (ValueError, OverflowError) as unreadable:
            problems[name] = str(unreadable) if str(unreadable) in _REASONS else "invalid"
    needs_place = any(name in values for name in _NEED_PLACE) or values.get("sort") is Sort.DISTANCE
    if needs_place and "near" not in values and "near" not in problems:
        problems["near"] = "missing"
    if problems:
        raise InvalidInput(**problems)
    return SearchFilters.model_validate(values)


def parse_leniently(raw: Mapping[str, str | None], *, today: date) -> tuple[SearchFilters, set[str]]:
    """Like `parse` for shared links: what cannot be read is left out and named."""
    kept = dict(raw)
    dropped: set[str] = set()
    while True:
        try:
            return parse(kept, today=today), dropped
        except InvalidInput as refused:
            fields = refused.facts["fields"]
            problems = set(fields) if isinstance(fields, dict) else set(FIELDS)
            if "near" in problems:
                problems |= set(_NEED_PLACE) | ({"sort"} if kept.get("sort") == Sort.DISTANCE else set())
            dropped |= {name for name in problems if kept.get(name)}
            kept = {name: value for name, value in kept.items() if name not in problems}


def plain(text: str) -> str:
    """Text without control characters, marks of direction and broken halves of characters, trimmed."""
    kept = (
        " " if unicodedata.category(c) == "Cc" else c
        for c in text
        if c != "\0" and not "\ud800" <= c <= "\udfff" and c not in _DIRECTIONS
    )
    return "".join(kept).strip()


# They turn the words after them around, on the page too.
_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def _read(name: str, text: str, today: date) -> object:
    return _READERS[name](text, today)


def _keyword(text: str, _today: date) -> str:
    return _short(text, SEARCH_KEYWORD_MAX)


def _code(text: str, _today: date) -> str:
    return _short(text, _CODE_MAX)


def _areas(text: str, _today: date) -> tuple[str, ...]:
    parts = dict.fromkeys(part.strip() for part in _short(text, 500).split(",") if part.strip())
    if len(parts) > SEARCH_AREAS_MAX:
        raise ValueError("too_long")
    return tuple(_short(part, _CODE_MAX) for part in parts)


def _day(text: str, today: date) -> date:
    day = date.fromisoformat(_short(text, 10))
    return _within(day, _EARLIEST, today + max(BOOKING_HORIZON, timedelta(days=366)))


def _weekdays(text: str, _today: date) -> tuple[int, ...]:
    known = {name: number for number, name in enumerate(WEEKDAYS)}
    return tuple(sorted({int(str(_one_of(part.strip().lower(), known))) for part in text.split(",") if part}))


def _near(text: str, _today: date) -> Near:
    lat, lng = (float(part) for part in _short(text, 60).split(","))
    if not (math.isfinite(lat) and math.isfinite(lng)):
        raise ValueError("invalid")
    return Near(_within(lat, -90.0, 90.0), _within(lng, -180.0, 180.0))


def _radius(text: str, _today: date) -> int:
    return _within(_whole(text), SEARCH_RADIUS_MIN_M, SEARCH_RADIUS_MAX_M)


def _age(text: str, _today: date) -> int:
    return _within(_whole(text), 0, AGE_MAX)


def _flag(text: str, _today: date) -> object:
    return _one_of(text.lower(), _YES)


def _child_rating(text: str, _today: date) -> object:
    return _one_of(
        text, {f"{rating:{form}}": rating for rating in CHILD_RATINGS_ASKED for form in ("g", ".1f")}
    )


def _member(kind: type[StrEnum]) -> Callable[[str, date], object]:
    return lambda text, _today: _one_of(text, {member.value: member for member in kind})


_READERS: dict[str, Callable[[str, date], object]] = {
    "q": _keyword,
    "area": _areas,
    "category": _code,
    "date": _day,
    "weekday": _weekdays,
    "time": _member(TimeOfDay),
    "near": _near,
    "radius_m": _radius,
    "travel": _member(Travel),
    "age": _age,
    "instructor_choice": _flag,
    "child_rating": _child_rating,
    "safety": _flag,
    "sort": _member(Sort),
}


def _whole(text: str) -> int:
    """A whole number; one too long to be read is far out of every range."""
    return int(text if len(text) <= 12 or not text.isdecimal() else "9" * 12)


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise ValueError("too_long")
    return text


def _within(value: Bound, low: Bound, high: Bound) -> Bound:
    if not low <= value <= high:
        raise ValueError("out_of_range")
    return value


def _one_of(text: str, known: Mapping[str, object]) -> object:
    if text not in known:
        raise ValueError("enum")
    return known[text]
