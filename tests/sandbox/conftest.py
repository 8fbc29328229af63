import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from naraigoto.sandbox.postgres import Cluster
from tests.sandbox.clusters import make_cluster
from tests.sandbox.practice import stripe, stripe_process

__all__ = ["folder", "shared", "stripe", "stripe_process"]


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
