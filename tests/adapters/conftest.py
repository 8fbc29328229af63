"""The practice Stripe, started once for the tests of the adapter."""

from collections.abc import Iterator

import pytest

from tests.sandbox.practice import Practice, practice


@pytest.fixture(scope="session")
def stripe_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """One process for all."""
    with practice(tmp_path_factory.mktemp("stripe")) as running:
        yield running


@pytest.fixture
def stripe(stripe_process: Practice) -> Practice:
    """The practice Stripe with nothing heard yet."""
    stripe_process.ear.heard.clear()
    return stripe_process
