"""The lesson a review speaks of, and the rules about it (D11, G4)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import BookingNotActive, NotAttended, NotAttendedYet, NotFound, OwnSchool
from naraigoto.models.bookings import BookingStatus

FACTS = """
SELECT b.id, b.family_id, b.user_id, b.status, s.school_id, h.name AS school, h.name_kana AS school_kana,
  c.title, s.start_at, s.end_at,
  coalesce(b.instructor_id, s.instructor_id) AS instructor_id, i.name AS instructor, u.name AS child,
  coalesce(a.recorded_at, s.end_at) AS confirmed_at,
  EXISTS (SELECT 1 FROM school_members m JOIN families f ON f.id = b.family_id WHERE m.school_id = s.school_id
    AND (m.user_id IN (f.parent_user_id, b.user_id)
      OR m.user_id IN (SELECT g.user_id FROM family_guardians g WHERE g.family_id = f.id))) AS own_school
FROM bookings b JOIN lesson_schedules s ON s.id = b.schedule_id JOIN classes c ON c.id = s.class_id
JOIN schools h ON h.id = s.school_id JOIN users u ON u.id = b.user_id
LEFT JOIN instructors i ON i.id = coalesce(b.instructor_id, s.instructor_id)
LEFT JOIN attendances a ON a.booking_id = b.id
WHERE b.family_id = :family AND (CAST(:child AS uuid) IS NULL OR b.user_id = :child)
"""
_ONE = text(FACTS + " AND b.id = :booking")


async def facts_of(
    session: AsyncSession, booking_id: UUID, family_id: UUID, child_id: UUID | None
) -> Row[Any]:
    """The lesson of a family's booking, or of the one child's.

    Raises: NotFound.
    """
    values = {"booking": booking_id, "family": family_id, "child": child_id}
    found = (await (await session.connection()).execute(_ONE, values)).one_or_none()
    if found is None:
        raise NotFound
    return found


def refuse(facts: Row[Any]) -> None:
    """The rules about the lesson itself.

    Raises: OwnSchool, BookingNotActive, NotAttendedYet, NotAttended.
    """
    if facts.own_school:
        raise OwnSchool
    if facts.status == BookingStatus.CANCELLED:
        raise BookingNotActive
    if facts.status == BookingStatus.RESERVED:
        raise NotAttendedYet
    if facts.status == BookingStatus.ABSENT:
        raise NotAttended
