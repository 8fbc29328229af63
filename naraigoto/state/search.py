"""The search page: the address holds every filter, this only reads it and fetches pages."""

import math
from dataclasses import dataclass
from urllib.parse import parse_qsl

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.errors import DomainError, RateLimited, SearchTooBroad
from naraigoto.rules import BOOKING_HORIZON, SEARCH_COUNT_CAP, SEARCH_RADIUS_MAX_M, SEARCH_RADIUS_MIN_M
from naraigoto.services import limits, search
from naraigoto.settings import get_settings
from naraigoto.state import search_view as links
from naraigoto.state.school_cards import Pin, SchoolCard, card_of, pin_of
from naraigoto.state.search_view import Asked, Choice, Names
from naraigoto.state.session import caller_address, edge
from naraigoto.texts import errors, ui
from naraigoto.texts import search as words

_METRES_PER_DEGREE = 111_000
_DEGREES_MAX = 1_000  # a map may be turned around the earth a few times


@dataclass(frozen=True)
class AreaName:
    """The name of a municipality on the plain backdrop."""

    name: str
    lat: float
    lng: float


class SearchState(rx.State):
    """Reads the filters from the address, which anybody may write, and fetches what they ask for."""

    title: str = ui.BRAND
    areas: list[tuple[str, str]] = []
    asked: Asked = Asked()
    genres: list[Choice] = []
    sorts: list[Choice] = []
    travels: list[Choice] = []
    areas_chosen: list[Choice] = []
    relaxed: list[Choice] = []
    schools: list[SchoolCard] = []
    pins: list[Pin] = []
    area_names: list[AreaName] = []
    count: str = ""
    corrected: str = ""
    notice: str = ""
    problem: str = ""
    loading: bool = True
    away: bool = False
    cursor: str = ""
    more_busy: bool = False
    view: str = "list"
    selected: str = ""
    chosen: list[SchoolCard] = []
    place_off: str = links.PATH
    here_base: str = links.PATH
    kept: str = ""
    moved_href: str = ""
    tile_url: str = ""
    first_day: str = ""
    last_day: str = ""

    @rx.event
    async def load(self):
        """Search anew for what the address says, then count."""
        self.loading, self.problem, self.corrected = True, "", ""
        self.schools, self.pins, self.cursor, self.selected, self.chosen = [], [], "", "", []
        yield
        try:
            async with edge(self) as (session, actor):
                await limits.read_public(actor, caller_address(self))
                areas = await search.areas(session)
                genres = await search.categories(session)
                filters, dropped = await self._asked_for(session)
                page = await search.schools(session, filters=filters, now=clock.now())
                less = (
                    [] if page.items else await search.relaxations(session, filters=filters, now=clock.now())
                )
        except DomainError as refusal:
            self._fail(refusal)
            return
        names = Names({row.code: row.name for row in areas}, {row.code: row.name for row in genres})
        self.areas = [(area.code, f"{area.prefecture}{area.name}") for area in areas]
        self.notice = words.DROPPED if dropped else ""
        self.corrected = words.corrected(filters.q, page.corrected) if page.corrected else ""
        self._offer(filters, names)
        self.relaxed = links.relaxed(less, filters, names)
        self._place_names({row.area.code for row in page.items}, areas)
        self._take(page, filters)
        self.away = self.loading = False
        yield
        if page.next_cursor:
            searched = filters if page.corrected is None else filters.model_copy(update={"q": page.corrected})
            await self._count(searched)

    @rx.event
    async def more(self):
        """Append the next page."""
        if not self.cursor or self.more_busy:
            return
        self.more_busy, self.problem = True, ""
        yield
        try:
            async with edge(self) as (session, actor):
                await limits.read_public(actor, caller_address(self))
                filters, _ = await self._asked_for(session)
                page = await search.schools(session, filters=filters, cursor=self.cursor, now=clock.now())
        except DomainError:
            self.problem = words.LOAD_FAILED
        else:
            self._take(page, filters)
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

    async def _count(self, filters: search.SearchFilters) -> None:
        """Say how many there are, while the list is read already."""
        try:
            async with edge(self) as (session, _actor):
                found = await search.count(session, filters=filters, now=clock.now())
        except DomainError:
            return  # the list says that it goes on
        self.count = words.found(found, capped=found >= SEARCH_COUNT_CAP)

    async def _asked_for(self, session: AsyncSession) -> tuple[search.SearchFilters, set[str]]:
        """The filters of the address without what cannot be read or nobody knows, and what that was."""
        filters, dropped = self._filters()
        filters, unknown = await search.resolve_leniently(session, filters)
        return filters, dropped | unknown

    def _filters(self) -> tuple[search.SearchFilters, set[str]]:
        today = clock.jst_date(clock.now())
        self.first_day = today.isoformat()
        self.last_day = (today + BOOKING_HORIZON).isoformat()
        given = search.joined(parse_qsl(self.router.url.query, keep_blank_values=True))
        return search.parse_leniently(given, today=today)

    def _fail(self, refusal: DomainError) -> None:
        self.loading = False
        if isinstance(refusal, SearchTooBroad | RateLimited):
            self.problem, self.away = errors.refusal(refusal), False
        else:
            self.away = True

    def _take(self, page: search.SchoolPage, filters: search.SearchFilters) -> None:
        self.schools += [
            card_of(row, travel=filters.travel, ranked=filters.sort is search.Sort.RECOMMENDED)
            for row in page.items
        ]
        self.pins += [pin_of(row) for row in page.items]
        self.cursor = page.next_cursor or ""
        if len(self.schools) == len(page.items) or not self.cursor:
            self.count = words.shown(len(self.schools), more=bool(self.cursor))

    def _offer(self, filters: search.SearchFilters, names: Names) -> None:
        query = filters.query()
        self.title = ui.titled(links.title_of(filters, names))
        self.tile_url = get_settings().map_tile_url
        self.asked = links.asked_of(filters)
        self.genres = links.genres(filters, names)
        self.sorts = links.sorts(filters)
        self.travels = links.travels(filters)
        self.areas_chosen = links.areas_chosen(filters, names)
        sort = "" if filters.sort is search.Sort.DISTANCE else filters.sort.value
        self.place_off = links.href(query, near="", radius_m="", travel="", sort=sort)
        self.here_base = links.href(query, near="", radius_m="", travel="bike", sort="distance", area="")
        self.kept = links.href(query, q="").partition("?")[2]
        self.moved_href = ""

    def _place_names(self, codes: set[str], areas: list[search.AreaRow]) -> None:
        self.area_names = [AreaName(row.name, row.lat, row.lng) for row in areas if row.code in codes]

    def _inside(self, bounds: object) -> str:
        edges = (
            [bounds.get(side) for side in ("south", "west", "north", "east")]
            if isinstance(bounds, dict)
            else []
        )
        if len(edges) != 4 or not all(
            # A comparison bears numbers of any length, and is false for what is no number.
            isinstance(value, int | float) and abs(value) <= _DEGREES_MAX
            for value in edges
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
        place = f"{lat:.5f},{lng:.5f}"
        return links.href(filters.query(), near=place, radius_m=str(radius), travel="", area="")
