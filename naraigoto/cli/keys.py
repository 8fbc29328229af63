"""`keys`: which keys sign our tokens, and a new one before its time."""

import typer

from naraigoto import clock
from naraigoto.preflight import CannotRun
from naraigoto.texts import operations as texts

commands = typer.Typer(no_args_is_help=True, help=texts.HELP_KEYS)


@commands.command("list", help=texts.HELP_KEYS_LIST)
def list_keys() -> None:
    """Every key with its age and what it does now."""
    from naraigoto.adapters.identity.keys import local_keys

    ring, now = local_keys(), clock.now()
    published = {key["kid"] for key in ring.public(now)}
    for key in ring.keys:
        if key == ring.signing(now):
            does = texts.KEY_SIGNS
        elif ring.retired_at(key) is None:
            does = texts.KEY_WAITS
        else:
            does = texts.KEY_VERIFIES if key.kid in published else texts.KEY_KEPT
        typer.echo(f"{key.kid}  {clock.jst(key.created_at):%Y-%m-%d %H:%M}  {does}")


@commands.command("rotate", help=texts.HELP_KEYS_ROTATE)
def rotate() -> None:
    """Make the next key; it signs once it has been published for a while."""
    from naraigoto.adapters.identity.keys import local_keys

    made = local_keys().rotate(clock.now())
    if made is None:
        raise CannotRun(texts.KEY_TOO_SOON)
    typer.echo(texts.KEY_MADE.format(kid=made.kid))
