"""The desk of tests about money; others bring a desk of their own."""

import httpx
import pytest

from naraigoto.models.accounts import User, UserType
from tests import factories as make
from tests.api.money_desk import Desk
from tests.conftest import Committed
from tests.stage import set_stage
from tests.stripe_news import MemoryStripe


@pytest.fixture(name="desk")
async def money_desk(client: httpx.AsyncClient, committed: Committed, memory_stripe: MemoryStripe) -> Desk:
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
    return Desk(stage, client, committed, memory_stripe, cookies | {"nobody": {}})
