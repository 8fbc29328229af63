"""How long `make run` takes until the first page answers: with an empty data folder, and the second time."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
_PATIENCE = 300.0


def run() -> dict[str, float]:
    """Seconds of a first start (cluster, migrations, demo data; bundle already built) and of a second one."""
    folder = Path(tempfile.mkdtemp(prefix="naraigoto-bench-"))
    folder.chmod(0o755)
    try:
        return {"first_start_s": _start(folder), "second_start_s": _start(folder)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> float:
    port = _free_port()
    env = os.environ | {"PORT": str(port), "NARAIGOTO_DATA": str(folder / "data"), "NARAIGOTO_ENV": "local"}
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "naraigoto", "serve"], cwd=PROJECT, env=env, stdout=subprocess.DEVNULL
    )
    try:
        while time.monotonic() - begun < _PATIENCE:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                    answer.read()
                    return round(time.monotonic() - begun, 2)
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise TimeoutError
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
