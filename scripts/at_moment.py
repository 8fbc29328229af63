"""Run a command as if it were another day: every process it starts, PostgreSQL included, reads that clock.

Usage: .venv/bin/python -m scripts.at_moment "2026-12-31T23:59:00+09:00" COMMAND...

The clock runs on at its usual speed. Needs Debian's libfaketime. The command gets a data folder of its own,
whose test cluster is stopped before and after: a server that started under one clock must not answer under
another.
"""

import ctypes
import fcntl
import os
import struct
import subprocess
import sys
import tempfile
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
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # where glibc keeps semaphores; shm_open(3)
SETTINGS = {
    # The kernel ends waits by the true monotonic clock: a process that reads another one hangs.
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    # Otherwise 0.9.10 adds the offset to waits on a monotonic condition, and they return at once.
    "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    # Files are dated by the kernel: shifting what stat() says would only confuse caches that compare the two.
    "NO_FAKE_STAT": "1",
}
# A wait takes as long at another moment, but libfaketime replaces these too (for clocks that run faster), and
# 0.9.10 breaks them: a signal handler that runs during one reads the true time, so PostgreSQL ended no
# statement and no deadlock, and Python's sleep (clock_nanosleep) was refused by the kernel.
WAITS = frozenset(
    b"alarm clock_nanosleep epoll_pwait epoll_wait nanosleep poll ppoll pselect select sleep usleep".split()
)
_DYNAMIC_SYMBOLS = 11  # SHT_DYNSYM of ELF


def find_library() -> Path:
    """Path of libfaketime.

    Raises: SystemExit when it is not installed.
    """
    found = [path for pattern in LIBRARIES for path in Path("/").glob(pattern.lstrip("/"))]
    if not found:
        raise SystemExit("libfaketime が見つかりません: sudo apt-get install libfaketime")
    return found[0]


def without_symbols(library: bytes, names: frozenset[bytes]) -> bytes:
    """A copy of a 64-bit ELF library that no longer offers these functions, so that libc's are used."""
    made = bytearray(library)
    (table,) = struct.unpack_from("<Q", made, 0x28)
    size, count = struct.unpack_from("<HH", made, 0x3A)
    # Of each section: type, offset, size and link.
    sections = [
        struct.unpack_from("<4xI16xQQI", made, place) for place in range(table, table + size * count, size)
    ]
    _, start, length, link = next(each for each in sections if each[0] == _DYNAMIC_SYMBOLS)
    texts = sections[link][1]
    for symbol in range(start, start + length, 24):
        name = texts + struct.unpack_from("<I", made, symbol)[0]
        if bytes(made[name : made.index(0, name)]) in names:
            struct.pack_into("<HQ", made, symbol + 6, 0, 0)  # no section, no address: undefined here
    return bytes(made)


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


def faked(environ: Mapping[str, str], moment: datetime, library: Path, shared: str) -> dict[str, str]:
    """The environment in which processes read a clock that shows the moment now."""
    # Inside another such command now() is faked already, and libfaketime counts from the true time.
    ahead = (moment - datetime.now(UTC)).total_seconds() + float(environ.get("FAKETIME", "0"))
    others = [] if "FAKETIME" in environ else environ.get("LD_PRELOAD", "").split()
    return {
        **environ,
        **SETTINGS,
        # libc a second time: Redis would take malloc() from jemalloc, which asks for the time before
        # libfaketime can answer, and hang.
        "LD_PRELOAD": " ".join([str(library), "libc.so.6", *others]),
        "FAKETIME": f"{ahead:+.3f}",
        "FAKETIME_SHARED": shared,
        "NARAIGOTO_DATA": str(data_folder(environ)),
    }


def data_folder(environ: Mapping[str, str]) -> Path:
    """Data folder of commands that run at another moment."""
    return PROJECT / environ.get("NARAIGOTO_DATA", ".local") / "at-moment"


@contextmanager
def waiting_truly() -> Iterator[Path]:
    """Path of a copy of libfaketime that leaves waits alone, readable by the account of PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="naraigoto-moment-") as folder:
        Path(folder).chmod(0o755)
        library = Path(folder) / "libfaketime.so.1"
        library.write_bytes(without_symbols(find_library().read_bytes(), WAITS))
        library.chmod(0o644)
        yield library


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
    with alone(data_folder(os.environ)), waiting_truly() as library, shared_objects() as shared:
        stop_cluster(faked(os.environ, moment, library, shared))
        # Stopping took a while: the moment is when the command begins.
        env = faked(os.environ, moment, library, shared)
        try:
            return subprocess.run(command, env=env, check=False).returncode
        finally:
            stop_cluster(env)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    raise SystemExit(main(sys.argv[1], sys.argv[2:]))
