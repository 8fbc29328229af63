"""What the sandbox remembers: Stripe's objects, clocks, answers by idempotency key, deliveries."""

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]
STATE = "state.sqlite3"  # beside the keys

_TABLES = """
CREATE TABLE IF NOT EXISTS objects (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  customer TEXT, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS objects_by_customer ON objects (customer, kind, seq);
CREATE TABLE IF NOT EXISTS answers (
  key TEXT PRIMARY KEY, asked TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, type TEXT NOT NULL, customer TEXT,
  place REAL NOT NULL, state TEXT NOT NULL, due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE TABLE IF NOT EXISTS clocks (customer TEXT PRIMARY KEY, ahead INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Store:
    """One SQLite file, used by one process; what a request changes is written whole or not at all."""

    def __init__(self, path: Path, *, origin: str) -> None:
        self.origin = origin  # where people see the site, and below it our pages
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.sql = sqlite3.connect(path, isolation_level=None)
        self.sql.execute("PRAGMA journal_mode = WAL")
        self.sql.execute("PRAGMA synchronous = NORMAL")
        self.sql.executescript(_TABLES)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or nothing of it."""
        self.sql.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.sql.execute("ROLLBACK")
            raise
        self.sql.execute("COMMIT")

    def clear(self) -> None:
        """Forget everything."""
        for table in ("objects", "answers", "deliveries", "clocks", "switches"):
            self.sql.execute(f"DELETE FROM {table}")

    # -- objects: keys that begin with "_" are ours and never leave the sandbox

    def add(self, body: Json, *, customer: str | None = None) -> Json:
        """Keep a new object."""
        values = (body["id"], body["object"], customer, json.dumps(body, ensure_ascii=False))
        self.sql.execute("INSERT INTO objects (id, kind, customer, body) VALUES (?, ?, ?, ?)", values)
        return body

    def save(self, body: Json) -> Json:
        """Keep what changed."""
        written = json.dumps(body, ensure_ascii=False)
        self.sql.execute("UPDATE objects SET body = ? WHERE id = ?", (written, body["id"]))
        return body

    def get(self, id_: str) -> Json | None:
        """One object, or None."""
        row = self.sql.execute("SELECT body FROM objects WHERE id = ?", (id_,)).fetchone()
        return json.loads(row[0]) if row else None

    def need(self, id_: str) -> Json:
        """One object that is known to be there."""
        found = self.get(id_)
        if found is None:
            raise KeyError(id_)
        return found

    def all(self, kind: str, *, customer: str | None = None) -> list[Json]:
        """The objects of a kind, newest first."""
        mine = "" if customer is None else " AND customer = ?"
        rows = self.sql.execute(
            f"SELECT body FROM objects WHERE kind = ?{mine} ORDER BY seq DESC",
            (kind,) if customer is None else (kind, customer),
        )
        return [json.loads(body) for (body,) in rows]

    # -- clocks: each customer has its own, so that travelling with one family leaves the others alone

    def now(self, customer: str | None = None) -> int:
        """The moment it is for a customer."""
        return int(time.time()) + self.ahead(customer)

    def ahead(self, customer: str | None) -> int:
        """How far a customer's clock is ahead, in seconds."""
        row = self.sql.execute("SELECT ahead FROM clocks WHERE customer = ?", (customer,)).fetchone()
        return row[0] if row else 0

    def set_clock(self, customer: str, moment: int) -> None:
        """Put a customer's clock on a moment; it goes on from there."""
        ahead = moment - int(time.time())
        self.sql.execute("INSERT OR REPLACE INTO clocks VALUES (?, ?)", (customer, ahead))

    # -- switches of the control page

    def switch(self, name: str, default: str = "") -> str:
        """How a switch stands."""
        row = self.sql.execute("SELECT value FROM switches WHERE name = ?", (name,)).fetchone()
        return row[0] if row else default

    def turn(self, name: str, value: str) -> None:
        """Turn a switch."""
        self.sql.execute("INSERT OR REPLACE INTO switches VALUES (?, ?)", (name, value))


def new_id(prefix: str) -> str:
    """An id like Stripe's."""
    return f"{prefix}_{secrets.token_hex(12)}"


def public(body: Any) -> Any:
    """The object without what is ours."""
    if isinstance(body, dict):
        return {key: public(value) for key, value in body.items() if not key.startswith("_")}
    return [public(each) for each in body] if isinstance(body, list) else body
