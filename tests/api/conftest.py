"""Fixtures of the tests of the API."""

import httpx
import pytest

from tests.api.desk import Desk, open_desk
from tests.conftest import Committed


@pytest.fixture
async def desk(client: httpx.AsyncClient, committed: Committed) -> Desk:
    """A family with four tickets and a slot the day after tomorrow at ten."""
    return await open_desk(client, committed)
