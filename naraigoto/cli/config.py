"""`config check`: every setting explained, and what production would refuse."""

import re

import typer
from pydantic import SecretStr

from naraigoto import preflight
from naraigoto.preflight import CannotRun
from naraigoto.settings import get_settings
from naraigoto.texts import operations as texts

commands = typer.Typer(no_args_is_help=True, help=texts.HELP_CONFIG)


@commands.callback()
def group() -> None:
    """`config` stays a group although it has one command."""


@commands.command("check", help=texts.HELP_CONFIG_CHECK)
def check() -> None:
    """Explain every setting with its present value; status 1 when production would not start."""
    settings = get_settings()
    for name, field in type(settings).model_fields.items():
        origin = texts.SET if name in settings.model_fields_set else texts.DEFAULT
        typer.echo(f"{field.alias or name.upper()} = {shown(name, getattr(settings, name))}  [{origin}]")
        typer.echo(f"    {field.description or ''}")
    if lines := preflight.problems(settings):
        raise CannotRun("\n".join(lines))


def shown(name: str, value: object) -> str:
    """The value as people may see it: nothing secret, no password inside a URL."""
    if value is None:
        return "-"
    if isinstance(value, SecretStr) or re.search(r"secret|password|api_key|token", name):
        return "••••"
    return re.sub(r"(://[^:/@]*:)[^@]+@", r"\1••••@", str(value))
