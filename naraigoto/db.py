"""The database: one engine a process, one transaction a request (architecture.md §3)."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import psycopg
import structlog
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import afterwards
from naraigoto.errors import Unavailable

RETRY_AFTER_SECONDS = 5
# A request never waits longer than this for a lock or a statement; the person gets an answer instead.
_LOCK_TIMEOUT_MS = 3_000
_POOL_TIMEOUT_SECONDS = 5.0
_STATEMENT_TIMEOUT_MS = 5_000
_AWAY = (psycopg.OperationalError, OperationalError, InterfaceError, PoolExhausted, ConnectionError)
# Serialisation failure, deadlock, lock not had in time: the next attempt may well succeed.
_CONTENTION = {"40001", "40P01", "55P03"}
_PAUSE_SECONDS = 0.02
_TRUSTED_SECONDS = 1.0

Result = TypeVar("Result")
_log = structlog.get_logger()
_engine: AsyncEngine | None = None


def make_engine(
    url: str, *, pool_size: int = 10, statement_timeout_ms: int = _STATEMENT_TIMEOUT_MS
) -> AsyncEngine:
    """An engine with UTC sessions and bounded waits."""
    options = (
        f"-c timezone=UTC -c statement_timeout={statement_timeout_ms} -c lock_timeout={_LOCK_TIMEOUT_MS}"
        " -c idle_in_transaction_session_timeout=60000"
    )
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_POOL_TIMEOUT_SECONDS,
        connect_args={"options": options, "connect_timeout": 5},
        hide_parameters=True,  # an error names its statement, and no person, in the log
    )
    _ping_the_idle(engine)
    return engine


def _ping_the_idle(engine: AsyncEngine) -> None:
    """Ask a connection that lay idle whether it is still there; a busy one has just answered."""
    pinged = engine.sync_engine

    @event.listens_for(pinged, "checkin")
    def _came_back(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(pinged, "checkout")
    def _goes_out(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        idle_since = record.info.get("idle_since")
        if idle_since is None or time.monotonic() - idle_since < _TRUSTED_SECONDS:
            return
        try:
            pinged.dialect.do_ping(connection)
        except psycopg.Error as gone:
            raise InvalidatePoolError from gone


async def open_engine(url: str) -> None:
    """Make the engine of this process; called by a lifespan task, never at import (workers fork)."""
    global _engine
    _engine = make_engine(url)


def use_engine(engine: AsyncEngine) -> None:
    """Make an engine that is there already the engine of this process."""
    global _engine
    _engine = engine


async def close_engine() -> None:
    """Give every connection back."""
    global _engine
    if _engine is not None:
        await _engine.dispose()
        _engine = None


def engine() -> AsyncEngine:
    """The engine of this process.

    Raises: Unavailable before open_engine() has run.
    """
    if _engine is None:
        raise Unavailable(retry_after=RETRY_AFTER_SECONDS)
    return _engine


@asynccontextmanager
async def transaction() -> AsyncIterator[AsyncSession]:
    """One transaction: commits on leaving, rolls back on any error; then does what was put off.

    Raises: Unavailable when the database is away or does not answer in time.
    """
    try:
        async with AsyncSession(engine(), expire_on_commit=False) as session:
            async with session.begin():
                yield session
            await afterwards.do(session)
    except _AWAY as away:
        if sqlstate(away) not in _CONTENTION:
            _log.warning("db.unavailable", reason=type(away).__name__, sqlstate=sqlstate(away))
        raise Unavailable(retry_after=RETRY_AFTER_SECONDS) from away


@asynccontextmanager
async def at_once() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """The driver's connection for a single statement that commits by itself: one round trip instead of three.

    Raises: Unavailable when the database is away or does not answer in time.
    """
    try:
        async with engine().execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            yield driver
    except _AWAY as away:
        _log.warning("db.unavailable", reason=type(away).__name__, sqlstate=sqlstate(away))
        raise Unavailable(retry_after=RETRY_AFTER_SECONDS) from away


async def revisions() -> set[str]:
    """Migrations the database stands at; empty for a database never migrated.

    Raises: Unavailable when the database is away.
    """
    async with transaction() as session:
        connection = await session.connection()
        if await connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return set()
        return set(await connection.scalars(text("SELECT version_num FROM alembic_version")))


async def retrying(work: Callable[[AsyncSession], Awaitable[Result]], *, attempts: int = 3) -> Result:
    """Run `work` in a transaction of its own; once more after a deadlock or serialisation failure (D5).

    Raises: what `work` raises; Unavailable when the last attempt lost too or the database is away.
    """
    for attempt in range(1, attempts):
        try:
            async with transaction() as session:
                return await work(session)
        except Unavailable as lost:
            if sqlstate(lost.__cause__) not in _CONTENTION:
                raise
        await asyncio.sleep(random.uniform(0.5, 1.5) * _PAUSE_SECONDS * 2**attempt)
    async with transaction() as session:
        return await work(session)


def sqlstate(error: BaseException | None) -> str | None:
    """The SQLSTATE PostgreSQL gave, whether SQLAlchemy wrapped the error or not."""
    return getattr(getattr(error, "orig", error), "sqlstate", None)
