"""All of one's own data, part by part (D17): who may take what, and the rows."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.models.families import FamilyMember
from naraigoto.rules import EXPORTS
from naraigoto.services import audit, limits
from naraigoto.services.privacy.inventory import EXPORTED, Part

_BATCH = 500
# The bookings through which the log touches a family.
_THEIRS = """
WITH theirs AS MATERIALIZED (
  SELECT b.id, b.created_at, b.cancelled_at, s.school_id, s.start_date_jst::text AS day
  FROM bookings b JOIN lesson_schedules s ON s.id = b.schedule_id
  WHERE b.user_id = ANY(CAST(:people AS uuid[])) OR b.family_id = CAST(:family AS uuid)
)
"""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes their data home: themselves, and for an owner guardian the children and the family."""

    user_id: UUID
    people: tuple[UUID, ...]
    family_id: UUID | None


async def start(session: AsyncSession, actor: Actor, *, now: datetime) -> Taker:
    """Allow one export, count it and note it (D17).

    An owner guardian takes the family with its children; a co-guardian, a child and a school their own part.

    Raises: Unauthenticated, RateLimited after a few a day.
    """
    user_id = policies.require_signed_in(actor)
    await limits.spend(EXPORTS, "export", str(user_id))
    family_id = actor.family_id if actor.owns_family else None
    people = [user_id]
    if family_id is not None:
        children = select(col(FamilyMember.user_id)).where(col(FamilyMember.family_id) == family_id)
        people += (await (await session.connection()).execute(children)).scalars()
    await audit.record(session, actor, "account.exported", audit.Thing("user", user_id), now=now)
    return Taker(user_id, tuple(people), family_id)


async def freeze(session: AsyncSession) -> None:
    """Make the transaction, before its first query, one that sees a single moment and writes nothing."""
    await (await session.connection()).execute(
        text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    )


def parts() -> tuple[str, ...]:
    """The names of all parts, in the order of the export."""
    return tuple(part.name for part in EXPORTED)


async def rows(
    session: AsyncSession, taker: Taker, name: str
) -> AsyncIterator[tuple[Sequence[str], Sequence[Sequence[Any]]]]:
    """The rows of one part in batches, each with the names of its columns; at least one batch, maybe empty.

    Raises: Unavailable when the database goes away.
    """
    part = next(part for part in EXPORTED if part.name == name)
    values = {"people": list(taker.people), "family": taker.family_id}
    connection = await session.connection()
    result = await connection.stream(text(_statement(part)), values)
    columns = tuple(result.keys())
    yield columns, ()
    async for batch in result.partitions(_BATCH):
        yield columns, batch


def _statement(part: Part) -> str:
    lead = _THEIRS if part.table == "audit_log" else ""
    wanted = f"SELECT {part.columns} FROM {part.table} t {part.joins}"
    return f"{lead} {wanted} WHERE {part.whose} ORDER BY {part.order}"
