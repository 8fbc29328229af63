"""Signed links for mails (itsdangerous): what they may do stands in them, so no table has to remember them.

Each purpose has secrets of its own, derived from the signing keys: links overlap a rotation as tokens do.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from naraigoto.adapters.identity import TokenRefused
from naraigoto.adapters.identity.keys import KeyRing

_LENGTH_MAX = 1024
_EXPIRES = "exp"


def issue(keys: KeyRing, *, purpose: str, claims: Mapping[str, str], expires_at: datetime) -> str:
    """The token of a link that says `claims` until `expires_at`."""
    return _serializer(keys, purpose).dumps({**claims, _EXPIRES: int(expires_at.timestamp())})


def read(keys: KeyRing, token: str, *, purpose: str, now: datetime) -> dict[str, Any]:
    """What a token says, if we made it for this purpose and it is not too old.

    Raises: TokenRefused for anything else.
    """
    if len(token) > _LENGTH_MAX or not token.isascii():
        raise TokenRefused("not a link of ours")
    try:
        claims = _serializer(keys, purpose).loads(token)
    except BadData as broken:
        raise TokenRefused("not a link of ours") from broken
    if int(now.timestamp()) >= claims.pop(_EXPIRES):
        raise TokenRefused("expired")
    return claims


def _serializer(keys: KeyRing, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(keys.secrets(f"link:{purpose}"), salt=purpose)
