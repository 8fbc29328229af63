"""The one place that makes and reads signed tokens (RS256). Nothing else imports `jose.jwt`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from jose import jwt
from jose.constants import ALGORITHMS
from jose.exceptions import JOSEError

from naraigoto.adapters.identity import Jwk, KeySource, TokenRefused
from naraigoto.adapters.identity.keys import SigningKey
from naraigoto.rules import CLOCK_LEEWAY

CLIENT_ID = "naraigoto"
_LEEWAY_SECONDS = int(CLOCK_LEEWAY.total_seconds())
_LENGTH_MAX = 8192
# Headers by which a token would choose its own key, or change how it is read.
_FORBIDDEN_HEADERS = {"crit", "jku", "jwk", "x5u", "x5c", "b64", "zip"}
# Times and audiences are compared by us; python-jose would read the clock of the machine, and would take
# a token without `aud` or `exp`.
_OPTIONS = {
    "require_iss": True,
    "require_sub": True,
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a verified access token of ours says: which user, by which session."""

    user_id: UUID
    session_id: UUID


def issue(
    key: SigningKey, *, issuer: str, user_id: UUID, session_id: UUID, lifetime: timedelta, now: datetime
) -> str:
    """A signed access token that ends with its lifetime or its session, whichever is first."""
    at = int(now.timestamp())
    claims = {
        "iss": issuer,
        "sub": str(user_id),
        "sid": str(session_id),
        "client_id": CLIENT_ID,
        "token_use": "access",
        "iat": at,
        "exp": at + int(lifetime.total_seconds()),
    }
    return jwt.encode(claims, key.private, algorithm=ALGORITHMS.RS256, headers={"kid": key.kid})


def verify(token: str, keys: KeySource, *, issuer: str, now: datetime) -> AccessClaims:
    """What a token says, if it is ours and good at `now`.

    Raises: TokenRefused for anything else.
    """
    claims = signed_claims(token, keys.key(key_id(token), now), issuer=issuer, now=now)
    if claims.get("token_use") != "access" or claims.get("client_id") != CLIENT_ID:
        raise TokenRefused("not an access token of this site")
    try:
        return AccessClaims(UUID(claims["sub"]), UUID(claims["sid"]))
    except (KeyError, TypeError, ValueError, AttributeError) as broken:
        raise TokenRefused("no user or session") from broken


def issuer_of(token: str) -> str:
    """Whom the token names as its issuer, unproved: it only chooses who verifies.

    Raises: TokenRefused.
    """
    key_id(token)
    try:
        issuer = jwt.get_unverified_claims(token).get("iss")
    except (JOSEError, ValueError, TypeError, AttributeError) as broken:
        raise TokenRefused("not verifiable") from broken
    if not isinstance(issuer, str):
        raise TokenRefused("no issuer")
    return issuer


def key_id(token: str) -> str:
    """By which key the token says it is signed, if its header may be believed at all.

    Raises: TokenRefused.
    """
    if len(token) > _LENGTH_MAX or token.count(".") != 2 or not token.isascii():
        raise TokenRefused("not a signed token")
    try:
        header = jwt.get_unverified_header(token)
    except (JOSEError, ValueError, TypeError, AttributeError) as broken:
        raise TokenRefused("not verifiable") from broken
    kid = header.get("kid")
    if header.get("alg") != ALGORITHMS.RS256 or not isinstance(kid, str):
        raise TokenRefused("wrong algorithm or no key id")
    if not _FORBIDDEN_HEADERS.isdisjoint(header):
        raise TokenRefused("a header that chooses its own key")
    return kid


def signed_claims(
    token: str, key: Jwk | None, *, issuer: str, now: datetime, access_token: str | None = None
) -> dict[str, Any]:
    """The claims of a token of `issuer`, signed by exactly this key and good at `now`.

    `access_token` is the one that came with an id token, to which `at_hash` must fit.

    Raises: TokenRefused.
    """
    key_id(token)
    if key is None:
        raise TokenRefused("unknown key")
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHMS.RS256],
            issuer=issuer,
            access_token=access_token,
            options=dict(_OPTIONS),
        )
    except (JOSEError, ValueError, TypeError, AttributeError) as broken:
        raise TokenRefused("not verifiable") from broken
    _refuse_wrong_time(claims, int(now.timestamp()))
    return claims


def _refuse_wrong_time(claims: dict[str, Any], now: int) -> None:
    for name in ("exp", "iat"):
        if type(claims.get(name)) is not int:
            raise TokenRefused(f"no {name}")
    if claims["exp"] <= now - _LEEWAY_SECONDS:
        raise TokenRefused("expired")
    if claims["iat"] > now + _LEEWAY_SECONDS:
        raise TokenRefused("issued in the future")
    not_before = claims.get("nbf", now)
    if type(not_before) is not int or not_before > now + _LEEWAY_SECONDS:
        raise TokenRefused("not yet valid")
