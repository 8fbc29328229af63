"""What may be searched for, and how it is written in an address."""

from collections.abc import Iterable
from datetime import date, timedelta
from datetime import time as clock_time
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from naraigoto.rules import (
    BOOKING_HORIZON,
    TIMES_OF_DAY,
    TRAVEL_DETOUR,
    TRAVEL_METRES_A_MINUTE,
    TRAVEL_MINUTES,
    TimeOfDay,
    Travel,
)

FIELDS = (
    "q",
    "area",
    "category",
    "date",
    "weekday",
    "time",
    "near",
    "radius_m",
    "travel",
    "age",
    "instructor_choice",
    "child_rating",
    "safety",
    "sort",
)
SEVERAL = ("area", "weekday")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
    """What to search for; codes of areas and genre are looked up by the search itself."""

    model_config = ConfigDict(frozen=True)

    q: str = ""
    areas: tuple[str, ...] = ()
    category: str | None = None
    day: date | None = None
    weekdays: tuple[int, ...] = ()  # 0 is Monday
    time: TimeOfDay | None = None
    near: Near | None = None
    radius_m: int | None = None
    travel: Travel | None = None
    age: int | None = None
    instructor_choice: bool = False
    child_rating: float | None = None
    safe: bool = False
    sort: Sort = Sort.RECOMMENDED

    @property
    def reach_m(self) -> int | None:
        """How far the place may be: the radius asked for, else the ring of the way to travel."""
        if self.radius_m is not None or self.travel is None:
            return self.radius_m
        return ring_m(self.travel)

    @property
    def hours(self) -> tuple[clock_time, clock_time] | tuple[None, None]:
        """From when until before when a lesson may begin."""
        return TIMES_OF_DAY[self.time] if self.time else (None, None)

    def days(self, today: date) -> list[date] | None:
        """The Japanese days on which a free seat is asked for; None when no day is."""
        if self.day is None and not self.weekdays:
            return None
        horizon = (today + timedelta(days=n) for n in range(BOOKING_HORIZON.days + 1))
        days = [self.day] if self.day else horizon
        return [day for day in days if not self.weekdays or day.weekday() in self.weekdays]

    def query(self) -> dict[str, str]:
        """The query string of these filters, without what is left at its default."""
        written = {
            "q": self.q,
            "area": ",".join(self.areas),
            "category": self.category or "",
            "date": self.day.isoformat() if self.day else "",
            "weekday": ",".join(WEEKDAYS[day] for day in self.weekdays),
            "time": self.time or "",
            "near": f"{self.near.lat:.5f},{self.near.lng:.5f}" if self.near else "",
            "radius_m": str(self.radius_m or ""),
            "travel": self.travel or "",
            "age": "" if self.age is None else str(self.age),
            "instructor_choice": "1" if self.instructor_choice else "",
            "child_rating": "" if self.child_rating is None else f"{self.child_rating:g}",
            "safety": "1" if self.safe else "",
            "sort": "" if self.sort is Sort.RECOMMENDED else self.sort.value,
        }
        return {name: str(value) for name, value in written.items() if value}


def ring_m(travel: Travel) -> int:
    """How far one gets in a quarter of an hour, as the crow flies."""
    return round(TRAVEL_METRES_A_MINUTE[travel] * TRAVEL_MINUTES / TRAVEL_DETOUR)


def minutes(travel: Travel, metres: int) -> int:
    """How long the way takes; at least a minute."""
    return max(1, round(metres * TRAVEL_DETOUR / TRAVEL_METRES_A_MINUTE[travel]))


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A query string as one text a name: several areas or weekdays are joined, else the last one counts."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in SEVERAL:
            found[name] = value
        elif value:
            found[name] = f"{found[name]},{value}" if found.get(name) else value
    return found
