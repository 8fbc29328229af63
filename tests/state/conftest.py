"""Fixtures of the tests of the states."""

from typing import Any

import pytest

from tests.prepared import Prepare, prepare_nothing
from tests.state.cast import Cast, make_cast


@pytest.fixture
def prepare(request: pytest.FixtureRequest) -> Prepare[Any]:
    """Makes the rows of the cast for a test that asks for it."""
    return make_cast if "cast" in request.fixturenames else prepare_nothing


@pytest.fixture
def cast(prepared: Cast) -> Cast:
    """A guardian of two children with four tickets, and a slot the day after tomorrow at ten."""
    return prepared
