"""Kept searches beside the search: shown, kept, forgotten, and the wish for the weekly mail."""

from dataclasses import dataclass
from urllib.parse import parse_qsl
from uuid import UUID

import reflex as rx

from naraigoto import clock
from naraigoto.errors import DomainError, Unavailable
from naraigoto.services import saved_searches, search
from naraigoto.state import search_view as links
from naraigoto.state.search_view import Names
from naraigoto.state.session import edge
from naraigoto.texts import errors
from naraigoto.texts import search as words


@dataclass(frozen=True)
class KeptView:
    """A kept search in words."""

    id: str
    name: str
    details: str
    href: str
    remove: str


class SavedSearchState(rx.State):
    """Filled for guardians; for everybody else the services refuse and it stays empty."""

    items: list[KeptView] = []
    by_mail: bool = False
    said: str = ""
    problem: str = ""

    @rx.event
    async def load(self):
        """Look the kept searches up again."""
        self.said = self.problem = ""
        await self._show()

    @rx.event
    async def save(self):
        """Keep the search that the address says."""
        try:
            async with edge(self) as (session, actor):
                given = search.joined(parse_qsl(self.router.url.query, keep_blank_values=True))
                filters, _ = search.parse_leniently(given, today=clock.jst_date(clock.now()))
                await saved_searches.save(session, actor, filters=filters, now=clock.now())
        except DomainError as refusal:
            self._fail(refusal)
            return
        self.said, self.problem = words.SAVED_DONE, ""
        await self._show()

    @rx.event
    async def forget(self, saved_id: str):
        """Keep this one no longer."""
        try:
            async with edge(self) as (session, actor):
                await saved_searches.forget(session, actor, saved_id=UUID(saved_id))
        except (ValueError, AttributeError, TypeError):
            return  # no id of ours
        except DomainError as refusal:
            self._fail(refusal)
            return
        self.said, self.problem = words.SAVED_GONE, ""
        await self._show()

    @rx.event
    async def turn_mail(self, wanted: bool):
        """Turn the weekly mail on or off."""
        try:
            async with edge(self) as (session, actor):
                await saved_searches.want_mail(session, actor, wanted=wanted is True, now=clock.now())
        except DomainError as refusal:
            self._fail(refusal)
            return
        self.by_mail = wanted is True
        self.said, self.problem = words.MAIL_ON if self.by_mail else words.MAIL_OFF, ""

    @rx.event
    def spoken(self) -> None:
        """The message has been read."""
        self.said = ""

    async def _show(self) -> None:
        try:
            async with edge(self) as (session, actor):
                kept = await saved_searches.kept(session, actor, now=clock.now())
                areas = {row.code: row.name for row in await search.areas(session)}
                genres = {row.code: row.name for row in await search.categories(session)}
        except DomainError:
            self.items, self.by_mail = [], False
            return
        names = Names(areas, genres)
        self.items = [_view(row, names) for row in kept.items]
        self.by_mail = kept.by_mail

    def _fail(self, refusal: DomainError) -> None:
        self.problem = words.SAVED_FAILED if isinstance(refusal, Unavailable) else errors.refusal(refusal)


def _view(row: saved_searches.SavedRow, names: Names) -> KeptView:
    name = links.about(row.filters, names)
    return KeptView(
        id=str(row.id),
        name=name,
        details=words.details(list(links.said(row.filters).values())),
        href=links.href(row.filters.query()),
        remove=words.remove(name),
    )
