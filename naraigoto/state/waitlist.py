"""The family's places in queues, above its bookings: take an offered seat, decline it, wait no more."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, ScheduleFull
from naraigoto.services import bookings, waitlist
from naraigoto.state.bookings import BookingListState
from naraigoto.state.places import id_in
from naraigoto.state.session import SessionState, edge, retrying_edge
from naraigoto.state.watching import changes
from naraigoto.texts import dates
from naraigoto.texts import waitlist as texts
from naraigoto.texts.errors import refusal as worded


@dataclass(frozen=True)
class PlaceCard:
    """A place in a queue; `held` says until when a seat is kept, empty while waiting."""

    id: str
    schedule_id: str
    child_id: str
    child: str
    when: str
    title: str
    school: str
    school_href: str
    position: str
    held: str
    auto: bool


class WaitlistState(rx.State):
    """Filled on every visit of /bookings; every press asks the services again."""

    places: list[PlaceCard] = []
    error: str = ""
    busy: str = ""
    said: str = ""
    _watch: str = ""

    @rx.event
    async def load(self):
        """Look the places up; whoever may not see them sees none."""
        self.reset()
        await self._read()
        yield WaitlistState.watch

    @rx.event(background=True)
    async def watch(self):
        """Show an offer when it comes, for as long as this page is open."""
        async with self:
            mine = self._watch = token_hex(8)
            try:
                async with edge(self) as (_session, actor):
                    family_id = actor.family_id
            except DomainError:
                return
        if family_id is None:
            return
        async for _ in changes(self, f"family:{family_id}", wanted=lambda: self._watch == mine):
            async with self:
                if self._watch == mine:
                    await self._read()

    @rx.event
    async def book(self, schedule_id: str, child_id: str):
        """Take the seat that is held for the child."""
        slot, child = _ids(schedule_id, child_id)
        if self.busy or slot is None or child is None:
            return
        self.busy, self.error = str(slot), ""
        yield

        async def work(session: AsyncSession, actor: Actor) -> bookings.BookingView:
            return await bookings.book(session, actor, schedule_id=slot, child_id=child, now=clock.now())

        try:
            await retrying_edge(self, work)
        except ScheduleFull:
            self.error = texts.GONE
        except DomainError as refusal:
            self.error = worded(refusal)
        else:
            self.said = texts.BOOKED
        self.busy = ""
        await self._read()
        yield [BookingListState.load, SessionState.load]

    @rx.event
    async def leave(self, schedule_id: str, child_id: str):
        """Decline the offered seat, or wait no more."""
        slot, child = _ids(schedule_id, child_id)
        if slot is None or child is None:
            return
        place = next((one for one in self.places if one.schedule_id == str(slot)), None)
        self.error = ""

        async def work(session: AsyncSession, actor: Actor) -> None:
            await waitlist.leave(session, actor, schedule_id=slot, child_id=child, now=clock.now())

        try:
            await retrying_edge(self, work)
        except DomainError as refusal:
            self.error = worded(refusal)
            return
        self.said = texts.DECLINED if place and place.held else texts.LEFT
        await self._read()

    @rx.event
    def spoken(self):
        """What was said has been read."""
        self.said = ""

    async def _read(self) -> None:
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                found = await waitlist.mine(session, actor, now=now)
        except DomainError:
            self.reset()
            return
        self.places = [_card(place, now) for place in found]


def _ids(schedule_id: object, child_id: object) -> tuple[UUID | None, UUID | None]:
    def read(written: object) -> UUID | None:
        return id_in(written) if isinstance(written, str) else None

    return read(schedule_id), read(child_id)


def _card(place: waitlist.Place, now: datetime) -> PlaceCard:
    return PlaceCard(
        id=str(place.entry_id),
        schedule_id=str(place.schedule_id),
        child_id=str(place.child_id),
        child=place.child,
        when=dates.slot_label(place.start_at, place.end_at),
        title=place.title,
        school=place.school,
        school_href=f"/schools/{place.school_id}",
        position=texts.position(place.position),
        held=texts.held_until(place.offer_until) if place.offer_until else "",
        auto=place.auto_book and not place.first_come(now),
    )
