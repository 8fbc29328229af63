"""The one place that makes and reads access tokens (RS256). Nothing else imports `jose.jwt`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from jose import jwt
from jose.constants import ALGORITHMS
from jose.exceptions import JOSEError

from naraigoto.adapters.identity import KeySource, TokenRefused
from naraigoto.adapters.identity.keys import LocalKeys

CLIENT_ID = "naraigoto"
LEEWAY_SECONDS = 30
_LENGTH_MAX = 4096
# Headers by which a token would choose its own key, or change how it is read.
_FORBIDDEN_HEADERS = {"crit", "jku", "jwk", "x5u", "x5c", "b64", "zip"}
# Times are compared with `now` below; python-jose would read the clock of the machine.
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
    """What a verified access token says: which user, by which session."""

    user_id: UUID
    session_id: UUID


def issue(
    keys: LocalKeys, *, issuer: str, user_id: UUID, session_id: UUID, lifetime: timedelta, now: datetime
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
    return jwt.encode(claims, keys.pem, algorithm=ALGORITHMS.RS256, headers={"kid": keys.kid})


def verify(token: str, keys: KeySource, *, issuer: str, now: datetime) -> AccessClaims:
    """What a token says, if it is ours and good at `now`.

    Raises: TokenRefused for anything else.
    """
    claims = _signed_claims(token, keys, issuer)
    _refuse_wrong_time(claims, int(now.timestamp()))
    if claims.get("token_use") != "access" or claims.get("client_id") != CLIENT_ID:
        raise TokenRefused("not an access token of this site")
    try:
        return AccessClaims(UUID(claims["sub"]), UUID(claims["sid"]))
    except (KeyError, TypeError, ValueError, AttributeError) as broken:
        raise TokenRefused("no user or session") from broken


def _signed_claims(token: str, keys: KeySource, issuer: str) -> dict[str, Any]:
    if len(token) > _LENGTH_MAX or token.count(".") != 2 or not token.isascii():
        raise TokenRefused("not a signed token")
    try:
        header = jwt.get_unverified_header(token)
        kid = header.get("kid")
        if header.get("alg") != ALGORITHMS.RS256 or not isinstance(kid, str):
            raise TokenRefused("wrong algorithm or no key id")
        if not _FORBIDDEN_HEADERS.isdisjoint(header):
            raise TokenRefused("a header that chooses its own key")
        key = keys.key(kid)
        if key is None:
            raise TokenRefused("unknown key")
        return jwt.decode(token, key, algorithms=[ALGORITHMS.RS256], issuer=issuer, options=dict(_OPTIONS))
    except (JOSEError, ValueError, TypeError, AttributeError) as broken:
        raise TokenRefused("not verifiable") from broken


def _refuse_wrong_time(claims: dict[str, Any], now: int) -> None:
    for name in ("exp", "iat"):
        if type(claims.get(name)) is not int:
            raise TokenRefused(f"no {name}")
    if claims["exp"] <= now - LEEWAY_SECONDS:
        raise TokenRefused("expired")
    if claims["iat"] > now + LEEWAY_SECONDS:
        raise TokenRefused("issued in the future")
    not_before = claims.get("nbf", now)
    if type(not_before) is not int or not_before > now + LEEWAY_SECONDS:
        raise TokenRefused("not yet valid")
