"""The points ledger: every movement once, by its source key; the balance is never below zero (D13)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, policies
from naraigoto.actor import Actor
from naraigoto.models.base import new_id
from naraigoto.models.points import PointsReason
from naraigoto.rules import PAGE_DEFAULT, POINTS_EXPIRE_AFTER_MONTHS, POINTS_REVIEWS_MONTH_MAX
from naraigoto.services import cursors, live

_QUEUE_UP = text("SELECT pg_advisory_xact_lock(73, hashtext(CAST(:id AS text)))")
_WRITE = text("""
INSERT INTO points_transactions (id, family_id, user_id, delta, reason, source_key, note, created_at)
VALUES (:id, :family, :user, :delta, :reason, :key, '', :now)
ON CONFLICT (source_key) DO NOTHING RETURNING id
""")
_EARNED = text("""
SELECT coalesce(sum(delta), 0)::int FROM points_transactions
WHERE family_id = :family AND reason IN ('review', 'photo') AND delta > 0
  AND created_at >= :start AND created_at < :end
""")
_BALANCE = text("SELECT coalesce(sum(delta), 0)::int FROM points_transactions WHERE family_id = :family")
_ENTRY = text("SELECT family_id, user_id, delta FROM points_transactions WHERE source_key = :key")
_LAST_EARNED = text("SELECT max(created_at) FROM points_transactions WHERE family_id = :family AND delta > 0")
_ENTRIES = """
SELECT id, created_at AS at, delta, reason, note FROM points_transactions
WHERE family_id = :family {older} ORDER BY created_at DESC, id DESC LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class PointsEntry:
    """One line of the ledger."""

    id: UUID
    at: datetime
    delta: int
    reason: PointsReason
    note: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a family has, until when, and how it came about (newest first)."""

    balance: int
    expires_on: date | None
    earned_this_month: int
    month_cap: int
    entries: list[PointsEntry]
    next_cursor: str | None


async def statement(
    session: AsyncSession,
    actor: Actor,
    *,
    now: datetime,
    cursor: str | None = None,
    limit: int = PAGE_DEFAULT,
) -> Statement:
    """The family's points: of its guardians and its children.

    Raises: Unauthenticated, FamilyNeeded, Forbidden for people without a family,
        InvalidInput for a foreign cursor.
    """
    family_id = policies.require_family(actor)
    connection = await session.connection()
    values = {"family": family_id, "limit": limit + 1}
    scope = f"points:{family_id}"
    if cursor:
        values["moment"], values["after"] = cursors.decode(scope, cursor, (datetime, UUID))
    older = "AND (created_at, id) < (:moment, :after)" if cursor else ""
    rows = (await connection.execute(text(_ENTRIES.format(older=older)), values)).all()
    entries = [
        PointsEntry(row.id, row.at, row.delta, PointsReason(row.reason), row.note) for row in rows[:limit]
    ]
    last = entries[-1] if len(rows) > limit else None
    balance = await _balance(session, family_id)
    earned_at = (await connection.execute(_LAST_EARNED, values)).scalar_one()
    return Statement(
        balance=balance,
        expires_on=_expiry(earned_at) if balance > 0 and earned_at is not None else None,
        earned_this_month=await _earned(session, family_id, now),
        month_cap=POINTS_REVIEWS_MONTH_MAX,
        entries=entries,
        next_cursor=cursors.encode(scope, (last.at, last.id)) if last else None,
    )


async def would_earn(session: AsyncSession, family_id: UUID, amount: int, *, now: datetime) -> int:
    """What a review would bring now: less than usual once the month's share is nearly used."""
    return max(0, min(amount, POINTS_REVIEWS_MONTH_MAX - await _earned(session, family_id, now)))


async def grant_for_review(
    session: AsyncSession, *, family_id: UUID, user_id: UUID, amount: int, source_key: str, now: datetime
) -> int:
    """Give the points of a published review, once; what came. At most 300 a family and month (D13)."""
    await _queue_up(session, family_id)
    amount = await would_earn(session, family_id, amount, now=now)
    return await _write(session, family_id, user_id, amount, PointsReason.REVIEW, source_key, now)


async def restore(session: AsyncSession, *, source_key: str, now: datetime) -> int:
    """Give back what the last `revoke` of this source took, once; what came back."""
    entry, key = await _last_given(session, source_key)
    if entry is None:
        return 0
    await _queue_up(session, entry.family_id)
    lost = await _entry(session, f"revoke:{key}")
    back = 0 if lost is None else -lost.delta
    return await _write(
        session, entry.family_id, entry.user_id, back, PointsReason.REVIEW, f"{key}:restored", now
    )


async def revoke(session: AsyncSession, *, source_key: str, now: datetime) -> int:
    """Take back what this source brought, once, and no more than is left; what was taken (D13)."""
    entry, key = await _last_given(session, source_key)
    if entry is None or entry.delta <= 0:
        return 0
    await _queue_up(session, entry.family_id)
    taken = min(entry.delta, max(0, await _balance(session, entry.family_id)))
    key = f"revoke:{key}"
    return -await _write(session, entry.family_id, entry.user_id, -taken, PointsReason.REVOKE, key, now)


async def _last_given(session: AsyncSession, key: str) -> tuple[Row[Any] | None, str]:
    """The entry by which this source gave last: its first, or the latest by which its points came back.

    So each coming back is taken by a key of its own, and nothing is taken or given back twice.
    """
    entry = await _entry(session, key)
    while (later := await _entry(session, f"{key}:restored")) is not None:
        entry, key = later, f"{key}:restored"
    return entry, key


async def _entry(session: AsyncSession, key: str) -> Row[Any] | None:
    return (await (await session.connection()).execute(_ENTRY, {"key": key})).one_or_none()


async def _write(
    session: AsyncSession,
    family_id: UUID,
    user_id: UUID | None,
    delta: int,
    reason: PointsReason,
    source_key: str,
    now: datetime,
) -> int:
    if delta == 0:
        return 0
    values = {"family": family_id, "user": user_id, "delta": delta, "reason": reason, "key": source_key}
    connection = await session.connection()
    written = (await connection.execute(_WRITE, values | {"id": new_id(), "now": now})).first()
    live.family_changed(session, family_id)
    return delta if written is not None else 0


async def _queue_up(session: AsyncSession, family_id: UUID) -> None:
    # Two at once see each other's points, so that the month's share and the balance hold.
    await (await session.connection()).execute(_QUEUE_UP, {"id": family_id})


async def _balance(session: AsyncSession, family_id: UUID) -> int:
    return (await (await session.connection()).execute(_BALANCE, {"family": family_id})).scalar_one()


async def _earned(session: AsyncSession, family_id: UUID, now: datetime) -> int:
    month = clock.month_of(now)
    start, _ = clock.day_bounds(month)
    end, _ = clock.day_bounds(clock.add_months(month, 1))
    values = {"family": family_id, "start": start, "end": end}
    return (await (await session.connection()).execute(_EARNED, values)).scalar_one()


def _expiry(earned_at: datetime) -> date:
    """The last day of the month that lies 12 months after the last earning's month began."""
    day = clock.jst_date(earned_at)
    month = clock.add_months(day.replace(day=1), POINTS_EXPIRE_AFTER_MONTHS)
    last = (clock.add_months(month, 1) - month).days
    return month.replace(day=min(day.day, last))
