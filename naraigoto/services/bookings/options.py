"""What the dialog 「だれが受けますか」 offers before a booking."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, NotFound
from naraigoto.services.bookings import facts as asking
from naraigoto.services.bookings.views import ScheduleView
from naraigoto.services.names import Named, Titled


@dataclass(frozen=True)
class ChildOption:
    """A child of the family, and why it can't attend, if so."""

    user_id: UUID
    name: str
    age: int | None
    refusal: DomainError | None


@dataclass(frozen=True)
class Options:
    """A slot as a guardian may book it. `refusal` stands for the whole family."""

    schedule: ScheduleView
    children: list[ChildOption]
    instructors: list[Named]
    cost: int
    usable: int
    refusal: DomainError | None


async def options(session: AsyncSession, actor: Actor, *, schedule_id: UUID, now: datetime) -> Options:
    """Whom of the family the slot suits, which instructors can be chosen and what it takes (D5).

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound.
    """
    family_id = policies.require_guardian(actor)
    seen = await asking.for_family(session, schedule_id=schedule_id, family_id=family_id, now=now)
    if not seen:
        raise NotFound
    slot = seen[0]
    if not slot.published:
        raise NotFound
    choosable = slot.instructor_choice and slot.instructor_id is None
    return Options(
        schedule=ScheduleView(
            id=slot.schedule_id,
            start_at=slot.start_at,
            end_at=slot.end_at,
            lesson=Titled(slot.class_id, slot.title),
            school=Named(slot.school_id, slot.school_name),
            instructor=slot.own_instructor,
            school_kana=slot.school_kana,
        ),
        children=[
            ChildOption(child.child_id, child.child_name or "", child.age, asking.child_refusal(child))
            for child in seen
            if child.child_id is not None
        ],
        instructors=await asking.free_instructors(session, slot.schedule_id) if choosable else [],
        cost=slot.cost,
        usable=slot.usable,
        refusal=asking.slot_refusal(slot, now) or asking.family_refusal(slot),
    )
