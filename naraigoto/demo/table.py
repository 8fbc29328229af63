"""Rows on their way into the database: gathered by table, written with COPY in the order of keys."""

from collections import defaultdict
from typing import Any

from psycopg import Connection, sql
from psycopg.types.json import Jsonb

# Parents before children, so that every foreign key finds its row.
ORDER = (
    "users",
    "identities",
    "consents",
    "families",
    "family_members",
    "schools",
    "school_members",
    "instructors",
    "classes",
    "lesson_schedules",
    "subscriptions",
    "payments",
    "ticket_balances",
    "bookings",
    "ticket_entries",
    "attendances",
    "conversations",
    "messages",
    "conversation_reads",
    "reviews_parent",
    "reviews_child",
    "review_replies",
    "review_reports",
    "points_transactions",
    "likes",
)


class Rows:
    """Everything that will be written, table by table."""

    def __init__(self) -> None:
        self._tables: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, table: str, **values: Any) -> dict[str, Any]:
        """Remember one row; the same mapping may still be changed until it is written."""
        self._tables[table].append(values)
        return values

    def of(self, table: str) -> list[dict[str, Any]]:
        """The rows of one table so far."""
        return self._tables[table]

    def write(self, connection: Connection) -> None:
        """Copy every table into the database."""
        for table in ORDER:
            if rows := self._tables[table]:
                copy(connection, table, tuple(rows[0]), [tuple(row.values()) for row in rows])


def copy(connection: Connection, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Stream rows into a table."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row([Jsonb(value) if isinstance(value, dict) else value for value in row])


def point(lat: float, lng: float) -> str:
    """A geography value as COPY reads it."""
    return f"SRID=4326;POINT({lng:.6f} {lat:.6f})"
