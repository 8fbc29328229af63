"""Pages of schools: one call of search_schools(), then what a card shows of those rows only."""

import json
import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.errors import QueryCanceled
from sqlalchemy import Row, TextClause, text
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.errors import InvalidInput, SearchTooBroad
from naraigoto.models.schools import SafetyBadge
from naraigoto.rules import (
    BOOKING_HORIZON,
    PAGE_DEFAULT,
    RANK_NEW_DAYS,
    RATING_SHOWN_FROM,
    SEARCH_COUNT_CAP,
    SLOT_DAYS_SHOWN,
)
from naraigoto.services import cursors
from naraigoto.services.search import terms
from naraigoto.services.search.catalogue import CodedName, resolve
from naraigoto.services.search.filters import SearchFilters, Sort

_TIMEOUT_MS = 2_000
_COUNT_TIMEOUT_MS = 700
_RETRY_AFTER_SECONDS = 5
_WORDS = 8  # as many as ng_words() reads


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
    tickets_from: int | None  # what its cheapest class costs
    safety_badge: SafetyBadge
    new: bool
    name_matches: bool  # every word asked for stands in the name

    @property
    def reasons(self) -> list[tuple[str, float | None]]:
        """What speaks for its place in おすすめ順, as codes with their figures (D20)."""
        told: list[tuple[str, float | None]] = [
            ("distance", self.distance_m),
            ("rating_child", self.rating_child),
            ("rating_parent", self.rating_parent),
            ("open_slots", self.open_slots or None),
        ]
        name: list[tuple[str, float | None]] = [("name", None)] if self.name_matches else []
        new: list[tuple[str, float | None]] = [("new", None)] if self.new else []
        return name + [(code, value) for code, value in told if value is not None] + new


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """Some schools, where the next ones begin, and the words that were meant when those were searched for."""

    items: list[SchoolRow]
    next_cursor: str | None
    corrected: str | None = None


_PLACE = "ST_SetSRID(ST_MakePoint(CAST(:lng AS float8), CAST(:lat AS float8)), 4326)::geography"
_FILTERS = f"""CAST(ROW(CAST(:q AS text), CAST(:areas AS text[]), CAST(:category AS text),
      CAST(:days AS date[]), CAST(:time_from AS time), CAST(:time_until AS time), CAST(:age AS int),
      CAST(:choice AS boolean),
      CASE WHEN CAST(:lat AS float8) IS NOT NULL THEN {_PLACE} END,
      CAST(:radius AS float8), CAST(:child_rating AS int), CAST(:safe AS boolean)) AS search_filters)"""
STATEMENT = text(f"""
    SELECT found.rank_key, s.id, s.name, s.summary, s.image_keys[1] AS image_key,
      a.code AS area_code, a.name AS area_name, c.code AS category_code, c.name AS category_name,
      ST_Y(s.location::geometry) AS lat, ST_X(s.location::geometry) AS lng,
      CASE WHEN CAST(:lat AS float8) IS NOT NULL THEN ST_Distance(s.location, {_PLACE}) END AS distance,
      st.parent_rating_sum, st.parent_review_count, st.child_rating_sum, st.child_review_count, st.like_count,
      st.published_at > :new_since AS new, s.safety_badge, free.next_at, free.number AS open_slots,
      (SELECT min(k.ticket_cost) FROM classes k
       WHERE k.school_id = s.id AND k.deleted_at IS NULL) AS tickets_from,
      said.words <> '{{}}' AND ng_norm(s.name) LIKE ALL (said.words) AS name_matches
    FROM search_schools({_FILTERS}, :sort, CAST(:key AS text), CAST(:after AS uuid), :limit, :now, :until)
      WITH ORDINALITY found(school_id, rank_key, route, place)
    CROSS JOIN (SELECT ng_like(:q) AS words OFFSET 0) said
    JOIN schools s ON s.id = found.school_id
    JOIN schools_stats st ON st.school_id = s.id
    JOIN areas a ON a.code = s.area_code
    JOIN categories c ON c.code = s.category_code
    CROSS JOIN LATERAL (
      SELECT min(l.start_at) AS next_at, count(*) FILTER (WHERE l.start_at < :soon)::int AS number
      FROM lesson_schedules l JOIN classes k ON k.id = l.class_id
      WHERE l.school_id = s.id AND l.cancelled_at IS NULL AND l.booked_count + l.held_count < l.capacity
        AND l.start_at >= :now + make_interval(hours => s.booking_cutoff_hours) AND l.start_at > :now
        AND l.start_at <= :until AND k.deleted_at IS NULL) free
    ORDER BY found.place
""")
COUNT = text(f"SELECT count_schools({_FILTERS}, :now, :until, :cap)")
_LIMIT_WAIT = text(f"SET LOCAL statement_timeout = {_TIMEOUT_MS}")
_LIMIT_COUNT = text(f"SET LOCAL statement_timeout = {_COUNT_TIMEOUT_MS}")


async def schools(
    session: AsyncSession,
    *,
    filters: SearchFilters,
    cursor: str | None = None,
    limit: int = PAGE_DEFAULT,
    now: datetime,
) -> SchoolPage:
    """One page of published schools; public, so nobody is asked who they are (D9).

    When nothing is found and the words resemble ones we know, those are searched for and told of.

    Raises: InvalidInput for an unknown area or genre or a foreign cursor, SearchTooBroad after 2 s.
    """
    filters = await resolve(session, filters)
    try:
        page = await _page(session, filters, cursor, limit, now)
    except InvalidInput:
        # A cursor of the corrected list belongs to the corrected words.
        if not (cursor and filters.q):
            raise
        better = await _corrected(session, filters, now)
        if better is None:
            raise
        return replace(await _page(session, better, cursor, limit, now), corrected=better.q)
    if page.items or cursor or not filters.q:
        return page
    better = await _corrected(session, filters, now)
    found = None if better is None else await _page(session, better, None, limit, now)
    return replace(found, corrected=better.q) if better and found and found.items else page


async def count(session: AsyncSession, *, filters: SearchFilters, now: datetime) -> int:
    """How many schools `schools` would list, public; SEARCH_COUNT_CAP stands for that many and more.

    Raises: InvalidInput for an unknown area or genre, SearchTooBroad when counting takes too long.
    """
    filters = await resolve(session, filters)
    found = await _count(session, filters, now)
    if found or not filters.q:
        return found
    better = await _corrected(session, filters, now)
    return await _count(session, better, now) if better else 0


async def _count(session: AsyncSession, filters: SearchFilters, now: datetime) -> int:
    values = values_of(filters, None, None, 1, now) | {"cap": SEARCH_COUNT_CAP}
    return (await _bounded(session, COUNT, values, _LIMIT_COUNT))[0][0]


async def _page(
    session: AsyncSession, filters: SearchFilters, cursor: str | None, limit: int, now: datetime
) -> SchoolPage:
    scope = scope_of(filters)
    key, after = _position(scope, cursor, filters.sort) if cursor else (None, None)
    rows = await _bounded(session, STATEMENT, values_of(filters, key, after, limit + 1, now), _LIMIT_WAIT)
    last = rows[limit - 1] if len(rows) > limit else None
    return SchoolPage(
        items=[_school(row) for row in rows[:limit]],
        next_cursor=cursors.encode(scope, (last.rank_key, last.id)) if last else None,
    )


async def _corrected(session: AsyncSession, filters: SearchFilters, now: datetime) -> SearchFilters | None:
    """The same filters with words that nobody has turned into the terms that were meant; None without any."""
    typed = filters.q.split()
    words = [await _intended(session, filters, word, now) for word in typed[:_WORDS]] + typed[_WORDS:]
    return None if words == typed else filters.model_copy(update={"q": " ".join(words)})


async def _intended(session: AsyncSession, filters: SearchFilters, word: str, now: datetime) -> str:
    """The word itself where any school has it, else the term it resembles."""
    alone = SearchFilters(q=word)
    # A single word without other filters has just been searched for.
    if filters.model_copy(update={"sort": alone.sort}) != alone and await _bounded(
        session, STATEMENT, values_of(alone, None, None, 1, now), _LIMIT_WAIT
    ):
        return word
    return await terms.meant(session, word) or word


def values_of(
    filters: SearchFilters, key: str | None, after: UUID | None, limit: int, now: datetime
) -> dict[str, Any]:
    """What STATEMENT asks for, by name."""
    begins, ends = filters.hours
    return {
        "q": filters.q,
        "areas": list(filters.areas) or None,
        "category": filters.category,
        "days": filters.days(clock.jst_date(now)),
        "time_from": begins,
        "time_until": ends,
        "age": filters.age,
        "choice": filters.instructor_choice,
        "lat": filters.near.lat if filters.near else None,
        "lng": filters.near.lng if filters.near else None,
        "radius": filters.reach_m,
        "child_rating": None if filters.child_rating is None else round(filters.child_rating * 100),
        "safe": filters.safe,
        "sort": filters.sort.value,
        "key": key,
        "after": after,
        "limit": limit,
        "now": now,
        "until": now + BOOKING_HORIZON,
        "soon": now + SLOT_DAYS_SHOWN,
        "new_since": now - timedelta(days=RANK_NEW_DAYS),
    }


def scope_of(filters: SearchFilters) -> str:
    """Names the list that a cursor belongs to."""
    return "schools:" + json.dumps(filters.query(), sort_keys=True)


async def _bounded(
    session: AsyncSession, statement: TextClause, values: dict[str, Any], patience: TextClause
) -> list[Row[Any]]:
    connection = await session.connection()
    try:
        await connection.execute(patience)
        return list((await connection.execute(statement, values)).all())
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
        tickets_from=row.tickets_from,
        safety_badge=SafetyBadge(row.safety_badge),
        new=row.new,
        name_matches=row.name_matches,
    )


def mean(total: int, count: int) -> float | None:
    """The plain mean with one decimal; None while too few people rated (G44)."""
    return round(total / count, 1) if count >= RATING_SHOWN_FROM else None
