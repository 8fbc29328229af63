"""What a guarded page shows instead of its body (pages/guarded.py draws it)."""

from typing import Literal

from naraigoto.errors import DomainError, FamilyNeeded, Unauthenticated, Unavailable

# "" while the page loads.
Access = Literal["", "ok", "login", "family", "missing", "away"]


def access_of(refusal: DomainError) -> Access:
    """A guest may sign in, a guardian begin a family, another role finds nothing, the database be away."""
    if isinstance(refusal, Unauthenticated):
        return "login"
    if isinstance(refusal, FamilyNeeded):
        return "family"
    return "away" if isinstance(refusal, Unavailable) else "missing"
