"""What every route may ask for: one transaction, who is asking, the moment."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db
from naraigoto.actor import Actor
from naraigoto.errors import Unauthenticated
from naraigoto.web import session_cookie
from naraigoto.web.session_cookie import actor_from_request

Result = TypeVar("Result")


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


class Contended:
    """For work that contends for locks: a transaction and the caller per attempt, up to three (D5)."""

    def __init__(self, request: Request, now: Now) -> None:
        # Known before the body is looked at, so that a guest is asked to sign in whatever they sent.
        if session_cookie.bearer(request) is None and not session_cookie.read(request.headers.get("cookie")):
            raise Unauthenticated
        self._request, self._now = request, now

    async def run(self, work: Callable[[AsyncSession, Actor], Awaitable[Result]]) -> Result:
        """The answer of `work`, committed before it is given back.

        Raises: what `work` raises; Unauthenticated, Forbidden as for CurrentActor; Unavailable.
        """

        async def attempt(session: AsyncSession) -> Result:
            return await work(session, await actor_from_request(self._request, session, self._now))

        return await db.retrying(attempt)


Retrying = Annotated[Contended, Depends()]
