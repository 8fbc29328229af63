"""The first page: areas and genres to choose from, and a few schools one can book now."""

import reflex as rx

from naraigoto import clock
from naraigoto.errors import DomainError
from naraigoto.services import search
from naraigoto.state.school_cards import SchoolCard, card_of
from naraigoto.state.session import edge

_SCHOOLS = 6
_GENRES = 12


class HomeState(rx.State):
    """Public for everybody; the same for everybody."""

    areas: list[tuple[str, str]] = []
    categories: list[tuple[str, str]] = []
    schools: list[SchoolCard] = []
    loaded: bool = False
    unavailable: bool = False

    @rx.event
    async def load(self):
        """Fetch what the page offers; when the database is away the page says so."""
        try:
            async with edge(self) as (session, _actor):
                areas = await search.areas(session)
                categories = await search.categories(session)
                found = await search.schools(
                    session, filters=search.SearchFilters(), limit=_SCHOOLS, now=clock.now()
                )
        except DomainError:
            self.unavailable = self.loaded = True
            return
        self.areas = [(area.code, f"{area.prefecture}{area.name}") for area in areas]
        self.categories = [(category.code, category.name) for category in categories[:_GENRES]]
        self.schools = [card_of(row) for row in found.items]
        self.unavailable, self.loaded = False, True
