"""`python -m scripts.at_moment` gives a whole tree of processes another day."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from naraigoto import clock
from tests.database import PROJECT

MOMENT = datetime(2028, 2, 29, 12, 0, tzinfo=clock.JST)
# What Python, a program, PostgreSQL and Redis take for the present, and whether waits end as they should.
ASK = """
import json, os, socket, subprocess, tempfile, time
from pathlib import Path
from naraigoto.sandbox.machine import ClusterError
from tests.database import cluster
from tests.redis_server import running_redis
begun = time.monotonic()
time.sleep(0.3)
waited = time.monotonic() - begun
found = {"python": time.time(), "date": float(subprocess.check_output(["date", "+%s"]))}
with cluster().hold():
    found["postgres"] = float(cluster().psql("SELECT extract(epoch FROM now())", database="postgres"))
    try:
        said = cluster().psql("SET statement_timeout = 50; SELECT pg_sleep(5)", database="postgres")
    except ClusterError as ended:
        said = str(ended)
with tempfile.TemporaryDirectory() as folder, running_redis(Path(folder)) as redis:
    asking = socket.create_connection(("127.0.0.1", redis.port))
    asking.sendall(b"TIME\\r\\n")
    found["redis"] = float(asking.recv(100).split()[2])
print(json.dumps({"found": found, "waited": waited, "said": said, "shared": os.environ["FAKETIME_SHARED"]}))
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that the account of PostgreSQL may enter."""
    with tempfile.TemporaryDirectory(prefix="ng-moment-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def at_moment(data: Path, moment: str, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "NARAIGOTO_DATA": str(data), "PYTHONPATH": str(PROJECT)}
    env.pop("NARAIGOTO_TEST_DATA", None)
    return subprocess.run(
        [sys.executable, "-m", "scripts.at_moment", moment, *command],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_process_reads_the_moment_and_waits_as_long_as_ever(data: Path) -> None:
    began = time.monotonic()
    answer = at_moment(data, MOMENT.isoformat(), sys.executable, "-c", ASK)
    lasted = timedelta(seconds=time.monotonic() - began)
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    for who, seconds in told["found"].items():
        late = datetime.fromtimestamp(seconds, clock.JST) - MOMENT
        assert timedelta(seconds=-1) < late < lasted, who
    assert told["waited"] >= 0.3
    assert "statement timeout" in told["said"]
    assert not (data / "at-moment" / "test" / "pg" / "data" / "postmaster.pid").exists()
    semaphore, memory = told["shared"].split()
    assert not Path(f"/dev/shm/sem.{semaphore[1:]}").exists()
    assert not Path(f"/dev/shm{memory}").exists()


@pytest.mark.parametrize("moment", ["2028-02-29T12:00", "tomorrow", ""])
def test_a_moment_that_is_none_is_refused(data: Path, moment: str) -> None:
    answer = at_moment(data, moment, "true")
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1


def test_the_status_is_that_of_the_command(data: Path) -> None:
    assert at_moment(data, MOMENT.isoformat(), "sh", "-c", "exit 3").returncode == 3
