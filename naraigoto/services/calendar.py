"""The family's bookings for calendar apps: a secret address that can be ended, and what lies behind it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import NotFound
from naraigoto.models.bookings import ACTIVE
from naraigoto.models.calendars import CalendarFeed
from naraigoto.rules import CALENDAR_PAST
from naraigoto.services import actors

_TOKEN_BYTES = 32
_TOKEN_LENGTH_MAX = 64


@dataclass(frozen=True, slots=True)
class Lesson:
    """A booking as a calendar needs it."""

    booking_id: UUID
    start_at: datetime
    end_at: datetime
    child: str
    lesson: str
    school: str
    place: str


_LESSONS = f"""
SELECT b.id, lower(b.period), upper(b.period), u.name, c.title, h.name, h.address
FROM bookings b JOIN users u ON u.id = b.user_id JOIN lesson_schedules s ON s.id = b.schedule_id
JOIN classes c ON c.id = s.class_id JOIN schools h ON h.id = s.school_id
WHERE b.family_id = :family AND b.{ACTIVE} AND lower(b.period) >= :start {{until}}
ORDER BY lower(b.period), b.id
"""
_ALL = text(_LESSONS.format(until=""))
_BETWEEN = text(_LESSONS.format(until="AND lower(b.period) < :end"))


async def address(session: AsyncSession, actor: Actor) -> str | None:
    """The secret part of the family's calendar address; None while there is none.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden.
    """
    family_id = policies.require_guardian(actor)
    found = await session.exec(select(CalendarFeed.token).where(CalendarFeed.family_id == family_id))
    return found.one_or_none()


async def make_address(session: AsyncSession, actor: Actor, *, now: datetime) -> str:
    """A new address for the family; the one before it ends.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden.
    """
    family_id = policies.require_guardian(actor)
    # Whoever is being taken out at this very moment makes none that would outlive it.
    again = policies.require_guardian(await actors.held(session, actor, family_id))
    if again != family_id:
        raise NotFound
    await end_for(session, family_id)
    feed = CalendarFeed(
        family_id=family_id,
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        made_by=policies.require_signed_in(actor),
        created_at=now,
    )
    session.add(feed)
    await session.flush()
    return feed.token


async def end_address(session: AsyncSession, actor: Actor) -> None:
    """From now on the family's address leads nowhere; without one nothing happens.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden.
    """
    await end_for(session, policies.require_guardian(actor))


async def end_for(session: AsyncSession, family_id: UUID) -> None:
    """The same, when somebody who may know the address leaves the family; for services that settled that."""
    await session.exec(delete(CalendarFeed).where(col(CalendarFeed.family_id) == family_id))


async def behind(session: AsyncSession, token: str, *, now: datetime) -> list[Lesson]:
    """The bookings behind a secret address; whoever knows it may read them.

    Raises: NotFound for an address that leads nowhere (any more).
    """
    if not 0 < len(token) <= _TOKEN_LENGTH_MAX or not token.isascii():
        raise NotFound
    found = await session.exec(select(CalendarFeed.family_id).where(CalendarFeed.token == token))
    family_id = found.one_or_none()
    if family_id is None:
        raise NotFound
    values = {"family": family_id, "start": now - CALENDAR_PAST}
    return [Lesson(*row) for row in await (await session.connection()).execute(_ALL, values)]


async def between(session: AsyncSession, actor: Actor, *, start: datetime, end: datetime) -> list[Lesson]:
    """The family's lessons in [start, end), for its own calendar.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden.
    """
    values = {"family": policies.require_guardian(actor), "start": start, "end": end}
    return [Lesson(*row) for row in await (await session.connection()).execute(_BETWEEN, values)]
