"""The ticker: runs the jobs at their times, in one process of all, the leader (architecture.md §4).

The leader holds an advisory lock on a connection of its own. When that connection goes (the process died,
the database was away), the lock goes with it and another process, or this one later, leads on.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from naraigoto import clock, db, failures
from naraigoto.adapters.mail import Mailer
from naraigoto.errors import DomainError
from naraigoto.jobs.registry import Job, jobs

LEADER_LOCK = 7101
POLL_SECONDS = 2.0
_TRY_LOCK = text("SELECT pg_try_advisory_lock(:lock)")

log = structlog.get_logger()
# It would tell of every tick, and warn whenever a long drain is still running.
logging.getLogger("apscheduler").setLevel(logging.ERROR)


@asynccontextmanager
async def ticker(mailer: Mailer, *, poll_seconds: float = POLL_SECONDS) -> AsyncIterator[None]:
    """Stand by for the lead as long as the block runs."""
    task = asyncio.create_task(_stand_by(list(jobs(mailer).values()), poll_seconds))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _stand_by(work: list[Job], poll_seconds: float) -> None:
    while True:
        try:
            async with _own_connection() as connection:
                await _lead_when_free(connection, work, poll_seconds)
        except (SQLAlchemyError, DomainError, OSError) as away:
            log.warning("jobs.away", reason=type(away).__name__)
        await asyncio.sleep(poll_seconds)


async def _lead_when_free(connection: AsyncConnection, work: list[Job], poll_seconds: float) -> None:
    """Wait for the lead, then tick until the connection breaks."""
    while not await connection.scalar(_TRY_LOCK, {"lock": LEADER_LOCK}):  # noqa: ASYNC110  # a lock of the database
        await asyncio.sleep(poll_seconds)
    scheduler = _scheduler(work)
    scheduler.start()
    log.info("jobs.leading")
    try:
        while True:
            await asyncio.sleep(poll_seconds)
            await connection.execute(text("SELECT 1"))
    finally:
        scheduler.shutdown(wait=False)
        log.info("jobs.stopped")


def _scheduler(work: list[Job]) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone=clock.JST)
    for job in work:
        scheduler.add_job(
            _run, job.trigger, args=(job,), id=job.name, max_instances=1, coalesce=True, misfire_grace_time=60
        )
    return scheduler


async def _run(job: Job) -> None:
    try:
        handled = await job.run(clock.now())
    except DomainError as refusal:
        log.warning("jobs.refused", job=job.name, reason=refusal.code)
        return
    except Exception as failure:
        log.error("jobs.failed", job=job.name, **failures.about(failure))
        return
    if handled:
        log.info("jobs.ran", job=job.name, handled=handled)


@asynccontextmanager
async def _own_connection() -> AsyncIterator[AsyncConnection]:
    """A connection outside the pool; it is closed, and its lock with it, on leaving."""
    engine = create_async_engine(db.engine().url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()
