"""Thirty days after an account was closed everything personal goes (D17), one person at a time, by a job.

What stays, and why:
- `users` as a nameless row: bookings, payments and reviews go on pointing at it.
- payments, plans, tickets, points, bookings, attendances: books must be kept for seven years.
- reviews and messages: others built on them; their author has no name any more, photos are gone.
- consents and the audit log: proof of what was agreed to and done, by an id that names nobody any more.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.services import audit

_DUE = text("SELECT id FROM users WHERE erase_after <= :now ORDER BY erase_after, id LIMIT :limit")
_STILL_DUE = text("SELECT 1 FROM users WHERE id = :user AND erase_after <= :now FOR UPDATE")
_GONE = tuple(
    text(f"DELETE FROM {table} WHERE {column} = :user")
    for table, column in (
        ("sessions", "user_id"),
        ("sessions", "acting_as"),
        ("identities", "user_id"),
        ("family_members", "user_id"),
        ("family_guardians", "user_id"),
        ("school_members", "user_id"),
        ("notification_settings", "user_id"),
        ("likes", "user_id"),
        ("saved_searches", "user_id"),
        ("conversation_reads", "user_id"),
        ("idempotency_keys", "user_id"),
        ("outbox_messages", "recipient_user_id"),
        ("booking_requests", "child_user_id"),
    )
)
_PLAINER = (
    text("""
      DELETE FROM review_images i USING uploads u WHERE u.id = i.upload_id AND u.user_id = :user
    """),
    # Detached, so that the cleaning of orphaned uploads takes the files away.
    text("""
      UPDATE uploads SET status = 'stored'
      WHERE user_id = :user AND status = 'attached' AND purpose IN ('review', 'avatar')
    """),
    text("UPDATE waitlist_entries SET status = 'closed' WHERE child_user_id = :user AND status = 'waiting'"),
    text("""
      UPDATE referrals r SET status = 'expired' FROM families f
      WHERE f.id = r.referrer_family_id AND f.parent_user_id = :user AND r.status = 'pending'
    """),
    text("UPDATE families SET name = :name WHERE parent_user_id = :user"),
    text("""
      UPDATE users SET email = NULL, pending_email = NULL, email_verified_at = NULL, name = :name,
        erase_after = NULL
      WHERE id = :user
    """),
)

# An admin still has to read what is open, so these go the night after the decision, whenever that comes.
_DECIDED = tuple(
    text(f"""
      UPDATE {table} t SET {column} = '{empty}' FROM users u
      WHERE t.status <> 'open' AND t.{column} <> '{empty}'
        AND u.id = t.{author} AND u.deleted_at IS NOT NULL AND u.erase_after IS NULL
    """)
    for table, column, author, empty in (
        ("review_reports", "comment", "reporter_user_id", ""),
        ("review_appeals", "body", "author_user_id", "-"),
    )
)


async def due(session: AsyncSession, *, limit: int, now: datetime) -> list[UUID]:
    """Whose 30 days are over, the longest waiting first."""
    found = await (await session.connection()).execute(_DUE, {"now": now, "limit": limit})
    return list(found.scalars())


async def erase(session: AsyncSession, user_id: UUID, *, name: str, now: datetime) -> bool:
    """Take everything personal of one person away; `name` is what stands in its place.

    False when there is nothing (any more) to do: undone in time, or done by somebody else.
    """
    connection = await session.connection()
    values = {"user": user_id, "name": name, "now": now}
    if (await connection.execute(_STILL_DUE, values)).first() is None:
        return False
    for statement in (*_GONE, *_PLAINER):
        await connection.execute(statement, values)
    await audit.record(session, None, "account.erased", audit.Thing("user", user_id), now=now)
    return True


async def erase_decided(session: AsyncSession) -> None:
    """Take away what erased people wrote to the admins, as far as it has been decided upon."""
    connection = await session.connection()
    for statement in _DECIDED:
        await connection.execute(statement)
