"""What open pages hear: topics that are published once the transaction has been committed."""

from contextlib import AbstractAsyncContextManager
from functools import partial
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import afterwards
from naraigoto.adapters import events
from naraigoto.models.schedules import LessonSchedule


def seats_moved(session: AsyncSession, *, schedule_id: UUID, school_id: UUID) -> None:
    """The free seats of a slot are others now."""
    announce(session, f"schedule:{schedule_id}")
    announce(session, f"school:{school_id}")


async def slot_changed(session: AsyncSession, schedule_id: UUID) -> None:
    """Like `seats_moved`, where only the slot is known."""
    slot = await session.get(LessonSchedule, schedule_id)
    if slot is not None:
        seats_moved(session, schedule_id=schedule_id, school_id=slot.school_id)


def family_changed(session: AsyncSession, family_id: UUID) -> None:
    """The bookings, places or tickets of a family are others now."""
    announce(session, f"family:{family_id}")


def announce(session: AsyncSession, topic: str) -> None:
    """Publish the topic after the commit, once; a roll back publishes nothing."""
    afterwards.put_off(session, topic, partial(events.current().publish, topic))


def listen(*topics: str) -> AbstractAsyncContextManager[events.Subscription]:
    """Hear when one of the topics changes; then read again, through a service that asks who it is."""
    return events.current().subscribe(*topics)
