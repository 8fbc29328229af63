"""What the dialog 「だれが受けますか」 offers before a booking."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, NotFound
from naraigoto.models.bookings import ACTIVE
from naraigoto.rules import PICKUP_GAP
from naraigoto.services import queue
from naraigoto.services.bookings import facts as asking
from naraigoto.services.bookings.views import ScheduleView
from naraigoto.services.names import Named, Titled


@dataclass(frozen=True)
class Pickup:
    """Another child of the family has to be brought or fetched elsewhere at about the same time."""

    child: str
    start_at: datetime
    end_at: datetime
    title: str
    school: str


@dataclass(frozen=True)
class ChildOption:
    """A child of the family, why it can't attend, if so, and what to think of before it does."""

    user_id: UUID
    name: str
    age: int | None
    refusal: DomainError | None
    pickup: Pickup | None = None


@dataclass(frozen=True)
class Options:
    """A slot as a guardian may book it. `refusal` stands for the whole family.

    `first_come` says that a seat that goes free now is held for nobody (D7).
    """

    schedule: ScheduleView
    children: list[ChildOption]
    instructors: list[Named]
    cost: int
    usable: int
    refusal: DomainError | None
    first_come: bool


# For each child the nearest lesson of a brother or sister at another school, near enough to collide.
_PICKUPS = text(
    """
SELECT DISTINCT ON (m.user_id) m.user_id AS child_id, u.name, lower(b.period) AS start_at,
  upper(b.period) AS end_at, c.title, h.name AS school
FROM lesson_schedules s
JOIN family_members m ON m.family_id = :family
JOIN bookings b ON b.family_id = m.family_id AND b.user_id <> m.user_id AND b.{ACTIVE}
  AND lower(b.period) < s.end_at + :gap AND upper(b.period) > s.start_at - :gap
JOIN lesson_schedules o ON o.id = b.schedule_id AND o.school_id <> s.school_id
JOIN users u ON u.id = b.user_id JOIN classes c ON c.id = o.class_id JOIN schools h ON h.id = o.school_id
WHERE s.id = :schedule
ORDER BY m.user_id, greatest(lower(b.period) - s.end_at, s.start_at - upper(b.period)), b.id
""".replace("{ACTIVE}", ACTIVE)
)


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
    pickups = await _pickups(session, schedule_id, family_id)
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
            ChildOption(
                child.child_id,
                child.child_name or "",
                child.age,
                asking.child_refusal(child) or asking.seat_refusal(child),
                pickups.get(child.child_id),
            )
            for child in seen
            if child.child_id is not None
        ],
        instructors=await asking.free_instructors(session, slot.schedule_id) if choosable else [],
        cost=slot.cost,
        usable=slot.usable,
        refusal=asking.slot_refusal(slot, now) or _no_seat(seen) or asking.family_refusal(slot),
        first_come=now >= queue.tells_all_from(slot.start_at),
    )


def _no_seat(seen: list[asking.Facts]) -> DomainError | None:
    """The slot is full for everybody when it is for each child."""
    refusals = [asking.seat_refusal(child) for child in seen]
    return refusals[0] if all(refusals) else None


async def _pickups(session: AsyncSession, schedule_id: UUID, family_id: UUID) -> dict[UUID, Pickup]:
    asked = {"schedule": schedule_id, "family": family_id, "gap": PICKUP_GAP}
    rows = await (await session.connection()).execute(_PICKUPS, asked)
    return {row.child_id: Pickup(row.name, row.start_at, row.end_at, row.title, row.school) for row in rows}
