"""Run a command as if it were another day: every process it starts, PostgreSQL included, reads that clock.

Usage: .venv/bin/python -m scripts.at_moment "2026-12-31T23:59:00+09:00" COMMAND...

The clock runs on at its usual speed. Needs Debian's libfaketime. The command gets a data folder of its own,
whose test cluster is stopped before and after: a server that started under one clock must not answer under
another.
"""

import ctypes
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LIBRARIES = (
    "/usr/lib/*/faketime/libfaketime.so.1",
    "/usr/lib*/faketime/libfaketime.so.1",
    "/usr/local/lib/faketime/libfaketime.so.1",
)
SLEEPING = Path(__file__).resolve().parent / "faketime"
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # where glibc keeps semaphores; shm_open(3)
SETTINGS = {
    # The kernel ends waits by the true monotonic clock: a process that reads another one hangs.
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    # Otherwise 0.9.10 adds the offset to waits on a monotonic condition, and they return at once.
    "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    # Files are dated by the kernel: shifting what stat() says would only confuse caches that compare the two.
    "NO_FAKE_STAT": "1",
}


def find_library() -> Path:
    """Path of libfaketime.

    Raises: SystemExit when it is not installed.
    """
    found = [path for pattern in LIBRARIES for path in Path("/").glob(pattern.lstrip("/"))]
    if not found:
        raise SystemExit("libfaketime が見つかりません: sudo apt-get install libfaketime")
    return found[0]


def parse_moment(text: str) -> datetime:
    """The moment that an ISO 8601 text names, which must say its offset from UTC.

    Raises: SystemExit.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as refusal:
        raise SystemExit(str(refusal)) from None
    if moment.tzinfo is None:
        raise SystemExit(f"{text}: name the offset too, as in 2028-02-29T12:00+09:00")
    return moment


def faked(environ: Mapping[str, str], moment: datetime, shared: str) -> dict[str, str]:
    """The environment in which processes read a clock that shows the moment now."""
    # Inside another such command now() is faked already, and libfaketime counts from the true time.
    ahead = (moment - datetime.now(UTC)).total_seconds() + float(environ.get("FAKETIME", "0"))
    # libc a second time: Redis would take malloc() from jemalloc, which asks for the time before libfaketime
    # can answer, and hang.
    preload = f"{find_library()} libc.so.6 {environ.get('LD_PRELOAD', '')}".strip()
    path = os.pathsep.join(filter(None, [str(SLEEPING), environ.get("PYTHONPATH")]))
    return {
        **environ,
        **SETTINGS,
        "LD_PRELOAD": preload,
        "PYTHONPATH": path,
        "FAKETIME": f"{ahead:+.3f}",
        "FAKETIME_SHARED": shared,
        "NARAIGOTO_DATA": str(data_folder(environ)),
    }


def data_folder(environ: Mapping[str, str]) -> Path:
    """Data folder of commands that run at another moment."""
    return PROJECT / environ.get("NARAIGOTO_DATA", ".local") / "at-moment"


@contextmanager
def shared_objects() -> Iterator[str]:
    """Value of FAKETIME_SHARED: a semaphore and a piece of memory that every process of the tree finds.

    libfaketime makes them itself where they are missing, but for one account only, and the process that made
    them takes them away from the others when it ends. PostgreSQL runs under an account of its own.
    """
    semaphore, memory = f"naraigoto-moment-{os.getpid()}", f"naraigoto-moment-{os.getpid()}.memory"
    libc = ctypes.CDLL(None, use_errno=True)
    libc.sem_open.restype = ctypes.c_void_p
    umask = os.umask(0)
    try:
        opened = libc.sem_open(f"/{semaphore}".encode(), os.O_CREAT | os.O_EXCL, 0o666, 1)
        (SHARED_MEMORY / memory).write_bytes(bytes(4096))
    finally:
        os.umask(umask)
    if not opened:
        raise SystemExit(f"sem_open: {os.strerror(ctypes.get_errno())}")
    try:
        yield f"/{semaphore} /{memory}"
    finally:
        libc.sem_unlink(f"/{semaphore}".encode())
        (SHARED_MEMORY / memory).unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other command at a moment uses the folder, and keep the next one waiting."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stop_cluster(env: Mapping[str, str]) -> None:
    """Stop the test cluster of the data folder."""
    subprocess.run([sys.executable, "-m", "tests.database", "stop"], cwd=PROJECT, env=env, check=True)


def main(text: str, command: list[str]) -> int:
    """Exit status of the command, run at the moment."""
    moment = parse_moment(text)
    with alone(data_folder(os.environ)), shared_objects() as shared:
        env = faked(os.environ, moment, shared)
        stop_cluster(env)
        # Starting and stopping took a while: the moment is when the command begins.
        env = faked(os.environ, moment, shared)
        try:
            return subprocess.run(command, env=env, check=False).returncode
        finally:
            stop_cluster(env)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    raise SystemExit(main(sys.argv[1], sys.argv[2:]))
