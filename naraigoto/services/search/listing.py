"""Pages of schools: one call of search_schools(), then what a card shows of those rows only."""

import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import QueryCanceled
from sqlalchemy import Row, text
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import InvalidInput, SearchTooBroad
from naraigoto.rules import BOOKING_HORIZON, PAGE_DEFAULT, RATING_SHOWN_FROM, SLOT_DAYS_SHOWN
from naraigoto.services import cursors
from naraigoto.services.search.catalogue import CodedName, resolve
from naraigoto.services.search.filters import SearchFilters, Sort

_TIMEOUT_MS = 2_000
_RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """What a list shows of a school; a rating is None while fewer than three people gave one (G44)."""

    id: UUID
    name: str
    area: CodedName
    category: CodedName
    summary: str
    image_key: str | None
    lat: float
    lng: float
    distance_m: int | None
    rating_parent: float | None
    rating_child: float | None
    review_count: int
    like_count: int
    next_lesson_at: datetime | None
    open_slots: int


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """Some schools and where the next ones begin."""

    items: list[SchoolRow]
    next_cursor: str | None


_PLACE = "ST_SetSRID(ST_MakePoint(CAST(:lng AS float8), CAST(:lat AS float8)), 4326)::geography"
STATEMENT = text(f"""
    SELECT found.rank_key, s.id, s.name, s.summary, s.image_keys[1] AS image_key,
      a.code AS area_code, a.name AS area_name, c.code AS category_code, c.name AS category_name,
      ST_Y(s.location::geometry) AS lat, ST_X(s.location::geometry) AS lng,
      CASE WHEN CAST(:lat AS float8) IS NOT NULL THEN ST_Distance(s.location, {_PLACE}) END AS distance,
      st.parent_rating_sum, st.parent_review_count, st.child_rating_sum, st.child_review_count, st.like_count,
      free.next_at, free.number AS open_slots
    FROM search_schools(:q, CAST(:area AS text), CAST(:category AS text), CAST(:day AS date),
      CAST(:age AS int), :choice,
      CASE WHEN CAST(:lat AS float8) IS NOT NULL THEN {_PLACE} END,
      CAST(:radius AS float8), :sort, CAST(:key AS text), CAST(:after AS uuid), :limit, :now, :until)
      WITH ORDINALITY found(school_id, rank_key, route, place)
    JOIN schools s ON s.id = found.school_id
    JOIN schools_stats st ON st.school_id = s.id
    JOIN areas a ON a.code = s.area_code
    JOIN categories c ON c.code = s.category_code
    CROSS JOIN LATERAL (
      SELECT min(l.start_at) AS next_at, count(*) FILTER (WHERE l.start_at < :soon)::int AS number
      FROM lesson_schedules l JOIN classes k ON k.id = l.class_id
      WHERE l.school_id = s.id AND l.cancelled_at IS NULL AND l.booked_count + l.held_count < l.capacity
        AND l.start_at >= :now + make_interval(hours => s.booking_cutoff_hours) AND l.start_at <= :until
        AND k.deleted_at IS NULL) free
    ORDER BY found.place
""")
_LIMIT_WAIT = text(f"SET LOCAL statement_timeout = {_TIMEOUT_MS}")


async def schools(
    session: AsyncSession,
    *,
    filters: SearchFilters,
    cursor: str | None = None,
    limit: int = PAGE_DEFAULT,
    now: datetime,
) -> SchoolPage:
    """One page of published schools; public, so nobody is asked who they are (D9).

    Raises: InvalidInput for an unknown area or genre or a foreign cursor, SearchTooBroad after 2 s.
    """
    filters = await resolve(session, filters)
    scope = scope_of(filters)
    key, after = _position(scope, cursor, filters.sort) if cursor else (None, None)
    rows = await _rows(session, values_of(filters, key, after, limit + 1, now))
    last = rows[limit - 1] if len(rows) > limit else None
    return SchoolPage(
        items=[_school(row) for row in rows[:limit]],
        next_cursor=cursors.encode(scope, (last.rank_key, last.id)) if last else None,
    )


def values_of(
    filters: SearchFilters, key: str | None, after: UUID | None, limit: int, now: datetime
) -> dict[str, Any]:
    """What STATEMENT asks for, by name."""
    return {
        "q": filters.q,
        "area": filters.area,
        "category": filters.category,
        "day": filters.day,
        "age": filters.age,
        "choice": filters.instructor_choice,
        "lat": filters.near.lat if filters.near else None,
        "lng": filters.near.lng if filters.near else None,
        "radius": filters.radius_m,
        "sort": filters.sort.value,
        "key": key,
        "after": after,
        "limit": limit,
        "now": now,
        "until": now + BOOKING_HORIZON,
        "soon": now + SLOT_DAYS_SHOWN,
    }


def scope_of(filters: SearchFilters) -> str:
    """Names the list that a cursor belongs to."""
    return "schools:" + json.dumps(filters.query(), sort_keys=True)


async def _rows(session: AsyncSession, values: dict[str, Any]) -> list[Row[Any]]:
    connection = await session.connection()
    try:
        await connection.execute(_LIMIT_WAIT)
        return list((await connection.execute(STATEMENT, values)).all())
    except OperationalError as failed:
        if isinstance(failed.orig, QueryCanceled):
            raise SearchTooBroad(retry_after=_RETRY_AFTER_SECONDS) from failed
        raise


def _position(scope: str, cursor: str, sort: Sort) -> tuple[str, UUID]:
    if sort is Sort.NEWEST:
        moment, after = cursors.decode(scope, cursor, (datetime, UUID))
        return moment.isoformat(), after
    key, after = cursors.decode(scope, cursor, (str, UUID))
    if len(key) > 40:
        raise InvalidInput(cursor="cursor")
    try:
        # Written anew: Python reads digits and marks that PostgreSQL does not.
        number = float(key) if sort is Sort.DISTANCE else int(key)
    except ValueError as broken:
        raise InvalidInput(cursor="cursor") from broken
    if not math.isfinite(number) or (isinstance(number, int) and abs(number) >= 2**31):
        raise InvalidInput(cursor="cursor")
    return str(number), after


def _school(row: Row[Any]) -> SchoolRow:
    return SchoolRow(
        id=row.id,
        name=row.name,
        area=CodedName(row.area_code, row.area_name),
        category=CodedName(row.category_code, row.category_name),
        summary=row.summary,
        image_key=row.image_key,
        lat=row.lat,
        lng=row.lng,
        distance_m=None if row.distance is None else round(row.distance),
        rating_parent=mean(row.parent_rating_sum, row.parent_review_count),
        rating_child=mean(row.child_rating_sum, row.child_review_count),
        review_count=row.parent_review_count + row.child_review_count,
        like_count=row.like_count,
        next_lesson_at=row.next_at,
        open_slots=row.open_slots,
    )


def mean(total: int, count: int) -> float | None:
    """The plain mean with one decimal; None while too few people rated (G44)."""
    return round(total / count, 1) if count >= RATING_SHOWN_FROM else None
