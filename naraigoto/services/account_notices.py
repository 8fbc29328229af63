"""Promises about one's own account, and what those mails say: links for the inbox, news for its owner (D16).

Payloads hold no address and no link: both are read and made when the mail is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.base import new_id
from naraigoto.models.notifications import OutboxMessage, OutboxStatus
from naraigoto.rules import RESET_LINK_LIFETIME, VERIFY_LINK_LIFETIME
from naraigoto.services import links
from naraigoto.services.links import Purpose
from naraigoto.services.notifications import Facts, Kind, Loader, Side


async def promise(session: AsyncSession, kind: Kind, user_id: UUID, *, now: datetime) -> None:
    """Promise this person the mail; a second press of the button within the minute promises nothing more."""
    await session.flush()
    row = await _person(session, user_id)
    if row is None:
        return
    state = links.fingerprint(row.email, row.pending_email, row.secret_hash or "")
    payload = {"side": Side.ACCOUNT.value, "email": links.fingerprint(row.email), "at": now.isoformat()}
    statement = insert(OutboxMessage).values(
        id=new_id(),
        kind=kind.value,
        dedupe_key=f"user:{user_id}:{kind.value}:{state}:{int(now.timestamp()) // 60}",
        recipient_user_id=user_id,
        payload=payload | {"pending": links.fingerprint(row.pending_email)},
        status=OutboxStatus.QUEUED,
        run_at=now,
        created_at=now,
    )
    await (await session.connection()).execute(statement.on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class WithLink(Facts):
    """A mail whose button carries a token, good for so many hours; no name where the inbox is not proved."""

    name: str
    token: str
    hours: int


@dataclass(frozen=True, slots=True)
class News(Facts):
    """A mail that only tells; `at` is the moment it tells of."""

    name: str
    at: datetime


# Nobody's words go to an inbox that is not proved: whoever signed up may have typed a stranger's address.
_PERSON = text("""
SELECT u.id, u.email, coalesce(u.pending_email, '') AS pending_email, u.email_verified_at, i.secret_hash,
       CASE WHEN u.email_verified_at IS NULL THEN '' ELSE u.name END AS name,
       EXISTS (SELECT 1 FROM users o WHERE lower(o.email) = lower(u.pending_email)) AS pending_taken
FROM users u LEFT JOIN identities i ON i.user_id = u.id AND i.provider = 'local'
WHERE u.id = :user AND u.email IS NOT NULL AND u.deleted_at IS NULL AND u.suspended_at IS NULL
""")


async def _person(session: AsyncSession, user_id: UUID) -> Row[Any] | None:
    return (await (await session.connection()).execute(_PERSON, {"user": user_id})).one_or_none()


async def _reader(session: AsyncSession, user_id: UUID, payload: Mapping[str, Any]) -> Row[Any] | None:
    """The person, while their address is that of the promise."""
    row = await _person(session, user_id)
    return row if row is not None and links.fingerprint(row.email) == payload["email"] else None


async def _verification(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> WithLink | None:
    row = await _reader(session, recipient, payload)
    if row is None or row.email_verified_at is not None:
        return None
    return _with_link(Purpose.VERIFY, row, row.email, (row.email,), VERIFY_LINK_LIFETIME, now)


async def _change(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> WithLink | None:
    row = await _reader(session, recipient, payload)
    # Whose address it is already learns nothing of this, and neither does whoever asked.
    if row is None or not row.pending_email or row.pending_taken:
        return None
    if links.fingerprint(row.pending_email) != payload["pending"]:
        return None
    bound = (row.pending_email,)
    return _with_link(Purpose.VERIFY, row, row.pending_email, bound, VERIFY_LINK_LIFETIME, now)


async def _reset(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> WithLink | None:
    row = await _reader(session, recipient, payload)
    if row is None or row.secret_hash is None:
        return None
    bound = (row.email, row.secret_hash)
    return _with_link(Purpose.RESET, row, row.email, bound, RESET_LINK_LIFETIME, now)


async def _news(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], _now: datetime
) -> News | None:
    row = await _reader(session, recipient, payload)
    if row is None:
        return None
    return News(Side.ACCOUNT, row.email, row.name, datetime.fromisoformat(payload["at"]))


def _with_link(
    purpose: Purpose, row: Row[Any], to: str, bound: tuple[str, ...], lifetime: timedelta, now: datetime
) -> WithLink:
    token = links.make(purpose, row.id, *bound, lifetime=lifetime, now=now)
    name = row.name if to == row.email else ""
    return WithLink(Side.ACCOUNT, to, name, token, int(lifetime.total_seconds()) // 3600)


FACTS: Final[Mapping[Kind, Loader]] = {
    Kind.EMAIL_VERIFICATION: _verification,
    Kind.SIGNUP_ATTEMPTED: _news,
    Kind.PASSWORD_RESET: _reset,
    Kind.PASSWORD_CHANGED: _news,
    Kind.EMAIL_CHANGE: _change,
    Kind.EMAIL_CHANGED: _news,
}
