"""A database that serves one test after another: reset between them, for a clone each costs far more."""

import itertools
import os
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql

from naraigoto.reference import plain_url
from naraigoto.sandbox.postgres import Cluster
from tests.database import clone, drop

# A larger table is not restored row by row: when a test has changed it, the database is cloned anew.
_KEPT_ROWS = 1_000
# Deleted rows stay in the files until a VACUUM; a new clone is small again.
_DELETED_ROWS = 5_000
_RESETS_PER_CLONE = 100
_BACKENDS_END_WITHIN_MS = 5_000
# No triggers and no foreign keys: the rows that come back satisfied them before. The plan of the long query
# in _changes() is made once.
_OPTIONS = (
    "-c session_replication_role=replica -c plan_cache_mode=force_generic_plan -c statement_timeout=10s"
    " -c lock_timeout=5s -c timezone=UTC"
)
# A newer row in one of these is a change of the schema, of a setting or of the planner's statistics.
_CATALOGS = (
    "pg_attrdef",
    "pg_attribute",
    "pg_class",
    "pg_constraint",
    "pg_db_role_setting",
    "pg_event_trigger",
    "pg_extension",
    "pg_index",
    "pg_proc",
    "pg_rewrite",
    "pg_sequence",
    "pg_statistic",
    "pg_trigger",
    "pg_type",
)
_TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
_OTHERS = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_END_OTHERS = """
SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# age() counts the transactions since one; transaction ids themselves have no order in SQL.
_COUNT = "SELECT {name}, count(*), count(*) FILTER (WHERE age(xmin) < age(%(since)s::xid)) FROM {}"
_SEQUENCES = "SELECT 'sequences', coalesce(sum(last_value), 0)::bigint, 0 FROM pg_sequences"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class _Snapshot:
    """What a database held: number of rows by table and catalog, and the rows of small tables for COPY."""

    transaction: str
    counts: dict[str, int]
    copies: dict[str, bytes]


class ResetDatabase:
    """A clone of a template that reset() brings back to its last snapshot, row for row.

    A changed table is recognised without comparing values: it has another number of rows, or a row of a
    transaction that is newer than the snapshot. Sequences, and the catalogs that know the schema, count too.
    """

    def __init__(self, server: Cluster, template: str, *, resets_per_clone: int = _RESETS_PER_CLONE) -> None:
        self._server, self._template = server, template
        self._resets_per_clone = resets_per_clone
        self._name = f"test_{os.getpid()}_reset_{next(_numbers)}"
        self._admin: psycopg.Connection | None = None
        self._counting = sql.Composed([])
        self._snapshot: _Snapshot | None = None
        self._resets = 0

    @property
    def url(self) -> str:
        """SQLAlchemy URL, the same for every clone."""
        return self._server.url(self._name)

    def fresh(self) -> str:
        """Bring the database back to the template's rows, and return its URL."""
        if not self.reset():
            self.clone()
            self.take_snapshot()
        return self.url

    def reset(self) -> bool:
        """End every other connection and undo what was committed; False if that can't be."""
        if self._admin is None or self._snapshot is None or self._resets >= self._resets_per_clone:
            return False
        self._resets += 1
        try:
            return self._undo(self._admin, self._snapshot)
        except psycopg.Error:
            return False

    def clone(self) -> None:
        """Make the database anew from the template."""
        self.drop()
        clone(self._server, self._name, self._template)
        self._admin = psycopg.connect(plain_url(self.url), autocommit=True, options=_OPTIONS)
        self._resets = 0

    def take_snapshot(self) -> None:
        """Make what the database holds now the state of reset(); nobody else may be connected."""
        assert self._admin
        tables = [name for (name,) in self._admin.execute(_TABLES)]
        parts = [_on(name, _COUNT) for name in (*tables, *_CATALOGS)]
        self._counting = sql.SQL(" UNION ALL ").join([*parts, sql.SQL(_SEQUENCES)])
        with self._admin.transaction():
            transaction = _transaction(self._admin)
            counts = {name: rows for name, rows, _ in self._count(self._admin, transaction)}
            small = [name for name in tables if counts[name] <= _KEPT_ROWS]
            copies = {name: _read(self._admin, name) if counts[name] else b"" for name in small}
        self._snapshot = _Snapshot(transaction, counts, copies)

    def drop(self) -> None:
        """Delete the database."""
        self._snapshot = None
        if self._admin is not None:
            self._admin.close()
            self._admin = None
        drop(self._server, self._name)

    def _undo(self, admin: psycopg.Connection, snapshot: _Snapshot) -> bool:
        ended = admin.execute(_END_OTHERS, (_BACKENDS_END_WITHIN_MS,), prepare=True).fetchall()
        # Not ended is also said of one that was just leaving by itself.
        if not all(gone for (gone,) in ended) and admin.execute(_OTHERS).fetchall():
            return False
        changed = self._changed(admin, snapshot)
        if not changed:
            return True
        if not changed.keys() <= snapshot.copies.keys() or sum(changed.values()) > _DELETED_ROWS:
            return False
        with admin.transaction():
            admin.execute(sql.SQL(";").join(_on(name, "DELETE FROM {}") for name in changed))
            for name in changed:
                if rows := snapshot.copies[name]:
                    with admin.cursor().copy(_on(name, "COPY {} FROM STDIN")) as writing:
                        writing.write(rows)
            self._snapshot = restored = _Snapshot(_transaction(admin), snapshot.counts, snapshot.copies)
        return not self._changed(admin, restored)

    def _changed(self, admin: psycopg.Connection, snapshot: _Snapshot) -> dict[str, int]:
        """Tables that are not as in the snapshot, and how many rows they have."""
        found = self._count(admin, snapshot.transaction)
        return {name: rows for name, rows, newer in found if newer or rows != snapshot.counts[name]}

    def _count(self, admin: psycopg.Connection, since: str) -> list[tuple[str, int, int]]:
        return admin.execute(self._counting, {"since": since}, prepare=True).fetchall()


def _on(table: str, statement: LiteralString) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table), name=sql.Literal(table))


def _transaction(admin: psycopg.Connection) -> str:
    row = admin.execute("SELECT pg_current_xact_id()::xid::text").fetchone()
    assert row
    return row[0]


def _read(admin: psycopg.Connection, table: str) -> bytes:
    with admin.cursor().copy(_on(table, "COPY {} TO STDOUT")) as reading:
        return b"".join(reading)
