"""`jobs`, `worker`, `outbox` and `webhooks`: what happens without a person at the screen."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from naraigoto import clock
from naraigoto.actor import OPERATOR
from naraigoto.cli.database import with_sessions
from naraigoto.preflight import CannotRun
from naraigoto.settings import get_settings
from naraigoto.texts import operations as texts

jobs_commands = typer.Typer(no_args_is_help=True, help=texts.HELP_JOBS)
outbox_commands = typer.Typer(no_args_is_help=True, help=texts.HELP_OUTBOX)
webhooks_commands = typer.Typer(no_args_is_help=True, help=texts.HELP_WEBHOOKS)


@jobs_commands.command("list", help=texts.HELP_JOBS_LIST)
def list_jobs() -> None:
    """Every job with when and what."""
    from naraigoto.adapters.mail import make_mailer
    from naraigoto.jobs.registry import jobs

    for job in jobs(make_mailer(get_settings())).values():
        typer.echo(f"{job.name:<20} {job.trigger!s:<36} {job.description}")


@jobs_commands.command("run", help=texts.HELP_JOBS_RUN)
def run_job(
    name: Annotated[str, typer.Argument(help=texts.HELP_JOB_NAME)],
    at: Annotated[str | None, typer.Option("--at", help=texts.HELP_AT)] = None,
) -> None:
    """Do the work of one job that is due now or was due at that moment."""
    from naraigoto.adapters.mail import make_mailer
    from naraigoto.jobs.registry import jobs

    known = jobs(make_mailer(get_settings()))
    if name not in known:
        raise CannotRun(texts.NO_SUCH_JOB.format(name=name, known=", ".join(known)))
    moment = _moment(at) if at else clock.now()
    typer.echo(texts.JOB_DONE.format(name=name, count=with_sessions(lambda: known[name].run(moment))))


def worker() -> None:
    """Run the jobs as a process of their own until SIGINT or SIGTERM."""
    from naraigoto.adapters.mail import make_mailer
    from naraigoto.jobs import worker as jobs_worker
    from naraigoto.web.logs import configure_logging

    configure_logging(get_settings())
    with_sessions(lambda: jobs_worker.run(make_mailer(get_settings())))


@outbox_commands.command("list", help=texts.HELP_OUTBOX_LIST)
def list_outbox() -> None:
    """How many messages stand where, and the dead letters one by one."""
    from naraigoto import db
    from naraigoto.services import outbox

    async def lines() -> list[str]:
        async with db.transaction() as session:
            counts = await outbox.counts(session, OPERATOR)
            dead = await outbox.list_dead(session, OPERATOR)
        found = [f"{status:<10} {count}" for status, count in counts.items()]
        return found + [
            f"{each.id}  {each.created_at:%Y-%m-%d %H:%M}  {each.kind}  {each.last_error}" for each in dead
        ]

    typer.echo("\n".join(with_sessions(lines)))


@outbox_commands.command("retry", help=texts.HELP_OUTBOX_RETRY)
def retry_outbox(
    ids: Annotated[list[UUID] | None, typer.Argument(help=texts.HELP_OUTBOX_IDS)] = None,
) -> None:
    """Queue dead letters again: those named, else all."""
    from naraigoto import db
    from naraigoto.services import outbox

    async def retry() -> int:
        async with db.transaction() as session:
            wanted = ids or [each.id for each in await outbox.list_dead(session, OPERATOR)]
            for message_id in wanted:
                await outbox.retry(session, OPERATOR, message_id=message_id, now=clock.now())
        return len(wanted)

    typer.echo(texts.RETRIED.format(count=with_sessions(retry)))


@webhooks_commands.command("list", help=texts.HELP_WEBHOOKS_LIST)
def list_webhooks() -> None:
    """How many events stand where, and the dead letters one by one."""
    from naraigoto import db
    from naraigoto.services import webhooks

    async def lines() -> list[str]:
        async with db.transaction() as session:
            counts = await webhooks.counts(session, OPERATOR)
            dead = await webhooks.list_dead(session, OPERATOR)
        found = [
            f"{texts.WEBHOOKS_WAITING} {counts.waiting}",
            f"{texts.WEBHOOKS_DONE} {counts.done}",
            f"{texts.WEBHOOKS_DEAD} {counts.dead}",
        ]
        return found + [
            f"{each.id}  {each.received_at:%Y-%m-%d %H:%M}  {each.type}  {each.last_error}" for each in dead
        ]

    typer.echo("\n".join(with_sessions(lines)))


@webhooks_commands.command("replay", help=texts.HELP_WEBHOOKS_REPLAY)
def replay_webhooks(
    ids: Annotated[list[UUID] | None, typer.Argument(help=texts.HELP_WEBHOOKS_IDS)] = None,
) -> None:
    """Queue dead letters again: those named, else all."""
    from naraigoto import db
    from naraigoto.services import webhooks

    async def replay() -> int:
        async with db.transaction() as session:
            wanted = ids or [each.id for each in await webhooks.list_dead(session, OPERATOR)]
            for number in wanted:
                await webhooks.replay(session, OPERATOR, number=number, now=clock.now())
        return len(wanted)

    typer.echo(texts.REPLAYED.format(count=with_sessions(replay)))


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise CannotRun(texts.BAD_MOMENT.format(written=written)) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.JST)
