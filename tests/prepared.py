"""Databases in which rows that many tests begin with are there: made once, restored for each test."""

import pickle
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Generic, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db
from naraigoto.sandbox.postgres import Cluster
from tests.clocks import at
from tests.connections import opened
from tests.reset import ResetDatabase

# "Tomorrow at ten" and "ten minutes ago" must still be so when the last test sees the rows.
_VALID = timedelta(minutes=5)
# Making the rows takes a moment: they begin a little earlier, so that none is of a test's future.
_EARLIER = timedelta(seconds=30)

Answer = TypeVar("Answer")
Prepare = Callable[[AsyncSession], Awaitable[Answer]]


async def prepare_nothing(_session: AsyncSession) -> None:
    """Leave the database as the migrations made it."""


class PreparedDatabase(Generic[Answer]):
    """A database with the rows that `prepare` makes, and what `prepare` answered."""

    def __init__(self, server: Cluster, template: str, prepare: Prepare[Answer]) -> None:
        self._database, self._prepare = ResetDatabase(server, template), prepare
        self._made_at = clock.now()
        self._answer: bytes | None = None

    async def fresh(self) -> tuple[str, Answer]:
        """Restore the database, or make it anew when it is too old; its URL, and the answer in a copy."""
        if self._answer is None or self._is_old() or not self._database.reset():
            self._answer = await self._made()
        return self._database.url, pickle.loads(self._answer)  # noqa: S301  # written by _made()

    async def ready(self) -> str:
        """URL of the database with its rows, for tests that roll back whatever they do."""
        if self._answer is None or self._is_old():
            self._answer = await self._made()
        return self._database.url

    def drop(self) -> None:
        """Delete the database."""
        self._database.drop()

    async def _made(self) -> bytes:
        self._database.clone()
        self._made_at = clock.now()
        async with opened(self._database.url), db.transaction() as session:
            with at(self._made_at - _EARLIER):
                answer = await self._prepare(session)
        self._database.take_snapshot()
        return pickle.dumps(answer)

    def _is_old(self) -> bool:
        now = clock.now()
        return abs(now - self._made_at) > _VALID or clock.jst_date(now) != clock.jst_date(self._made_at)


class PreparedDatabases:
    """The databases of one process, one for each function that prepares one, made when it is needed."""

    def __init__(self, server: Cluster, template: str) -> None:
        self._server, self._template = server, template
        self._databases: dict[Prepare[Any], PreparedDatabase[Any]] = {}

    def by(self, prepare: Prepare[Answer]) -> PreparedDatabase[Answer]:
        """The database that this function prepares."""
        if prepare not in self._databases:
            self._databases[prepare] = PreparedDatabase(self._server, self._template, prepare)
        return self._databases[prepare]

    def drop(self) -> None:
        """Delete them all."""
        for database in self._databases.values():
            database.drop()
