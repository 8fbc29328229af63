"""One leader ticks; when it goes, the next one does."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import select

from naraigoto import clock
from naraigoto.adapters.mail import Mail
from naraigoto.jobs import ticker as ticking
from naraigoto.jobs.registry import jobs
from naraigoto.jobs.ticker import ticker
from naraigoto.models.accounts import Session
from naraigoto.models.notifications import OutboxMessage, OutboxStatus
from naraigoto.services import notifications
from tests import factories as make
from tests.conftest import Committed

# Generous: the machine may be busy with other tests.
PATIENCE = 60.0


@dataclass
class Post:
    """A mailer that remembers."""

    sent: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> str:
        """Remember the mail."""
        self.sent.append(mail)
        return mail.message_id


async def promise(committed: Committed, now: datetime) -> None:
    async with committed() as session:
        booked = await make.make_booked(session)
        await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)


async def leaders(committed: Committed) -> int:
    async with committed() as session:
        held = text(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND objid = :lock AND granted AND datname = current_database()"
        )
        connection = await session.connection()
        return (await connection.execute(held, {"lock": ticking.LEADER_LOCK})).scalar_one()


async def until(arrived: Callable[[], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not arrived():  # noqa: ASYNC110  # another task works meanwhile
            await asyncio.sleep(0.05)


async def lead(committed: Committed) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await leaders(committed):  # noqa: ASYNC110  # another task works meanwhile
            await asyncio.sleep(0.05)


async def test_a_promised_mail_leaves_by_itself(committed: Committed) -> None:
    post = Post()
    async with ticker(post, poll_seconds=0.1):
        await promise(committed, clock.now())
        await until(lambda: len(post.sent) == 2, PATIENCE)


async def test_of_two_processes_one_leads_and_the_other_follows_it(committed: Committed) -> None:
    first, second = Post(), Post()
    async with ticker(second, poll_seconds=0.1):
        await lead(committed)
        async with ticker(first, poll_seconds=0.1):
            await promise(committed, clock.now())
            await until(lambda: len(second.sent) == 2, PATIENCE)
            assert await leaders(committed) == 1
    assert first.sent == []
    async with asyncio.timeout(PATIENCE):
        while await leaders(committed):  # noqa: ASYNC110  # the server lets go a moment after we do
            await asyncio.sleep(0.05)


async def test_a_leader_that_lost_its_connection_leads_again(committed: Committed) -> None:
    post = Post()
    async with ticker(post, poll_seconds=0.1):
        await lead(committed)
        async with committed() as session:
            # In this database only: other processes test tickers in theirs.
            kill = (
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database"
                " WHERE locktype = 'advisory' AND objid = :lock AND datname = current_database()"
            )
            await (await session.connection()).execute(text(kill), {"lock": ticking.LEADER_LOCK})
        await promise(committed, clock.now())
        await until(lambda: len(post.sent) == 2, PATIENCE)


async def test_every_job_runs_twice_without_harm(committed: Committed, now: datetime) -> None:
    async with committed() as session:
        person = await make.make_user(session)
        session.add(Session(user_id=person.id, token_hash="0" * 64, last_seen_at=now, expires_at=now))
        session.add(
            OutboxMessage(
                kind="booking_confirmed",
                dedupe_key="test:old",
                recipient_user_id=person.id,
                run_at=now,
                status=OutboxStatus.SENT,
                created_at=now - timedelta(days=91),
            )
        )
    work = jobs(Post())
    assert list(work) == [job.name for job in work.values()]

    first = {name: await job.run(now) for name, job in work.items()}
    second = {name: await job.run(now) for name, job in work.items()}

    assert first["housekeeping"] == 2
    assert second == dict.fromkeys(work, 0)
    async with committed() as session:
        assert (await session.exec(select(Session))).all() == []
