"""What a guarded page shows instead of its body (pages/guarded.py draws it)."""

from typing import Literal

from naraigoto.errors import DomainError, Unauthenticated, Unavailable

# "" while the page loads.
Access = Literal["", "ok", "login", "missing", "away"]


def access_of(refusal: DomainError) -> Access:
    """A guest may sign in, another role finds nothing, and the database may be away."""
    if isinstance(refusal, Unauthenticated):
        return "login"
    return "away" if isinstance(refusal, Unavailable) else "missing"
