"""Mails about a closed account: to who left, with the link that undoes it, and to who takes over (D17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.base import new_id
from naraigoto.models.notifications import OutboxMessage, OutboxStatus
from naraigoto.services import links
from naraigoto.services.notifications import Facts, Kind, Loader, Side


async def account_closed(
    session: AsyncSession, *, user_id: UUID, erase_after: datetime, now: datetime
) -> None:
    """Promise the mail with the undo link, once for each closing."""
    closing = mark(erase_after)
    await _promise(session, Kind.ACCOUNT_CLOSED, user_id, f"user:{user_id}:closed:{closing}", closing, now)


async def family_passed_on(
    session: AsyncSession, *, family_id: UUID, heir: UUID, erase_after: datetime, now: datetime
) -> None:
    """Promise to tell the co-guardian who owns the family from now on."""
    closing = mark(erase_after)
    await _promise(session, Kind.FAMILY_PASSED_ON, heir, f"family:{family_id}:passed:{closing}", closing, now)


async def _promise(
    session: AsyncSession, kind: Kind, recipient: UUID, key: str, closing: str, now: datetime
) -> None:
    statement = insert(OutboxMessage).values(
        id=new_id(),
        kind=kind.value,
        dedupe_key=key,
        recipient_user_id=recipient,
        payload={"side": Side.ACCOUNT.value, "closing": closing},
        status=OutboxStatus.QUEUED,
        run_at=now,
        created_at=now,
    )
    await (await session.connection()).execute(statement.on_conflict_do_nothing())


def mark(erase_after: datetime) -> str:
    """Tells one closing of a person from another."""
    return str(int(erase_after.timestamp() * 1_000_000))


def undo_token(user_id: UUID, erase_after: datetime, *, now: datetime) -> str:
    """The token of the link that undoes this closing and no other."""
    lifetime = erase_after - now
    return links.make(links.Purpose.UNDO_DELETION, user_id, mark(erase_after), lifetime=lifetime, now=now)


@dataclass(frozen=True, slots=True)
class AccountClosed(Facts):
    """Who has gone, until when they can come back, and how."""

    name: str
    erase_after: datetime
    token: str


# No names in an inbox that is not proved: it may be a stranger's (account_notices.py).
_CLOSED = text("""
SELECT email, erase_after, CASE WHEN email_verified_at IS NULL THEN '' ELSE name END AS name FROM users
WHERE id = :recipient AND email IS NOT NULL AND deleted_at IS NOT NULL AND erase_after > :now
""")


async def _closed(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> AccountClosed | None:
    connection = await session.connection()
    row = (await connection.execute(_CLOSED, {"recipient": recipient, "now": now})).one_or_none()
    if row is None or mark(row.erase_after) != payload["closing"]:
        return None
    token = undo_token(recipient, row.erase_after, now=now)
    return AccountClosed(Side(payload["side"]), row.email, row.name, row.erase_after, token)


@dataclass(frozen=True, slots=True)
class FamilyPassedOn(Facts):
    """Who owns a family from now on, and how it is called."""

    name: str
    family: str


_PASSED_ON = text("""
SELECT r.email, CASE WHEN r.email_verified_at IS NULL THEN '' ELSE r.name END AS name,
       CASE WHEN r.email_verified_at IS NULL THEN '' ELSE f.name END AS family FROM families f
JOIN users r ON r.id = f.parent_user_id AND r.id = :recipient AND r.email IS NOT NULL AND r.deleted_at IS NULL
""")


async def _passed_on(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], _now: datetime
) -> FamilyPassedOn | None:
    connection = await session.connection()
    row = (await connection.execute(_PASSED_ON, {"recipient": recipient})).one_or_none()
    return None if row is None else FamilyPassedOn(Side(payload["side"]), row.email, row.name, row.family)


FACTS: Final[Mapping[Kind, Loader]] = {Kind.ACCOUNT_CLOSED: _closed, Kind.FAMILY_PASSED_ON: _passed_on}
