"""Events inside one process."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LocalSubscription:
    """Remembers which topics changed until it is asked."""

    def __init__(self) -> None:
        self._topics: set[str] = set()
        self._any = asyncio.Event()

    def tell(self, topic: str) -> None:
        """A topic changed."""
        self._topics.add(topic)
        self._any.set()

    async def changed(self, *, within: float) -> frozenset[str]:
        """The topics that changed; empty when nothing did within so many seconds."""
        try:
            async with asyncio.timeout(within):
                await self._any.wait()
        except TimeoutError:
            return frozenset()
        found = frozenset(self._topics)
        self._topics.clear()
        self._any.clear()
        return found


class LocalEvents:
    """A listener is an entry in a dictionary; publishing never waits for anybody."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[LocalSubscription]] = defaultdict(set)

    async def publish(self, topic: str) -> None:
        """Tell everybody who listens."""
        for listener in tuple(self._listeners.get(topic, ())):
            listener.tell(topic)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[LocalSubscription]:
        """Listen for as long as the block runs."""
        listener = LocalSubscription()
        for topic in topics:
            self._listeners[topic].add(listener)
        try:
            yield listener
        finally:
            for topic in topics:
                self._listeners[topic].discard(listener)
                if not self._listeners[topic]:
                    del self._listeners[topic]
