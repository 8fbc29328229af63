"""The calendar of the family: a month in weeks, its lessons in a row, and the address for calendar apps."""

import calendar as weeks_of
from dataclasses import dataclass, field
from datetime import date, timedelta

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError
from naraigoto.services import calendar
from naraigoto.settings import get_settings
from naraigoto.state.session import edge, retrying_edge
from naraigoto.texts import calendars, dates
from naraigoto.texts import family_calendar as texts
from naraigoto.texts.errors import refusal as worded

_REACH_MONTHS = 24


@dataclass(frozen=True)
class LessonChip:
    """A lesson in the calendar."""

    id: str
    href: str
    day: str
    time: str
    begins: str
    child: str
    title: str
    school: str


@dataclass(frozen=True)
class DayCell:
    """A day of the grid; days of the neighbouring months are pale."""

    number: int
    name: str
    here: bool
    today: bool
    lessons: list[LessonChip] = field(default_factory=list)


@dataclass(frozen=True)
class Week:
    """A row of the grid."""

    days: list[DayCell] = field(default_factory=list)


class CalendarState(rx.State):
    """One month; filled when the tab is opened."""

    title: str = ""
    weeks: list[Week] = []
    lessons: list[LessonChip] = []
    address: str = ""
    error: str = ""
    said: str = ""
    _offset: int = 0

    @rx.event
    async def load(self):
        """This month, and the family's address if it has one."""
        self.reset()
        await self._show()

    @rx.event
    async def turn(self, months: int):
        """Another month."""
        if months in (-1, 1) and abs(self._offset + months) <= _REACH_MONTHS:
            self._offset += months
            await self._show()

    @rx.event
    async def make(self):
        """Make an address; the one before it ends."""

        async def work(session: AsyncSession, actor: Actor) -> str:
            return await calendar.make_address(session, actor, now=clock.now())

        try:
            token = await retrying_edge(self, work)
        except DomainError as refusal:
            self.error = worded(refusal)
            return
        self.address, self.said = calendars.feed_url(get_settings().public_url, token), texts.MADE

    @rx.event
    async def end(self):
        """From now on the address leads nowhere."""
        try:
            async with edge(self) as (session, actor):
                await calendar.end_address(session, actor)
        except DomainError as refusal:
            self.error = worded(refusal)
            return
        self.address, self.said = "", texts.ENDED

    @rx.event
    def spoken(self):
        """What was said has been read."""
        self.said = ""

    async def _show(self) -> None:
        now = clock.now()
        month = clock.add_months(clock.month_of(now), self._offset)
        rows = weeks_of.Calendar(firstweekday=6).monthdatescalendar(month.year, month.month)
        start, end = clock.jst_midnight(rows[0][0]), clock.jst_midnight(rows[-1][-1] + timedelta(days=1))
        try:
            async with edge(self) as (session, actor):
                found = await calendar.between(session, actor, start=start, end=end)
                token = await calendar.address(session, actor)
        except DomainError as refusal:
            self.reset()
            self.error = worded(refusal)
            return
        by_day: dict[date, list[LessonChip]] = {}
        for lesson in found:
            by_day.setdefault(clock.jst_date(lesson.start_at), []).append(_chip(lesson))
        today = clock.jst_date(now)
        self.weeks = [Week([_cell(day, month, today, by_day.get(day, [])) for day in row]) for row in rows]
        self.lessons = [
            chip for day, chips in sorted(by_day.items()) if day.month == month.month for chip in chips
        ]
        self.title, self.error = texts.month_title(month), ""
        self.address = calendars.feed_url(get_settings().public_url, token) if token else ""


def _cell(day: date, month: date, today: date, lessons: list[LessonChip]) -> DayCell:
    return DayCell(
        number=day.day,
        name=texts.day_name(day, len(lessons)),
        here=day.month == month.month,
        today=day == today,
        lessons=lessons,
    )


def _chip(lesson: calendar.Lesson) -> LessonChip:
    return LessonChip(
        id=str(lesson.booking_id),
        href=f"/bookings/{lesson.booking_id}",
        day=dates.day_label(clock.jst_date(lesson.start_at)),
        time=dates.time_range(lesson.start_at, lesson.end_at),
        begins=dates.time_label(lesson.start_at),
        child=lesson.child,
        title=lesson.lesson,
        school=lesson.school,
    )
