"""Who looks at the screen: every handler enters the house through `edge`."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db
from naraigoto.actor import Actor
from naraigoto.errors import DomainError
from naraigoto.services import accounts, sessions, tickets
from naraigoto.web import client_address, session_cookie

Result = TypeVar("Result")


@dataclass(frozen=True)
class Viewer:
    """What the frame of every page needs to know of the person; empty for guests."""

    signed_in: bool = False
    type: str = ""
    name: str = ""
    tickets: int = 0
    child_mode: bool = False
    unverified: bool = False  # has an address that is not proved yet


@asynccontextmanager
async def edge(state: rx.State) -> AsyncIterator[tuple[AsyncSession, Actor]]:
    """One transaction and who is asking: looked up by the cookie of the websocket, never from a var.

    Raises: Unavailable when the database is away.
    """
    async with db.transaction() as session:
        yield session, await _actor(state, session)


async def retrying_edge(state: rx.State, work: Callable[[AsyncSession, Actor], Awaitable[Result]]) -> Result:
    """Like edge, for work that contends for locks: runs again after a deadlock or serialisation failure.

    Raises: what `work` raises; Unavailable when the database is away.
    """

    async def attempt(session: AsyncSession) -> Result:
        return await work(session, await _actor(state, session))

    return await db.retrying(attempt)


async def _actor(state: rx.State, session: AsyncSession) -> Actor:
    token = session_cookie.read(state.router.headers.cookie)
    return await sessions.resolve_cached(session, token, now=clock.now())


def caller_address(state: rx.State) -> str:
    """Where the browser's websocket comes from, for limits; proxies are counted by Reflex (rxconfig.py)."""
    return client_address.network(state.router.session.client_ip)


class SessionState(rx.State):
    """The person in the frame: name, kind, tickets left."""

    viewer: Viewer = Viewer()

    @rx.event
    async def load(self):
        """Look the person up again; the first thing every page does."""
        try:
            async with edge(self) as (session, actor):
                self.viewer = await _viewer(session, actor)
        except DomainError:
            self.viewer = Viewer()


async def _viewer(session: AsyncSession, actor: Actor) -> Viewer:
    if not actor.signed_in or actor.type is None:
        return Viewer()
    me = await accounts.me(session, actor)
    left = await tickets.usable(session, actor.family_id, now=clock.now()) if actor.family_id else 0
    lent = actor.device_of is not None
    return Viewer(
        signed_in=True,
        type=actor.type.value,
        name=me.name,
        tickets=left,
        child_mode=lent,
        unverified=me.email is not None and not actor.verified,
    )
