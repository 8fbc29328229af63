"""Fixtures for every test: a migrated database, a session that forgets, real commits, a fixed moment."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING

from tests.database import cluster, ensure_template, test_data, throwaway

# Before anything of ours reads its settings; xdist workers inherit the first two lines of the controller.
os.environ["NARAIGOTO_TEST_DATA"] = str(test_data())
os.environ["NARAIGOTO_ENV"] = "test"
os.environ["NARAIGOTO_DATA"] = str(test_data() / os.environ.get("PYTEST_XDIST_WORKER", "alone"))
os.environ.pop("DATABASE_URL", None)

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db, outside
from naraigoto.adapters import limits
from tests.clocks import own_clock, real_clock  # noqa: F401  # fixtures for every test
from tests.stripe_news import MemoryStripe

if TYPE_CHECKING:
    import httpx

Committed = Callable[[], AbstractAsyncContextManager[AsyncSession]]


@pytest.fixture(scope="session")
def template() -> Iterator[str]:
    """Name of the migrated template database; the cluster stays up as long as this run needs it."""
    with cluster().hold():
        yield ensure_template(cluster())


@pytest.fixture(scope="session")
def database_url(template: str) -> Iterator[str]:
    """URL of this process's own migrated database."""
    with throwaway(cluster(), template) as url:
        yield url


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine as in production on this process's database; what is committed there stays."""
    engine = db.make_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A session that may commit and roll back as it likes; nothing of it remains."""
    async with engine.connect() as connection:
        outer = await connection.begin()
        async with AsyncSession(
            bind=connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            yield session
        await outer.rollback()


@pytest.fixture
async def committed(template: str) -> AsyncIterator[Committed]:
    """Makes transactions that really commit, in a database of this test alone.

    `async with committed() as session: …`; naraigoto.db.transaction() works on the same database meanwhile.
    """
    with throwaway(cluster(), template) as url:
        await db.open_engine(url)
        yield db.transaction
        await db.close_engine()


@pytest.fixture
async def client(committed: Committed) -> AsyncIterator["httpx.AsyncClient"]:
    """Speaks HTTP with the API on the database of `committed`; give headers to be somebody."""
    import httpx

    from naraigoto.naraigoto import fastapi_app
    from naraigoto.settings import get_settings
    from naraigoto.web.security import Security

    transport = httpx.ASGITransport(app=Security(fastapi_app))
    origin = get_settings().public_url
    async with httpx.AsyncClient(transport=transport, base_url=origin, headers={"Origin": origin}) as client:
        yield client


@pytest.fixture(autouse=True)
def nobody_tried_before() -> None:
    """Empty the counters of wrong tries and sent mails."""
    limits.counter.cache_clear()


@pytest.fixture(autouse=True)
def memory_stripe() -> Iterator[MemoryStripe]:
    """What this process takes for Stripe while a test runs: nobody outside is spoken to."""
    stand_in = MemoryStripe()
    outside.speak_to(stand_in)
    yield stand_in
    outside.speak_to(None)


@pytest.fixture
def now() -> datetime:
    """Tuesday noon in Japan."""
    return datetime(2026, 11, 24, 12, 0, tzinfo=clock.JST)
