"""Fixtures of the tests of the states."""

import pytest

from tests.conftest import Committed
from tests.state.cast import Cast, open_cast


@pytest.fixture
async def cast(committed: Committed) -> Cast:
    """A guardian of two children with four tickets, and a slot the day after tomorrow at ten."""
    return await open_cast(committed)
