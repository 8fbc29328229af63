"""Counts tries in windows of time: in this process, or in Redis for all of them (`limits`)."""

import time
from functools import lru_cache

import structlog
from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string
from redis.exceptions import RedisError

from naraigoto.rules import Rate
from naraigoto.settings import get_settings

_AWAY = (StorageError, RedisError, OSError, TimeoutError)
_log = structlog.get_logger()


class Counter:
    """One number by key, in a window that begins with its first try, so the wait that is told is the wait.

    While Redis is away each process counts for itself.
    """

    def __init__(self, storage: Storage) -> None:
        self._shared = FixedWindowRateLimiter(storage)
        self._own = FixedWindowRateLimiter(MemoryStorage())

    async def hit(self, rate: Rate, *key: str) -> bool:
        """Count one; False when the window was full."""
        item = _item(rate)
        try:
            return await self._shared.hit(item, *key)
        except _AWAY as away:
            _log.warning("limits.away", reason=type(away).__name__)
            return await self._own.hit(item, *key)

    async def seconds_to_wait(self, rate: Rate, *key: str) -> int:
        """Whole seconds until the window takes one more; 0 when it does now."""
        item = _item(rate)
        try:
            stats = await self._shared.get_window_stats(item, *key)
        except _AWAY:
            stats = await self._own.get_window_stats(item, *key)
        return 0 if stats.remaining > 0 else max(1, int(stats.reset_time - time.time()) + 1)

    async def clear(self, rate: Rate, *key: str) -> None:
        """Forget what was counted."""
        item = _item(rate)
        try:
            await self._shared.clear(item, *key)
        except _AWAY:
            await self._own.clear(item, *key)


def _item(rate: Rate) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(rate.count, int(rate.within.total_seconds()))


def make_counter(redis_url: str | None) -> Counter:
    """A counter on Redis, or in memory without one."""
    if redis_url is None:
        return Counter(MemoryStorage())
    shared = storage_from_string(f"async+{redis_url}", implementation="redispy")
    return Counter(shared)  # pyright: ignore[reportArgumentType]  # async+ makes the asynchronous kind


@lru_cache
def counter() -> Counter:
    """The counter of this process."""
    return make_counter(get_settings().redis_url)
