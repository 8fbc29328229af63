"""What may be searched for: one reading of untrusted text for the API and for addresses of pages."""

import math
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

from naraigoto.errors import InvalidInput
from naraigoto.rules import (
    AGE_MAX,
    BOOKING_HORIZON,
    SEARCH_KEYWORD_MAX,
    SEARCH_RADIUS_MAX_M,
    SEARCH_RADIUS_MIN_M,
)

FIELDS = ("q", "area", "category", "date", "near", "radius_m", "age", "instructor_choice", "sort")
Bound = TypeVar("Bound", int, float, date)
_EARLIEST = date(2020, 1, 1)
_CODE_MAX = 40
_YES = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}


class Sort(StrEnum):
    """Orders of a list of schools."""

    RECOMMENDED = "recommended"
    DISTANCE = "distance"
    RATING = "rating"
    NEWEST = "newest"


class Near(NamedTuple):
    """A place on WGS 84."""

    lat: float
    lng: float


class SearchFilters(BaseModel):
    """What to search for; codes of area and genre are looked up by the search itself."""

    model_config = ConfigDict(frozen=True)

    q: str = ""
    area: str | None = None
    category: str | None = None
    day: date | None = None
    near: Near | None = None
    radius_m: int | None = None
    age: int | None = None
    instructor_choice: bool = False
    sort: Sort = Sort.RECOMMENDED

    def query(self) -> dict[str, str]:
        """The query string of these filters, without what is left at its default."""
        written = {
            "q": self.q,
            "area": self.area or "",
            "category": self.category or "",
            "date": self.day.isoformat() if self.day else "",
            "near": f"{self.near.lat:.5f},{self.near.lng:.5f}" if self.near else "",
            "radius_m": str(self.radius_m or ""),
            "age": "" if self.age is None else str(self.age),
            "instructor_choice": "1" if self.instructor_choice else "",
            "sort": "" if self.sort is Sort.RECOMMENDED else self.sort.value,
        }
        return {name: value for name, value in written.items() if value}


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
            values["day" if name == "date" else name] = _read(name, text, today)
        except (ValueError, OverflowError) as unreadable:
            problems[name] = str(unreadable) if str(unreadable) in _REASONS else "invalid"
    needs_place = "radius_m" in values or values.get("sort") is Sort.DISTANCE
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
                problems |= {"radius_m"} | ({"sort"} if kept.get("sort") == Sort.DISTANCE else set())
            dropped |= {name for name in problems if kept.get(name)}
            kept = {name: value for name, value in kept.items() if name not in problems}


def plain(text: str) -> str:
    """Text without control characters and broken halves of characters, trimmed."""
    kept = (
        " " if unicodedata.category(c) == "Cc" else c
        for c in text
        if c != "\0" and not "\ud800" <= c <= "\udfff"
    )
    return "".join(kept).strip()


_REASONS = {"too_long", "enum", "out_of_range"}


def _read(name: str, text: str, today: date) -> object:
    if name == "q":
        return _short(text, SEARCH_KEYWORD_MAX)
    if name in {"area", "category"}:
        return _short(text, _CODE_MAX)
    if name == "date":
        day = date.fromisoformat(_short(text, 10))
        return _within(day, _EARLIEST, today + max(BOOKING_HORIZON, timedelta(days=366)))
    if name == "near":
        lat, lng = (float(part) for part in _short(text, 60).split(","))
        if not (math.isfinite(lat) and math.isfinite(lng)):
            raise ValueError("invalid")
        return Near(_within(lat, -90.0, 90.0), _within(lng, -180.0, 180.0))
    if name == "radius_m":
        return _within(int(_short(text, 9)), SEARCH_RADIUS_MIN_M, SEARCH_RADIUS_MAX_M)
    if name == "age":
        return _within(int(_short(text, 9)), 0, AGE_MAX)
    if name == "instructor_choice":
        return _one_of(text.lower(), _YES)
    return _one_of(text, {sort.value: sort for sort in Sort})


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
