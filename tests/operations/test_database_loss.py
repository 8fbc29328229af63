"""Parts that fail: the database is killed, the pool is empty, a lock is never had."""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from naraigoto import clock, db
from naraigoto.adapters.mail import Mail
from naraigoto.jobs.ticker import LEADER_LOCK, ticker
from naraigoto.naraigoto import fastapi_app
from naraigoto.sandbox.postgres import Cluster
from naraigoto.services import notifications
from naraigoto.web.security import Security
from tests import factories as make
from tests.conftest import Committed
from tests.database import migrate
from tests.stage import set_stage

_PATIENCE = 30.0


@dataclass
class Post:
    """A mailer that remembers."""

    sent: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> str:
        """Remember the mail."""
        self.sent.append(mail)
        return mail.message_id


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A migrated cluster that may be killed; with its durable settings, which are the point."""
    with tempfile.TemporaryDirectory(prefix="ng-") as parent:
        server = Cluster(Path(parent) / "pg")
        migrate(server.start())
        yield server
        server.remove()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Speaks with the API on whatever database is open."""
    transport = httpx.ASGITransport(app=Security(fastapi_app))
    origin = "http://localhost:3000"
    async with httpx.AsyncClient(transport=transport, base_url=origin, headers={"Origin": origin}) as client:
        yield client
    await db.close_engine()


async def test_a_killed_database_comes_back_to_the_same_process(
    own_cluster: Cluster, client: httpx.AsyncClient
) -> None:
    await db.open_engine(own_cluster.url())
    post = Post()
    async with ticker(post, poll_seconds=0.2):
        await _until_leading()
        assert (await client.get("/api/v1/areas")).status_code == 200
        await asyncio.to_thread(_kill, own_cluster)
        for path in ("/api/v1/areas", "/api/v1/schools", "/readyz"):
            _unavailable(await client.get(path))
        assert (await client.get("/healthz")).status_code == 200
        await asyncio.to_thread(own_cluster.start)
        await _until_answered(client, "/readyz")
        assert (await client.get("/api/v1/schools")).json()["items"] == []
        async with db.transaction() as session:
            booked = await make.make_booked(session)
            await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=clock.now())
        await _until_leading()
        async with asyncio.timeout(_PATIENCE):
            while not post.sent:  # noqa: ASYNC110  # the ticker works meanwhile
                await asyncio.sleep(0.1)


@pytest.fixture
async def impatient(committed: Committed, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that waits for locks and connections a moment only; tests/test_db.py holds the real times."""
    monkeypatch.setattr(db, "_LOCK_TIMEOUT_MS", 100)
    monkeypatch.setattr(db, "_POOL_TIMEOUT_SECONDS", 0.1)
    await db.open_engine(db.engine().url.render_as_string(hide_password=False))


@pytest.mark.usefixtures("impatient")
async def test_an_empty_pool_refuses(committed: Committed, client: httpx.AsyncClient) -> None:
    async with asyncio.TaskGroup() as holders:
        hold, held = asyncio.Event(), asyncio.Barrier(11)
        for _ in range(10):
            holders.create_task(_occupy(committed, held, hold))
        await held.wait()
        answers = await asyncio.gather(*(client.get("/api/v1/areas") for _ in range(20)))
        hold.set()
    for answer in answers:
        _unavailable(answer)
    assert (await client.get("/api/v1/areas")).status_code == 200


@pytest.mark.usefixtures("impatient")
async def test_a_seat_that_stays_locked_is_unavailable_and_books_nothing(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    now = clock.now()
    start_at = clock.jst(now + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
    async with committed() as session:
        stage = await set_stage(session, tickets=0, slot={"start_at": start_at})
        await make.grant_tickets(session, stage.family, 4, month=clock.month_of(now))
        cookie = await make.cookie_of(session, stage.guardian)
    order = {"schedule_id": str(stage.slot.id), "child_user_id": str(stage.child.id)}
    async with committed() as session:
        lock = text("SELECT 1 FROM lesson_schedules WHERE id = :id FOR UPDATE")
        await (await session.connection()).execute(lock, {"id": stage.slot.id})
        answer = await client.post("/api/v1/bookings", json=order, headers=cookie)
    _unavailable(answer)
    assert (await client.get("/api/v1/me/bookings", headers=cookie)).json()["items"] == []
    assert (await client.post("/api/v1/bookings", json=order, headers=cookie)).status_code == 201


def _unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unavailable"
    assert int(answer.headers["retry-after"]) > 0


async def _occupy(committed: Committed, held: asyncio.Barrier, hold: asyncio.Event) -> None:
    async with committed() as session:
        await session.connection()
        await held.wait()
        await hold.wait()


async def _until_leading() -> None:
    held = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :lock AND granted")
    async with asyncio.timeout(_PATIENCE):
        while True:
            async with db.transaction() as session:
                if await (await session.connection()).scalar(held, {"lock": LEADER_LOCK}):
                    return
            await asyncio.sleep(0.1)


async def _until_answered(client: httpx.AsyncClient, path: str) -> None:
    async with asyncio.timeout(_PATIENCE):
        while (await client.get(path)).status_code != 200:  # noqa: ASYNC110  # the database comes up meanwhile
            await asyncio.sleep(0.1)


def _kill(server: Cluster) -> None:
    pid = int((server.data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    patience = time.monotonic() + _PATIENCE
    while server.running() and time.monotonic() < patience:
        time.sleep(0.05)
