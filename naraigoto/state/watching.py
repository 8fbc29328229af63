"""Pages that change by themselves: a background task listens for as long as its page is open."""

from collections.abc import AsyncIterator, Callable

import reflex as rx
from reflex_base.registry import RegistrationContext

from naraigoto.services import live

# Every so often the task looks whether anybody still looks.
_LOOK_AROUND_SECONDS = 5.0


async def changes(state: rx.State, topic: str, *, wanted: Callable[[], bool]) -> AsyncIterator[None]:
    """Yields when the topic has changed; ends when it is unwanted or the page's socket has gone."""
    token = state.router.session.client_token
    socket = _socket_of(token)
    if socket is None:
        return
    async with live.listen(topic) as subscription:
        while wanted() and _socket_of(token) == socket:
            if await subscription.changed(within=_LOOK_AROUND_SECONDS):
                yield


def _socket_of(token: str) -> str | None:
    namespace = RegistrationContext.get().app.event_namespace
    return namespace.token_to_sid.get(token) if namespace is not None else None
