"""Searches that a guardian keeps, and the wish to hear weekly of new slots in them."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, policies
from naraigoto.actor import Actor
from naraigoto.errors import NotFound, TooManySavedSearches
from naraigoto.models.base import new_id
from naraigoto.models.search import SavedSearch
from naraigoto.rules import SAVED_SEARCHES_MAX
from naraigoto.services import search


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A kept search; its filters are read anew, so one that can no longer be read means less, not nothing."""

    id: UUID
    filters: search.SearchFilters
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """Everything somebody keeps, the newest first, and whether they want the weekly mail."""

    items: list[SavedRow]
    by_mail: bool


# One at a time for each person, so that two tabs do not pass the limit together.
_LOCK = text("SELECT id FROM users WHERE id = :user FOR NO KEY UPDATE")
_WISH = text("SELECT coalesce((SELECT digest FROM notification_settings WHERE user_id = :user), false)")
_WANT = text("""
    INSERT INTO notification_settings (user_id, digest, updated_at) VALUES (:user, :wanted, :now)
    ON CONFLICT (user_id) DO UPDATE SET digest = EXCLUDED.digest, updated_at = EXCLUDED.updated_at
    WHERE notification_settings.digest <> EXCLUDED.digest
""")


async def kept(session: AsyncSession, actor: Actor, *, now: datetime) -> Saved:
    """What the asker keeps.

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden for others.
    """
    policies.require_guardian(actor)
    rows = await session.exec(
        select(SavedSearch)
        .where(SavedSearch.user_id == actor.user_id)
        .order_by(col(SavedSearch.created_at).desc(), col(SavedSearch.id).desc())
    )
    wish = await (await session.connection()).execute(_WISH, {"user": actor.user_id})
    return Saved([_row(row, now) for row in rows], wish.scalar_one())


async def save(
    session: AsyncSession, actor: Actor, *, filters: search.SearchFilters, now: datetime
) -> SavedRow:
    """Keep a search; keeping the same one again changes nothing.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, InvalidInput for an unknown area or genre,
        TooManySavedSearches.
    """
    user_id = _guardian(actor)
    filters = await search.resolve(session, filters)
    query = filters.query()
    await (await session.connection()).execute(_LOCK, {"user": user_id})
    mine = (await session.exec(select(SavedSearch).where(SavedSearch.user_id == user_id))).all()
    address = urlencode(query)
    known = next((row for row in mine if row.address == address), None)
    if known is not None:
        return _row(known, now)
    if len(mine) >= SAVED_SEARCHES_MAX:
        raise TooManySavedSearches(limit=SAVED_SEARCHES_MAX)
    row = SavedSearch(id=new_id(), user_id=user_id, address=address, query=query, created_at=now)
    session.add(row)
    await session.flush()
    return _row(row, now)


async def forget(session: AsyncSession, actor: Actor, *, saved_id: UUID) -> None:
    """Keep one search no longer.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound for what is not the asker's.
    """
    policies.require_guardian(actor)
    gone = await session.exec(
        delete(SavedSearch).where(col(SavedSearch.id) == saved_id, col(SavedSearch.user_id) == actor.user_id)
    )
    if gone.rowcount == 0:
        raise NotFound


async def want_mail(session: AsyncSession, actor: Actor, *, wanted: bool, now: datetime) -> None:
    """Turn the weekly mail on or off; nobody gets it who has not asked for it (R122).

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden.
    """
    policies.require_guardian(actor)
    values = {"user": actor.user_id, "wanted": wanted, "now": now}
    await (await session.connection()).execute(_WANT, values)


def _guardian(actor: Actor) -> UUID:
    policies.require_guardian(actor)
    return policies.require_signed_in(actor)


def _row(row: SavedSearch, now: datetime) -> SavedRow:
    filters, _ = search.parse_leniently(row.query, today=clock.jst_date(now))
    return SavedRow(row.id, filters, row.created_at)
