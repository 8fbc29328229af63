"""Prepared databases: each test finds what was prepared, in its own copy and in the database."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import db
from naraigoto.models.accounts import User
from tests import factories as make
from tests.clocks import at
from tests.connections import opened
from tests.database import cluster
from tests.prepared import PreparedDatabases


class Preparation:
    """Makes one person; counts how often."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self, session: AsyncSession) -> User:
        """Make 花子."""
        self.times += 1
        return await make.make_user(session, name="花子")


@pytest.fixture
def databases(template: str) -> Iterator[PreparedDatabases]:
    databases = PreparedDatabases(cluster(), template)
    yield databases
    databases.drop()


async def test_rows_are_made_once_and_found_again_by_every_test(databases: PreparedDatabases) -> None:
    prepare = Preparation()
    for _ in range(3):
        url, hanako = await databases.by(prepare).fresh()
        async with opened(url), db.transaction() as session:
            assert (await session.exec(select(func.count()).select_from(User))).one() == 1
            assert hanako.name == (await session.exec(select(User.name))).one() == "花子"
            hanako.name = "太郎"
            session.add(hanako)
            await make.make_user(session)
    assert prepare.times == 1


@pytest.mark.parametrize(
    ("later", "times"),
    [(timedelta(minutes=4), 1), (timedelta(minutes=6), 2), (timedelta(days=1), 2), (timedelta(days=-1), 2)],
)
async def test_rows_of_another_time_are_made_anew(
    databases: PreparedDatabases, later: timedelta, times: int
) -> None:
    prepare = Preparation()
    for moment in (make.NOW, make.NOW + later):
        with at(moment):
            await databases.by(prepare).fresh()
    assert prepare.times == times


async def test_every_preparation_has_a_database_of_its_own(databases: PreparedDatabases) -> None:
    one, other = Preparation(), Preparation()
    first, second = [(await databases.by(each).fresh())[0] for each in (one, other)]
    assert first == (await databases.by(one).fresh())[0] != second
