"""/kids: the child's own lessons, in words it can read."""

from dataclasses import dataclass
from datetime import datetime

import reflex as rx

from naraigoto import clock
from naraigoto.errors import DomainError
from naraigoto.services import bookings, families
from naraigoto.state.access import Access, access_of
from naraigoto.state.session import edge
from naraigoto.texts import kids as texts

_LESSONS = 5


@dataclass(frozen=True)
class KidsLesson:
    """A lesson; lines are parts of (text, reading)."""

    id: str
    href: str
    today: bool
    day: list[tuple[str, str]]
    time: list[tuple[str, str]]
    left: list[tuple[str, str]]
    title: str
    school: list[tuple[str, str]]


class KidsState(rx.State):
    """Filled on every visit, empty for everybody else."""

    access: Access = ""
    hello: str = ""
    lessons: list[KidsLesson] = []

    @rx.event
    async def load(self):
        """Look the child's next lessons up again."""
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                name = await families.own_name(session, actor)
                upcoming = await bookings.upcoming(session, actor, now=now, limit=_LESSONS)
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        self.hello = texts.hello(name)
        self.lessons = [_lesson(booking, now) for booking in upcoming]
        self.access = "ok"


def _lesson(booking: bookings.BookingView, now: datetime) -> KidsLesson:
    slot = booking.schedule
    day = clock.jst_date(slot.start_at)
    return KidsLesson(
        id=str(booking.id),
        href=f"/schools/{slot.school.id}",
        today=day == clock.jst_date(now),
        day=texts.day_line(day),
        time=texts.time_line(slot.start_at, slot.end_at),
        left=texts.countdown(now, slot.start_at, slot.end_at),
        title=slot.lesson.title,
        school=texts.with_reading(slot.school.name, slot.school_kana),
    )
