"""The psycopg connection under a session, for the few statements whose speed is the matter (ADR 0005)."""

from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


async def connection(session: AsyncSession) -> Connection:
    """The connection on which the session's transaction runs; SQL here takes `%(name)s` parameters.

    What the session holds unflushed is not seen, and errors come as psycopg raises them.
    """
    under = (await session.connection()).sync_connection
    assert under is not None
    found: Any = under.connection.driver_connection
    return found
