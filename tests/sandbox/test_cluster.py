"""The embedded cluster survives what happens to it on people's machines."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from naraigoto.sandbox.postgres import Cluster, ClusterError
from tests.sandbox.clusters import can_connect, in_another_process, is_one_line, make_cluster, postmaster


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


def test_psql_leaves_a_cluster_as_it_found_it(shared: Cluster):
    shared.stop()
    with _psql(shared) as psql:
        assert _ask(psql, "SELECT answer FROM kept") == "42"
    assert (psql.returncode, shared.running()) == (0, False)
    shared.start()
    with _psql(shared) as psql:
        assert _ask(psql, "SELECT answer FROM kept") == "42"
    assert (psql.returncode, shared.running()) == (0, True)


def test_psql_that_outlives_the_site_stops_the_cluster_when_it_ends(shared: Cluster):
    shared.stop()
    with _psql(shared) as psql:
        assert _ask(psql, "SELECT answer FROM kept") == "42"
        with shared.borrow():
            os.kill(psql.pid, signal.SIGINT)  # Ctrl-C goes to the site and to psql
        assert _ask(psql, "SELECT answer + 1 FROM kept") == "43"
    assert not shared.running()


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


def _psql(cluster: Cluster) -> subprocess.Popen[str]:
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-m", "naraigoto", "db", "psql"],
        env=env | {"NARAIGOTO_DATA": str(cluster.base.parent), "NARAIGOTO_ENV": "local"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ask(psql: subprocess.Popen[str], question: str) -> str:
    assert psql.stdin
    assert psql.stdout
    psql.stdin.write(f"COPY ({question}) TO STDOUT;\n")
    psql.stdin.flush()
    return psql.stdout.readline().strip()
