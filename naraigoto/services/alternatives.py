"""What a family whose lesson was taken from it could attend instead (D6)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.rules import ALTERNATIVES_SHOWN, BOOKING_HORIZON


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another slot the family could take."""

    school_id: UUID
    start_at: datetime
    end_at: datetime
    lesson: str


_INSTEAD = text("""
SELECT s.school_id, s.start_at, s.end_at, k.title
FROM lesson_schedules lost
JOIN schools h ON h.id = lost.school_id
JOIN lesson_schedules s ON s.school_id = lost.school_id AND s.id <> lost.id
JOIN classes k ON k.id = s.class_id
WHERE lost.id = :slot AND s.cancelled_at IS NULL AND k.deleted_at IS NULL
  AND s.booked_count + s.held_count < s.capacity
  AND s.start_at > :now + make_interval(hours => h.booking_cutoff_hours) AND s.start_at < :horizon
ORDER BY s.class_id <> lost.class_id, abs(extract(epoch FROM s.start_at - lost.start_at)), s.id LIMIT :count
""")


async def instead_of(session: AsyncSession, slot_id: UUID, *, now: datetime) -> list[Alternative]:
    """Bookable slots of the same school, those of the same class and near the same time first."""
    asked = {
        "slot": slot_id,
        "horizon": now + BOOKING_HORIZON,
        "count": ALTERNATIVES_SHOWN,
        "now": now,
    }
    return [Alternative(*row) for row in await (await session.connection()).execute(_INSTEAD, asked)]
