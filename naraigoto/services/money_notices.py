"""Promises about plans and tickets (D16, domain.md §6); what those mails say is in `money_mails`.

News of the plan goes to the owner guardian, who pays; news of tickets to every guardian who wants it.
"""

from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.models.billing import Payment, PaymentKind, Subscription
from naraigoto.rules import (
    TICKETS_EXPIRING_WITHIN,
    TICKETS_LOW_LEVELS,
)
from naraigoto.services import driver
from naraigoto.services.nights import awake
from naraigoto.services.notifications import UUID7, Kind, Side

# A promise that was withdrawn because it was not true for a while is made again when it is.
_TO_OWNER = f"""
INSERT INTO outbox_messages (id, kind, dedupe_key, recipient_user_id, payload, status, run_at, created_at)
SELECT {UUID7}, %(kind)s, %(key)s, f.parent_user_id, %(payload)s::jsonb, 'queued', %(now)s, %(now)s
FROM families f WHERE f.id = %(family)s
ON CONFLICT (dedupe_key) DO UPDATE SET status = 'queued', attempts = 0, run_at = excluded.run_at
  WHERE outbox_messages.status = 'withdrawn'
""".encode()
GUARDIANS = """
SELECT f.id AS family_id, f.parent_user_id AS user_id FROM families f
UNION ALL SELECT g.family_id, g.user_id FROM family_guardians g
"""
WANTED = "coalesce((SELECT s.ticket_notices FROM notification_settings s WHERE s.user_id = g.user_id), true)"
# Families that used a ticket lately and have one or none left; told once a month and level.
_LOW = f"""
INSERT INTO outbox_messages (id, kind, dedupe_key, recipient_user_id, payload, status, run_at, created_at)
SELECT {UUID7}, %(kind)s,
  'tickets:' || low.family_id || ':' || %(month)s || ':' || low.left_over || ':' || g.user_id, g.user_id,
  jsonb_build_object('family_id', low.family_id, 'level', low.left_over, 'side', 'guardian'),
  'queued', %(run_at)s, %(now)s
FROM (
  SELECT e.family_id, (SELECT coalesce(sum(k.balance), 0)::int FROM ticket_balances k
    WHERE k.family_id = e.family_id AND k.expires_on >= %(today)s) AS left_over
  FROM (SELECT DISTINCT family_id FROM ticket_entries WHERE reason = 'spend' AND created_at > %(since)s) e
) low
JOIN ({GUARDIANS}) g ON g.family_id = low.family_id
WHERE low.left_over = ANY (%(levels)s) AND {WANTED}
ON CONFLICT (dedupe_key) DO NOTHING
""".encode()
_EXPIRING = f"""
INSERT INTO outbox_messages (id, kind, dedupe_key, recipient_user_id, payload, status, run_at, created_at)
SELECT {UUID7}, %(kind)s, 'tickets:' || k.family_id || ':' || k.month || ':expiring:' || g.user_id, g.user_id,
  jsonb_build_object('family_id', k.family_id, 'bucket_id', k.id, 'side', 'guardian'),
  'queued', %(run_at)s, %(now)s
FROM ticket_balances k JOIN ({GUARDIANS}) g ON g.family_id = k.family_id
WHERE k.balance > 0 AND k.expires_on BETWEEN %(today)s AND %(until)s AND {WANTED}
ON CONFLICT (dedupe_key) DO NOTHING
""".encode()


async def tickets_delivered(session: AsyncSession, *, payment: Payment, now: datetime) -> None:
    """Promise the news that a paid invoice brought tickets."""
    first = payment.kind is PaymentKind.FIRST
    kind = Kind.SUBSCRIPTION_STARTED if first else Kind.SUBSCRIPTION_RENEWED
    key = f"invoice:{payment.stripe_invoice_id}:paid"
    await _tell_owner(session, kind, payment.family_id, key, now, payment_id=str(payment.id))


async def payment_failed(session: AsyncSession, *, payment: Payment, attempt: int, now: datetime) -> None:
    """Promise the news that a payment did not work, once for each try."""
    key = f"invoice:{payment.stripe_invoice_id}:failed:{attempt}"
    await _tell_owner(session, Kind.PAYMENT_FAILED, payment.family_id, key, now, payment_id=str(payment.id))


async def cancel_scheduled(session: AsyncSession, *, subscription: Subscription, now: datetime) -> None:
    """Promise the acknowledgement that a plan ends with its period, each time that this is decided."""
    end = subscription.current_period_end
    day = clock.jst_date(end) if end else ""
    # With the version: whoever undid it and cancels again in one period is told again.
    key = f"subscription:{subscription.id}:cancel_scheduled:{day}:{subscription.version}"
    await _tell_owner(
        session,
        Kind.SUBSCRIPTION_CANCEL_SCHEDULED,
        subscription.family_id,
        key,
        now,
        subscription_id=str(subscription.id),
    )


async def subscription_ended(session: AsyncSession, *, subscription: Subscription, now: datetime) -> None:
    """Promise the news that a plan has ended."""
    day = clock.jst_date(subscription.ended_at or now)
    await _tell_owner(
        session,
        Kind.SUBSCRIPTION_ENDED,
        subscription.family_id,
        f"subscription:{subscription.id}:ended:{day}",
        now,
        subscription_id=str(subscription.id),
    )


async def promise_low(session: AsyncSession, *, since: datetime, now: datetime) -> int:
    """Promise a word to families whose last tickets went since then; answers how many promises are new."""
    return await _promise_many(
        session, _LOW, Kind.TICKETS_LOW, now, since=since, levels=list(TICKETS_LOW_LEVELS)
    )


async def promise_expiring(session: AsyncSession, *, now: datetime) -> int:
    """Promise a word about tickets that are good for seven more days; answers how many promises are new."""
    until = clock.jst_date(now + TICKETS_EXPIRING_WITHIN)
    return await _promise_many(session, _EXPIRING, Kind.TICKETS_EXPIRING, now, until=until)


async def _promise_many(
    session: AsyncSession, statement: bytes, kind: Kind, now: datetime, **values: object
) -> int:
    asked = {"kind": kind.value, "now": now, "run_at": awake(now), "today": clock.jst_date(now)}
    asked |= {"month": clock.month_of(now).isoformat()} | values
    return (await (await driver.connection(session)).execute(statement, asked)).rowcount


async def _tell_owner(
    session: AsyncSession, kind: Kind, family_id: UUID, key: str, now: datetime, **payload: str
) -> None:
    # At once even at night: these tell of payments (D16).
    await session.flush()
    values = {
        "kind": kind.value,
        "key": key,
        "family": family_id,
        "payload": Jsonb(payload | {"side": Side.GUARDIAN.value}),
        "now": now,
    }
    await (await driver.connection(session)).execute(_TO_OWNER, values)
