"""/bookings and /bookings/[booking_id]: a guardian's view of what the family has booked."""

from uuid import UUID

import reflex as rx

from naraigoto import clock
from naraigoto.errors import DomainError, NotFound
from naraigoto.services import bookings, families
from naraigoto.state import qr
from naraigoto.state.access import Access, access_of
from naraigoto.state.booking_words import (
    BookingCard,
    BookingFacts,
    StoryWords,
    card_of,
    facts_of,
    story_words,
)
from naraigoto.state.calendar import CalendarState
from naraigoto.state.session import edge
from naraigoto.texts import bookings as texts


class BookingListState(rx.State):
    """Two tabs, a filter by child, a page at a time; filled on every visit."""

    access: Access = ""
    tab: str = bookings.Section.UPCOMING.value
    child: str = ""
    children: list[tuple[str, str]] = []
    rows: list[BookingCard] = []
    has_more: bool = False
    _cursor: str | None = None

    @rx.event
    async def load(self):
        """Start with what comes next, for everybody in the family."""
        self.reset()
        try:
            async with edge(self) as (session, actor):
                found = await families.children(session, actor)
        except DomainError as refusal:
            self.access = access_of(refusal)
            return
        named = [(str(child.user_id), child.name) for child in found]
        self.children = [("", texts.EVERYBODY), *named] if len(named) > 1 else []
        await self._turn_to(None)

    @rx.event
    async def show(self, tab: str):
        """Another tab; the calendar fills itself."""
        if isinstance(tab, str) and tab in set(bookings.Section):
            self.tab = tab
            await self._turn_to(None)
        elif tab == texts.CALENDAR and self.access == "ok":
            self.tab = tab
            yield CalendarState.load

    @rx.event
    async def only(self, child: str):
        """One child's bookings, or everybody's."""
        if isinstance(child, str) and child in dict(self.children) and self.tab in set(bookings.Section):
            self.child = child
            await self._turn_to(None)

    @rx.event
    async def more(self):
        """The next page below."""
        if self._cursor is not None:
            await self._turn_to(self._cursor)

    async def _turn_to(self, cursor: str | None) -> None:
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                page = await bookings.section(
                    session,
                    actor,
                    bookings.Section(self.tab),
                    child_id=UUID(self.child) if self.child else None,
                    cursor=cursor,
                    now=now,
                )
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        cards = [card_of(booking, now) for booking in page.items]
        self.rows = [*self.rows, *cards] if cursor else cards
        self._cursor, self.has_more = page.next_cursor, page.next_cursor is not None
        self.access = "ok"


class BookingDetailState(rx.State):
    """One booking, its story and its code for the door."""

    access: Access = ""
    path: str = "/bookings"
    facts: BookingFacts = BookingFacts()
    story: list[StoryWords] = []
    code: str = ""

    @rx.event
    async def load(self):
        """Look the booking of the address up."""
        self.reset()
        yield
        await self._read()

    @rx.event
    async def refresh(self):
        """Show the booking as it is after something was done to it."""
        await self._read()

    async def _read(self) -> None:
        now = clock.now()
        try:
            number = _booking_id(self.router.url.path)
            self.path = f"/bookings/{number}"
            async with edge(self) as (session, actor):
                detail = await bookings.get(session, actor, number)
                lines = await bookings.story(session, actor, number)
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        self.facts, self.access = facts_of(detail, now), "ok"
        self.story = [story_words(line) for line in lines]
        self.code = qr.check_in(number) if self.facts.status in ("reserved", "asked") else ""


def _booking_id(path: str) -> UUID:
    try:
        return UUID(path.rstrip("/").rpartition("/")[2])
    except ValueError as strange:
        raise NotFound from strange
