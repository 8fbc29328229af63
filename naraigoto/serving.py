"""Run the site on one port: granian on the finished bundle, nothing left behind when it ends."""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from naraigoto import bundle
from naraigoto.preflight import CannotRun
from naraigoto.settings import PROJECT
from naraigoto.texts import operations as texts

_READY_WITHIN = 60.0
_GOES_WITHIN = 8.0
_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


class ServingFailed(CannotRun):
    """The site cannot run; the message is one line that says what to do."""


class Stopped(Exception):
    """Somebody pressed Ctrl-C, closed the terminal or asked the process to end."""


def refuse_busy_port(host: str, port: int) -> None:
    """Say so before any long work.

    Raises: ServingFailed.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise ServingFailed(texts.PORT_BUSY.format(port=port, other=port + 1)) from None


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Turn SIGINT, SIGTERM and SIGHUP into one Stopped; while leaving, further signals are ignored."""
    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, _frame: object) -> None:
        for each in watched:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(signal.Signals(number).name)

    before = {each: signal.signal(each, stop) for each in watched}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def registered(data: Path, port: int) -> Iterator[None]:
    """Leave our pid where stop_all() finds it; the lock tells a live server from a forgotten file."""
    data.mkdir(parents=True, exist_ok=True)
    path = data / f"serve-{port}.pid"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServingFailed(texts.PORT_BUSY.format(port=port, other=port + 1)) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def stop_all(data: Path) -> int:
    """End every server that runs on this data folder; answers how many there were."""
    stopped = 0
    for path in data.glob("serve-*.pid"):
        with path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink(missing_ok=True)
                continue
            except BlockingIOError:
                os.kill(int(file.read()), signal.SIGTERM)
            fcntl.flock(file, fcntl.LOCK_EX)
            stopped += 1
    return stopped


@contextmanager
def server(host: str, port: int, database_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """The site answering on /healthz; ended with all its workers on leaving.

    Raises: ServingFailed when it does not come up.
    """
    address = ("--host", host, "--port", str(port))
    options = ("--interface", "asgi", "--factory", "--workers", "1", "--log-level", "warning")
    command = ["-m", "granian", *address, *options, "naraigoto.naraigoto:app"]
    prebuilt = {
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "__REFLEX_SKIP_COMPILE": "true",
    }
    with background(command, {"DATABASE_URL": database_url, "PORT": str(port)} | prebuilt) as process:
        wait_for(host, port, or_say=texts.NO_ANSWER, process=process)
        yield process


@contextmanager
def reloading_server(port: int, database_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """Reflex's own development server: Vite on the port, the backend behind its proxy.

    Raises: ServingFailed when it does not come up.
    """
    backend = _free_port()
    ports = ("--frontend-port", str(port), "--backend-port", str(backend), "--backend-host", "127.0.0.1")
    command = ["-m", "reflex", "run", "--env", "dev", *ports]
    env = {"DATABASE_URL": database_url, "PORT": str(port), "NARAIGOTO_DEV_BACKEND_PORT": str(backend)}
    with background(command, bundle.reflex_environment() | env) as process:
        wait_for("localhost", port, or_say=texts.NO_ANSWER, process=process)
        yield process


@contextmanager
def background(arguments: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A Python program of ours; ended with all its children on leaving, and with us when we are killed."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=os.environ | bundle.QUIET_REFLEX | env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509  # one system call, looked up before
    )
    try:
        yield process
    finally:
        _end(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(host: str, port: int, *, or_say: str, process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until /healthz answers there.

    Raises: ServingFailed with that line when it takes too long or the process has ended.
    """
    patience = time.monotonic() + _READY_WITHIN
    while time.monotonic() < patience:
        if process is not None and process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise ServingFailed(or_say)


def _end(process: subprocess.Popen[bytes]) -> None:
    # To the whole group, as Ctrl-C would: Reflex's development server does not pass it on.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GOES_WITHIN)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _die_with_parent() -> None:
    # Even kill -9 on us takes the server along (Linux).
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
