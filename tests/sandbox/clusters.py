"""Clusters of tests, in this process and in others."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from naraigoto.sandbox.postgres import FAST, Cluster, ClusterError

# What was committed must survive kill -9 here, so commits wait for their record to be written.
_SETTINGS = {**FAST, "synchronous_commit": "on", "shared_buffers": "16MB"}


def make_cluster(base: Path, *, binaries: list[Path] | None = None) -> Cluster:
    return Cluster(base, settings=_SETTINGS, binaries=binaries)


def in_another_process(base: Path, *, account: str | None = None) -> "subprocess.Popen[str]":
    """Start the cluster from a new process, which steps down to the account after its imports."""
    step_down = (
        f"who = pwd.getpwnam({account!r}); os.setgroups([]); os.setgid(who.pw_gid); os.setuid(who.pw_uid)"
    )
    script = "import os, pwd; from pathlib import Path; from tests.sandbox.clusters import make_cluster\n"
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
