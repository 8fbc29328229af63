"""The operator's command line: `python -m naraigoto --help` (contract.md §1).

Every command imports what it needs by itself, so that `serve` is quick to answer.
"""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from typing import Annotated, NoReturn, TypeVar

import typer
from pydantic import SecretStr, ValidationError

from naraigoto import preflight, progress
from naraigoto.preflight import CannotRun
from naraigoto.sandbox import machine
from naraigoto.sandbox.postgres import Cluster
from naraigoto.settings import get_settings
from naraigoto.texts import operations as texts

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=texts.HELP)
db_commands = typer.Typer(no_args_is_help=True, help=texts.HELP_DB)
jobs_commands = typer.Typer(no_args_is_help=True, help=texts.HELP_JOBS)
outbox_commands = typer.Typer(no_args_is_help=True, help=texts.HELP_OUTBOX)
user_commands = typer.Typer(no_args_is_help=True, help=texts.HELP_USER)
config_commands = typer.Typer(no_args_is_help=True, help=texts.HELP_CONFIG)
app.add_typer(db_commands, name="db")
app.add_typer(jobs_commands, name="jobs")
app.add_typer(outbox_commands, name="outbox")
app.add_typer(user_commands, name="user")
app.add_typer(config_commands, name="config")


def main() -> None:
    """Run a command; what a person can mend is one line, not a traceback."""
    import psycopg

    from naraigoto.errors import DomainError, Unavailable

    try:
        app(prog_name="naraigoto")
    except CannotRun as refusal:
        fail(str(refusal))
    except (psycopg.OperationalError, Unavailable) as away:
        fail(texts.DATABASE_AWAY.format(reason=next(iter(str(away).splitlines()), "")))
    except DomainError as refusal:
        fail(f"{refusal.code} {refusal.facts or ''}".strip())
    except ValidationError as wrong:
        fail(
            "\n".join(
                texts.WRONG_SETTING.format(name=each["loc"][0], reason=each["msg"]) for each in wrong.errors()
            )
        )


def fail(line: str) -> NoReturn:
    """Say the line to the person and end with status 1."""
    typer.echo(line, err=True)
    raise SystemExit(1)


def embedded() -> Cluster:
    """The cluster of this data folder.

    Raises: CannotRun when DATABASE_URL names another database, or in production.
    """
    settings = get_settings()
    if settings.production:
        raise CannotRun(texts.NEEDS_DATABASE_URL)
    if settings.database_url:
        raise CannotRun(texts.NEEDS_CLUSTER)
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


@db_commands.command("up", help=texts.HELP_DB_UP)
def db_up() -> None:
    """Start the embedded cluster and leave it running."""
    typer.echo(embedded().start())


@db_commands.command("down", help=texts.HELP_DB_DOWN)
def db_down() -> None:
    """Stop the embedded cluster."""
    embedded().stop()
    typer.echo(texts.CLUSTER_STOPPED)


@db_commands.command("remove", help=texts.HELP_DB_REMOVE)
def db_remove(yes: Annotated[bool, typer.Option("--yes", help=texts.HELP_YES)] = False) -> None:
    """Delete the embedded cluster with all its data, after asking."""
    cluster = embedded()
    if yes or typer.confirm(texts.REALLY_REMOVE.format(folder=cluster.base)):
        cluster.remove()


@db_commands.command("migrate", help=texts.HELP_DB_MIGRATE)
def db_migrate(revision: Annotated[str, typer.Argument(help=texts.HELP_REVISION)] = "head") -> None:
    """Bring the database to a revision; an older one than the present downgrades."""
    from naraigoto import migrations

    with database() as url:
        migrations.migrate(url, revision)


@db_commands.command("psql", help=texts.HELP_DB_PSQL)
def db_psql(
    sql: Annotated[str | None, typer.Option("--command", "-c", help=texts.HELP_SQL)] = None,
) -> None:
    """Open psql on the database, or run one command with it."""
    more = ["-c", sql] if sql else []
    given = get_settings().database_url
    if given:
        os.execvp("psql", ["psql", given.replace("+psycopg", "", 1), *more])  # noqa: S606
    cluster = embedded()
    cluster.start()
    psql = str(machine.programs(cluster.data, None) / "psql")
    os.execv(psql, [psql, *cluster.psql_arguments(), *more])  # noqa: S606


@app.command(help=texts.HELP_SERVE)
def serve() -> None:
    """Everything `make run` needs, on one port, until Ctrl-C."""
    from naraigoto import serving

    settings, host = get_settings(), os.environ.get("HOST", "127.0.0.1")
    if lines := preflight.problems(settings):
        raise CannotRun("\n".join(lines))
    serving.refuse_busy_port(host, settings.port)
    with suppress(serving.Stopped), ExitStack() as stack:
        stack.enter_context(serving.stop_on_signals())
        stack.enter_context(serving.registered(settings.data_dir, settings.port))
        url = stack.enter_context(database())
        _bring_up_to_date(url)
        with progress.step(texts.STEP_SERVER):
            site = stack.enter_context(serving.server(host, settings.port, url))
        progress.say("\n" + texts.READY.format(url=settings.public_url))
        if not settings.production:
            progress.say(texts.DEMO_ACCOUNTS)
        status = site.wait()
        raise CannotRun(texts.SITE_ENDED.format(status=status))


def _bring_up_to_date(url: str) -> None:
    from naraigoto import bundle, migrations

    if not migrations.is_current(url):
        with progress.step(texts.STEP_MIGRATE):
            migrations.migrate(url)
    if get_settings().production:
        if not bundle.client_folder().is_dir():
            raise CannotRun(texts.NO_BUNDLE)
        return
    if not migrations.has_people(url):
        from naraigoto import demo as demo_data

        with progress.step(texts.STEP_DEMO):
            demo_data.load(url)
    if not bundle.is_current():
        with progress.step(texts.STEP_BUILD):
            bundle.build()


@app.command(help=texts.HELP_STOP)
def stop() -> None:
    """End every site on this data folder, then the embedded cluster."""
    from naraigoto import serving

    settings = get_settings()
    count = serving.stop_all(settings.data_dir)
    typer.echo(texts.STOPPED.format(count=count) if count else texts.NOTHING_RUNS)
    if settings.database_url is None and not settings.production:
        db_down()


@config_commands.command("check", help=texts.HELP_CONFIG_CHECK)
def config_check() -> None:
    """Explain every setting with its present value; status 1 when production would not start."""
    settings = get_settings()
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        origin = texts.SET if name in settings.model_fields_set else texts.DEFAULT
        typer.echo(
            f"{field.alias or name.upper()} = {_shown(name, value)}  [{origin}]  {field.description or ''}"
        )
    if lines := preflight.problems(settings):
        raise CannotRun("\n".join(lines))


def _shown(name: str, value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, SecretStr) or re.search(r"secret|password|api_key|token", name):
        return "••••"
    return re.sub(r"(://[^:/@]+:)[^@]+@", r"\1••••@", str(value))
