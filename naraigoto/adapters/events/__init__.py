"""Live events: who looks at something hears that it changed, and reads it again.

An event is only a topic (`schedule:<id>`, `school:<id>`, `family:<id>`): it carries nothing private, and
nobody who is not allowed to read learns anything from it.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from naraigoto.adapters.events.local import LocalEvents


class Subscription(Protocol):
    """One listener; what happened while it was busy is told at once, each topic once."""

    async def changed(self, *, within: float) -> frozenset[str]:
        """The topics that changed; empty when nothing did within so many seconds."""
        ...


class Events(Protocol):
    """Tells every listener of a topic, in every process."""

    async def publish(self, topic: str) -> None:
        """Tell that it changed; call it after the commit."""
        ...

    def subscribe(self, *topics: str) -> AbstractAsyncContextManager[Subscription]:
        """Listen for as long as the block runs."""
        ...


_events: Events = LocalEvents()


def current() -> Events:
    """The events of this process."""
    return _events


@asynccontextmanager
async def using(events: Events) -> AsyncIterator[None]:
    """Let this process use other events while the block runs."""
    global _events
    before, _events = _events, events
    try:
        yield
    finally:
        _events = before
