"""Promises to tell people: outbox rows in the transaction of what they tell of (D16, domain.md §6)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession


class Kind(StrEnum):
    """What a message tells; each has its texts in texts/mails/."""

    BOOKING_CONFIRMED = "booking_confirmed"


class Side(StrEnum):
    """On which side of a booking the recipient stands, and so what they may read (D17)."""

    GUARDIAN = "guardian"
    SCHOOL = "school"


# The recipients are known only to the database, so their UUIDv7 is made there: a random UUID with the
# milliseconds of `:now` in front and its version bits turned from 4 to 7.
_UUID7 = """encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
  substring(int8send((extract(epoch FROM :now ::timestamptz) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
  52, 1), 53, 1), 'hex')::uuid"""

# Guardians come first, so whoever is both a guardian and a member of the school reads the guardian's mail.
_TELL_BOTH_SIDES = text(f"""
INSERT INTO outbox_messages (id, kind, dedupe_key, recipient_user_id, payload, status, run_at, created_at)
SELECT {_UUID7}, :kind, 'booking:' || :booking || ':confirmed:' || user_id, user_id,
       jsonb_build_object('booking_id', :booking, 'side', side), 'queued', :now, :now
FROM (
  SELECT f.parent_user_id AS user_id, 'guardian' AS side
    FROM bookings b JOIN families f ON f.id = b.family_id WHERE b.id = :booking ::uuid
  UNION ALL
  SELECT g.user_id, 'guardian'
    FROM bookings b JOIN family_guardians g ON g.family_id = b.family_id WHERE b.id = :booking ::uuid
  UNION ALL
  SELECT m.user_id, 'school'
    FROM bookings b JOIN lesson_schedules s ON s.id = b.schedule_id
    JOIN school_members m ON m.school_id = s.school_id WHERE b.id = :booking ::uuid
) recipients
ORDER BY side
ON CONFLICT (dedupe_key) DO NOTHING
""")


async def booking_confirmed(session: AsyncSession, *, booking_id: UUID, now: datetime) -> None:
    """Promise the confirmation to every guardian of the family and every member of the school (R41).

    Repeating it promises nothing twice; if the booking's transaction rolls back, nobody is told.
    """
    connection = await session.connection()
    await connection.execute(
        _TELL_BOTH_SIDES, {"kind": Kind.BOOKING_CONFIRMED, "booking": str(booking_id), "now": now}
    )
