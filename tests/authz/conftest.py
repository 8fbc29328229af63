"""The world in which every handler and every operation is tried."""

import pytest

from tests.authz.world import Worlds, build
from tests.prepared import PreparedDatabases


@pytest.fixture
def worlds(prepared_databases: PreparedDatabases) -> Worlds:
    """The database with the world in it."""
    return prepared_databases.by(build)
