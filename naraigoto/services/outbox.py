"""The outbox: what was promised is sent at least once, or shown to an admin (domain.md §4, R77).

A claim is a lease that is committed before the work begins, so a worker that dies gives its messages back
after OUTBOX_LEASE, and one that dies again and again on the same message ends as a dead letter.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import NotFound, StaleEdit
from naraigoto.models.notifications import OutboxMessage, OutboxStatus
from naraigoto.rules import OUTBOX_BACKOFF, OUTBOX_LEASE
from naraigoto.services import (
    account_notices,
    audit,
    booking_notices,
    closing_notices,
    digests,
    family_notices,
    money_mails,
    notifications,
    review_notices,
    slot_notices,
    waitlist_notices,
)

LOADERS = {
    **notifications.FACTS,
    **booking_notices.FACTS,
    **family_notices.FACTS,
    **account_notices.FACTS,
    **closing_notices.FACTS,
    **slot_notices.FACTS,
    **money_mails.FACTS,
    **waitlist_notices.FACTS,
    **review_notices.FACTS,
    **digests.FACTS,
}
ATTEMPTS_MAX = len(OUTBOX_BACKOFF) + 1

# `attempts` is the number of the lease: an answer that comes after the lease has gone to another worker
# changes nothing.
_CLAIM = text("""
WITH due AS (
  SELECT id FROM outbox_messages
  WHERE status IN ('queued', 'sending') AND run_at <= :now
    AND (status = 'queued' OR locked_until <= :now)
  ORDER BY run_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
)
UPDATE outbox_messages m
SET status = CASE WHEN attempts < :attempts_max THEN 'sending' ELSE 'dead' END,
    last_error = CASE WHEN attempts < :attempts_max THEN last_error ELSE 'WorkerDied' END,
    attempts = least(attempts + 1, :attempts_max),
    locked_until = CASE WHEN attempts < :attempts_max THEN :until ::timestamptz END
FROM due WHERE m.id = due.id
RETURNING m.id, m.kind, m.dedupe_key, m.recipient_user_id, m.payload, m.attempts, m.status
""")

_SETTLE = text("""
UPDATE outbox_messages
SET status = :status, run_at = coalesce(:run_at, run_at), sent_at = :sent_at, last_error = :error,
    locked_until = NULL
WHERE id = :id AND status = 'sending' AND attempts = :attempts
""")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in the hands of one worker, for the length of a lease."""

    id: UUID
    kind: str
    dedupe_key: str
    recipient_user_id: UUID
    payload: dict[str, Any]
    attempts: int


async def claim(session: AsyncSession, *, limit: int, now: datetime) -> list[Claimed]:
    """Take up to `limit` due messages that nobody else holds, the longest due first.

    Commit before handling them: only a committed claim counts as an attempt.
    """
    connection = await session.connection()
    rows = await connection.execute(
        _CLAIM, {"now": now, "until": now + OUTBOX_LEASE, "limit": limit, "attempts_max": ATTEMPTS_MAX}
    )
    return [Claimed(*row[:-1]) for row in rows if row.status == OutboxStatus.SENDING]


async def facts_for(session: AsyncSession, message: Claimed, *, now: datetime) -> notifications.Facts | None:
    """What the message has to say at this moment; None when it is no longer true and must be withdrawn.

    Raises: KeyError for a kind that nobody knows.
    """
    load = LOADERS[notifications.Kind(message.kind)]
    return await load(session, message.recipient_user_id, message.payload, now)


async def mark_sent(session: AsyncSession, message: Claimed, *, now: datetime) -> None:
    """The mail left the house."""
    await _settle(session, message, OutboxStatus.SENT, sent_at=now)


async def mark_failed(session: AsyncSession, message: Claimed, *, reason: str, now: datetime) -> None:
    """It did not work: try again after a wait that grows, or give up after the last one.

    `reason` is shown to admins and must name no person.
    """
    if message.attempts >= ATTEMPTS_MAX:
        await bury(session, message, reason=reason)
        return
    wait = OUTBOX_BACKOFF[message.attempts - 1]
    await _settle(session, message, OutboxStatus.QUEUED, run_at=now + wait, error=reason)


async def bury(session: AsyncSession, message: Claimed, *, reason: str) -> None:
    """It can never work: a dead letter, until an operator sends it again."""
    await _settle(session, message, OutboxStatus.DEAD, error=reason)


async def withdraw(session: AsyncSession, message: Claimed) -> None:
    """It is no longer true, so it is not said."""
    await _settle(session, message, OutboxStatus.WITHDRAWN)


async def counts(session: AsyncSession, actor: Actor) -> dict[OutboxStatus, int]:
    """How many messages stand in each state.

    Raises: Unauthenticated, Forbidden.
    """
    policies.require_operations(actor)
    rows = await session.exec(select(OutboxMessage.status, func.count()).group_by(col(OutboxMessage.status)))
    found = dict(rows.all())
    return {status: found.get(status, 0) for status in OutboxStatus}


async def list_dead(session: AsyncSession, actor: Actor, *, limit: int = 100) -> list[OutboxMessage]:
    """The dead letters, newest first.

    Raises: Unauthenticated, Forbidden.
    """
    policies.require_operations(actor)
    rows = await session.exec(
        select(OutboxMessage)
        .where(OutboxMessage.status == OutboxStatus.DEAD)
        .order_by(col(OutboxMessage.created_at).desc(), col(OutboxMessage.id).desc())
        .limit(limit)
    )
    return list(rows.all())


async def retry(session: AsyncSession, actor: Actor, *, message_id: UUID, now: datetime) -> OutboxMessage:
    """Queue a dead letter again with all its attempts, and note who did it (R77, R100).

    Raises: Unauthenticated, Forbidden, NotFound, StaleEdit when it is no dead letter (any more).
    """
    policies.require_operations(actor)
    message = await session.get(OutboxMessage, message_id, with_for_update=True, populate_existing=True)
    if message is None:
        raise NotFound
    if message.status is not OutboxStatus.DEAD:
        raise StaleEdit
    facts = {"kind": message.kind, "attempts": message.attempts, "last_error": message.last_error}
    thing = audit.Thing("outbox_message", message.id)
    await audit.record(session, actor, "outbox.retried", thing, facts, now=now)
    message.status, message.attempts, message.run_at = OutboxStatus.QUEUED, 0, now
    message.locked_until, message.last_error = None, ""
    await session.flush()
    return message


async def _settle(
    session: AsyncSession,
    message: Claimed,
    status: OutboxStatus,
    *,
    run_at: datetime | None = None,
    sent_at: datetime | None = None,
    error: str = "",
) -> None:
    connection = await session.connection()
    values = {"status": status, "run_at": run_at, "sent_at": sent_at, "error": error[:200]}
    await connection.execute(_SETTLE, values | {"id": message.id, "attempts": message.attempts})
