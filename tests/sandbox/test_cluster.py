"""The embedded cluster survives what happens to it on people's machines."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from naraigoto.sandbox.postgres import FAST, Cluster, ClusterError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")


def make_cluster(base: Path, **over: object) -> Cluster:
    return Cluster(base, **({"settings": {**FAST, "shared_buffers": "16MB"}} | over))  # type: ignore[arg-type]


def in_another_process(base: Path, *, account: str | None = None) -> "subprocess.Popen[str]":
    """Start the cluster from a new process, which steps down to the account after its imports."""
    step_down = (
        f"who = pwd.getpwnam({account!r}); os.setgroups([]); os.setgid(who.pw_gid); os.setuid(who.pw_uid)"
    )
    script = "import os, pwd; from pathlib import Path; from tests.sandbox.test_cluster import make_cluster\n"
    script += f"{step_down if account else ''}\nprint(make_cluster(Path({str(base)!r})).start())"
    return subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def can_connect(url: str) -> bool:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def is_one_line(refusal: pytest.ExceptionInfo[ClusterError]) -> bool:
    return "\n" not in str(refusal.value)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder every account may enter (pytest's own is closed)."""
    made = Path(tempfile.mkdtemp(prefix="ng-cluster-"))
    made.chmod(0o755)
    yield made
    for data in made.rglob("postmaster.pid"):
        make_cluster(data.parent.parent).stop()
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def shared() -> Iterator[Cluster]:
    """A cluster with one row in it; every test leaves it in any state and start() mends it."""
    made = Path(tempfile.mkdtemp(prefix="ng-cluster-"))
    made.chmod(0o755)
    cluster = make_cluster(made / "日本語 と 空白" / "pg")
    cluster.start()
    cluster.psql("CREATE TABLE kept AS SELECT 42 AS answer")
    yield cluster
    cluster.remove()
    shutil.rmtree(made)


def test_a_new_cluster_sees_japanese_and_has_our_extensions(shared: Cluster):
    assert can_connect(shared.start())
    extensions = shared.psql("SELECT extname FROM pg_extension").split()
    assert {"postgis", "pg_trgm", "btree_gist"} <= set(extensions)
    assert shared.psql("SELECT array_length(show_trgm('ピアノ教室'), 1) > 0") == "t"
    assert shared.psql("SHOW timezone") == "UTC"


def test_only_our_account_may_enter_the_socket_folder_and_no_port_is_open(shared: Cluster):
    shared.start()
    assert shared.socket_dir.stat().st_mode & 0o777 == 0o700
    assert shared.psql("SHOW listen_addresses") == ""


def test_starting_twice_keeps_the_server_that_runs(shared: Cluster):
    shared.start()
    first = postmaster(shared)
    shared.start()
    assert postmaster(shared) == first


def test_data_survives_stop_and_start(shared: Cluster):
    shared.start()
    shared.stop()
    assert not shared.running()
    shared.stop()
    shared.start()
    assert shared.psql("SELECT answer FROM kept") == "42"


def test_kill_9_is_mended_by_the_next_start(shared: Cluster):
    shared.start()
    os.kill(postmaster(shared), signal.SIGKILL)
    shared.start()
    assert shared.running()
    assert shared.psql("SELECT answer FROM kept") == "42"


def test_kill_9_while_a_backend_works_on_is_mended_once_that_has_gone(shared: Cluster):
    connection = psycopg.connect(shared.start().replace("+psycopg", ""), autocommit=True)
    backend = connection.info.backend_pid
    connection.pgconn.send_query(
        b"SET statement_timeout = '1s'; SELECT count(*) FROM generate_series(1, 1e10)"
    )
    time.sleep(0.1)
    os.kill(postmaster(shared), signal.SIGKILL)
    shared.start()
    assert not Path(f"/proc/{backend}/cwd").exists()
    assert shared.psql("SELECT answer FROM kept") == "42"
    connection.close()


def test_a_pid_file_with_a_strangers_pid_is_not_believed(shared: Cluster):
    shared.start()
    lines = (shared.data / "postmaster.pid").read_text().splitlines()
    shared.stop()
    (shared.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    (shared.socket_dir / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    assert not shared.running()
    assert can_connect(shared.start())


def test_postgres_variables_of_the_caller_change_nothing(shared: Cluster, monkeypatch: pytest.MonkeyPatch):
    shared.stop()
    for name, value in {"PGHOST": "nowhere", "PGPORT": "1", "PGDATA": "/nowhere", "PGUSER": "nobody"}.items():
        monkeypatch.setenv(name, value)
    assert can_connect(shared.start())
    assert shared.psql("SELECT current_user") == "naraigoto"


def test_the_last_borrower_stops_what_a_borrower_started(shared: Cluster):
    shared.stop()
    other = make_cluster(shared.base)
    with shared.borrow():
        with other.borrow():
            assert shared.running()
        assert shared.running()
    assert not shared.running()


def test_a_borrower_leaves_a_cluster_running_that_was_up_before(shared: Cluster):
    shared.start()
    with shared.borrow():
        pass
    assert shared.running()


def test_stop_if_unused_spares_a_cluster_somebody_holds(shared: Cluster):
    with shared.hold():
        shared.stop_if_unused()
        assert shared.running()
    shared.stop_if_unused()
    assert not shared.running()


def test_sql_that_fails_is_told_in_one_line(shared: Cluster):
    shared.start()
    with pytest.raises(ClusterError, match="nonsense") as refusal:
        shared.psql("SELECT nonsense")
    assert is_one_line(refusal)


def test_two_starts_at_once_make_one_cluster(folder: Path):
    starts = [in_another_process(folder / "pg") for _ in range(2)]
    answers = [each.communicate(timeout=60)[0] for each in starts]
    assert [each.returncode for each in starts] == [0, 0], answers
    assert answers[0] == answers[1]
    assert make_cluster(folder / "pg").running()


def test_an_interrupted_initdb_is_begun_again(folder: Path):
    initdb = in_another_process(folder / "pg")
    patience = time.monotonic() + 20
    while not (folder / "pg" / "data.new" / "PG_VERSION").exists():
        assert time.monotonic() < patience
        time.sleep(0.005)
    os.killpg(initdb.pid, signal.SIGKILL)
    initdb.communicate()
    assert not (folder / "pg" / "data").exists()
    assert can_connect(make_cluster(folder / "pg").start())


def test_a_path_too_long_for_a_socket_gets_a_short_socket_folder(folder: Path):
    cluster = make_cluster(folder / ("長い" * 12) / ("y" * 40) / "pg")
    url = cluster.start()
    assert len(os.fsencode(cluster.socket_dir)) < 60
    assert can_connect(url)
    cluster.remove()
    assert not cluster.socket_dir.exists()


def test_a_missing_package_is_one_line_with_the_command(folder: Path):
    with pytest.raises(ClusterError, match=r"sudo apt-get install .*postgresql-postgis") as refusal:
        make_cluster(folder / "pg", binaries=[folder]).start()
    assert is_one_line(refusal)


def test_a_broken_cluster_is_one_line_that_says_what_to_do(shared: Cluster):
    shared.stop()
    control = shared.data / "global" / "pg_control"
    control.rename(control.with_suffix(".away"))
    try:
        with pytest.raises(ClusterError, match=r"pg_control.*make clean") as refusal:
            shared.start()
    finally:
        control.with_suffix(".away").rename(control)
    assert is_one_line(refusal)


def test_data_of_another_version_is_one_line_that_names_both(shared: Cluster):
    shared.stop()
    marker = shared.data / "PG_VERSION"
    present = marker.read_text()
    marker.write_text("9\n")
    try:
        with pytest.raises(ClusterError, match=rf"PostgreSQL 9 .* {present.strip()} ") as refusal:
            shared.start()
    finally:
        marker.write_text(present)
    assert is_one_line(refusal)


def test_data_is_never_wiped_because_a_file_is_missing(shared: Cluster):
    shared.stop()
    marker = shared.data / "PG_VERSION"
    marker.rename(marker.with_suffix(".away"))
    try:
        with pytest.raises(ClusterError, match="PG_VERSION"):
            shared.start()
    finally:
        marker.with_suffix(".away").rename(marker)
    shared.start()
    assert shared.psql("SELECT answer FROM kept") == "42"


@as_root
def test_under_a_closed_folder_root_keeps_the_data_where_the_server_can_go(folder: Path):
    (folder / "closed").mkdir(mode=0o700)
    cluster = make_cluster(folder / "closed" / "project" / "pg")
    try:
        assert can_connect(cluster.start())
        assert make_cluster(folder / "closed" / "project" / "pg").running()
    finally:
        cluster.remove()
    assert not cluster.base.exists()


@as_root
def test_a_folder_closed_later_is_named_in_one_line(folder: Path):
    (folder / "project" / "pg" / "data").mkdir(parents=True)
    (folder / "project").chmod(0o700)
    (folder / "project" / "pg" / "data" / "PG_VERSION").write_text("15")
    with pytest.raises(ClusterError, match=rf"{re.escape(str(folder / 'project'))} ") as refusal:
        make_cluster(folder / "project" / "pg").start()
    assert is_one_line(refusal)


@as_root
def test_root_without_the_right_to_look_at_other_accounts_still_sees_the_server(shared: Cluster):
    shared.start()
    look = "from pathlib import Path; from tests.sandbox.test_cluster import make_cluster\n"
    look += f"print(make_cluster(Path({str(shared.base)!r})).running())"
    as_in_docker = [
        "setpriv",
        "--bounding-set=-sys_ptrace",
        "--inh-caps=-sys_ptrace",
        sys.executable,
        "-c",
        look,
    ]
    assert subprocess.run(as_in_docker, capture_output=True, text=True).stdout == "True\n"


@as_root
def test_an_ordinary_person_runs_the_server_as_herself(folder: Path):
    home = folder / "home"
    home.mkdir()
    shutil.chown(home, "nobody", "nogroup")
    started = in_another_process(home / "pg", account="nobody")
    url, _ = started.communicate(timeout=60)
    assert started.returncode == 0, url
    assert (home / "pg" / "data").owner() == "nobody"
    assert can_connect(url.strip())
    assert make_cluster(home / "pg").running()


@as_root
def test_somebody_elses_cluster_is_refused_in_one_line(shared: Cluster):
    shared.stop()
    refused = in_another_process(shared.base, account="nobody")
    output, _ = refused.communicate(timeout=60)
    assert refused.returncode == 1
    assert "ClusterError" in output.splitlines()[-1]
    assert "NARAIGOTO_DATA" in output.splitlines()[-1]
