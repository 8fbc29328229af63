"""Connections of tests: engines that stay, one connection that is kept, transactions that are rolled back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from psycopg.pq import TransactionStatus
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import db

_kept: dict[str, AsyncConnection] = {}


@cache
def engine_of(url: str) -> AsyncEngine:
    """An engine for all tests: what SQLAlchemy has compiled stays; the connections are each test's own."""
    return db.make_engine(url)


@asynccontextmanager
async def kept_connection(url: str) -> AsyncIterator[AsyncConnection]:
    """The same connection for one test after another; a new one would fill its caches for 50 ms."""
    connection = _kept.pop(url, None)
    if connection is None or not await _answers(connection):
        connection = await engine_of(url).connect()
    try:
        yield connection
    finally:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        if raw.info.transaction_status is TransactionStatus.IDLE:
            _kept[url] = connection
        else:
            await connection.invalidate()


@asynccontextmanager
async def rolled_back(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """A session whose commits are savepoints in a transaction that is rolled back."""
    outer = await connection.begin()
    async with AsyncSession(
        bind=connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as session:
        yield session
    await outer.rollback()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[None]:
    """Let naraigoto.db work on this database meanwhile."""
    engine = engine_of(url)
    db.use_engine(engine)
    try:
        yield
    finally:
        await db.close_engine()
        await engine.dispose()


async def _answers(connection: AsyncConnection) -> bool:
    try:
        await connection.execute(text("SELECT 1"))
        await connection.rollback()
    except DBAPIError:  # its database was made anew meanwhile
        return False
    return True
