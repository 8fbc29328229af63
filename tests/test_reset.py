"""The database that is reset between tests: each begins with the template's rows, whatever was left."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from naraigoto.reference import plain_url
from tests.database import cluster, throwaway
from tests.reset import ResetDatabase

_SCHEMA = """
SELECT relname || '.' || attname || ' ' || atttypid::regtype
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND attnum > 0
UNION ALL SELECT tgname || ' ' || tgenabled::text FROM pg_trigger
UNION ALL SELECT proname || md5(prosrc) FROM pg_proc
UNION ALL SELECT 'statistics of ' || starelid::regclass || ' ' || staattnum FROM pg_statistic
UNION ALL SELECT sequencename || coalesce(last_value, 0) FROM pg_sequences
"""
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_USERS = """
INSERT INTO users (id, type, name) SELECT gen_random_uuid(), 'child', 'そら' FROM generate_series(1, {})
"""

LEFTOVERS: dict[str, Any] = {
    "nothing": "SELECT 1",
    "a row": _USERS.format(1),
    "many rows": _USERS.format(6_000),
    "a changed row": "UPDATE alembic_version SET version_num = 'another'",
    "a row less": "DELETE FROM alembic_version",
    "a row in place of another": "DELETE FROM alembic_version; INSERT INTO alembic_version VALUES ('x')",
    "a change of a large table": "UPDATE spatial_ref_sys SET auth_name = 'nobody' WHERE srid = 4326",
    "a truncated table": "TRUNCATE users CASCADE",
    "rows that no trigger allows to delete": (
        "INSERT INTO audit_log (id, action, thing_type, thing_id, at)"
        " VALUES (gen_random_uuid(), 'a', 'b', gen_random_uuid(), now())"
    ),
    "a new table": "CREATE TABLE left_over (id int)",
    "a missing table": "DROP TABLE alembic_version",
    "a new column": "ALTER TABLE users ADD COLUMN left_over int",
    "a disabled trigger": "ALTER TABLE schools DISABLE TRIGGER ALL",
    "another function": "CREATE FUNCTION left_over() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a sequence": "CREATE SEQUENCE left_over; SELECT nextval('left_over')",
    "statistics": "ANALYZE alembic_version",
}


def picture(url: str) -> dict[str, Any]:
    """Everything in a database that a test may read: schema, statistics, rows."""
    with psycopg.connect(plain_url(url)) as connection:
        tables = sorted(name for (name,) in connection.execute(_TABLES))
        rows = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
        held = {
            name: connection.execute(sql.SQL(rows).format(sql.Identifier(name))).fetchone() for name in tables
        }
        return held | {"schema": sorted(line for (line,) in connection.execute(_SCHEMA))}


@pytest.fixture(scope="module")
def database(template: str) -> Iterator[ResetDatabase]:
    """One for all: each test begins with fresh(), whatever the one before it left."""
    database = ResetDatabase(cluster(), template)
    yield database
    database.drop()


@pytest.fixture(scope="module")
def untouched(template: str) -> dict[str, Any]:
    """The picture of a new clone."""
    with throwaway(cluster(), template) as url:
        return picture(url)


@pytest.mark.parametrize("leftover", LEFTOVERS)
def test_nothing_is_left_of_what_was_committed(
    database: ResetDatabase, untouched: dict[str, Any], leftover: str
) -> None:
    with psycopg.connect(plain_url(database.fresh())) as connection:
        connection.execute(LEFTOVERS[leftover])
    assert picture(database.fresh()) == untouched


def test_a_connection_that_was_left_in_a_transaction_is_ended(
    database: ResetDatabase, untouched: dict[str, Any]
) -> None:
    left = psycopg.connect(plain_url(database.fresh()))
    left.execute("LOCK TABLE users, alembic_version IN ACCESS EXCLUSIVE MODE")
    left.execute("DELETE FROM alembic_version")

    assert picture(database.fresh()) == untouched
    with pytest.raises(psycopg.OperationalError):
        left.commit()


def test_a_reset_that_loses_its_own_connection_clones_anew(
    database: ResetDatabase, untouched: dict[str, Any]
) -> None:
    with psycopg.connect(plain_url(database.fresh()), autocommit=True) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert picture(database.fresh()) == untouched


def test_after_many_resets_the_database_is_cloned_anew(template: str) -> None:
    database = ResetDatabase(cluster(), template, resets_per_clone=2)

    def number() -> object:
        with psycopg.connect(plain_url(database.fresh())) as connection:
            found = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
            return found.fetchone()

    try:
        first, second, third, fourth = (number() for _ in range(4))
    finally:
        database.drop()
    assert first == second == third != fourth
