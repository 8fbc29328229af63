"""Access tokens of programs: ours, or the identity provider's; the issuer picks who verifies."""

from datetime import datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.adapters.identity import TokenRefused, tokens
from naraigoto.adapters.identity.oidc import OpenId, openid
from naraigoto.errors import Forbidden, Unauthenticated
from naraigoto.services import identities, sessions

_log = structlog.get_logger("naraigoto.identity")


async def resolve(session: AsyncSession, token: str, *, now: datetime) -> Actor:
    """Who holds the access token. What they may do stands in our database, never in the token.

    Raises: Unauthenticated for a token that is not good, or whose session is over; ProviderAway.
    """
    provider = _provider_of(token)
    if provider is None:
        return await sessions.resolve_bearer(session, token, now=now)
    try:
        # The keys may have to be fetched: the session has not asked the database yet, so it holds nothing.
        subject = await provider.subject_of(token, now=now)
    except TokenRefused as refused:
        _log.warning("identity.refused", reason=str(refused))
        raise Unauthenticated from refused
    actor = await identities.holder(session, provider.provider.issuer, subject)
    if not actor.signed_in:
        raise Unauthenticated
    return actor


async def revoke(session: AsyncSession, token: str, *, now: datetime) -> None:
    """End the session that a token of ours names. Twice is once.

    Raises: Unauthenticated for a token that is not good; Forbidden for the provider's, which ends there.
    """
    if _provider_of(token) is not None:
        raise Forbidden
    await sessions.revoke_bearer(session, token, now=now)


def _provider_of(token: str) -> OpenId | None:
    """The provider, when the token says that it comes from there."""
    provider = openid()
    if provider is None:
        return None
    try:
        issuer = tokens.issuer_of(token)
    except TokenRefused as refused:
        raise Unauthenticated from refused
    return provider if issuer == provider.provider.issuer else None
