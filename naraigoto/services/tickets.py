"""Tickets: what a family may use, and the ledger that explains every one of them (D2).

Booking spends tickets inside the SQL function `book_lesson`; every other movement goes through `move`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, policies
from naraigoto.actor import Actor
from naraigoto.models.base import new_id
from naraigoto.models.tickets import TicketBalance, TicketEntry, TicketReason
from naraigoto.rules import TICKET_ENTRIES_SHOWN, TICKET_VALID_EXTRA_MONTHS
from naraigoto.services import locks


@dataclass(frozen=True)
class MonthBucket:
    """The usable tickets granted in one JST month."""

    month: date
    balance: int
    expires_on: date


@dataclass(frozen=True)
class LedgerLine:
    """One movement, newest first; `note` is what an admin gave as the reason of an adjustment."""

    at: datetime
    delta: int
    reason: TicketReason
    booking_id: UUID | None
    note: str = ""


@dataclass(frozen=True)
class TicketsView:
    """What a family has and how it came to it."""

    month: date
    balance: int
    months: list[MonthBucket]
    entries: list[LedgerLine]


# The bucket's row is locked by the upsert, so two movements of one bucket never pass each other.
_OPEN_BUCKET = text("""
INSERT INTO ticket_balances (id, family_id, month, balance, expires_on, created_at)
VALUES (:id, :family, :month, 0, :expires_on, :now)
ON CONFLICT (family_id, month) DO UPDATE SET month = excluded.month
RETURNING id
""")
_WRITE_ENTRY = text("""
INSERT INTO ticket_entries
  (id, family_id, balance_id, delta, reason, booking_id, source_key, actor_user_id, note, created_at)
VALUES (:id, :family, :bucket, :delta, :reason, :booking, :source_key, :actor, :note, :now)
ON CONFLICT (source_key) DO NOTHING RETURNING id
""")
_ADD = text("UPDATE ticket_balances SET balance = balance + :delta WHERE id = :bucket")
_SPENT = text("""
SELECT e.family_id, k.month, k.expires_on, -e.delta AS used
FROM ticket_entries e JOIN ticket_balances k ON k.id = e.balance_id
WHERE e.booking_id = :booking AND e.reason = 'spend' ORDER BY k.month
""")


def expires_on(month: date) -> date:
    """The last day on which tickets granted in `month` can be used (G9)."""
    return clock.add_months(month, 1 + TICKET_VALID_EXTRA_MONTHS) - timedelta(days=1)


async def balance(session: AsyncSession, actor: Actor, *, now: datetime) -> TicketsView:
    """The usable tickets of the asker's family by month, and the latest lines of the ledger.

    Raises: Unauthenticated, Forbidden for people without a family.
    """
    family_id = policies.require_family(actor)
    buckets = await session.exec(
        select(TicketBalance)
        .where(TicketBalance.family_id == family_id, TicketBalance.expires_on >= clock.jst_date(now))
        .order_by(col(TicketBalance.month))
    )
    lines = await session.exec(
        select(TicketEntry)
        .where(TicketEntry.family_id == family_id)
        .order_by(col(TicketEntry.created_at).desc(), col(TicketEntry.id).desc())
        .limit(TICKET_ENTRIES_SHOWN)
    )
    months = [MonthBucket(row.month, row.balance, row.expires_on) for row in buckets]
    return TicketsView(
        month=clock.month_of(now),
        balance=sum(row.balance for row in months),
        months=months,
        entries=[
            LedgerLine(row.created_at, row.delta, row.reason, row.booking_id, _told(row)) for row in lines
        ],
    )


def _told(row: TicketEntry) -> str:
    # What an admin wrote is meant for the family; other notes are for whoever reads the ledger itself.
    return row.note if row.reason is TicketReason.ADJUST else ""


async def usable(session: AsyncSession, family_id: UUID, *, now: datetime) -> int:
    """How many tickets the family can use today; the caller has settled that it may be told."""
    total = await session.exec(
        select(func.coalesce(func.sum(TicketBalance.balance), 0)).where(
            TicketBalance.family_id == family_id, TicketBalance.expires_on >= clock.jst_date(now)
        )
    )
    return int(total.one())


async def move(
    session: AsyncSession,
    family_id: UUID,
    *,
    month: date,
    delta: int,
    reason: TicketReason,
    source_key: str,
    booking_id: UUID | None = None,
    actor_user_id: UUID | None = None,
    note: str = "",
    now: datetime,
) -> bool:
    """Add to the family's bucket of a month, or take from it; False when this source was counted before.

    The one way tickets move outside of a booking. Who takes holds the buckets (`locks.tickets`) and has seen
    that there are enough: the table refuses a balance below zero.
    """
    connection = await session.connection()
    bucket = await _bucket(session, family_id, month, now)
    line = {
        "id": new_id(),
        "family": family_id,
        "bucket": bucket,
        "delta": delta,
        "reason": reason.value,
        "booking": booking_id,
        "source_key": source_key,
        "actor": actor_user_id,
        "note": note,
        "now": now,
    }
    if (await connection.execute(_WRITE_ENTRY, line)).first() is None:
        return False
    await connection.execute(_ADD, {"delta": delta, "bucket": bucket})
    return True


async def grant(
    session: AsyncSession,
    family_id: UUID,
    *,
    month: date,
    count: int,
    source_key: str,
    reason: TicketReason = TicketReason.GRANT,
    actor_user_id: UUID | None = None,
    note: str = "",
    now: datetime,
) -> bool:
    """Add tickets to the family's bucket of a month; False when this source has been counted before (G8)."""
    return await move(
        session,
        family_id,
        month=month,
        delta=count,
        reason=reason,
        source_key=source_key,
        actor_user_id=actor_user_id,
        note=note,
        now=now,
    )


async def refund_booking(session: AsyncSession, *, booking_id: UUID, now: datetime, note: str = "") -> int:
    """Give the tickets of a booking back to the buckets they came from, once; answers how many came back.

    A bucket that expired meanwhile is replaced by the current month's (D6). The caller holds the slot and has
    settled that the tickets are due.
    """
    spent = (await (await session.connection()).execute(_SPENT, {"booking": booking_id})).all()
    await locks.tickets(session, {row.family_id for row in spent})
    returned = 0
    for row in spent:
        expired = row.expires_on < clock.jst_date(now)
        moved = await move(
            session,
            row.family_id,
            month=clock.month_of(now) if expired else row.month,
            delta=row.used,
            reason=TicketReason.REFUND,
            source_key=f"booking:{booking_id}:refund:{row.month}",
            booking_id=booking_id,
            note=note,
            now=now,
        )
        returned += row.used if moved else 0
    return returned


async def _bucket(session: AsyncSession, family_id: UUID, month: date, now: datetime) -> UUID:
    opening = {
        "id": new_id(),
        "family": family_id,
        "month": month,
        "expires_on": expires_on(month),
        "now": now,
    }
    return (await (await session.connection()).execute(_OPEN_BUCKET, opening)).scalar_one()
