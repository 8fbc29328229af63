"""Who vouches for a token: the issuer's public keys, behind one Protocol (ours, or an OIDC provider's)."""

from datetime import datetime
from typing import Any, Protocol

Jwk = dict[str, Any]


class KeySource(Protocol):
    """The public keys of one issuer."""

    def key(self, kid: str, now: datetime) -> Jwk | None:
        """The one public key with this id that is good at `now`, or None."""
        ...


class TokenRefused(Exception):
    """The token proves nothing; the reason stays with us."""
