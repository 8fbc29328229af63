"""Who reads what everybody may read; each reading is counted (R19)."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.errors import Forbidden, Unauthenticated
from naraigoto.services import limits
from naraigoto.web.client_address import client_address
from naraigoto.web.session_cookie import actor_from_request


async def reader(request: Request, session: AsyncSession, now: datetime) -> Actor:
    """Who asks; who may not sign in may still read, and then counts by their address.

    Raises: RateLimited.
    """
    try:
        actor = await actor_from_request(request, session, now)
    except (Unauthenticated, Forbidden):
        actor = ANONYMOUS
    await limits.read_public(actor, client_address(request))
    return actor


async def counted(request: Request) -> None:
    """Count a reading where nobody is asked who they are.

    Raises: RateLimited.
    """
    await limits.read_public(ANONYMOUS, client_address(request))
