"""`user`: people only an operator may make."""

from typing import Annotated

import typer

from naraigoto import clock
from naraigoto.cli.database import with_sessions
from naraigoto.texts import operations as texts

commands = typer.Typer(no_args_is_help=True, help=texts.HELP_USER)


@commands.callback()
def group() -> None:
    """`user` stays a group although it has one command."""


@commands.command("create-admin", help=texts.HELP_CREATE_ADMIN)
def create_admin(
    email: Annotated[str, typer.Option("--email", prompt=texts.ASK_EMAIL)],
    name: Annotated[str, typer.Option("--name", prompt=texts.ASK_NAME)],
    password: Annotated[
        str,
        typer.Option(
            envvar="NARAIGOTO_ADMIN_PASSWORD",
            prompt=texts.ASK_PASSWORD,
            hide_input=True,
            confirmation_prompt=True,
            help=texts.HELP_PASSWORD,
        ),
    ],
) -> None:
    """Make an admin; the password comes from a prompt or the environment, never from the shell's history."""
    from naraigoto import db
    from naraigoto.services import accounts

    async def create() -> str:
        async with db.transaction() as session:
            admin = await accounts.create_admin(
                session, email=email, name=name, password=password, now=clock.now()
            )
            return str(admin.id)

    typer.echo(texts.ADMIN_CREATED.format(email=email, id=with_sessions(create)))
