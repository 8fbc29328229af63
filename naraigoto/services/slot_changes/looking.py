"""A slot as its school sees it before it changes it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.models.schools import Class, Instructor
from naraigoto.services.bookings.facts import free_instructors
from naraigoto.services.names import Named
from naraigoto.services.slot_changes import holding


@dataclass(frozen=True, slots=True)
class SlotToChange:
    """What a school sees of a slot before it changes it."""

    title: str
    start_at: datetime
    end_at: datetime
    instructor_id: UUID | None
    booked: int
    teachers: list[Named]


async def look(session: AsyncSession, actor: Actor, *, schedule_id: UUID, now: datetime) -> SlotToChange:
    """A slot as its school sees it before a change, with the instructors who are free then.

    Raises: Unauthenticated, Forbidden, NotFound, LessonBegun.
    """
    slot = await holding.kept(session, actor, schedule_id, now)
    lesson = await session.get_one(Class, slot.class_id)
    teachers = await free_instructors(session, schedule_id)
    if slot.instructor_id is not None:
        own = await session.get_one(Instructor, slot.instructor_id)
        teachers = [Named(own.id, own.name), *teachers]
    return SlotToChange(
        lesson.title, slot.start_at, slot.end_at, slot.instructor_id, slot.booked_count, teachers
    )
