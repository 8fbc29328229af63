"""Signed-in devices: a random value in the cookie, its hash in the table, revocable at once."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.adapters.identity import TokenRefused, tokens
from naraigoto.adapters.identity.keys import local_keys
from naraigoto.errors import Unauthenticated
from naraigoto.models.accounts import Identity, IdentityProvider, Session, User
from naraigoto.rules import ACCESS_TOKEN_LIFETIME, SESSION_ABSOLUTE, SESSION_IDLE
from naraigoto.services import actors
from naraigoto.settings import get_settings

_SEEN_EVERY = timedelta(hours=1)
_CACHED_FOR = timedelta(seconds=5)
_CACHED_AT_MOST = 10_000
_USER_AGENT_LENGTH = 300

_cache: dict[str, tuple[datetime, Actor]] = {}


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: its id for tokens, the secret value for the cookie. Only the hash is stored."""

    id: UUID
    token: str


async def create(
    session: AsyncSession, user_id: UUID, *, user_agent: str, identity_id: UUID | None = None, now: datetime
) -> Opened:
    """Sign a device in; `identity_id` tells by which of the person's identities."""
    token = secrets.token_urlsafe(32)
    row = Session(
        user_id=user_id,
        identity_id=identity_id,
        token_hash=_hashed(token),
        user_agent="".join(c for c in user_agent if c.isprintable())[:_USER_AGENT_LENGTH],
        created_at=now,
        last_seen_at=now,
        expires_at=now + SESSION_ABSOLUTE,
    )
    session.add(row)
    await session.flush()
    return Opened(row.id, token)


async def resolve(session: AsyncSession, token: str | None, *, now: datetime) -> Actor:
    """Who holds the cookie value; ANONYMOUS when the session is unknown, over, revoked or its user gone."""
    if not token:
        return ANONYMOUS
    return await _resolve(session, col(Session.token_hash) == _hashed(token), now)


def access_token(*, user_id: UUID, session_id: UUID, now: datetime) -> str:
    """A token for the API that names its session, so that signing out ends it too."""
    return tokens.issue(
        local_keys().signing(now),
        issuer=get_settings().public_url,
        user_id=user_id,
        session_id=session_id,
        lifetime=ACCESS_TOKEN_LIFETIME,
        now=now,
    )


async def resolve_bearer(session: AsyncSession, token: str, *, now: datetime) -> Actor:
    """Who holds the access token.

    Raises: Unauthenticated for a token that is not good, or whose session is over.
    """
    claims = _claims(token, now)
    # A token of the guardian does not turn into the child's when the device does.
    mine = and_(
        col(Session.id) == claims.session_id,
        func.coalesce(col(Session.acting_as), col(Session.user_id)) == claims.user_id,
    )
    actor = await _resolve(session, mine, now)
    if not actor.signed_in:
        raise Unauthenticated
    return actor


async def resolve_cached(session: AsyncSession, token: str | None, *, now: datetime) -> Actor:
    """Like resolve, at most 5 seconds old: for screens, where every click asks."""
    if not token:
        return ANONYMOUS
    key = _hashed(token)
    found = _cache.get(key)
    if found is not None and timedelta(0) <= now - found[0] < _CACHED_FOR:
        return found[1]
    _cache.pop(key, None)
    actor = await resolve(session, token, now=now)
    if actor.signed_in:
        _remember(key, actor, now)
    return actor


async def began_at_provider(session: AsyncSession, token: str | None) -> bool:
    """True when the session of a cookie value began at an identity provider, where it has to end too."""
    if not token:
        return False
    statement = (
        select(col(Session.id))
        .join(Identity, col(Identity.id) == col(Session.identity_id))
        .where(
            col(Session.token_hash) == _hashed(token),
            col(Session.revoked_at).is_(None),
            col(Identity.provider) == IdentityProvider.OIDC,
        )
    )
    return (await (await session.connection()).execute(statement)).first() is not None


async def revoke(session: AsyncSession, token: str | None, *, now: datetime) -> None:
    """End the session of a cookie value, at once on every screen of this process. Twice is once."""
    if not token:
        return
    key = _hashed(token)
    await _revoke(session, col(Session.token_hash) == key, now)
    _remember(key, ANONYMOUS, now)


async def revoke_bearer(session: AsyncSession, token: str, *, now: datetime) -> None:
    """End the session that an access token names, and its cookie with it. Twice is once.

    Raises: Unauthenticated for a token that is not good.
    """
    for key in await _revoke(session, col(Session.id) == _claims(token, now).session_id, now):
        _remember(key, ANONYMOUS, now)


async def rotate(session: AsyncSession, actor: Actor, *, now: datetime, **changes: Any) -> Opened:
    """Give the asker's session a new secret, after which the old cookie is worth nothing.

    For every change of what the session may do; `changes` are columns to change with it (`acting_as`).

    Raises: Unauthenticated when the session is over.
    """
    token = secrets.token_urlsafe(32)
    mine = (col(Session.id) == actor.session_id, col(Session.revoked_at).is_(None))
    old = select(col(Session.token_hash)).where(*mine).with_for_update()
    connection = await session.connection()
    found = (await connection.execute(old)).scalar_one_or_none()
    if found is None or actor.session_id is None:
        raise Unauthenticated
    await connection.execute(update(Session).where(*mine).values(token_hash=_hashed(token), **changes))
    _remember(found, ANONYMOUS, now)
    return Opened(actor.session_id, token)


async def revoke_all(
    session: AsyncSession, user_id: UUID, *, except_id: UUID | None = None, now: datetime
) -> int:
    """End every session of a person (but one), also those in which a device acts as them.

    Answers how many ended.
    """
    theirs = or_(col(Session.user_id) == user_id, col(Session.acting_as) == user_id)
    which = theirs if except_id is None else and_(theirs, col(Session.id) != except_id)
    return await revoke_where(session, which, now=now)


async def revoke_where(session: AsyncSession, which: ColumnElement[bool], *, now: datetime) -> int:
    """End the sessions that a service has picked by its own policy; answers how many ended."""
    ended = await _revoke(session, which, now)
    for key in ended:
        _remember(key, ANONYMOUS, now)
    return len(ended)


def alive(now: datetime) -> ColumnElement[bool]:
    """Sessions that are neither revoked nor over nor idle for too long."""
    return and_(
        col(Session.revoked_at).is_(None),
        col(Session.expires_at) > now,
        col(Session.last_seen_at) > now - SESSION_IDLE,
    )


async def end_child_mode(session: AsyncSession, user_id: UUID, *, now: datetime) -> None:
    """End the sessions in which this guardian's devices act as a child: they left the family."""
    acting = (col(Session.user_id) == user_id, col(Session.acting_as).is_not(None))
    for key in await _revoke(session, and_(*acting), now):
        _remember(key, ANONYMOUS, now)


def forget(user_id: UUID) -> None:
    """Look this person up again at the next click: what they may do has changed."""
    for key in [key for key, (_, actor) in _cache.items() if actor.user_id == user_id]:
        del _cache[key]


def forget_all() -> None:
    """Look everybody up again at the next click."""
    _cache.clear()


async def _resolve(session: AsyncSession, which: ColumnElement[bool], now: datetime) -> Actor:
    connection = await session.connection()
    acting, holder = col(Session.acting_as), aliased(User)
    holds = select(col(holder.id)).where(
        col(holder.id) == col(Session.user_id),
        col(holder.suspended_at).is_(None),
        col(holder.deleted_at).is_(None),
    )
    more = (col(Session.id).label("session_id"), col(Session.last_seen_at), acting, col(Session.user_id))
    statement = (
        actors.of_users(*more)
        .join(Session, func.coalesce(acting, col(Session.user_id)) == col(User.id))
        .where(
            which,
            or_(acting.is_(None), holds.exists()),
            alive(now),
        )
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return ANONYMOUS
    if row.last_seen_at <= now - _SEEN_EVERY:
        await connection.execute(_seen(row.session_id, now))
    device_of = row.user_id if row.acting_as is not None else None
    return replace(actors.from_row(row), session_id=row.session_id, device_of=device_of)


def _claims(token: str, now: datetime) -> tokens.AccessClaims:
    try:
        return tokens.verify(token, local_keys(), issuer=get_settings().public_url, now=now)
    except TokenRefused as refused:
        raise Unauthenticated from refused


def _seen(session_id: UUID, now: datetime) -> Any:
    stale = col(Session.last_seen_at) <= now - _SEEN_EVERY
    return update(Session).where(col(Session.id) == session_id, stale).values(last_seen_at=now)


async def _revoke(session: AsyncSession, which: ColumnElement[bool], now: datetime) -> list[str]:
    statement = (
        update(Session)
        .where(which, col(Session.revoked_at).is_(None))
        .values(revoked_at=now)
        .returning(col(Session.token_hash))
    )
    return list((await (await session.connection()).execute(statement)).scalars())


def _remember(key: str, actor: Actor, now: datetime) -> None:
    while len(_cache) >= _CACHED_AT_MOST:
        _cache.pop(next(iter(_cache)))
    _cache[key] = (now, actor)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
