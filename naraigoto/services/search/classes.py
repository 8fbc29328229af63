"""Kinds of lessons with their coming slots (GET /classes)."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import InvalidInput
from naraigoto.rules import BOOKING_HORIZON, PAGE_DEFAULT
from naraigoto.services import cursors
from naraigoto.services.names import Named
from naraigoto.services.search.catalogue import resolve
from naraigoto.services.search.filters import SearchFilters

_SLOTS_EACH = 60


@dataclass(frozen=True, slots=True)
class ClassFilters:
    """Which classes; `area` and `category` by code or name, `day` asks for a free seat on that day."""

    school_id: UUID | None = None
    instructor_id: UUID | None = None
    area: str | None = None
    category: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot of a class."""

    id: UUID
    start_at: datetime
    end_at: datetime
    instructor: Named | None
    seats_left: int


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class of a published school and its coming slots."""

    id: UUID
    title: str
    school: Named
    capacity: int
    duration_min: int
    ticket_cost: int
    age_min: int
    age_max: int
    instructor_choice: bool
    slots: list[SlotRow]


@dataclass(frozen=True, slots=True)
class ClassPage:
    """Some classes and where the next ones begin."""

    items: list[ClassRow]
    next_cursor: str | None


# A condition stands in the statement only when it is asked for: the planner then sees what it must do.
_CONDITIONS = {
    "school_id": "c.school_id = :school_id",
    "area": "st.area_code = :area",
    "category": "st.category_code = :category",
    "after": "c.id > :after",
    "instructor_id": """EXISTS (SELECT 1 FROM lesson_schedules l
        WHERE l.class_id = c.id AND l.cancelled_at IS NULL AND l.instructor_id = :instructor_id
        AND l.start_at > :now AND l.start_at <= :until)""",
    "day": """EXISTS (SELECT 1 FROM lesson_schedules l WHERE l.class_id = c.id AND l.cancelled_at IS NULL
        AND l.start_date_jst = :day AND l.booked_count + l.held_count < l.capacity
        AND l.start_at >= :now + make_interval(hours => s.booking_cutoff_hours) AND l.start_at <= :until
        {instructor})""",
}
_CLASSES = """
    SELECT c.id, c.title, c.capacity, c.duration_min, c.ticket_cost, c.age_min, c.age_max,
      c.instructor_choice, s.id AS school_id, s.name AS school_name
    FROM classes c JOIN schools s ON s.id = c.school_id JOIN schools_stats st ON st.school_id = c.school_id
    WHERE c.deleted_at IS NULL AND {conditions} ORDER BY c.id LIMIT :limit
"""
_SLOTS = """
    SELECT l.id, l.class_id, l.start_at, l.end_at, l.capacity - l.booked_count - l.held_count AS seats_left,
      i.id AS instructor_id, i.name AS instructor_name
    FROM unnest(CAST(:classes AS uuid[])) wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM lesson_schedules l WHERE l.class_id = wanted.id AND l.cancelled_at IS NULL
        AND l.start_at > :now AND l.start_at <= :until {conditions} ORDER BY l.start_at, l.id LIMIT :each) l
    LEFT JOIN instructors i ON i.id = l.instructor_id
    ORDER BY l.start_at, l.id
"""


async def classes(
    session: AsyncSession,
    *,
    filters: ClassFilters,
    cursor: str | None = None,
    limit: int = PAGE_DEFAULT,
    now: datetime,
) -> ClassPage:
    """One page of classes of published schools, public; with a day, those with a free seat on it (R15).

    Raises: InvalidInput for an unknown area or genre or a foreign cursor.
    """
    codes = await resolve(
        session, SearchFilters(areas=(filters.area,) if filters.area else (), category=filters.category)
    )
    asked = {
        "school_id": filters.school_id,
        "instructor_id": filters.instructor_id,
        "area": codes.areas[0] if codes.areas else None,
        "category": codes.category,
        "day": filters.day,
    }
    values: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    scope = "classes:" + json.dumps(values, sort_keys=True, default=str)
    if cursor:
        values["after"] = _position(scope, cursor)
    moments = {"now": now, "until": now + BOOKING_HORIZON}
    connection = await session.connection()
    found = (
        await connection.execute(text(_statement(values)), values | moments | {"limit": limit + 1})
    ).all()
    slots = await _slots(session, [row.id for row in found[:limit]], values | moments)
    return ClassPage(
        items=[_class(row, slots.get(row.id, [])) for row in found[:limit]],
        next_cursor=cursors.encode(scope, [str(found[limit - 1].id)]) if len(found) > limit else None,
    )


def _statement(values: dict[str, Any]) -> str:
    conditions = " AND ".join(_CONDITIONS[name] for name in values) or "true"
    same = "AND l.instructor_id = :instructor_id" if "instructor_id" in values else ""
    return _CLASSES.format(conditions=conditions.replace("{instructor}", same))


async def _slots(session: AsyncSession, ids: list[UUID], values: dict[str, Any]) -> dict[UUID, list[SlotRow]]:
    conditions = "".join(
        f" AND {condition}"
        for name, condition in (
            ("day", "l.start_date_jst = :day"),
            ("instructor_id", "l.instructor_id = :instructor_id"),
        )
        if name in values
    )
    statement = text(_SLOTS.format(conditions=conditions))
    rows = await (await session.connection()).execute(
        statement, values | {"classes": ids, "each": _SLOTS_EACH}
    )
    slots: dict[UUID, list[SlotRow]] = {}
    for row in rows:
        slots.setdefault(row.class_id, []).append(_slot(row))
    return slots


def _position(scope: str, cursor: str) -> UUID:
    (after,) = cursors.decode(scope, cursor, (str,))
    try:
        return UUID(after)
    except ValueError as broken:
        raise InvalidInput(cursor="cursor") from broken


def _slot(row: Row[Any]) -> SlotRow:
    teacher = Named(row.instructor_id, row.instructor_name) if row.instructor_id else None
    return SlotRow(row.id, row.start_at, row.end_at, teacher, row.seats_left)


def _class(row: Row[Any], slots: list[SlotRow]) -> ClassRow:
    return ClassRow(
        id=row.id,
        title=row.title,
        school=Named(row.school_id, row.school_name),
        capacity=row.capacity,
        duration_min=row.duration_min,
        ticket_cost=row.ticket_cost,
        age_min=row.age_min,
        age_max=row.age_max,
        instructor_choice=row.instructor_choice,
        slots=slots,
    )
