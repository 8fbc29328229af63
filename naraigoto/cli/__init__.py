"""The operator's command line: `python -m naraigoto --help` (contract.md §1).

Every command imports what it needs by itself, so that `serve` is quick to answer.
"""

from typing import TYPE_CHECKING, NoReturn

import typer
from pydantic import ValidationError

from naraigoto.cli import config, database, keys, people, site, work
from naraigoto.preflight import CannotRun
from naraigoto.texts import operations as texts

if TYPE_CHECKING:
    from naraigoto.errors import DomainError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=texts.HELP)
app.add_typer(database.commands, name="db")
app.add_typer(work.jobs_commands, name="jobs")
app.add_typer(work.outbox_commands, name="outbox")
app.add_typer(work.webhooks_commands, name="webhooks")
app.add_typer(people.commands, name="user")
app.add_typer(config.commands, name="config")
app.add_typer(keys.commands, name="keys")
app.command(help=texts.HELP_SERVE)(site.serve)
app.command(help=texts.HELP_DEV)(site.dev)
app.command(help=texts.HELP_STOP)(site.stop)
app.command(help=texts.HELP_DEMO)(site.demo)
app.command(help=texts.HELP_WORKER)(work.worker)


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
        fail(_words(refusal))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        fail(texts.WRONG_SETTING.format(name=first["loc"][0], reason=first["msg"]))


def _words(refusal: "DomainError") -> str:
    from naraigoto.errors import InvalidInput
    from naraigoto.texts import errors

    if isinstance(refusal, InvalidInput):
        wrong: dict[str, str] = refusal.facts["fields"]  # pyright: ignore[reportAssignmentType]
        return " ".join(f"{field}: {errors.field_problem(key)}" for field, key in wrong.items())
    return errors.refusal(refusal)


def fail(line: str) -> NoReturn:
    """Say the line to the person and end with status 1."""
    typer.echo(line, err=True)
    raise SystemExit(1)
