"""What a guarded page shows instead of its body (pages/guarded.py draws it)."""

from typing import Literal

from naraigoto.errors import DomainError, FamilyNeeded, RateLimited, Unauthenticated, Unavailable

# "" while the page loads.
Access = Literal["", "ok", "login", "family", "missing", "limited", "away"]


def access_of(refusal: DomainError) -> Access:
    """A guest may sign in, a guardian begin a family, a burst wait, the database be away.

    For everybody else there is nothing here.
    """
    if isinstance(refusal, Unauthenticated):
        return "login"
    if isinstance(refusal, FamilyNeeded):
        return "family"
    if isinstance(refusal, RateLimited):
        return "limited"
    return "away" if isinstance(refusal, Unavailable) else "missing"
