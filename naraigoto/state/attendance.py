"""/school: the school's day on the screen; the address says which school and which day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import reflex as rx
from pydantic import TypeAdapter, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, NotFound, Unauthenticated, Unavailable
from naraigoto.services import attendance
from naraigoto.state.access import Access, access_of
from naraigoto.state.session import edge
from naraigoto.texts import attendance as texts
from naraigoto.texts import dates
from naraigoto.texts.errors import refusal as words_of

_DAY = TypeAdapter(date)
_ID = TypeAdapter(UUID)
_STATUS = TypeAdapter(attendance.AttendanceStatus)
# Within what a person can reach by stepping; anything else means today.
_REACH = timedelta(days=3660)


@dataclass(frozen=True)
class ChildRow:
    """A child of a slot."""

    booking_id: str
    name: str
    age: str
    guardian: str
    instructor: str
    status: str
    said: str


@dataclass(frozen=True)
class SlotCard:
    """A slot of the day; `phase` is early, open or closed."""

    id: str
    time: str
    title: str
    instructor: str
    seats: str
    phase: str
    opens: str
    changeable: bool
    children: list[ChildRow] = field(default_factory=list)


@dataclass(frozen=True)
class SchoolLink:
    """One of the asker's schools."""

    name: str
    href: str
    current: bool


class AttendanceState(rx.State):
    """The roster of one day; every look and every press asks the services again."""

    access: Access = ""
    schools: list[SchoolLink] = []
    day: str = ""
    total: str = ""
    is_today: bool = True
    previous: str = ""
    today: str = ""
    following: str = ""
    slots: list[SlotCard] = []
    error: str = ""
    error_at: str = ""
    message: str = ""

    @rx.event
    async def load(self):
        """Show the day and the school that the address names."""
        self.error = self.error_at = self.message = ""
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                await self._show(session, actor, now)
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)

    @rx.event
    async def record(self, booking_id: str, status: str):
        """Note that a child came or did not come, and show the day as it is then."""
        self.error = self.error_at = self.message = ""
        now = clock.now()
        try:
            number, came = _ID.validate_python(booking_id), _STATUS.validate_python(status)
        except ValidationError:
            return
        try:
            async with edge(self) as (session, actor):
                await attendance.record(session, actor, booking_id=number, status=came, now=now)
                await self._show(session, actor, now)
        except (Unauthenticated, Unavailable) as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        except DomainError as refusal:
            self.error, self.error_at = words_of(refusal), str(number)
            return
        names = (row.name for slot in self.slots for row in slot.children if row.booking_id == str(number))
        self.message = texts.recorded(next(names, ""), came.value)

    async def _show(self, session: AsyncSession, actor: Actor, now: datetime) -> None:
        own = await attendance.schools(session, actor)
        if not own:
            raise NotFound
        asked = self.router.url.query_parameters
        today = clock.jst_date(now)
        day = _day(asked.get("date", ""), today)
        chosen = next((number for number, _ in own if str(number) == asked.get("school")), own[0][0])
        slots = await attendance.roster(session, actor, school_id=chosen, day=day, now=now)
        several = len(own) > 1

        def href(to: date, school: UUID = chosen) -> str:
            parts = [f"date={to}"] if to != today else []
            parts += [f"school={school}"] if several else []
            return "/school" + ("?" + "&".join(parts) if parts else "")

        self.schools = [SchoolLink(name, href(day, number), number == chosen) for number, name in own]
        self.day, self.is_today = texts.day_title(day), day == today
        self.previous, self.following = href(day - timedelta(days=1)), href(day + timedelta(days=1))
        self.today = href(today)
        self.total = texts.total(sum(len(slot.entries) for slot in slots))
        self.slots = list(_cards(slots, now))
        self.access = "ok"


def _day(written: str, today: date) -> date:
    try:
        day = _DAY.validate_python(written)
    except ValidationError:
        return today
    return day if abs(day - today) <= _REACH else today


def _cards(slots: Iterable[attendance.RosterSlot], now: datetime) -> Iterable[SlotCard]:
    for slot in slots:
        phase = "early" if now < slot.opens_at else "closed" if now > slot.closes_at else "open"
        yield SlotCard(
            id=str(slot.id),
            time=dates.time_range(slot.start_at, slot.end_at),
            title=slot.title,
            instructor=slot.instructor or texts.ANY_TEACHER,
            seats=texts.seats(slot.booked, slot.capacity),
            phase=phase,
            opens=texts.opens(slot.start_at),
            changeable=now < slot.start_at,
            children=[_row(entry, slot.instructor) for entry in slot.entries],
        )


def _row(entry: attendance.RosterEntry, own: str | None) -> ChildRow:
    return ChildRow(
        booking_id=str(entry.booking_id),
        name=entry.child,
        age=texts.age(entry.age),
        guardian=texts.guardian(entry.guardian),
        instructor=entry.instructor if entry.instructor and entry.instructor != own else "",
        status=entry.status.value,
        said=texts.STATUS[entry.status.value],
    )
