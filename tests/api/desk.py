"""The desk at which tests of the API sit: one family, one school, one slot, in the real future."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from tests import factories as make
from tests.conftest import Committed
from tests.stage import Stage, set_stage


@dataclass(frozen=True)
class Desk:
    """A stage in the real future, and the means to talk to it as one of its people."""

    stage: Stage
    client: httpx.AsyncClient
    cookies: dict[str, str]

    def as_(self, who: str) -> dict[str, str]:
        """Headers of one of the people."""
        return {"Cookie": self.cookies[who]}

    @property
    def order(self) -> dict[str, str]:
        """The body of a booking of the slot for the child."""
        return {"schedule_id": str(self.stage.slot.id), "child_user_id": str(self.stage.child.id)}

    async def book(self, who: str = "guardian", key: str | None = None, **over: Any) -> httpx.Response:
        """POST /bookings."""
        headers = self.as_(who) | ({"Idempotency-Key": key} if key else {})
        return await self.client.post("/api/v1/bookings", json=self.order | over, headers=headers)

    async def get(self, path: str, who: str = "guardian") -> httpx.Response:
        """GET below /api/v1."""
        return await self.client.get(f"/api/v1{path}", headers=self.as_(who))


async def open_desk(client: httpx.AsyncClient, committed: Committed) -> Desk:
    """Make the rows of the desk in the database of `committed`."""
    async with committed() as session:
        stage, cookies = await make_desk(session)
    return Desk(stage, client, cookies)


async def make_desk(session: AsyncSession) -> tuple[Stage, dict[str, str]]:
    """A family with four tickets and a slot the day after tomorrow at ten; everybody's cookie."""
    start_at = (clock.jst(clock.now()) + timedelta(days=2)).replace(
        hour=10, minute=0, second=0, microsecond=0
    )
    stage = await set_stage(session, tickets=0, slot={"start_at": start_at})
    await make.grant_tickets(session, stage.family, 4, month=clock.month_of(clock.now()))
    outsider = await set_stage(session)
    people = {
        "guardian": stage.guardian,
        "child": stage.child,
        "owner": stage.owner,
        "outsider": outsider.guardian,
    }
    return stage, {name: (await make.cookie_of(session, user))["Cookie"] for name, user in people.items()}
