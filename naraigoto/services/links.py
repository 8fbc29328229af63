"""Links that prove an inbox. One works once: it is bound to the very thing that it changes."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from naraigoto.adapters.identity import TokenRefused, links
from naraigoto.adapters.identity.keys import local_keys
from naraigoto.errors import LinkUnusable


class Purpose(StrEnum):
    """What a link may do, and nothing else."""

    VERIFY = "verify"
    RESET = "reset"
    UNDO_DELETION = "undo-deletion"


def make(purpose: Purpose, user_id: UUID, *bound: str, lifetime: timedelta, now: datetime) -> str:
    """The token of a link for this person; it is good as long as `bound` are the same values."""
    claims = {"user": str(user_id), "bound": fingerprint(*bound)}
    return links.issue(local_keys(), purpose=purpose, claims=claims, expires_at=now + lifetime)


class Link:
    """A link that is ours and not too old; whether it was used is for `bound_to` to say."""

    def __init__(self, user_id: UUID, bound: str) -> None:
        self.user_id = user_id
        self._bound = bound

    def bound_to(self, *values: str) -> bool:
        """True while the values are those for which the link was made."""
        return self._bound == fingerprint(*values)


def follow(purpose: Purpose, token: str, *, now: datetime) -> Link:
    """Read the token of a link.

    Raises: LinkUnusable for a forged one, one for something else, and one too old.
    """
    try:
        claims = links.read(local_keys(), token, purpose=purpose, now=now)
    except TokenRefused as refused:
        raise LinkUnusable from refused
    return Link(UUID(claims["user"]), claims["bound"])


def fingerprint(*values: str) -> str:
    """Tells values apart without telling them: links lie about in inboxes and histories of browsers."""
    return hashlib.sha256("\0".join(values).encode("utf-8", "surrogatepass")).hexdigest()[:32]
