"""What a transaction leaves to be done once it is committed: only what may be lost, such as live events."""

from collections.abc import Awaitable, Callable

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

_KEY = "afterwards"
_log = structlog.get_logger()


def put_off(session: AsyncSession, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do this after the commit of the session's transaction, once for each name; never after a roll back."""
    session.info.setdefault(_KEY, {})[name] = work


async def do(session: AsyncSession) -> None:
    """Do what was put off; db.transaction calls this after the commit."""
    for work in session.info.pop(_KEY, {}).values():
        try:
            await work()
        except Exception as failure:  # it is committed: what follows must not undo the answer
            _log.warning("db.afterwards_failed", reason=type(failure).__name__)
