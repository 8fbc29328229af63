"""How often the public part of the API may be read (R19)."""

from fastapi import Depends, Request

from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.api.deps import Now, Session
from naraigoto.errors import Forbidden, Unauthenticated
from naraigoto.services import limits
from naraigoto.web.client_address import client_address
from naraigoto.web.session_cookie import actor_from_request


async def _reader(request: Request, session: Session, now: Now) -> Actor:
    # Who may not sign in may still read; they then count by their address.
    try:
        return await actor_from_request(request, session, now)
    except (Unauthenticated, Forbidden):
        return ANONYMOUS


async def bounded(request: Request, session: Session, now: Now) -> None:
    """Count this reading.

    Raises: RateLimited.
    """
    await limits.read_public(await _reader(request, session, now), client_address(request))


PUBLIC = [Depends(bounded)]
