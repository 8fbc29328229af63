"""Who presses buttons in tests of the states: a family, a school, a stranger; and a browser's tab."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import reflex as rx
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db
from naraigoto.models.bookings import Booking
from tests import factories as make
from tests.conftest import Committed
from tests.stage import Stage, set_stage


@dataclass(frozen=True)
class Cast:
    """A stage in the real future, and everybody's cookie."""

    stage: Stage
    committed: Committed
    cookies: dict[str, str]

    async def bookings(self) -> int:
        """How many bookings there are."""
        async with self.committed() as session:
            return (await session.exec(select(func.count()).select_from(Booking))).one()


async def open_cast(committed: Committed) -> Cast:
    """Make the cast in the database of `committed`."""
    async with committed() as session:
        return await make_cast(session)


async def make_cast(session: AsyncSession) -> Cast:
    """A guardian of two children with four tickets, and a slot the day after tomorrow at ten."""
    start_at = clock.jst_midnight(clock.jst_date(clock.now()) + timedelta(days=2)) + timedelta(hours=10)
    stage = await set_stage(session, tickets=0, slot={"start_at": start_at})
    await make.make_child(session, stage.family, name="あかり", birth_month=clock.month_of(clock.now()))
    await make.grant_tickets(session, stage.family, 4, month=clock.month_of(clock.now()))
    outsider = await set_stage(session)
    people = {
        "hanako": stage.guardian,
        "sora": stage.child,
        "ito": stage.owner,
        "outsider": outsider.guardian,
    }
    cookies = {"guest": ""} | {
        name: (await make.cookie_of(session, user))["Cookie"] for name, user in people.items()
    }
    return Cast(stage, db.transaction, cookies)


async def tab(kind: type[rx.State], cookie: str, path: str = "/") -> Any:
    """A browser tab with that cookie at that address."""
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    root.router_data = {"headers": {"cookie": cookie}, "pathname": path, "asPath": path, "token": "t"}
    root._update_router_vars(root.router_data, {})
    return await root.get_state(kind)


async def fire(state: Any, handler: str, *values: Any) -> list[Any]:
    """Run a handler to its end; the events it asks for."""
    running = getattr(type(state), handler).fn(state, *values)
    if hasattr(running, "__aiter__"):
        return [event async for event in running if event is not None]
    if hasattr(running, "__await__"):
        await running
    return []
