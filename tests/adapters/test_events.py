"""Live events: the contract of every implementation, and that they leave only after the commit."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import db
from naraigoto.adapters import events
from naraigoto.adapters.events import Events
from naraigoto.adapters.events.local import LocalEvents
from naraigoto.models.base import new_id
from naraigoto.services import bookings, live
from tests import factories as make
from tests.conftest import Committed
from tests.stage import set_stage

SOON = 0.5


@pytest.fixture(params=[LocalEvents])
async def hub(request: pytest.FixtureRequest) -> AsyncIterator[Events]:
    """Each implementation in turn, used by the whole process."""
    made = request.param()
    async with events.using(made):
        yield made


async def test_who_listens_hears_of_its_topics_and_of_no_others(hub: Events) -> None:
    async with hub.subscribe("school:1", "family:1") as mine, hub.subscribe("school:2") as other:
        await hub.publish("school:1")

        assert await mine.changed(within=SOON) == {"school:1"}
        assert await other.changed(within=0.01) == frozenset()


async def test_what_happens_while_one_is_busy_is_told_once(hub: Events) -> None:
    async with hub.subscribe("school:1", "family:1") as mine:
        for topic in ("school:1", "school:1", "family:1"):
            await hub.publish(topic)

        assert await mine.changed(within=SOON) == {"school:1", "family:1"}
        assert await mine.changed(within=0.01) == frozenset()


async def test_who_waits_is_woken(hub: Events) -> None:
    async with hub.subscribe("school:1") as mine:
        waiting = asyncio.create_task(mine.changed(within=5))
        await asyncio.sleep(0.01)
        await hub.publish("school:1")

        assert await asyncio.wait_for(waiting, SOON) == {"school:1"}


async def test_nobody_is_remembered_after_leaving(hub: Events) -> None:
    async with hub.subscribe("school:1") as mine:
        pass
    await hub.publish("school:1")

    assert await mine.changed(within=0.01) == frozenset()


async def test_a_commit_publishes_and_a_roll_back_does_not(hub: Events, committed: Committed) -> None:
    topic = f"family:{new_id()}"
    async with hub.subscribe(topic) as mine:
        with pytest.raises(ZeroDivisionError):
            await _announce_and_fail(committed, topic)
        assert await mine.changed(within=0.01) == frozenset()
        async with committed() as session:
            live.announce(session, topic)
            assert await mine.changed(within=0.01) == frozenset()

        assert await mine.changed(within=SOON) == {topic}


async def test_booking_and_cancelling_are_heard_at_the_school_and_at_home(
    hub: Events, committed: Committed
) -> None:
    async with committed() as session:
        stage = await set_stage(session)
    topics = {f"school:{stage.school.id}", f"schedule:{stage.slot.id}", f"family:{stage.family.id}"}

    async def book(session: AsyncSession) -> bookings.BookingView:
        return await bookings.book(
            session, stage.actor, schedule_id=stage.slot.id, child_id=stage.child.id, now=make.NOW
        )

    async with hub.subscribe(*topics) as everybody:
        made = await db.retrying(book)
        assert await everybody.changed(within=SOON) == topics
        await db.retrying(
            lambda session: bookings.cancel(session, stage.actor, booking_id=made.id, now=make.NOW)
        )
        assert await everybody.changed(within=SOON) == topics


async def _announce_and_fail(committed: Committed, topic: str) -> None:
    async with committed() as session:
        live.announce(session, topic)
        raise ZeroDivisionError
