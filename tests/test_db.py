"""Transactions: what is tried again, what is not, and connections that went away meanwhile."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import db, errors
from tests.conftest import Committed


async def execute(session: AsyncSession, sql: str, **values: Any) -> Any:
    return await (await session.connection()).execute(text(sql), values)


@pytest.fixture
async def pair(committed: Committed) -> None:
    """Two rows to lock."""
    async with committed() as session:
        await execute(session, "CREATE TABLE pair (id int PRIMARY KEY, value int NOT NULL)")
        await execute(session, "INSERT INTO pair VALUES (1, 0), (2, 0)")


@pytest.mark.usefixtures("pair")
async def test_a_deadlock_is_tried_again_until_both_are_done() -> None:
    attempts = 0
    met = asyncio.Barrier(2)

    async def work(session: AsyncSession, first: int, second: int) -> None:
        nonlocal attempts
        attempts += 1
        await execute(session, "UPDATE pair SET value = value + 1 WHERE id = :id", id=first)
        if attempts <= 2:
            await met.wait()
        await execute(session, "UPDATE pair SET value = value + 1 WHERE id = :id", id=second)

    await asyncio.gather(
        db.retrying(lambda session: work(session, 1, 2)), db.retrying(lambda session: work(session, 2, 1))
    )

    async with db.transaction() as session:
        values = (await execute(session, "SELECT value FROM pair")).scalars().all()
    assert (attempts, values) == (3, [2, 2])


@pytest.mark.usefixtures("pair")
async def test_what_loses_three_times_is_given_up() -> None:
    attempts = 0

    async def work(session: AsyncSession) -> None:
        nonlocal attempts
        attempts += 1
        await execute(session, "UPDATE pair SET value = 9")
        raising = "DO $$ BEGIN RAISE EXCEPTION 'late' USING ERRCODE = '40001'; END $$"
        await execute(session, raising)

    with pytest.raises(errors.Unavailable):
        await db.retrying(work)

    async with db.transaction() as session:
        values = (await execute(session, "SELECT value FROM pair")).scalars().all()
    assert (attempts, values) == (3, [0, 0])


@pytest.mark.usefixtures("committed")
async def test_a_refusal_is_not_tried_again() -> None:
    attempts = 0

    async def work(session: AsyncSession) -> None:
        nonlocal attempts
        attempts += 1
        raise errors.ScheduleFull

    with pytest.raises(errors.ScheduleFull):
        await db.retrying(work)
    assert attempts == 1


async def test_a_connection_that_died_while_idle_is_replaced_unnoticed(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_TRUSTED_SECONDS", 0.0)
    async with committed() as session:
        dead = (await execute(session, "SELECT pg_backend_pid()")).scalar_one()
    killer = db.make_engine(str(db.engine().url.render_as_string(hide_password=False)))
    async with killer.connect() as connection:
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": dead})
    await killer.dispose()

    async with committed() as session:
        alive = (await execute(session, "SELECT pg_backend_pid()")).scalar_one()
    assert alive != dead


async def test_a_connection_that_dies_at_work_is_a_refusal_and_the_next_one_works(
    committed: Committed,
) -> None:
    with pytest.raises(errors.Unavailable):
        async with committed() as session:
            await execute(session, "SELECT pg_terminate_backend(pg_backend_pid())")

    async with committed() as session:
        assert (await execute(session, "SELECT 1")).scalar_one() == 1


@pytest.mark.usefixtures("committed")
async def test_an_error_names_no_person() -> None:
    with pytest.raises(DBAPIError) as failed:
        async with db.transaction() as session:
            await execute(session, "SELECT CAST(:address AS varchar) || 1 / 0", address="hanako@example.com")
    assert "hanako" not in str(failed.value)


async def test_a_statement_at_once_stays_and_leaves_the_connection_to_transactions(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = db.make_engine(database_url, pool_size=1)
    monkeypatch.setattr(db, "_engine", engine)
    try:
        async with db.at_once() as driver:
            await driver.execute("CREATE TABLE at_once_test (n int)")
            await driver.execute("INSERT INTO at_once_test VALUES (1)")
        with pytest.raises(ZeroDivisionError):
            await _insert_and_fail()
        async with db.at_once() as driver:
            found = await (await driver.execute("SELECT n FROM at_once_test")).fetchall()
            await driver.execute("DROP TABLE at_once_test")
        assert found == [(1,)]
    finally:
        await engine.dispose()


async def _insert_and_fail() -> None:
    async with db.transaction() as session:
        await (await session.connection()).execute(text("INSERT INTO at_once_test VALUES (2)"))
        raise ZeroDivisionError


async def test_waits_for_locks_statements_and_connections_have_limits(
    session: AsyncSession,
) -> None:
    connection = await session.connection()
    waits = [
        (await connection.execute(text(f"SHOW {name}"))).scalar_one()
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    ]
    assert waits == ["3s", "5s", "1min"]
    pool = connection.engine.pool
    assert isinstance(pool, QueuePool)
    assert (pool.size(), pool.timeout()) == (10, 5.0)
