"""Promises to tell people: outbox rows in the transaction of what they tell of (D16, domain.md §6)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.services import driver
from naraigoto.services.deadlines import free_until


class Kind(StrEnum):
    """What a message tells; each has its texts in texts/mails/."""

    BOOKING_CONFIRMED = "booking_confirmed"
    GUARDIAN_JOINED = "guardian_joined"
    BOOKING_CANCELLED = "booking_cancelled"
    EMAIL_VERIFICATION = "email_verification"
    SIGNUP_ATTEMPTED = "signup_attempted"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    EMAIL_CHANGE = "email_change"
    EMAIL_CHANGED = "email_changed"
    ACCOUNT_CLOSED = "account_closed"
    FAMILY_PASSED_ON = "family_passed_on"
    BOOKING_RESCHEDULED = "booking_rescheduled"
    SCHEDULE_CANCELLED = "schedule_cancelled"
    SCHEDULE_MOVED = "schedule_moved"
    INSTRUCTOR_REPLACED = "instructor_replaced"
    WAITLIST_OFFER = "waitlist_offer"
    WAITLIST_OPEN = "waitlist_open"
    WAITLIST_MOVED = "waitlist_moved"
    SUBSCRIPTION_STARTED = "subscription_started"
    SUBSCRIPTION_RENEWED = "subscription_renewed"
    PAYMENT_FAILED = "payment_failed"
    SUBSCRIPTION_CANCEL_SCHEDULED = "subscription_cancel_scheduled"
    SUBSCRIPTION_ENDED = "subscription_ended"
    TICKETS_LOW = "tickets_low"
    TICKETS_EXPIRING = "tickets_expiring"
    REVIEW_POSTED = "review_posted"
    REVIEW_REPLIED = "review_replied"
    REPORT_DECIDED = "report_decided"
    APPEAL_DECIDED = "appeal_decided"
    POINTS_EARNED = "points_earned"
    SAVED_SEARCH_DIGEST = "saved_search_digest"


class Side(StrEnum):
    """On which side of a booking the recipient stands, and so what they may read (D17)."""

    GUARDIAN = "guardian"
    SCHOOL = "school"
    ACCOUNT = "account"  # of no booking: one's own account


# The recipients are known only to the database, so their UUIDv7 is made there: a random UUID with the
# milliseconds of `now` in front and its version bits turned from 4 to 7.
UUID7 = """encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
  substring(int8send((extract(epoch FROM %(now)s::timestamptz) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
  52, 1), 53, 1), 'hex')::uuid"""

# Guardians come first, so whoever is both a guardian and a member of the school reads the guardian's mail.
TELL_BOTH_SIDES = f"""
INSERT INTO outbox_messages (id, kind, dedupe_key, recipient_user_id, payload, status, run_at, created_at)
SELECT {UUID7}, %(kind)s, 'booking:' || %(booking)s || %(event)s || user_id, user_id,
       jsonb_build_object('booking_id', %(booking)s, 'side', side), 'queued', %(now)s, %(now)s
FROM (
  SELECT f.parent_user_id AS user_id, 'guardian' AS side
    FROM bookings b JOIN families f ON f.id = b.family_id WHERE b.id = %(booking)s::uuid
  UNION ALL
  SELECT g.user_id, 'guardian'
    FROM bookings b JOIN family_guardians g ON g.family_id = b.family_id WHERE b.id = %(booking)s::uuid
  UNION ALL
  SELECT m.user_id, 'school'
    FROM bookings b JOIN lesson_schedules s ON s.id = b.schedule_id
    JOIN school_members m ON m.school_id = s.school_id WHERE b.id = %(booking)s::uuid
) recipients
ORDER BY side
ON CONFLICT (dedupe_key) DO NOTHING
""".encode()


async def booking_confirmed(session: AsyncSession, *, booking_id: UUID, now: datetime) -> None:
    """Promise the confirmation to every guardian of the family and every member of the school (R41).

    Repeating it promises nothing twice; if the booking's transaction rolls back, nobody is told.
    """
    values = {"kind": Kind.BOOKING_CONFIRMED.value, "event": ":confirmed:", "booking": str(booking_id)}
    await (await driver.connection(session)).execute(TELL_BOTH_SIDES, values | {"now": now})


@dataclass(frozen=True, slots=True)
class Facts:
    """What every mail knows: on which side its reader stands, and where it goes."""

    side: Side
    to: str


@dataclass(frozen=True, slots=True)
class BookingConfirmed(Facts):
    """What a confirmation says, as it is at the moment of sending."""

    booking_id: UUID
    child: str
    child_age: int | None
    guardian: str
    start_at: datetime
    end_at: datetime
    lesson: str
    belongings: str
    school: str
    address: str
    access: str
    instructor: str | None
    tickets: int
    cancel_until: datetime  # free of charge until then, the grace after booking included (D6)


Loader = Callable[[AsyncSession, UUID, Mapping[str, Any], datetime], Awaitable[Facts | None]]

# Only for who still stands on the side they were promised it for, and can be reached.
_CONFIRMED = text("""
SELECT r.email, c.name AS child, fm.birth_month, g.name AS guardian, s.start_at, s.end_at,
       k.title, k.belongings, h.name AS school, h.address, h.access, i.name AS instructor,
       b.consumed_tickets, b.cancel_until, b.created_at, b.answer_by
FROM bookings b
JOIN users r ON r.id = :recipient AND r.email IS NOT NULL AND r.deleted_at IS NULL
JOIN families f ON f.id = b.family_id
JOIN users c ON c.id = b.user_id
LEFT JOIN family_members fm ON fm.user_id = b.user_id
JOIN users g ON g.id = b.booked_by
JOIN lesson_schedules s ON s.id = b.schedule_id
JOIN classes k ON k.id = s.class_id
JOIN schools h ON h.id = s.school_id
LEFT JOIN instructors i ON i.id = coalesce(b.instructor_id, s.instructor_id)
WHERE b.id = :booking AND b.status <> 'cancelled' AND CASE :side
  WHEN 'guardian' THEN f.parent_user_id = r.id OR EXISTS (
    SELECT 1 FROM family_guardians o WHERE o.family_id = f.id AND o.user_id = r.id)
  ELSE EXISTS (SELECT 1 FROM school_members m WHERE m.school_id = s.school_id AND m.user_id = r.id)
END
""")


async def _booking_confirmed(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], now: datetime
) -> BookingConfirmed | None:
    side, booking_id = Side(payload["side"]), UUID(payload["booking_id"])
    connection = await session.connection()
    asked = {"recipient": recipient, "booking": booking_id, "side": side}
    row = (await connection.execute(_CONFIRMED, asked)).one_or_none()
    if row is None:
        return None
    return BookingConfirmed(
        side=side,
        to=row.email,
        booking_id=booking_id,
        child=row.child,
        child_age=age(row.birth_month, now),
        guardian=row.guardian,
        start_at=row.start_at,
        end_at=row.end_at,
        lesson=row.title,
        belongings=row.belongings,
        school=row.school,
        address=row.address,
        access=row.access,
        instructor=row.instructor,
        tickets=row.consumed_tickets,
        cancel_until=free_until(row.cancel_until, row.created_at, row.answer_by),
    )


def age(birth_month: date | None, now: datetime) -> int | None:
    """A child's age in a mail, where the month of birth is known."""
    return None if birth_month is None else clock.age_on(clock.jst_date(now), birth_month)


FACTS: Final[Mapping[Kind, Loader]] = {Kind.BOOKING_CONFIRMED: _booking_confirmed}
