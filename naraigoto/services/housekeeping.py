"""What has served its time is deleted."""

from datetime import datetime

from sqlalchemy import CursorResult, delete, or_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.accounts import Session
from naraigoto.models.bookings import IdempotencyKey
from naraigoto.models.notifications import OutboxMessage, OutboxStatus
from naraigoto.rules import IDEMPOTENCY_KEPT, OUTBOX_KEPT, SESSION_IDLE

_SETTLED = (OutboxStatus.SENT, OutboxStatus.WITHDRAWN)


async def purge(session: AsyncSession, *, now: datetime) -> int:
    """Delete sessions that have ended, old answers to repeated requests, and messages long sent."""
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
    connection = await session.connection()
    gone: list[CursorResult] = [await connection.execute(each) for each in (ended, answered, told)]
    return sum(result.rowcount for result in gone)
