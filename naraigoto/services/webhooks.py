"""Stripe's webhooks: recorded as they come, worked off by a job, each with effect once (R35, R36).

What an event changes and the mark that it is done are one transaction. A claim is a lease (`run_at` moves
ahead) that is committed before the work, so a worker that dies gives its events back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.adapters.payments import payloads
from naraigoto.errors import NotFound, StaleEdit
from naraigoto.models.base import new_id
from naraigoto.models.billing import WebhookEvent
from naraigoto.models.moderation import AuditLog
from naraigoto.rules import WEBHOOK_BACKOFF, WEBHOOK_LEASE
from naraigoto.services import driver
from naraigoto.services.billing import news
from naraigoto.services.billing.looking import Looks

ATTEMPTS_MAX = len(WEBHOOK_BACKOFF) + 1

RECORD = b"""
INSERT INTO webhook_events (id, event_id, type, payload, received_at, run_at, attempts, last_error)
VALUES (%(id)s, %(event)s, %(type)s, %(payload)s, %(now)s, %(now)s, 0, '')
ON CONFLICT (event_id) DO NOTHING
"""
_CLAIM = text("""
WITH due AS (
  SELECT id FROM webhook_events
  WHERE processed_at IS NULL AND dead_at IS NULL AND run_at <= :now
  ORDER BY run_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
)
UPDATE webhook_events e
SET attempts = least(attempts + 1, :attempts_max),
    run_at = CASE WHEN attempts < :attempts_max THEN :until ELSE run_at END,
    dead_at = CASE WHEN attempts < :attempts_max THEN dead_at ELSE :now END,
    last_error = CASE WHEN attempts < :attempts_max THEN last_error ELSE 'WorkerDied' END
FROM due WHERE e.id = due.id
RETURNING e.id, e.type, e.payload, e.attempts, e.dead_at
""")
_DONE = text("""
UPDATE webhook_events SET processed_at = :now, last_error = ''
WHERE id = :id AND attempts = :attempts AND processed_at IS NULL AND dead_at IS NULL
RETURNING id
""")
_FAILED = text("""
UPDATE webhook_events SET run_at = coalesce(:run_at, run_at), dead_at = :dead_at, last_error = :error
WHERE id = :id AND attempts = :attempts AND processed_at IS NULL
""")


class LeaseLost(Exception):
    """Another worker has this event now: what was about to be written is its business."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An event in the hands of one worker, for the length of a lease."""

    id: UUID
    type: str
    payload: dict[str, Any]
    attempts: int

    @property
    def object(self) -> Mapping[str, Any]:
        """What the event tells of."""
        return self.payload["data"]["object"]

    @property
    def at(self) -> datetime:
        """When Stripe made the event."""
        return datetime.fromtimestamp(self.payload["created"], UTC)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events wait, are done and have failed for good."""

    waiting: int
    done: int
    dead: int


async def record(
    connection: driver.Connection, *, event_id: str, kind: str, payload: dict[str, Any], now: datetime
) -> bool:
    """Keep a verified event for the job; False when it was kept before.

    On the driver's connection, because Stripe waits for the answer: one statement is all there is to do.
    """
    values = {"id": new_id(), "event": event_id, "type": kind, "payload": Jsonb(payload), "now": now}
    return (await connection.execute(RECORD, values)).rowcount == 1


async def claim(session: AsyncSession, *, limit: int, now: datetime) -> list[Claimed]:
    """Take up to `limit` due events that nobody else holds; commit before working on them."""
    values = {"now": now, "until": now + WEBHOOK_LEASE, "limit": limit, "attempts_max": ATTEMPTS_MAX}
    rows = await (await session.connection()).execute(_CLAIM, values)
    return [Claimed(row.id, row.type, row.payload, row.attempts) for row in rows if row.dead_at is None]


def prices_of(event: Claimed) -> set[str]:
    """Prices of which has to be known what they sell, before the event can be worked on."""
    return payloads.prices_in(event.object) if event.type in news.HANDLERS else set()


async def process(
    session: AsyncSession, event: Claimed, *, plans: Mapping[str, str], looks: Looks, now: datetime
) -> bool:
    """Do what the event asks for and mark it done, in one transaction; False for a kind we only keep.

    Raises: Doubt, Unreadable, CustomerUnknown, PlanUnknown, PaymentUnknown, LeaseLost.
    """
    handle = news.HANDLERS.get(event.type)
    if handle is not None:
        await handle(session, news.News(event.type, event.object, event.at, plans, looks, now))
    values = {"id": event.id, "attempts": event.attempts, "now": now}
    if (await (await session.connection()).execute(_DONE, values)).first() is None:
        raise LeaseLost
    return handle is not None


async def mark_failed(session: AsyncSession, event: Claimed, *, reason: str, now: datetime) -> None:
    """It did not work: try again after a wait that grows, or give up after the last one.

    `reason` is shown to admins and must name no person.
    """
    if event.attempts >= ATTEMPTS_MAX:
        await bury(session, event, reason=reason, now=now)
    else:
        await _fail(session, event, reason, run_at=now + WEBHOOK_BACKOFF[event.attempts - 1])


async def bury(session: AsyncSession, event: Claimed, *, reason: str, now: datetime) -> None:
    """It can never work: a dead letter, until an admin replays it."""
    await _fail(session, event, reason, dead_at=now)


async def counts(session: AsyncSession, actor: Actor) -> Counts:
    """How many events stand where.

    Raises: Unauthenticated, Forbidden.
    """
    policies.require_operations(actor)
    dead, done = col(WebhookEvent.dead_at).is_not(None), col(WebhookEvent.processed_at).is_not(None)
    found = await session.exec(
        select(
            func.count().filter(~dead, ~done),
            func.count().filter(done),
            func.count().filter(dead),
        ).select_from(WebhookEvent)
    )
    return Counts(*found.one())


async def list_dead(session: AsyncSession, actor: Actor, *, limit: int = 100) -> list[WebhookEvent]:
    """The dead letters, newest first.

    Raises: Unauthenticated, Forbidden.
    """
    policies.require_operations(actor)
    rows = await session.exec(
        select(WebhookEvent)
        .where(col(WebhookEvent.dead_at).is_not(None))
        .order_by(col(WebhookEvent.received_at).desc(), col(WebhookEvent.id).desc())
        .limit(limit)
    )
    return list(rows.all())


async def replay(session: AsyncSession, actor: Actor, *, number: UUID, now: datetime) -> WebhookEvent:
    """Queue a dead letter again with all its attempts, and note who did it (R100).

    Raises: Unauthenticated, Forbidden, NotFound, StaleEdit when it is no dead letter (any more).
    """
    operator = policies.require_operations(actor)
    event = await session.get(WebhookEvent, number, with_for_update=True, populate_existing=True)
    if event is None:
        raise NotFound
    if event.dead_at is None:
        raise StaleEdit
    audit = AuditLog(
        actor_user_id=operator,
        action="webhook.replayed",
        thing_type="webhook_event",
        thing_id=event.id,
        facts={"type": event.type, "attempts": event.attempts, "last_error": event.last_error},
        at=now,
    )
    event.dead_at, event.attempts, event.run_at, event.last_error = None, 0, now, ""
    session.add_all((event, audit))
    await session.flush()
    return event


async def _fail(
    session: AsyncSession,
    event: Claimed,
    reason: str,
    *,
    run_at: datetime | None = None,
    dead_at: datetime | None = None,
) -> None:
    values = {"id": event.id, "attempts": event.attempts, "error": reason[:200]}
    await (await session.connection()).execute(_FAILED, values | {"run_at": run_at, "dead_at": dead_at})
