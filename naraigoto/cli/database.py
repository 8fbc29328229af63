"""`db`: the embedded cluster, migrations, psql; and the database every other command works on."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Annotated, TypeVar

import typer

from naraigoto import progress
from naraigoto.preflight import CannotRun
from naraigoto.sandbox import machine
from naraigoto.sandbox.postgres import Cluster
from naraigoto.settings import get_settings
from naraigoto.texts import operations as texts

T = TypeVar("T")

commands = typer.Typer(no_args_is_help=True, help=texts.HELP_DB)


def embedded() -> Cluster:
    """The cluster of this data folder.

    Raises: CannotRun when DATABASE_URL names another database, or in production.
    """
    settings = get_settings()
    if settings.database_url:
        raise CannotRun(texts.NEEDS_CLUSTER)
    if settings.production:
        raise CannotRun(texts.NEEDS_DATABASE_URL)
    return Cluster(settings.data_dir / "pg")


@contextmanager
def database() -> Iterator[str]:
    """URL of the database as long as a command needs it; the embedded one is started for that long."""
    if given := get_settings().database_url:
        yield given
        return
    cluster = embedded()
    with ExitStack() as stack:
        with nullcontext() if cluster.running() else progress.step(texts.STEP_CLUSTER):
            url = stack.enter_context(cluster.borrow())
        yield url


def with_sessions(work: Callable[[], Awaitable[T]]) -> T:
    """Run asynchronous work with naraigoto.db open on the database."""
    from naraigoto import db

    async def run(url: str) -> T:
        await db.open_engine(url)
        try:
            return await work()
        finally:
            await db.close_engine()

    with database() as url:
        return asyncio.run(run(url))


@commands.command("up", help=texts.HELP_DB_UP)
def up() -> None:
    """Start the embedded cluster and leave it running."""
    typer.echo(embedded().start())


@commands.command("down", help=texts.HELP_DB_DOWN)
def down() -> None:
    """Stop the embedded cluster."""
    embedded().stop()
    typer.echo(texts.CLUSTER_STOPPED)


@commands.command("remove", help=texts.HELP_DB_REMOVE)
def remove(yes: Annotated[bool, typer.Option("--yes", help=texts.HELP_YES)] = False) -> None:
    """Delete the embedded cluster with all its data, after asking."""
    cluster = embedded()
    if yes or typer.confirm(texts.REALLY_REMOVE.format(folder=cluster.base)):
        cluster.remove()


@commands.command("migrate", help=texts.HELP_DB_MIGRATE)
def migrate(revision: Annotated[str, typer.Argument(help=texts.HELP_REVISION)] = "head") -> None:
    """Bring the database to a revision; an older one than the present downgrades."""
    from naraigoto import migrations
    from naraigoto.reference import load_reference

    with database() as url:
        migrations.migrate(url, revision)
        if revision == "head":
            load_reference(url)


@commands.command("psql", help=texts.HELP_DB_PSQL)
def psql(sql: Annotated[str | None, typer.Option("--command", "-c", help=texts.HELP_SQL)] = None) -> None:
    """Open psql on the database, or run one command with it."""
    more = ["-c", sql] if sql else []
    if given := get_settings().database_url:
        os.execvp("psql", ["psql", given.replace("+psycopg", "", 1), *more])  # noqa: S606
    cluster = embedded()
    with cluster.borrow():
        program = str(machine.programs(cluster.data, None) / "psql")
        # Ctrl-C inside psql cancels a query. Were it to end us, the cluster would stay behind.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            status = subprocess.call([program, *cluster.psql_arguments(), *more])
        finally:
            signal.signal(signal.SIGINT, before)
    raise typer.Exit(status)
