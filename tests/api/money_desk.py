"""A family without a plan, and the means to talk to the API as one of its people."""

from dataclasses import dataclass
from typing import Any

import httpx
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.accounts import User, UserType
from naraigoto.models.billing import PlanOrder
from tests import factories as make
from tests.conftest import Committed
from tests.stage import Stage, set_stage
from tests.stripe_news import MemoryStripe


@dataclass(frozen=True)
class Desk:
    """A family without a plan, and the means to talk as one of its people."""

    stage: Stage
    client: httpx.AsyncClient
    committed: Committed
    stripe: MemoryStripe
    cookies: dict[str, dict[str, str]]

    async def post(self, path: str, body: Any = None, who: str = "guardian", key: str = "") -> httpx.Response:
        """POST below /api/v1."""
        headers = self.cookies[who] | ({"Idempotency-Key": key} if key else {})
        return await self.client.post(f"/api/v1{path}", json=body, headers=headers)

    async def get(self, path: str, who: str = "guardian") -> httpx.Response:
        """GET below /api/v1."""
        return await self.client.get(f"/api/v1{path}", headers=self.cookies[who])

    async def order(self, plan: str = "standard", **over: str) -> httpx.Response:
        """POST /billing/checkout-session."""
        return await self.post("/billing/checkout-session", {"plan": plan}, **over)

    async def orders(self) -> list[PlanOrder]:
        """Every order there is."""
        async with self.committed() as session:
            return list((await session.exec(select(PlanOrder).order_by(PlanOrder.id))).all())  # pyright: ignore[reportArgumentType]


async def make_money_desk(session: AsyncSession) -> tuple[Stage, dict[str, dict[str, str]]]:
    """A guardian who owns the family, another who joined it, a child, an outsider and an admin."""
    stage = await set_stage(session, tickets=0, plan=None)
    people: dict[str, User] = {
        "guardian": stage.guardian,
        "father": await make.make_co_guardian(session, stage.family),
        "child": stage.child,
        "owner": stage.owner,
        "admin": await make.make_user(session, UserType.ADMIN, name="管理者"),
    }
    cookies = {name: await make.cookie_of(session, user) for name, user in people.items()}
    return stage, cookies | {"nobody": {}}


def code(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"].startswith("application/problem+json"), response.text
    return response.status_code, response.json()["code"]
