"""What every route may ask for: one transaction, who is asking, the moment."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db
from naraigoto.actor import Actor
from naraigoto.web.session_cookie import actor_from_request


async def get_session() -> AsyncIterator[AsyncSession]:
    """The transaction of this request; it commits before the answer leaves."""
    async with db.transaction() as session:
        yield session


def get_now() -> datetime:
    """The moment of this request."""
    return clock.now()


# scope="function": the commit happens before the answer leaves, so nobody is told what did not happen.
Session = Annotated[AsyncSession, Depends(get_session, scope="function")]
Now = Annotated[datetime, Depends(get_now)]


async def get_actor(request: Request, session: Session, now: Now) -> Actor:
    """Who is asking.

    Raises: Unauthenticated for a bad token, Forbidden for a cookie from a foreign page.
    """
    return await actor_from_request(request, session, now)


CurrentActor = Annotated[Actor, Depends(get_actor)]
