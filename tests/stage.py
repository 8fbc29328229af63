"""The stage most booking tests play on: one family, one school, one slot, and a way to book it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.models.accounts import User
from naraigoto.models.base import new_id
from naraigoto.models.billing import PlanId, Subscription, SubscriptionStatus
from naraigoto.models.families import Family
from naraigoto.models.schedules import LessonSchedule
from naraigoto.models.schools import Class, School
from naraigoto.services import bookings, tickets
from tests import factories as make


@dataclass(frozen=True)
class Stage:
    """Everybody around one slot; `book` books it unless told otherwise."""

    session: AsyncSession
    family: Family
    guardian: User
    child: User
    school: School
    owner: User
    lesson: Class
    slot: LessonSchedule
    actor: Actor

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the session, which is closed when a test gets its copy."""
        return {name: value for name, value in self.__dict__.items() if name != "session"}

    async def book(self, *, actor: Actor | None = None, **over: Any) -> bookings.BookingView:
        """The guardian books the slot for the child at NOW."""
        values: dict[str, Any] = {"schedule_id": self.slot.id, "child_id": self.child.id, "now": make.NOW}
        return await bookings.book(self.session, actor or self.actor, **(values | over))

    async def another_slot(self, days: int) -> LessonSchedule:
        """A slot of the same class so many days later."""
        start_at = self.slot.start_at + timedelta(days=days)
        return await make.make_schedule(self.session, self.lesson, start_at=start_at)

    async def tickets(self, now: datetime = make.NOW) -> int:
        """What the family can still use."""
        return await tickets.usable(self.session, self.family.id, now=now)

    async def keep(self, *rows: Any) -> None:
        """Write changed rows."""
        self.session.add_all(rows)
        await self.session.flush()


async def set_stage(
    session: AsyncSession,
    *,
    tickets: int = 4,
    plan: SubscriptionStatus | None = SubscriptionStatus.ACTIVE,
    lesson: dict[str, Any] | None = None,
    slot: dict[str, Any] | None = None,
) -> Stage:
    """A family with a child, tickets and a plan; a school with a class and a slot three days ahead."""
    guardian = await make.make_user(session)
    owner = await make.make_user(session, make.UserType.SCHOOL_OWNER, name="伊藤")
    family = await make.make_family(session, guardian=guardian)
    child = await make.make_child(session, family)
    school = await make.make_school(session, owner=owner)
    taught = await make.make_class(session, school, **(lesson or {}))
    schedule = await make.make_schedule(session, taught, **(slot or {}))
    if tickets:
        await make.grant_tickets(session, family, tickets)
    if plan is not None:
        await _subscribe(session, family.id, plan)
    actor = await make.actor_of(session, guardian)
    return Stage(session, family, guardian, child, school, owner, taught, schedule, actor)


async def _subscribe(session: AsyncSession, family_id: UUID, status: SubscriptionStatus) -> None:
    row = Subscription(
        family_id=family_id, stripe_subscription_id=str(new_id()), plan=PlanId.STANDARD, status=status
    )
    session.add(row)
    await session.flush()
