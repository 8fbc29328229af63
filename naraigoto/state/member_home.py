"""/home: what a guardian wants to know first."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from naraigoto import clock
from naraigoto.errors import DomainError
from naraigoto.services import bookings, families, search, tickets
from naraigoto.state.access import Access, access_of
from naraigoto.state.session import edge
from naraigoto.texts import dates
from naraigoto.texts import member_home as texts

_BOOKINGS = 3
_GENRES = 12


@dataclass(frozen=True)
class NextBooking:
    """A booking in the guardian's list."""

    id: str
    href: str
    day: str
    time: str
    title: str
    school: str
    child: str


@dataclass(frozen=True)
class FamilyChild:
    """A child of the family."""

    id: str
    name: str
    age: str


class MemberHomeState(rx.State):
    """Filled on every visit, empty for everybody else."""

    access: Access = ""
    tickets_left: int = 0
    tickets_until: str = ""
    bookings: list[NextBooking] = []
    children: list[FamilyChild] = []
    categories: list[tuple[str, str]] = []

    @rx.event
    async def load(self):
        """Look everything up again."""
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                children = await families.children(session, actor)
                left = await tickets.balance(session, actor, now=now)
                upcoming = await bookings.upcoming(session, actor, now=now, limit=_BOOKINGS)
                categories = await search.categories(session)
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        today = clock.jst_date(now)
        self.tickets_left, self.tickets_until = left.balance, _until(left)
        self.bookings = [_row(booking) for booking in upcoming]
        self.children = [
            FamilyChild(
                str(child.user_id),
                child.name,
                texts.age(clock.age_on(today, child.birth_month) if child.birth_month else None),
            )
            for child in children
        ]
        self.categories = [(category.code, category.name) for category in categories[:_GENRES]]
        self.access = "ok"


def _until(left: tickets.TicketsView) -> str:
    buckets = [month for month in left.months if month.balance > 0]
    if not buckets:
        return ""
    first = buckets[0]
    if first.balance == left.balance:
        return texts.use_until(first.expires_on)
    return texts.some_until(first.balance, first.expires_on)


def _row(booking: Any) -> NextBooking:
    slot = booking.schedule
    return NextBooking(
        id=str(booking.id),
        href=f"/bookings/{booking.id}",
        day=dates.day_label(clock.jst_date(slot.start_at)),
        time=dates.time_range(slot.start_at, slot.end_at),
        title=slot.lesson.title,
        school=slot.school.name,
        child=booking.child.name,
    )
