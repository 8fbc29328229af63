"""Databases for tests: one cluster that stays up, one migrated template per schema, cheap clones of it.

`python -m tests.database stop` stops the cluster unless somebody else is testing; `remove` deletes it.
"""

import fcntl
import hashlib
import itertools
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from naraigoto.reference import plain_url
from naraigoto.sandbox import machine
from naraigoto.sandbox.postgres import FAST, Cluster

PROJECT = Path(__file__).resolve().parent.parent
_TEMPLATES_KEPT = 6
# Every test has connections of its own, and each would load PostGIS again. Without autovacuum the planner's
# statistics are those of the template, whenever a test runs.
_SETTINGS = {**FAST, "shared_preload_libraries": "postgis-3", "autovacuum": "off"}
_numbers = itertools.count(1)


def test_data() -> Path:
    """Folder of everything tests leave behind."""
    own = os.environ.get("NARAIGOTO_TEST_DATA")
    return Path(own) if own else PROJECT / os.environ.get("NARAIGOTO_DATA", ".local") / "test"


def cluster() -> Cluster:
    """The cluster that all test runs of this checkout share."""
    return Cluster(test_data() / "pg", settings=_SETTINGS)


def schema_fingerprint() -> str:
    """Changes whenever a migration or a model changes."""
    files = [*(PROJECT / "alembic").rglob("*"), *(PROJECT / "naraigoto" / "models").rglob("*")]
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.suffix in {".py", ".sql"}):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def migrate(url: str, revision: str = "head") -> None:
    """Bring a database to a revision in this process."""
    from alembic import command
    from alembic.config import Config

    config = Config(PROJECT / "alembic.ini", attributes={"url": url})
    command.upgrade(config, revision)


def ensure_template(server: Cluster) -> str:
    """Name of the migrated template for the present schema, made once however many processes ask."""
    name = f"template_{schema_fingerprint()}"
    with (server.base / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(server, name):
            building = f"building_{os.getpid()}"
            server.psql(f"DROP DATABASE IF EXISTS {building} WITH (FORCE)", database="postgres")
            server.ensure_database(building)
            migrate(server.url(building))
            server.psql(f"ALTER DATABASE {building} RENAME TO {name}", database="postgres")
        _drop_leftovers(server)
    return name


@contextmanager
def throwaway(server: Cluster, template: str) -> Iterator[str]:
    """URL of a fresh clone of the template, dropped afterwards."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    clone(server, name, template)
    try:
        yield server.url(name)
    finally:
        drop(server, name)


def clone(server: Cluster, name: str, template: str) -> None:
    """Make a database that holds what the template holds."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    _administer(server, statement.format(sql.Identifier(name), sql.Identifier(template)))


def drop(server: Cluster, name: str) -> None:
    """Delete a database if it exists, whoever is connected."""
    _administer(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _administer(server: Cluster, statement: sql.Composed) -> None:
    # A process of psql costs five times what a connection costs, and these run once or twice a test.
    with psycopg.connect(plain_url(server.url("postgres")), autocommit=True) as connection:
        connection.execute(statement)


def _exists(server: Cluster, name: str) -> bool:
    return bool(server.psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'", database="postgres"))


def _drop_leftovers(server: Cluster) -> None:
    names = server.psql("SELECT datname FROM pg_database ORDER BY oid", database="postgres").split()
    templates = [name for name in names if name.startswith("template_")]
    tests = [(name, re.match(r"test_(\d+)_", name)) for name in names]
    orphans = [name for name, found in tests if found and not machine.answers_signals(int(found[1]))]
    for name in templates[:-_TEMPLATES_KEPT] + orphans:
        server.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", database="postgres")


if __name__ == "__main__":
    {"stop": Cluster.stop_if_unused, "remove": Cluster.remove}[sys.argv[1]](cluster())
