"""What mails about plans and tickets say at the moment of sending; None where it is true no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.services import billing
from naraigoto.services.money_notices import GUARDIANS, WANTED
from naraigoto.services.notifications import Facts, Kind, Loader, Side


@dataclass(frozen=True, slots=True)
class TicketsDelivered(Facts):
    """An invoice was paid: `tickets` are there, `left` in all, the new ones good until `expires_on`."""

    plan: str
    tickets: int
    left: int
    expires_on: date
    amount: int
    paid_at: datetime
    renews_on: date | None
    receipt_url: str | None


@dataclass(frozen=True, slots=True)
class PaymentFailed(Facts):
    """A payment did not work; `left` tickets can be used meanwhile."""

    plan: str
    amount: int
    left: int
    next_on: date | None


@dataclass(frozen=True, slots=True)
class PlanEnding(Facts):
    """A plan ends or has ended on `ends_on`; `left` tickets are good until `expires_on` at the latest.

    `on_hold`: until then a payment of `pending` yen is still tried.
    """

    plan: str
    ends_on: date
    left: int
    expires_on: date | None
    on_hold: bool
    pending: int


@dataclass(frozen=True, slots=True)
class TicketsLow(Facts):
    """One ticket is left, or none; new ones come on `renews_on` while a plan runs, or once it is paid."""

    left: int
    renews_on: date | None
    on_hold: bool


@dataclass(frozen=True, slots=True)
class TicketsExpiring(Facts):
    """So many tickets are good until that day."""

    count: int
    expires_on: date


_LEFT = """
(SELECT coalesce(sum(k.balance), 0)::int FROM ticket_balances k
  WHERE k.family_id = f.id AND k.expires_on >= :today) AS left_over
"""
_LAST_DAY = """
(SELECT max(k.expires_on) FROM ticket_balances k
  WHERE k.family_id = f.id AND k.expires_on >= :today AND k.balance > 0) AS last_day
"""
_RENEWS = """
(SELECT s.current_period_end FROM subscriptions s
  WHERE s.family_id = f.id AND s.status = 'active' AND NOT s.cancel_at_period_end) AS renews_at
"""
# Only for the owner guardian of the family who can still be reached.
_READER_IS_OWNER = """
JOIN users r ON r.id = :recipient AND r.id = f.parent_user_id AND r.email IS NOT NULL AND r.deleted_at IS NULL
"""
_READER_IS_GUARDIAN = f"""
JOIN users r ON r.id = :recipient AND r.email IS NOT NULL AND r.deleted_at IS NULL
JOIN ({GUARDIANS}) g ON g.family_id = f.id AND g.user_id = r.id
"""
_PAYMENT = text(f"""
SELECT r.email, p.status, p.amount, p.paid_at, p.meta, {_LEFT}, {_RENEWS},
  (SELECT coalesce(sum(e.delta), 0)::int FROM ticket_entries e
    WHERE e.family_id = f.id AND e.reason = 'grant'
      AND (e.source_key = 'invoice:' || p.stripe_invoice_id
        OR starts_with(e.source_key, 'invoice:' || p.stripe_invoice_id || ':'))) AS granted,
  (SELECT max(k.expires_on) FROM ticket_entries e JOIN ticket_balances k ON k.id = e.balance_id
    WHERE e.source_key = 'invoice:' || p.stripe_invoice_id) AS good_until
FROM payments p JOIN families f ON f.id = p.family_id {_READER_IS_OWNER} WHERE p.id = :thing
""")
_PLAN = text(f"""
SELECT r.email, s.plan, s.status, s.cancel_at_period_end, s.current_period_end, s.ended_at,
  {_LEFT}, {_LAST_DAY}
FROM subscriptions s JOIN families f ON f.id = s.family_id {_READER_IS_OWNER} WHERE s.id = :thing
""")
_TICKETS = text(f"""
SELECT r.email, {_LEFT}, {_RENEWS},
  EXISTS (SELECT 1 FROM subscriptions s WHERE s.family_id = f.id AND s.status = 'on_hold') AS on_hold
FROM families f {_READER_IS_GUARDIAN} WHERE f.id = :thing AND {WANTED}
""")
_BUCKET = text(f"""
SELECT r.email, b.balance, b.expires_on
FROM ticket_balances b JOIN families f ON f.id = b.family_id {_READER_IS_GUARDIAN}
WHERE b.id = :thing AND b.balance > 0 AND b.expires_on >= :today AND {WANTED}
""")


async def _delivered(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> TicketsDelivered | None:
    row = await _one(session, _PAYMENT, recipient, payload["payment_id"], now)
    if row is None or row.status != "paid" or not row.granted:
        return None
    return TicketsDelivered(
        side=Side.GUARDIAN,
        to=row.email,
        plan=str(row.meta.get("plan") or ""),
        tickets=row.granted,
        left=row.left_over,
        expires_on=row.good_until,
        amount=row.amount,
        paid_at=row.paid_at,
        renews_on=_day(row.renews_at),
        receipt_url=row.meta.get("receipt_url"),
    )


async def _failed(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> PaymentFailed | None:
    row = await _one(session, _PAYMENT, recipient, payload["payment_id"], now)
    if row is None or row.status != "failed":
        return None
    again = row.meta.get("next_attempt_at")
    return PaymentFailed(
        side=Side.GUARDIAN,
        to=row.email,
        plan=str(row.meta.get("plan") or ""),
        amount=row.amount,
        left=row.left_over,
        next_on=_day(datetime.fromisoformat(again)) if again else None,
    )


async def _cancel_scheduled(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> PlanEnding | None:
    row = await _one(session, _PLAN, recipient, payload["subscription_id"], now)
    if row is None or not row.cancel_at_period_end or row.status not in {"active", "on_hold"}:
        return None
    on_hold = row.status == "on_hold"
    pending = await billing.pending(session, UUID(payload["subscription_id"])) if on_hold else 0
    return _ending(row, row.current_period_end, on_hold=on_hold, pending=pending)


async def _ended(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> PlanEnding | None:
    row = await _one(session, _PLAN, recipient, payload["subscription_id"], now)
    return None if row is None or row.status != "canceled" else _ending(row, row.ended_at or now)


async def _low(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> TicketsLow | None:
    row = await _one(session, _TICKETS, recipient, payload["family_id"], now)
    if row is None or row.left_over > payload["level"]:
        return None
    return TicketsLow(
        side=Side.GUARDIAN,
        to=row.email,
        left=row.left_over,
        renews_on=_day(row.renews_at),
        on_hold=row.on_hold,
    )


async def _expiring(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> TicketsExpiring | None:
    row = await _one(session, _BUCKET, recipient, payload["bucket_id"], now)
    if row is None:
        return None
    return TicketsExpiring(side=Side.GUARDIAN, to=row.email, count=row.balance, expires_on=row.expires_on)


async def _one(
    session: AsyncSession, question: Any, recipient: UUID, thing: str, now: datetime
) -> Row[Any] | None:
    asked = {"recipient": recipient, "thing": UUID(thing), "today": clock.jst_date(now)}
    return (await (await session.connection()).execute(question, asked)).one_or_none()


def _ending(row: Row[Any], end: datetime, *, on_hold: bool = False, pending: int = 0) -> PlanEnding:
    return PlanEnding(
        side=Side.GUARDIAN,
        to=row.email,
        plan=row.plan,
        ends_on=clock.jst_date(end),
        left=row.left_over,
        expires_on=row.last_day,
        on_hold=on_hold,
        pending=pending,
    )


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else clock.jst_date(moment)


FACTS: Final[Mapping[Kind, Loader]] = {
    Kind.SUBSCRIPTION_STARTED: _delivered,
    Kind.SUBSCRIPTION_RENEWED: _delivered,
    Kind.PAYMENT_FAILED: _failed,
    Kind.SUBSCRIPTION_CANCEL_SCHEDULED: _cancel_scheduled,
    Kind.SUBSCRIPTION_ENDED: _ended,
    Kind.TICKETS_LOW: _low,
    Kind.TICKETS_EXPIRING: _expiring,
}
