"""The psycopg connection under a session, for the few statements whose speed is the matter (ADR 0005)."""

from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy.orm import SessionTransaction
from sqlmodel.ext.asyncio.session import AsyncSession

Connection = psycopg.AsyncConnection[tuple[Any, ...]]

# A transaction keeps its connection, so the way down to it is gone once.
_under: WeakKeyDictionary[SessionTransaction, Connection] = WeakKeyDictionary()


async def connection(session: AsyncSession) -> Connection:
    """The connection on which the session's transaction runs; SQL here takes `%(name)s` parameters.

    What the session holds unflushed is not seen, and errors come as psycopg raises them.
    """
    transaction = session.sync_session.get_transaction()
    if transaction is not None and (known := _under.get(transaction)) is not None:
        return known
    checked_out = (await session.connection()).sync_connection
    transaction = session.sync_session.get_transaction()
    assert checked_out is not None
    assert transaction is not None
    found: Any = checked_out.connection.driver_connection
    _under[transaction] = found
    return found
