"""Attended lessons of which the person has not spoken yet: on /bookings and on /kids."""

from dataclasses import dataclass

import reflex as rx

from naraigoto import clock
from naraigoto.errors import DomainError
from naraigoto.services import reviews
from naraigoto.state.session import edge
from naraigoto.texts import dates, kids
from naraigoto.texts import reviews as texts


@dataclass(frozen=True)
class DueLesson:
    """A lesson that can be reviewed; `school_line` has the school's reading, for children."""

    id: str
    title: str
    school: str
    school_line: kids.Line
    child: str
    when: str
    closes: str


class DueReviewsState(rx.State):
    """Filled on every visit, empty for who has nothing to review."""

    lessons: list[DueLesson] = []

    @rx.event
    async def load(self):
        """Look again."""
        try:
            async with edge(self) as (session, actor):
                found = await reviews.due(session, actor, now=clock.now())
        except DomainError:
            self.reset()
            return
        self.lessons = [
            DueLesson(
                id=str(one.booking_id),
                title=one.lesson,
                school=one.school,
                school_line=kids.with_reading(one.school, one.school_kana),
                child=one.child,
                when=dates.day_label(clock.jst_date(one.start_at)),
                closes=texts.closes(one.closes_at),
            )
            for one in found
        ]
