"""The desks of tests of the API: one about bookings, one about money."""

import httpx
import pytest

from naraigoto.models.accounts import User, UserType
from tests import factories as make
from tests.api.desk import Desk, open_desk
from tests.api.money_desk import Desk as MoneyDesk
from tests.conftest import Committed
from tests.stage import set_stage
from tests.stripe_news import MemoryStripe


@pytest.fixture
async def desk(client: httpx.AsyncClient, committed: Committed) -> Desk:
    """A family with four tickets and a slot the day after tomorrow at ten."""
    return await open_desk(client, committed)


@pytest.fixture
async def money_desk(
    client: httpx.AsyncClient, committed: Committed, memory_stripe: MemoryStripe
) -> MoneyDesk:
    """A guardian who owns the family, another who joined it, a child, an outsider and an admin."""
    async with committed() as session:
        stage = await set_stage(session, tickets=0, plan=None)
        people: dict[str, User] = {
            "guardian": stage.guardian,
            "father": await make.make_co_guardian(session, stage.family),
            "child": stage.child,
            "owner": stage.owner,
            "admin": await make.make_user(session, UserType.ADMIN, name="管理者"),
        }
        cookies = {name: await make.cookie_of(session, user) for name, user in people.items()}
    return MoneyDesk(stage, client, committed, memory_stripe, cookies | {"nobody": {}})
