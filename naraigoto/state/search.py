"""The search page: the address holds every filter, this only reads it and fetches pages."""

import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from naraigoto import clock
from naraigoto.errors import DomainError, InvalidInput, SearchTooBroad
from naraigoto.rules import BOOKING_HORIZON, SEARCH_RADIUS_MAX_M, SEARCH_RADIUS_MIN_M
from naraigoto.services import search
from naraigoto.state.school_cards import Pin, SchoolCard, card_of
from naraigoto.state.session import edge
from naraigoto.texts import dates, errors, units
from naraigoto.texts import search as words

_PATH = "/search"
_METRES_PER_DEGREE = 111_000
_HERE_RADIUS_M = 3_000


@dataclass(frozen=True)
class Choice:
    """A filter as a link: where it leads and whether it is on."""

    key: str
    name: str
    href: str
    current: bool


@dataclass(frozen=True)
class AreaName:
    """The name of a municipality on the plain backdrop."""

    name: str
    lat: float
    lng: float


@dataclass(frozen=True)
class Asked:
    """The filters as the form shows them; `key` changes with them, so that the form shows them anew."""

    key: str = ""
    q: str = ""
    area: str = ""
    category: str = ""
    date: str = ""
    near: str = ""
    radius_m: str = ""
    age: str = ""
    instructor_choice: bool = False
    sort: str = ""
    detailed: bool = False


class SearchState(rx.State):
    """Reads the filters from the address, which anybody may write, and fetches what they ask for."""

    areas: list[tuple[str, str]] = []
    asked: Asked = Asked()
    genres: list[Choice] = []
    sorts: list[Choice] = []
    relaxed: list[Choice] = []
    schools: list[SchoolCard] = []
    pins: list[Pin] = []
    area_names: list[AreaName] = []
    count: str = ""
    notice: str = ""
    problem: str = ""
    loading: bool = True
    away: bool = False
    cursor: str = ""
    more_busy: bool = False
    view: str = "list"
    selected: str = ""
    chosen: list[SchoolCard] = []
    place_off: str = _PATH
    here_base: str = _PATH
    moved_href: str = ""
    first_day: str = ""
    last_day: str = ""

    @rx.event
    async def load(self):
        """Search anew for what the address says."""
        self.loading, self.problem = True, ""
        self.schools, self.pins, self.cursor, self.selected, self.chosen = [], [], "", "", []
        yield
        try:
            async with edge(self) as (session, _actor):
                areas = await search.areas(session)
                genres = await search.categories(session)
                filters, dropped = self._filters()
                try:
                    page = await search.schools(session, filters=filters, now=clock.now())
                except InvalidInput as unknown:
                    named = dict.fromkeys(_fields(unknown))
                    dropped |= set(named)
                    filters = filters.model_copy(update=named)
                    page = await search.schools(session, filters=filters, now=clock.now())
        except DomainError as refusal:
            self._fail(refusal)
            return
        self.areas = [(area.code, f"{area.prefecture}{area.name}") for area in areas]
        self.notice = words.DROPPED if dropped else ""
        self._offer(filters, genres)
        self._relax(filters, {row.code: row.name for row in (*areas, *genres)})
        self._place_names({row.area.code for row in page.items}, areas)
        self._take(page)
        self.away = self.loading = False

    @rx.event
    async def more(self):
        """Append the next page."""
        if not self.cursor or self.more_busy:
            return
        self.more_busy, self.problem = True, ""
        yield
        try:
            filters, _ = self._filters()
            async with edge(self) as (session, _actor):
                page = await search.schools(session, filters=filters, cursor=self.cursor, now=clock.now())
        except DomainError:
            self.problem = words.LOAD_FAILED
        else:
            self._take(page)
        self.more_busy = False

    @rx.event
    def show(self, view: str) -> None:
        """Turn to the list or to the map, on phones."""
        self.view = "map" if view == "map" else "list"

    @rx.event
    def select(self, school_id: str) -> None:
        """Show the card of the pin that was pressed."""
        self.chosen = [school for school in self.schools if school.id == school_id]
        self.selected = self.chosen[0].id if self.chosen else ""

    @rx.event
    def move(self, bounds: dict) -> None:
        """Offer a search of the part of the map a person moved to."""
        self.moved_href = self._inside(bounds)

    @rx.event
    def leave(self) -> None:
        """Forget the lists: this state outlives its visitor."""
        self.schools, self.pins, self.area_names, self.chosen = [], [], [], []
        self.cursor, self.selected, self.loading = "", "", True

    def _filters(self) -> tuple[search.SearchFilters, set[str]]:
        today = clock.jst_date(clock.now())
        self.first_day = today.isoformat()
        self.last_day = (today + BOOKING_HORIZON).isoformat()
        return search.parse_leniently(dict(self.router.url.query_parameters), today=today)

    def _fail(self, refusal: DomainError) -> None:
        self.loading = False
        if isinstance(refusal, SearchTooBroad):
            self.problem, self.away = errors.refusal(refusal), False
        else:
            self.away = True

    def _take(self, page: search.SchoolPage) -> None:
        self.schools += [card_of(row) for row in page.items]
        self.pins += [Pin(str(row.id), row.lat, row.lng, row.name) for row in page.items]
        self.cursor = page.next_cursor or ""
        self.count = words.shown(len(self.schools), more=bool(self.cursor))

    def _offer(self, filters: search.SearchFilters, genres: list[Any]) -> None:
        query = filters.query()
        self.asked = Asked(
            key=urlencode(query),
            q=filters.q,
            area=filters.area or "",
            category=filters.category or "",
            date=query.get("date", ""),
            near=query.get("near", ""),
            radius_m=query.get("radius_m", ""),
            age=query.get("age", ""),
            instructor_choice=filters.instructor_choice,
            sort=query.get("sort", ""),
            detailed=filters.age is not None or filters.instructor_choice,
        )
        self.genres = [
            Choice("", words.ANY_GENRE, _href(query, category=""), filters.category is None),
            *(
                Choice(row.code, row.name, _href(query, category=row.code), filters.category == row.code)
                for row in genres
            ),
        ]
        self.sorts = [
            Choice(key, name, _href(query, sort=key), filters.sort == key)
            for key, name in words.SORT_NAMES
            if key != search.Sort.DISTANCE or filters.near
        ]
        sort = "" if filters.sort is search.Sort.DISTANCE else filters.sort.value
        self.place_off = _href(query, near="", radius_m="", sort=sort)
        self.here_base = _href(query, near="", radius_m=str(_HERE_RADIUS_M), sort="distance", area="")
        self.moved_href = ""

    def _relax(self, filters: search.SearchFilters, names: dict[str, str]) -> None:
        said = {
            "q": filters.q,
            "area": names.get(filters.area or "", filters.area or ""),
            "category": names.get(filters.category or "", filters.category or ""),
            "date": dates.day_label(filters.day) if filters.day else "",
            "radius_m": units.distance(filters.radius_m),
            "age": "" if filters.age is None else words.age(filters.age),
            "instructor_choice": words.CHOICE if filters.instructor_choice else "",
        }
        query = filters.query()
        one_less = [
            Choice(field, words.relax(field, value), _href(query, **{field: ""}), current=False)
            for field, value in said.items()
            if value
        ]
        self.relaxed = [*one_less, Choice("all", words.RELAX_ALL, _PATH, current=False)] if one_less else []

    def _place_names(self, codes: set[str], areas: list[search.AreaRow]) -> None:
        self.area_names = [AreaName(row.name, row.lat, row.lng) for row in areas if row.code in codes]

    def _inside(self, bounds: object) -> str:
        edges = (
            [bounds.get(side) for side in ("south", "west", "north", "east")]
            if isinstance(bounds, dict)
            else []
        )
        if len(edges) != 4 or not all(
            isinstance(value, int | float) and math.isfinite(value) for value in edges
        ):
            return ""
        south, west, north, east = (float(value) for value in edges if isinstance(value, int | float))
        lat, lng = (south + north) / 2, (west + east) / 2
        if not (-85 < lat < 85 and -180 <= lng <= 180):
            return ""
        wide = abs(east - west) * math.cos(math.radians(lat))
        metres = math.hypot(wide, north - south) / 2 * _METRES_PER_DEGREE
        radius = round(min(max(metres, SEARCH_RADIUS_MIN_M), SEARCH_RADIUS_MAX_M))
        filters, _ = self._filters()
        return _href(filters.query(), near=f"{lat:.5f},{lng:.5f}", radius_m=str(radius), area="")


def _href(query: dict[str, str], **change: str) -> str:
    kept = {name: value for name, value in (query | change).items() if value}
    if kept.get("sort") == search.Sort.RECOMMENDED:
        del kept["sort"]
    return f"{_PATH}?{urlencode(kept)}" if kept else _PATH


def _fields(refusal: InvalidInput) -> list[str]:
    fields = refusal.facts["fields"]
    return [name for name in fields if name in ("area", "category")] if isinstance(fields, dict) else []
