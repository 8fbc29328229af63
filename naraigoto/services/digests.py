"""The weekly mail of new slots in kept searches: who is promised it, what it says, how it ends (R122)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.errors import InvalidInput, NotFound, SearchTooBroad
from naraigoto.models.search import SavedSearch
from naraigoto.rules import BOOKING_HORIZON, PAGE_MAX, SAVED_SEARCHES_MAX
from naraigoto.services import driver, search
from naraigoto.services.notifications import UUID7, Facts, Kind, Loader, Side

_WEEK = timedelta(days=7)
_SHOWN = 3

# Asked again when it is sent: whether they still want it, and whether anything is new.
_PROMISE = f"""
INSERT INTO outbox_messages (id, kind, dedupe_key, recipient_user_id, payload, status, run_at, created_at)
SELECT {UUID7}, %(kind)s, 'digest:' || n.user_id || ':' || %(week)s, n.user_id,
       jsonb_build_object('since', %(since)s::timestamptz, 'side', 'guardian'), 'queued', %(now)s, %(now)s
FROM notification_settings n
WHERE n.digest AND EXISTS (SELECT 1 FROM saved_searches s WHERE s.user_id = n.user_id)
ON CONFLICT (dedupe_key) DO NOTHING
""".encode()
_RECIPIENT = text("""
    SELECT u.email, n.stop_key FROM users u JOIN notification_settings n ON n.user_id = u.id AND n.digest
    WHERE u.id = :user AND u.email IS NOT NULL AND u.deleted_at IS NULL
""")
_NEW_SLOTS = text("""
    SELECT l.school_id, s.name AS school, c.title, l.start_at, count(*) OVER () AS number
    FROM lesson_schedules l JOIN classes c ON c.id = l.class_id JOIN schools s ON s.id = l.school_id
    WHERE l.school_id = ANY (:schools) AND l.created_at > :since AND l.cancelled_at IS NULL
      AND c.deleted_at IS NULL
      AND l.booked_count + l.held_count < l.capacity AND l.start_at <= :until
      AND l.start_at >= :now + make_interval(hours => s.booking_cutoff_hours) AND l.start_at > :now
      AND (CAST(:days AS date[]) IS NULL OR l.start_date_jst = ANY (CAST(:days AS date[])))
      AND (CAST(:begins AS time) IS NULL OR ((l.start_at AT TIME ZONE 'Asia/Tokyo')::time >= :begins
        AND (l.start_at AT TIME ZONE 'Asia/Tokyo')::time < :ends))
      AND (CAST(:age AS int) IS NULL OR :age BETWEEN c.age_min AND c.age_max)
      AND (c.instructor_choice OR NOT CAST(:choice AS boolean))
    ORDER BY l.start_at, l.id LIMIT :shown
""")
_STOP = text("""
    UPDATE notification_settings
    SET digest = false, updated_at = CASE WHEN digest THEN :now ELSE updated_at END
    WHERE stop_key = :key RETURNING user_id
""")
_KEY = text("SELECT 1 FROM notification_settings WHERE stop_key = :key")


@dataclass(frozen=True, slots=True)
class NewSlot:
    """A slot that was not there a week ago."""

    school_id: UUID
    school: str
    title: str
    start_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A kept search with something new in it."""

    q: str
    areas: list[str]
    genre: str
    query: str
    number: int
    slots: list[NewSlot]


@dataclass(frozen=True, slots=True)
class SavedSearchDigest(Facts):
    """What the weekly mail says; `stop_key` ends it with one click."""

    stop_key: UUID
    searches: list[Found]


async def promise(session: AsyncSession, *, now: datetime) -> None:
    """Promise this week's mail to everybody who asked for it and keeps a search; once a Japanese week."""
    year, week, _ = clock.jst_date(now).isocalendar()
    values = {"kind": Kind.SAVED_SEARCH_DIGEST.value, "week": f"{year}-{week:02}", "since": now - _WEEK}
    await (await driver.connection(session)).execute(_PROMISE, values | {"now": now})


async def stop(session: AsyncSession, *, key: UUID, now: datetime) -> None:
    """Send the weekly mail no more to whoever this key was sent to; again changes nothing (RFC 8058).

    Raises: NotFound for a key of nobody.
    """
    if (await (await session.connection()).execute(_STOP, {"key": key, "now": now})).one_or_none() is None:
        raise NotFound


async def require_known(session: AsyncSession, *, key: UUID) -> None:
    """Before somebody is asked whether they want to stop the mail.

    Raises: NotFound for a key of nobody.
    """
    if (await (await session.connection()).execute(_KEY, {"key": key})).one_or_none() is None:
        raise NotFound


async def _digest(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> SavedSearchDigest | None:
    """None when it is no longer wanted, or nothing is new."""
    connection = await session.connection()
    person = (await connection.execute(_RECIPIENT, {"user": recipient})).one_or_none()
    if person is None:
        return None
    since = datetime.fromisoformat(payload["since"])
    rows = await session.exec(
        select(SavedSearch)
        .where(SavedSearch.user_id == recipient)
        .order_by(col(SavedSearch.created_at), col(SavedSearch.id))
        .limit(SAVED_SEARCHES_MAX)
    )
    names = {row.code: row.name for row in (*await search.areas(session), *await search.categories(session))}
    found = [await _found(session, row.query, names, since, now) for row in rows.all()]
    searches = [each for each in found if each is not None]
    if not searches:
        return None
    return SavedSearchDigest(side=Side.GUARDIAN, to=person.email, stop_key=person.stop_key, searches=searches)


async def _found(
    session: AsyncSession, query: Mapping[str, str], names: Mapping[str, str], since: datetime, now: datetime
) -> Found | None:
    filters, _ = search.parse_leniently(query, today=clock.jst_date(now))
    try:
        async with session.begin_nested():
            page = await search.schools(session, filters=filters, limit=PAGE_MAX, now=now)
    except (SearchTooBroad, InvalidInput):  # too wide to say anything of, or of an area that is gone
        return None
    begins, ends = filters.hours
    asked = {
        "schools": [row.id for row in page.items],
        "since": since,
        "now": now,
        "until": now + BOOKING_HORIZON,
        "days": filters.days(clock.jst_date(now)),
        "begins": begins,
        "ends": ends,
        "age": filters.age,
        "choice": filters.instructor_choice,
        "shown": _SHOWN,
    }
    slots = (await (await session.connection()).execute(_NEW_SLOTS, asked)).all()
    if not slots:
        return None
    return Found(
        q=filters.q,
        areas=[names.get(code, code) for code in filters.areas],
        genre=names.get(filters.category or "", ""),
        query=urlencode(filters.query()),
        number=slots[0].number,
        slots=[NewSlot(row.school_id, row.school, row.title, row.start_at) for row in slots],
    )


FACTS: Final[Mapping[Kind, Loader]] = {Kind.SAVED_SEARCH_DIGEST: _digest}
