"""What people with power did and saw (R100): append-only; ids and words of ours, no personal data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.models.accounts import UserType
from naraigoto.models.moderation import AuditLog
from naraigoto.rules import AUDIT_SEEN_EVERY, PAGE_DEFAULT
from naraigoto.services import cursors

_WHO_MAX = 254


class Thing(NamedTuple):
    """What was acted upon: a kind of thing in our words, and its id."""

    type: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; no name for what a job did, or the operator at the machine."""

    id: UUID
    at: datetime
    action: str
    thing_type: str
    thing_id: UUID
    facts: dict[str, Any]
    actor_id: UUID | None
    actor: str | None
    actor_type: UserType | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some lines, the newest first, and where the older ones begin."""

    items: list[Entry]
    next_cursor: str | None


_LOOKED = text("""
SELECT 1 FROM audit_log
WHERE thing_type = :thing_type AND thing_id = :thing_id AND at > :since AND at <= :now
  AND action = :action AND actor_user_id = :actor AND facts = :facts
LIMIT 1
""").bindparams(bindparam("facts", type_=JSONB))
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")

# Ids are UUIDv7, so their order is the order of writing, and the primary key serves the list.
_ENTRIES = """
SELECT l.id, l.at, l.action, l.thing_type, l.thing_id, l.facts, l.actor_user_id AS actor_id,
       u.name AS actor, u.type AS actor_type
FROM audit_log l LEFT JOIN users u ON u.id = l.actor_user_id
WHERE true {whose} {older} ORDER BY l.id DESC LIMIT :limit
"""
_WHOSE = "AND l.actor_user_id IN (SELECT id FROM users WHERE lower(email) = lower(:who) OR name = :who)"


async def record(
    session: AsyncSession,
    actor: Actor | None,
    action: str,
    thing: Thing,
    facts: Mapping[str, Any] | None = None,
    *,
    now: datetime,
) -> None:
    """Note what somebody did to a thing, in the transaction of the deed; `actor` is None for a job."""
    session.add(
        AuditLog(
            actor_user_id=actor.user_id if actor is not None else None,
            action=action,
            thing_type=thing.type,
            thing_id=thing.id,
            facts=dict(facts or {}),
            at=now,
        )
    )
    await session.flush()


async def seen(
    session: AsyncSession, actor: Actor, action: str, thing: Thing, facts: Mapping[str, Any], *, now: datetime
) -> None:
    """Note that somebody looked at a list with people in it: once an hour per person and list."""
    connection = await session.connection()
    values: dict[str, Any] = {
        "actor": actor.user_id,
        "action": action,
        "thing_type": thing.type,
        "thing_id": thing.id,
        "facts": dict(facts),
        "now": now,
        "since": now - AUDIT_SEEN_EVERY,
    }
    if (await connection.execute(_LOOKED, values)).first() is not None:
        return
    # Two looks at once wait for each other here, and the second one then sees the first one's line.
    await connection.execute(_ALONE, {"key": f"{action}:{thing.id}:{actor.user_id}"})
    if (await connection.execute(_LOOKED, values)).first() is None:
        await record(session, actor, action, thing, facts, now=now)


async def list_entries(
    session: AsyncSession,
    actor: Actor,
    *,
    who: str = "",
    cursor: str | None = None,
    limit: int = PAGE_DEFAULT,
) -> EntryPage:
    """The log, newest first; `who` is the name or the address of the one who acted.

    Raises: Unauthenticated, Forbidden, InvalidInput for a foreign cursor.
    """
    policies.require_admin(actor)
    who = who.replace("\0", "").strip()[:_WHO_MAX]
    values: dict[str, Any] = {"limit": limit + 1}
    if who:
        values["who"] = who
    if cursor:
        [values["after"]] = cursors.decode(f"audit:{who}", cursor, (UUID,))
    statement = _ENTRIES.format(whose=_WHOSE if who else "", older="AND l.id < :after" if cursor else "")
    rows = (await (await session.connection()).execute(text(statement), values)).all()
    entries = [_entry(row) for row in rows[:limit]]
    more = len(rows) > limit
    return EntryPage(entries, cursors.encode(f"audit:{who}", (entries[-1].id,)) if more else None)


def _entry(row: Row[Any]) -> Entry:
    kind = UserType(row.actor_type) if row.actor_type else None
    return Entry(**{**row._mapping, "actor_type": kind})
