"""Migrations: where a database stands, told without importing alembic (that is slow), and moving it."""

import re
from functools import cache
from pathlib import Path

import psycopg

from naraigoto.settings import PROJECT

_VERSIONS = PROJECT / "alembic" / "versions"
_REVISION = re.compile(r"^(revision|down_revision)\b[^=]*=\s*(?:\"([^\"]+)\"|'([^']+)'|None)", re.MULTILINE)


def newest(versions: Path = _VERSIONS) -> set[str]:
    """Revisions that no other revision follows; exactly one unless branches were left unmerged."""
    made, followed = _steps(versions)
    return set(made - followed)


def is_behind(present: set[str]) -> bool:
    """True while a migration of this release is still to come; ahead of it (a newer release) is fine."""
    made, followed = _own_steps()
    return not present or (present <= made and present != made - followed)


def is_current(url: str) -> bool:
    """True when the database stands at the newest migration.

    Raises: psycopg.OperationalError when it cannot be reached.
    """
    return present(url) == newest()


def migrate(url: str, revision: str = "head") -> None:
    """Move the database to a revision; one older than the present downgrades."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(PROJECT / "alembic.ini", attributes={"url": url})
    script = ScriptDirectory.from_config(config)
    passed = {step.revision for at in present(url) for step in script.iterate_revisions(at, "base")}
    wanted = script.as_revision_number(revision)
    if revision == "base" or (wanted in passed and wanted not in present(url)):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def present(url: str) -> set[str]:
    """Revisions the database stands at; empty for a database never migrated.

    Raises: psycopg.OperationalError when it cannot be reached.
    """
    with connect(url) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return set()
        return {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}


@cache
def _own_steps() -> tuple[frozenset[str], frozenset[str]]:
    return _steps(_VERSIONS)


def _steps(versions: Path) -> tuple[frozenset[str], frozenset[str]]:
    made, followed = set[str](), set[str]()
    for file in versions.glob("*.py"):
        for kind, double, single in _REVISION.findall(file.read_text()):
            (made if kind == "revision" else followed).add(double or single)
    return frozenset(made), frozenset(followed)


def has_people(url: str) -> bool:
    """True once anybody has an account: then demo data is not wanted any more."""
    with connect(url) as connection:
        return connection.execute("SELECT EXISTS (SELECT 1 FROM users)").fetchone() == (True,)


def has_demo_accounts(url: str) -> bool:
    """True when a well-known demo password opens this database (contract.md §3)."""
    with connect(url) as connection:
        question = "SELECT EXISTS (SELECT 1 FROM users WHERE email LIKE '%@example.com')"
        return connection.execute(question).fetchone() == (True,)


def connect(url: str) -> psycopg.Connection:
    """A plain connection to where an SQLAlchemy URL points."""
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), connect_timeout=5)
