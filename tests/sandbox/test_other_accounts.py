"""Under root another account runs the server; under anybody else, that person does."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from naraigoto.sandbox.postgres import Cluster, ClusterError
from tests.sandbox.clusters import can_connect, in_another_process, is_one_line, make_cluster

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")


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
    look = "from pathlib import Path; from tests.sandbox.clusters import make_cluster\n"
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
