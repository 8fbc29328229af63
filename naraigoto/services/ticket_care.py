"""Movements of tickets that no family asks for: expiry, an admin's hand, money given back (D2)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, policies
from naraigoto.actor import Actor
from naraigoto.errors import InvalidInput, NotFound, TicketsShort
from naraigoto.models.base import new_id
from naraigoto.models.families import Family
from naraigoto.models.moderation import AuditLog
from naraigoto.models.tickets import TicketBalance, TicketReason
from naraigoto.rules import TICKET_ADJUST_MAX, TICKET_ADJUST_REASON_MAX
from naraigoto.services import locks, tickets

_EXPIRE_BATCH = 500
_OVER = text("""
SELECT DISTINCT family_id FROM ticket_balances WHERE expires_on < :today AND balance > 0
ORDER BY family_id LIMIT :limit
""")
_EMPTIED_BEFORE = text("""
SELECT balance_id, count(*) AS times FROM ticket_entries
WHERE balance_id = ANY (CAST(:buckets AS uuid[])) AND reason = 'expire' GROUP BY balance_id
""")
_GRANTED_BY = text("""
SELECT k.month, k.expires_on, k.balance, sum(e.delta)::int AS granted,
  (SELECT coalesce(-sum(s.delta), 0)::int FROM ticket_entries s
    WHERE s.balance_id = k.id AND s.reason IN ('spend', 'refund')) AS spent
FROM ticket_entries e JOIN ticket_balances k ON k.id = e.balance_id
WHERE e.family_id = :family AND e.reason = 'grant'
  AND (e.source_key = :source OR starts_with(e.source_key, :more))
GROUP BY k.id ORDER BY k.month
""")
_UNEXPLAINED = text("""
SELECT k.id, k.family_id, k.month, k.balance, coalesce(sum(e.delta), 0)::int AS explained
FROM ticket_balances k LEFT JOIN ticket_entries e ON e.balance_id = k.id
GROUP BY k.id HAVING k.balance <> coalesce(sum(e.delta), 0)
ORDER BY k.id LIMIT 100
""")


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An adjustment that was made, and what the family can use now."""

    family_id: UUID
    delta: int
    balance: int


async def overdue(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Some of the families with tickets that were not used in time; none when all is done."""
    asked = {"today": clock.jst_date(now), "limit": _EXPIRE_BATCH}
    return [row.family_id for row in await (await session.connection()).execute(_OVER, asked)]


async def expire_due(session: AsyncSession, *, now: datetime) -> int:
    """Take what was not used in time out of its bucket; answers how many buckets were emptied.

    A job without an actor; running it twice finds nothing the second time. Emptying none tells nothing of
    other families: those at hand may have been emptied meanwhile.
    """
    families = await overdue(session, now=now)
    await locks.tickets(session, families)
    over = await session.exec(
        select(TicketBalance)
        .where(
            col(TicketBalance.family_id).in_(families),
            TicketBalance.expires_on < clock.jst_date(now),
            TicketBalance.balance > 0,
        )
        .execution_options(populate_existing=True)
    )
    buckets = list(over)
    asked = {"buckets": [bucket.id for bucket in buckets]}
    before = await (await session.connection()).execute(_EMPTIED_BEFORE, asked)
    times = {row.balance_id: row.times for row in before}
    emptied = 0
    for bucket in buckets:
        # Numbered under the lock: a grant that comes late fills a bucket that was emptied before.
        emptied += await tickets.move(
            session,
            bucket.family_id,
            month=bucket.month,
            delta=-bucket.balance,
            reason=TicketReason.EXPIRE,
            source_key=f"expire:{bucket.id}:{times.get(bucket.id, 0) + 1}",
            now=now,
        )
    return emptied


async def adjust(
    session: AsyncSession,
    actor: Actor,
    *,
    family_id: UUID,
    delta: int,
    reason: str,
    month: date | None = None,
    now: datetime,
) -> Adjusted:
    """Give tickets to a family or take some, with a reason that the family reads (D2, R100).

    Given ones go to the bucket of `month` (this month's by default), taken ones come from the oldest buckets.

    Raises: Unauthenticated, Forbidden, NotFound, InvalidInput, TicketsShort when fewer are left.
    """
    admin = policies.require_admin(actor)
    reason = reason.strip()
    _refuse_nonsense(delta, reason, month, now)
    if await session.get(Family, family_id) is None:
        raise NotFound
    await locks.tickets(session, [family_id])
    if delta > 0:
        parts = [(month or clock.month_of(now), delta)]
    else:
        parts = await _oldest(session, family_id, -delta, now)
    await _write(session, family_id, parts, admin=admin, reason=reason, now=now)
    session.add(
        AuditLog(
            actor_user_id=admin,
            action="tickets.adjusted",
            thing_type="family",
            thing_id=family_id,
            facts={"delta": delta, "reason": reason},
            at=now,
        )
    )
    await session.flush()
    return Adjusted(family_id, delta, await tickets.usable(session, family_id, now=now))


async def revoke(session: AsyncSession, family_id: UUID, *, source_key: str, now: datetime) -> int:
    """Take back what a refunded invoice had granted; answers how many of them were used already.

    Only what is left is taken: a balance is never negative, so the rest is a debt for an admin's eye. The
    caller sees to it that this happens once for each refund.
    """
    await locks.tickets(session, [family_id])
    asked = {"family": family_id, "source": source_key, "more": f"{source_key}:"}
    rows = (await (await session.connection()).execute(_GRANTED_BY, asked)).all()
    owed = 0
    for row in rows:
        taken = min(row.balance, row.granted)
        if taken and not await tickets.move(
            session,
            family_id,
            month=row.month,
            delta=-taken,
            reason=TicketReason.REVOKE,
            source_key=f"{source_key}:revoke:{row.month}",
            now=now,
        ):
            continue
        # What expired unused was no gain, so it is no debt.
        owed += min(row.granted - taken, max(row.spent, 0))
    return owed


async def unexplained(session: AsyncSession) -> list[tuple[UUID, UUID, date, int, int]]:
    """Buckets whose ledger does not add up to their balance: id, family, month, balance, explained."""
    found = await (await session.connection()).execute(_UNEXPLAINED)
    return [(row.id, row.family_id, row.month, row.balance, row.explained) for row in found]


def _refuse_nonsense(delta: int, reason: str, month: date | None, now: datetime) -> None:
    wrong: dict[str, str] = {}
    if not 1 <= abs(delta) <= TICKET_ADJUST_MAX:
        wrong["delta"] = "delta"
    if not 1 <= len(reason) <= TICKET_ADJUST_REASON_MAX:
        wrong["reason"] = "reason"
    current = clock.month_of(now)
    if month is not None and month not in (clock.add_months(current, -1), current):
        wrong["month"] = "month"
    if wrong:
        raise InvalidInput(**wrong)


async def _write(
    session: AsyncSession,
    family_id: UUID,
    parts: list[tuple[date, int]],
    *,
    admin: UUID,
    reason: str,
    now: datetime,
) -> None:
    number = new_id()
    for month, part in parts:
        await tickets.move(
            session,
            family_id,
            month=month,
            delta=part,
            reason=TicketReason.ADJUST,
            source_key=f"adjust:{number}:{month}",
            actor_user_id=admin,
            note=reason,
            now=now,
        )


async def _oldest(
    session: AsyncSession, family_id: UUID, count: int, now: datetime
) -> list[tuple[date, int]]:
    buckets = await session.exec(
        select(TicketBalance)
        .where(TicketBalance.family_id == family_id, TicketBalance.expires_on >= clock.jst_date(now))
        .order_by(col(TicketBalance.month))
        .execution_options(populate_existing=True)
    )
    parts: list[tuple[date, int]] = []
    missing = count
    for bucket in buckets:
        if part := min(bucket.balance, missing):
            parts.append((bucket.month, -part))
            missing -= part
    if missing:
        raise TicketsShort(missing=missing)
    return parts
