"""The site starts on a free port, says one line when it cannot, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from naraigoto import serving


@pytest.fixture
def busy_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_busy_port_is_one_line_that_offers_another(busy_port: int):
    with pytest.raises(
        serving.ServingFailed, match=rf"{busy_port}.*PORT={busy_port + 1} make run"
    ) as refusal:
        serving.refuse_busy_port("127.0.0.1", busy_port)
    assert "\n" not in str(refusal.value)


def test_a_free_port_is_accepted(busy_port: int):
    serving.refuse_busy_port("127.0.0.2", busy_port)


def test_the_command_line_refuses_a_busy_port_before_anything_heavy(busy_port: int, tmp_path: Path):
    env = os.environ | {
        "PORT": str(busy_port),
        "NARAIGOTO_DATA": str(tmp_path / "data"),
        "NARAIGOTO_ENV": "local",
    }
    command = [sys.executable, "-m", "naraigoto", "serve"]
    refused = subprocess.run(command, env=env, capture_output=True, text=True)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.count("\n") == 1
    assert f"PORT={busy_port + 1}" in refused.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_way_of_ending_stops_once_and_lets_the_tidying_finish(number: signal.Signals):
    tidied = []
    before = signal.getsignal(signal.SIGINT)

    def end() -> None:
        os.kill(os.getpid(), number)
        time.sleep(0.05)

    def work() -> None:
        with serving.stop_on_signals():
            try:
                end()
            finally:
                end()
                tidied.append(True)

    with pytest.raises(serving.Stopped):
        work()
    assert tidied
    assert signal.getsignal(signal.SIGINT) is before


def test_stop_ends_a_registered_server_and_forgets_a_dead_one(tmp_path: Path):
    (tmp_path / "serve-1.pid").write_text("999999")
    script = (
        "import time; from pathlib import Path; from naraigoto import serving\n"
        f"with serving.stop_on_signals(), serving.registered(Path({str(tmp_path)!r}), 2):\n"
        "    print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"up\n"
        assert serving.stop_all(tmp_path) == 1
        running.wait(10)
    assert list(tmp_path.iterdir()) == []
    assert serving.stop_all(tmp_path) == 0


def test_two_servers_of_one_folder_and_port_are_refused(tmp_path: Path):
    with (
        serving.registered(tmp_path, 1),
        pytest.raises(serving.ServingFailed, match="PORT=2"),
        serving.registered(tmp_path, 1),
    ):
        pytest.fail("registered twice")
    assert list(tmp_path.iterdir()) == []
