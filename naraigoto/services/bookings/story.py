"""What happened to a booking, who did it, and where its tickets went, from the first line to the last."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.services.bookings import reading


class Who(StrEnum):
    """On which side whoever did it stands."""

    FAMILY = "family"
    SCHOOL = "school"
    OFFICE = "office"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing that happened; only people of the family are named (D17)."""

    at: datetime
    event: str
    who: Who
    name: str
    facts: dict[str, Any]


# booking.created and waitlist.offered stand in their own rows, tickets in their ledger, the rest in the log.
_STORY = text("""
WITH b AS (SELECT b.*, s.school_id FROM bookings b JOIN lesson_schedules s ON s.id = b.schedule_id
           WHERE b.id = :booking)
SELECT l.at, l.event, u.name, l.facts, l.place,
  CASE WHEN l.by IS NULL THEN 'nobody'
       WHEN u.type = 'admin' THEN 'office'
       WHEN EXISTS (SELECT 1 FROM families f WHERE f.id = b.family_id AND f.parent_user_id = l.by)
         OR EXISTS (SELECT 1 FROM family_guardians g WHERE g.family_id = b.family_id AND g.user_id = l.by)
         THEN 'family'
       ELSE 'school' END AS who
FROM b CROSS JOIN LATERAL (
  SELECT b.created_at AS at, 'booking.created' AS event, b.booked_by AS by, '{}'::jsonb AS facts, 1 AS place,
    b.id AS line
  UNION ALL
  SELECT w.offered_at, 'waitlist.offered', NULL, '{}', 0, w.id FROM waitlist_entries w
    WHERE w.booking_id = b.id AND w.offered_at IS NOT NULL
  UNION ALL
  SELECT a.at, a.action, a.actor_user_id, a.facts, 2, a.id FROM audit_log a
    WHERE a.thing_type = 'booking' AND a.thing_id = b.id
  UNION ALL
  SELECT e.created_at, 'tickets.' || e.reason, NULL, jsonb_build_object('delta', e.delta), 3, e.id
    FROM ticket_entries e WHERE e.booking_id = b.id
) l LEFT JOIN users u ON u.id = l.by
ORDER BY l.at, l.place, l.line
""")


async def story(session: AsyncSession, actor: Actor, booking_id: UUID) -> list[StoryLine]:
    """The story of a booking of the asker's family, the oldest line first.

    Raises: Unauthenticated, Forbidden for people without a family, NotFound for another family's.
    """
    await reading.get(session, actor, booking_id)
    rows = await (await session.connection()).execute(_STORY, {"booking": booking_id})
    return [
        StoryLine(row.at, row.event, Who(row.who), row.name if row.who == Who.FAMILY else "", row.facts)
        for row in rows
    ]
