"""Slots as visitors see them, day by day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.rules import BOOKING_HORIZON
from naraigoto.services.names import Named


@dataclass(frozen=True, slots=True)
class Slot:
    """A coming slot as a page shows it; `bookable` while seats are left and the cutoff has not passed."""

    id: UUID
    class_id: UUID
    title: str
    ticket_cost: int
    age_min: int
    age_max: int
    instructor_choice: bool
    start_at: datetime
    end_at: datetime
    instructor: Named | None
    seats_left: int
    closed: bool

    @property
    def bookable(self) -> bool:
        """A visitor could take a seat now."""
        return self.seats_left > 0 and not self.closed

    @property
    def waitable(self) -> bool:
        """A visitor could wait for a seat now (D7)."""
        return self.seats_left <= 0 and not self.closed


_SLOTS = """
    SELECT l.id, l.class_id, c.title, c.ticket_cost, c.age_min, c.age_max, c.instructor_choice,
      l.start_at, l.end_at, i.id AS instructor_id, i.name AS instructor_name,
      l.capacity - l.booked_count - l.held_count AS seats_left,
      l.start_at < :now + make_interval(hours => s.booking_cutoff_hours) OR l.start_at > :horizon AS closed
    FROM lesson_schedules l JOIN classes c ON c.id = l.class_id JOIN schools s ON s.id = l.school_id
    LEFT JOIN instructors i ON i.id = l.instructor_id
    WHERE {whose} AND l.cancelled_at IS NULL AND c.deleted_at IS NULL AND s.deleted_at IS NULL
      AND (s.status = 'published' OR s.id = ANY (CAST(:own AS uuid[]))) AND l.start_at > :now
      AND l.start_at >= :start AND l.start_at < :end
    ORDER BY l.start_at, c.title, l.id
"""
_SLOTS_OF_SCHOOL = text(_SLOTS.format(whose="l.school_id = :id"))
_SLOTS_OF_INSTRUCTOR = text(_SLOTS.format(whose="l.instructor_id = :id"))


async def coming(
    session: AsyncSession,
    actor: Actor,
    *,
    school_id: UUID | None = None,
    instructor_id: UUID | None = None,
    first: date,
    days: timedelta,
    now: datetime,
) -> list[Slot]:
    """Coming slots of a school or of an instructor on the JST days from `first` on, full ones included."""
    statement = _SLOTS_OF_SCHOOL if school_id else _SLOTS_OF_INSTRUCTOR
    values = {
        "id": school_id or instructor_id,
        "own": list(actor.school_ids),
        "now": now,
        "horizon": now + BOOKING_HORIZON,
        "start": clock.jst_midnight(first),
        "end": clock.jst_midnight(first + days),
    }
    return [_slot(row) for row in await (await session.connection()).execute(statement, values)]


def _slot(row: Row[Any]) -> Slot:
    return Slot(
        id=row.id,
        class_id=row.class_id,
        title=row.title,
        ticket_cost=row.ticket_cost,
        age_min=row.age_min,
        age_max=row.age_max,
        instructor_choice=row.instructor_choice,
        start_at=row.start_at,
        end_at=row.end_at,
        instructor=Named(row.instructor_id, row.instructor_name) if row.instructor_id else None,
        seats_left=row.seats_left,
        closed=row.closed,
    )
