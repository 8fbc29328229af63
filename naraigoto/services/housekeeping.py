"""What has served its time is deleted."""

from datetime import datetime

from sqlalchemy import CursorResult, delete, or_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.accounts import Session
from naraigoto.models.billing import WebhookEvent
from naraigoto.models.bookings import IdempotencyKey
from naraigoto.models.notifications import OutboxMessage, OutboxStatus
from naraigoto.rules import IDEMPOTENCY_KEPT, OUTBOX_KEPT, SESSION_IDLE, WEBHOOK_KEPT

_SETTLED = (OutboxStatus.SENT, OutboxStatus.WITHDRAWN)


async def purge(session: AsyncSession, *, now: datetime) -> int:
    """Delete ended sessions, old answers to repeated requests, messages long sent and events long done."""
    ended = delete(Session).where(
        or_(
            col(Session.expires_at) <= now,
            col(Session.last_seen_at) <= now - SESSION_IDLE,
            col(Session.revoked_at) <= now,
        )
    )
    answered = delete(IdempotencyKey).where(col(IdempotencyKey.created_at) <= now - IDEMPOTENCY_KEPT)
    told = delete(OutboxMessage).where(
        col(OutboxMessage.status).in_(_SETTLED), col(OutboxMessage.created_at) <= now - OUTBOX_KEPT
    )
    processed = delete(WebhookEvent).where(col(WebhookEvent.processed_at) <= now - WEBHOOK_KEPT)
    connection = await session.connection()
    gone: list[CursorResult] = [await connection.execute(each) for each in (ended, answered, told, processed)]
    return sum(result.rowcount for result in gone)
