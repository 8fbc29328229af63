"""A private PostgreSQL + PostGIS cluster in a folder of ours, on a Unix socket only.

The default database for development and tests. Whoever may enter the socket folder (mode 0700)
is trusted; production sets DATABASE_URL instead.
"""

import fcntl
import os
import pwd
import re
import shutil
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from naraigoto.sandbox import machine
from naraigoto.sandbox.machine import ClusterError
from naraigoto.texts import operations as texts

USER = "naraigoto"
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")
# A server that only ever holds test data may forget everything in a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}

_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 107  # bytes in sockaddr_un.sun_path
_ORPHANS_LEAVE_WITHIN = 5.0
_SETTINGS = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "effective_cache_size": "2GB",
    "random_page_cost": "1.1",
    "max_connections": "100",
    "jit": "off",
    "timezone": "UTC",
    "log_min_duration_statement": "500ms",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
}


class Cluster:
    """One PostgreSQL server under `base`: `data/`, `run/` (socket) and `log/`."""

    def __init__(
        self,
        base: Path,
        *,
        database: str = USER,
        settings: Mapping[str, str] | None = None,
        binaries: Sequence[Path] | None = None,
    ) -> None:
        self.base = machine.reachable(Path(os.path.realpath(base)))
        self.database = database
        self.data, self.log = self.base / "data", self.base / "log" / "postgres.log"
        self.socket_dir = self._socket_dir()
        self._settings = {**_SETTINGS, **(settings or {})}
        self._binaries = binaries

    def start(self) -> str:
        """Make the cluster if need be, start it if need be, and answer the URL of the default database.

        Safe to call from several processes at once.

        Raises: ClusterError.
        """
        with self._lock():
            (self.base / "borrowed").unlink(missing_ok=True)
            self._bring_up()
        return self.url()

    def stop(self) -> None:
        """Stop the server; nothing happens when it is not running.

        Raises: ClusterError.
        """
        if self.data.parent.is_dir():
            with self._lock():
                self._shut_down()

    @contextmanager
    def borrow(self) -> Iterator[str]:
        """Use the cluster for a while: the last borrower stops what a borrower started.

        A cluster started with start() stays as it was.
        """
        with self._lock():
            if not self.running():
                (self.base / "borrowed").touch()
            self._bring_up()
            lease = self._lease()
        try:
            yield self.url()
        finally:
            lease.close()
            if (self.base / "borrowed").exists():
                self.stop_if_unused()

    @contextmanager
    def hold(self) -> Iterator[str]:
        """Like start(), and keep stop_if_unused() of others away meanwhile."""
        with self._lock():
            self._bring_up()
            lease = self._lease()
        with lease:
            yield self.url()

    def stop_if_unused(self) -> None:
        """Stop the server unless somebody borrows or holds it.

        Raises: ClusterError.
        """
        with self._lock(), (self.base / "lease").open("a") as lease:
            try:
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self._shut_down()

    def remove(self) -> None:
        """Stop the server and delete the cluster with everything in it.

        Raises: ClusterError.
        """
        self.stop()
        for folder in (self.base, self.socket_dir):
            shutil.rmtree(folder, ignore_errors=True)

    def running(self) -> bool:
        """True when a live postmaster of this folder answers (no zombie, no stranger's pid)."""
        if not self._postmaster_lives():
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket_dir / _SOCKET))
            except OSError:
                return False
        return True

    def url(self, database: str | None = None) -> str:
        """SQLAlchemy URL; complete in itself, so PGHOST or PGPORT of the caller change nothing."""
        host = quote(str(self.socket_dir), safe="/")
        return f"postgresql+psycopg://{USER}@/{database or self.database}?host={host}&port=5432"

    def psql(self, sql: str, *, database: str | None = None) -> str:
        """Run SQL with psql and answer its unaligned output.

        Raises: ClusterError with the first line of the server's refusal.
        """
        return self._run(
            "psql", *self.psql_arguments(database), "-qAt", "-v", "ON_ERROR_STOP=1", "-c", sql
        ).strip()

    def psql_arguments(self, database: str | None = None) -> list[str]:
        """Arguments that make psql talk to this cluster, without the caller's ~/.psqlrc."""
        return ["-X", "-h", str(self.socket_dir), "-p", "5432", "-U", USER, "-d", database or self.database]

    def ensure_database(self, name: str) -> None:
        """Create the database in a locale in which pg_trgm sees Japanese, with our extensions.

        Raises: ClusterError.
        """
        if not self.psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'", database="postgres"):
            create = f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
            self.psql(create, database="postgres")
        present = self.psql("SELECT extname FROM pg_extension", database=name).split()
        if missing := [extension for extension in EXTENSIONS if extension not in present]:
            self.psql("".join(f"CREATE EXTENSION IF NOT EXISTS {each};" for each in missing), database=name)

    def _bring_up(self) -> None:
        if self.running():
            try:
                self.ensure_database(self.database)
                return
            except ClusterError:
                if self.running():
                    raise  # otherwise it was just dying
        self._prepare_folders()
        if not self.data.exists():
            self._make()
        if not (self.data / "PG_VERSION").exists():
            raise ClusterError(texts.BROKEN.format(reason=f"{self.data}/PG_VERSION", log=self.log))
        self._clear_traces_of_the_dead()
        self._write_settings()
        self._run("pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "start")
        self.ensure_database(self.database)

    def _shut_down(self) -> None:
        (self.base / "borrowed").unlink(missing_ok=True)
        if self._postmaster_lives():
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", "60", "stop")

    def _make(self) -> None:
        # initdb may be interrupted and writes PG_VERSION early: a folder counts once it has been renamed.
        half_made = self.base / "data.new"
        shutil.rmtree(half_made, ignore_errors=True)
        identity = ("-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "--no-instructions")
        self._run("initdb", "-D", str(half_made), *identity)
        half_made.rename(self.data)

    def _write_settings(self) -> None:
        folder = str(self.socket_dir).replace('"', '""')
        settings = {**self._settings, "unix_socket_directories": f'"{folder}"'}
        lines = [f"{key} = '{value.replace(chr(39), chr(39) * 2)}'\n" for key, value in settings.items()]
        (self.data / "postgresql.auto.conf").write_text("".join(lines))

    def _prepare_folders(self) -> None:
        who, folders = machine.account(self.data), (self.base, self.base / "log", self.socket_dir)
        for folder in folders:
            machine.make_folder(folder)
            if folder.is_symlink() or folder.stat().st_uid not in (0, os.geteuid(), who.pw_uid):
                raise ClusterError(texts.FOREIGN_FOLDER.format(folder=folder, account=folder.owner()))
            if os.geteuid() == 0:
                os.chown(folder, who.pw_uid, who.pw_gid)
        if machine.run(["test", "-w", str(self.base)], who, home=self.base).returncode:
            closed = next(
                (each for each in reversed(self.base.parents) if not each.stat().st_mode & 0o001), self.base
            )
            raise ClusterError(texts.UNREACHABLE.format(account=who.pw_name, folder=self.base, closed=closed))
        self.socket_dir.chmod(0o700)

    def _clear_traces_of_the_dead(self) -> None:
        # kill -9 leaves both lock files, and in a container without init a zombie that seems alive.
        # While a backend of the dead postmaster lives, a second server would destroy the data: wait.
        patience = time.monotonic() + _ORPHANS_LEAVE_WITHIN
        while alive := self._members():
            if time.monotonic() > patience:
                pids = " ".join(str(pid) for pid in sorted(alive))
                raise ClusterError(texts.STILL_HELD.format(pids=pids, folder=self.data))
            time.sleep(0.05)
        for leftover in (self.data / "postmaster.pid", self.socket_dir / f"{_SOCKET}.lock"):
            leftover.unlink(missing_ok=True)

    def _postmaster_lives(self) -> bool:
        pid = self._postmaster()
        return pid is not None and pid in self._members()

    def _postmaster(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, PermissionError, IndexError, ValueError):
            return None

    def _members(self) -> set[int]:
        return machine.processes_in(self.data, self._postmaster())

    def _run(self, program: str, *arguments: str) -> str:
        folder = machine.programs(self.data, self._binaries)
        finished = machine.run(
            [str(folder / program), *arguments], machine.account(self.data), home=self.base
        )
        if finished.returncode:
            raise ClusterError(self._explain(program, finished.stdout))
        return finished.stdout

    def _explain(self, program: str, output: str) -> str:
        if program == "psql":
            return next(iter(output.strip().splitlines()), program)
        record = self.log.read_text(errors="replace").splitlines()[-20:] if self.log.exists() else []
        said = [
            line
            for line in [*output.splitlines(), *record]
            if re.search(r"FATAL|PANIC|could not|error:", line)
        ]
        return texts.BROKEN.format(reason=said[-1].strip() if said else program, log=self.log)

    def _socket_dir(self) -> Path:
        beside = self.base / "run"
        if len(os.fsencode(beside / _SOCKET)) <= _LONGEST_SOCKET_PATH:
            return beside
        return Path("/tmp") / f"naraigoto-pg-{machine.short_name(self.base)}"  # noqa: S108  # the owner is checked

    def _lease(self) -> IO[str]:
        lease = (self.base / "lease").open("a")
        fcntl.flock(lease, fcntl.LOCK_SH)
        return lease

    @contextmanager
    def _lock(self) -> Iterator[None]:
        machine.make_folder(self.base)
        try:
            file = (self.base / "lock").open("a")
        except PermissionError:
            owner = pwd.getpwuid(self.base.stat().st_uid).pw_name
            raise ClusterError(texts.FOREIGN_FOLDER.format(folder=self.base, account=owner)) from None
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
