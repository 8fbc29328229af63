"""A Redis of the tests' own: on a free loopback port, in memory only, gone afterwards."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class RedisServer:
    """One server process that can be stopped and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Come up, empty."""
        found = shutil.which("redis-server")
        if found is None:
            raise SystemExit("redis-server が見つかりません: sudo apt-get install redis-server")
        options = ("--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no")
        self._process = subprocess.Popen(
            [found, *options], cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise TimeoutError("redis-server did not come up")

    def stop(self) -> None:
        """Go away, as a crashed server does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None


@contextmanager
def running_redis(folder: Path) -> Iterator[RedisServer]:
    """A server for the length of a block."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
