"""Fixtures for every test: a migrated database, a session that forgets, real commits, a fixed moment."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.connections import engine_of, kept_connection, opened, rolled_back
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
from naraigoto.services import sessions
from tests.clocks import own_clock, real_clock  # noqa: F401  # fixtures for every test
from tests.prepared import Prepare, PreparedDatabases, prepare_nothing
from tests.stripe_news import MemoryStripe

if TYPE_CHECKING:
    import httpx

    from naraigoto.web.security import Security

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


@pytest.fixture(scope="session")
def prepared_databases(template: str) -> Iterator[PreparedDatabases]:
    """This process's databases for tests that commit."""
    databases = PreparedDatabases(cluster(), template)
    yield databases
    databases.drop()


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine as in production on this process's database; what is committed there stays."""
    engine = engine_of(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def session(database_url: str) -> AsyncIterator[AsyncSession]:
    """A session that may commit and roll back as it likes; nothing of it remains."""
    async with kept_connection(database_url) as connection, rolled_back(connection) as session:
        yield session


@pytest.fixture
def prepare() -> Prepare[Any]:
    """Makes the rows that a test which commits begins with; packages whose tests share them override it."""
    return prepare_nothing


@pytest.fixture
async def prepared(prepared_databases: PreparedDatabases, prepare: Prepare[Any]) -> AsyncIterator[Any]:
    """What prepare() answered; naraigoto.db works meanwhile on its database, without rows of other tests."""
    url, prepared = await prepared_databases.by(prepare).fresh()
    async with opened(url):
        yield prepared


@pytest.fixture
def committed(prepared: Any) -> Committed:
    """Makes transactions that really commit, in a database that holds nothing of other tests.

    `async with committed() as session: …`; naraigoto.db.transaction() works on the same database meanwhile.
    """
    return db.transaction


@cache
def _secured_app(_settings: str) -> "Security":
    # Made once for the same settings: it reads every built page, which takes longer than most tests.
    from naraigoto.naraigoto import fastapi_app
    from naraigoto.web.security import Security

    return Security(fastapi_app)


@pytest.fixture
async def client(committed: Committed) -> AsyncIterator["httpx.AsyncClient"]:
    """Speaks HTTP with the API on the database of `committed`; give headers to be somebody."""
    import httpx

    from naraigoto.settings import get_settings

    settings = get_settings()
    transport = httpx.ASGITransport(app=_secured_app(settings.model_dump_json()))
    origin = settings.public_url
    async with httpx.AsyncClient(transport=transport, base_url=origin, headers={"Origin": origin}) as client:
        yield client


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Empty what this process remembers: wrong tries, sent mails, who holds which session."""
    limits.counter.cache_clear()
    sessions.forget_all()


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
