"""A desk for every test about money."""

import pytest

from tests.billing.desk import Desk, open_desk
from tests.conftest import Committed


@pytest.fixture
async def desk(committed: Committed) -> Desk:
    """A family whose customer Stripe knows, without a plan."""
    return await open_desk(committed)
