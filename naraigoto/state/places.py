"""What the pages of a school and of an instructor share: slots day by day."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from secrets import token_hex
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError
from naraigoto.rules import BOOKING_HORIZON, SLOT_DAYS_SHOWN
from naraigoto.services import schedules
from naraigoto.state.session import edge
from naraigoto.state.watching import changes
from naraigoto.texts import dates
from naraigoto.texts import schools as words
from naraigoto.texts.errors import refusal as worded


@dataclass(frozen=True)
class SlotView:
    """A slot in words."""

    id: str
    time: str
    title: str
    teacher: str
    seats: str
    tickets: str
    ages: str
    bookable: bool
    waitable: bool
    name: str


@dataclass(frozen=True)
class DayView:
    """One Japanese day that has slots; `date` is ISO 8601."""

    date: str
    label: str
    seats: str


class PlaceMixin(rx.State, mixin=True):
    """Slots of one day at a time; a page's state says whose by its ids."""

    days: list[DayView] = []
    day: str = ""
    slots: list[SlotView] = []
    more_days: bool = False
    problem: str = ""
    _spans: int = 1
    _by_day: dict[str, list[SlotView]] = {}
    _watch: str = ""
    _school_id: UUID | None = None
    _instructor_id: UUID | None = None

    @rx.event
    def choose_day(self, day: str):
        """Show the slots of another day."""
        if isinstance(day, str) and day in self._by_day:
            self.day, self.slots = day, self._by_day[day]

    @rx.event
    async def later_days(self):
        """Two more weeks of days."""
        self._spans = min(self._spans + 1, 1 + BOOKING_HORIZON // SLOT_DAYS_SHOWN)
        await self._show_slots()

    @rx.event
    async def refresh_slots(self):
        """Show the seats as they are now, after the booking dialog was closed."""
        await self._show_slots()

    @rx.event(background=True)
    async def watch(self):
        """Show the place as it is whenever it changes, for as long as this page is open."""
        async with self:
            mine, school_id = token_hex(8), self._school_id
            self._watch = mine
        if school_id is None:
            return
        # Another visit, even of the same page, has a watch of its own.
        async for _ in changes(self, f"school:{school_id}", wanted=lambda: self._watch == mine):
            async with self:
                if self._watch == mine:
                    await self._show_anew()

    @rx.event
    def leave(self) -> None:
        """Forget everything: this state outlives its visitor."""
        self.reset()

    async def _show_anew(self) -> None:
        """Everything that changes under the eyes of a reader."""
        await self._show_slots()

    async def _show_slots(self) -> None:
        try:
            async with edge(self) as (session, actor):
                await self._fetch_slots(session, actor)
        except DomainError as refusal:
            self.problem = worded(refusal)

    async def _fetch_slots(self, session: AsyncSession, actor: Actor) -> None:
        if self._school_id is None:
            return
        now = clock.now()
        span = min(SLOT_DAYS_SHOWN * self._spans, BOOKING_HORIZON)
        whose = (
            {"instructor_id": self._instructor_id} if self._instructor_id else {"school_id": self._school_id}
        )
        coming = await schedules.coming(
            session, actor, first=clock.jst_date(now), days=span, now=now, **whose
        )
        days = groupby(coming, key=lambda slot: clock.jst_date(slot.start_at))
        listed = [(day, list(slots)) for day, slots in days]
        self.days = [_day(day, slots) for day, slots in listed]
        self._by_day = {day.isoformat(): [_slot(slot) for slot in slots] for day, slots in listed}
        if self.day not in self._by_day:
            self.day = _first_open(listed)
        self.slots = self._by_day.get(self.day, [])
        self.more_days, self.problem = span < BOOKING_HORIZON, ""


def id_in(path: str) -> UUID | None:
    """The id at the end of an address such as /schools/<id>; None when it is none."""
    try:
        return UUID(path.rstrip("/").rsplit("/", 1)[-1])
    except ValueError:
        return None


def _day(day: date, slots: list[schedules.Slot]) -> DayView:
    return DayView(day.isoformat(), dates.day_label(day), words.open_slots(sum(s.bookable for s in slots)))


def _first_open(days: list[tuple[date, list[schedules.Slot]]]) -> str:
    """The first day on which a seat is free, else the first day at all."""
    free = [day for day, slots in days if any(slot.bookable for slot in slots)]
    return next((day.isoformat() for day in [*free, *(day for day, _ in days)]), "")


def _slot(slot: schedules.Slot) -> SlotView:
    time = dates.time_range(slot.start_at, slot.end_at)
    return SlotView(
        id=str(slot.id),
        time=time,
        title=slot.title,
        teacher=slot.instructor.name if slot.instructor else words.ANY_TEACHER,
        seats=words.seats(slot.seats_left, closed=slot.closed),
        tickets=words.tickets(slot.ticket_cost),
        ages=words.ages(slot.age_min, slot.age_max),
        bookable=slot.bookable,
        waitable=slot.waitable,
        name=f"{dates.day_label(clock.jst_date(slot.start_at))} {time} {slot.title}",
    )
