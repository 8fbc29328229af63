"""A lesson that was attended, and short ways to speak of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.models.accounts import UserType
from naraigoto.models.attendance import Attendance, AttendanceStatus
from naraigoto.models.bookings import BookingStatus
from naraigoto.models.schools import Instructor, School
from naraigoto.services import reviews
from naraigoto.services.reviews import Kind, Posted, ReviewTarget
from tests.factories import (
    NOW,
    Booked,
    actor_of,
    make_booked,
    make_instructor,
    make_school,
    make_user,
)

WORDS = "先生がていねいに見てくれて、安心して通えました。"


@dataclass(frozen=True)
class Scene:
    """A lesson yesterday with everybody around it."""

    booked: Booked
    teacher: Instructor
    guardian: Actor
    child: Actor
    owner: Actor

    async def post(
        self, session: AsyncSession, kind: Kind = Kind.PARENT, *, actor: Actor | None = None, **over: Any
    ) -> Posted:
        """Post about the school, unless told otherwise."""
        values: dict[str, Any] = {
            "booking_id": self.booked.booking.id,
            "target_type": ReviewTarget.SCHOOL,
            "target_id": self.booked.school.id,
            "rating": 4,
            "comment": WORDS if kind is Kind.PARENT else "たのしかった",
            "now": NOW,
        } | over
        mine = self.guardian if kind is Kind.PARENT else self.child
        return await reviews.post(session, actor or mine, kind=kind, **values)


async def attended(
    session: AsyncSession,
    *,
    school: School | None = None,
    at: datetime = NOW - timedelta(days=1),
    status: BookingStatus = BookingStatus.ATTENDED,
) -> Scene:
    """A child came to a lesson."""
    owner = await make_user(session, UserType.SCHOOL_OWNER, name="伊藤")
    school = school or await make_school(session, owner=owner)
    teacher = await make_instructor(session, school)
    booked = await make_booked(session, school=school, owner=owner, start_at=at, instructor_id=teacher.id)
    booked.booking.status = status
    session.add(booked.booking)
    if status is BookingStatus.ATTENDED:
        came = AttendanceStatus.ATTENDED
        session.add(
            Attendance(booking_id=booked.booking.id, status=came, recorded_at=at + timedelta(hours=1))
        )
    await session.flush()
    people = [await actor_of(session, user) for user in (booked.guardian, booked.child, owner)]
    return Scene(booked, teacher, *people)
