"""The desks of tests of the API: one about bookings, one about money."""

from typing import Any

import httpx
import pytest

from tests.api.desk import Desk, make_desk
from tests.api.money_desk import Desk as MoneyDesk
from tests.api.money_desk import make_money_desk
from tests.conftest import Committed
from tests.prepared import Prepare, prepare_nothing
from tests.stage import Stage
from tests.stripe_news import MemoryStripe


@pytest.fixture
def prepare(request: pytest.FixtureRequest) -> Prepare[Any]:
    """Makes the rows behind the desk that a test asks for."""
    if "desk" in request.fixturenames:
        return make_desk
    return make_money_desk if "money_desk" in request.fixturenames else prepare_nothing


@pytest.fixture
def desk(client: httpx.AsyncClient, prepared: tuple[Stage, dict[str, str]]) -> Desk:
    """A family with four tickets and a slot the day after tomorrow at ten."""
    stage, cookies = prepared
    return Desk(stage, client, cookies)


@pytest.fixture
def money_desk(
    client: httpx.AsyncClient,
    committed: Committed,
    memory_stripe: MemoryStripe,
    prepared: tuple[Stage, dict[str, dict[str, str]]],
) -> MoneyDesk:
    """A guardian who owns the family, another who joined it, a child, an outsider and an admin."""
    stage, cookies = prepared
    return MoneyDesk(stage, client, committed, memory_stripe, cookies)
