"""The figures of all schools are brought up to date without holding up who changes one of them."""

import asyncio

import pytest
from sqlalchemy import text

from naraigoto import db
from naraigoto.jobs import stats as job
from naraigoto.models.likes import Like
from naraigoto.models.search import SchoolStats
from naraigoto.services import stats
from tests import factories as make
from tests.conftest import Committed
from tests.factories import NOW

_TAKE = text("SELECT 1 FROM schools_stats WHERE school_id = :id FOR UPDATE NOWAIT")
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def test_every_school_is_refreshed_once_in_batches(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stats, "BATCH", 2)
    async with committed() as session:
        schools = [await make.make_school(session) for _ in range(5)]
        family = await make.make_family(session)
        fan = family.parent_user_id
        session.add_all(Like(user_id=fan, school_id=school.id, family_id=family.id) for school in schools)
    assert await job.run(NOW) == 5
    async with committed() as session:
        rows = [await session.get_one(SchoolStats, school.id) for school in schools]
        assert [row.like_count for row in rows] == [1] * 5
    assert await job.run(NOW) == 0


async def test_while_one_school_is_held_the_others_can_change(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stats, "BATCH", 2)
    async with committed() as session:
        first, *_, last = sorted([(await make.make_school(session)).id for _ in range(5)])
    async with committed() as holder:
        await (await holder.connection()).execute(_TAKE, {"id": last})
        running = asyncio.create_task(job.run(NOW))
        while not await _somebody_waits():
            assert not running.done()
            await asyncio.sleep(0.02)
        async with db.transaction() as other:
            await (await other.connection()).execute(_TAKE, {"id": first})
    assert await running == 0  # rows changed: the figures were true before


async def _somebody_waits() -> bool:
    # In a transaction of its own each time: PostgreSQL keeps showing a transaction what it saw first.
    async with db.transaction() as watcher:
        return (await (await watcher.connection()).execute(_WAITING)).scalar_one() > 0
