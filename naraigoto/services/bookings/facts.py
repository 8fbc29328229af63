"""Everything D5 asks before a booking, in one query, and the refusals in their order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.errors import (
    AgeOutOfRange,
    AlreadyBooked,
    BookingDeadlinePassed,
    DomainError,
    ScheduleFull,
    ScheduleOverlap,
    SchoolNotPublished,
    SubscriptionOnHold,
    TicketsShort,
    TooManyBookings,
)
from naraigoto.models.billing import SubscriptionStatus
from naraigoto.models.bookings import ACTIVE
from naraigoto.rules import BOOKING_HORIZON, BOOKING_WHILE_ON_HOLD, MAX_ACTIVE_BOOKINGS, CancelPolicy
from naraigoto.services import driver
from naraigoto.services.names import Named


@dataclass(frozen=True, slots=True)
class Facts:
    """One slot seen by one child of one family; the child's part is empty in a family without children."""

    schedule_id: UUID
    start_at: datetime
    end_at: datetime
    seats_left: int
    withdrawn: bool
    instructor_id: UUID | None
    instructor_name: str | None
    class_id: UUID
    title: str
    cost: int
    age_min: int
    age_max: int
    instructor_choice: bool
    school_id: UUID
    school_name: str
    school_kana: str
    published: bool
    cutoff_hours: int
    cancel_policy: CancelPolicy
    child_id: UUID | None
    child_name: str | None
    birth_month: date | None
    already_booked: bool
    clash_start: datetime | None
    clash_end: datetime | None
    clash_title: str | None
    active_bookings: int
    plan_status: str | None
    usable: int
    offer_id: UUID | None
    waiting: bool

    @property
    def own_instructor(self) -> Named | None:
        """Who teaches the slot, None where the school decides."""
        if self.instructor_id is None:
            return None
        return Named(self.instructor_id, self.instructor_name or "")

    @property
    def age(self) -> int | None:
        """The child's age on the day of the lesson, where the month of birth is known."""
        if self.birth_month is None:
            return None
        return clock.age_on(clock.jst_date(self.start_at), self.birth_month)


_FACTS = f"""
SELECT s.id AS schedule_id, s.start_at, s.end_at, s.capacity - s.booked_count - s.held_count AS seats_left,
  s.cancelled_at IS NOT NULL OR c.deleted_at IS NOT NULL AS withdrawn,
  s.instructor_id, t.name AS instructor_name,
  c.id AS class_id, c.title, c.ticket_cost AS cost, c.age_min, c.age_max, c.instructor_choice,
  h.id AS school_id, h.name AS school_name, h.name_kana AS school_kana,
  h.status = 'published' AND h.deleted_at IS NULL AS published,
  h.booking_cutoff_hours AS cutoff_hours, h.cancel_policy,
  u.id AS child_id, u.name AS child_name, m.birth_month,
  EXISTS (SELECT 1 FROM bookings b WHERE b.user_id = u.id AND b.schedule_id = s.id AND b.{ACTIVE})
    AS already_booked,
  o.start_at AS clash_start, o.end_at AS clash_end, o.title AS clash_title,
  (SELECT count(*) FROM bookings b WHERE b.family_id = %(family)s AND b.status = 'reserved'
    AND lower(b.period) > %(now)s) AS active_bookings,
  (SELECT p.status FROM subscriptions p
    WHERE p.family_id = %(family)s AND p.status IN ('active', 'on_hold')) AS plan_status,
  (SELECT coalesce(sum(k.balance), 0)::int FROM ticket_balances k
    WHERE k.family_id = %(family)s AND k.expires_on >= %(today)s) AS usable,
  (SELECT w.id FROM waitlist_entries w WHERE w.child_user_id = u.id AND w.schedule_id = s.id
    AND w.status = 'offered' AND w.offer_expires_at > %(now)s) AS offer_id,
  EXISTS (SELECT 1 FROM waitlist_entries w WHERE w.child_user_id = u.id
    AND w.status IN ('waiting', 'offered')) AS waiting
FROM lesson_schedules s
JOIN classes c ON c.id = s.class_id
JOIN schools h ON h.id = s.school_id
LEFT JOIN instructors t ON t.id = s.instructor_id
LEFT JOIN (family_members m JOIN users u ON u.id = m.user_id AND u.deleted_at IS NULL)
  ON m.family_id = %(family)s {{whom}}
LEFT JOIN LATERAL (
  SELECT lower(b.period) AS start_at, upper(b.period) AS end_at, bc.title
  FROM bookings b JOIN lesson_schedules bs ON bs.id = b.schedule_id JOIN classes bc ON bc.id = bs.class_id
  WHERE b.user_id = u.id AND b.{ACTIVE} AND b.schedule_id <> s.id
    AND b.id IS DISTINCT FROM %(leaving)s::uuid
    AND b.period && tstzrange(s.start_at, s.end_at)
  ORDER BY lower(b.period) LIMIT 1
) o ON true
WHERE s.id = %(schedule)s
ORDER BY m.created_at, m.user_id
"""
FOR_CHILD = _FACTS.format(whom="AND m.user_id = %(child)s").encode()
_FOR_FAMILY = _FACTS.format(whom="").encode()

# Teaches another slot at the hour of `s`, or was chosen by a family for one.
_BUSY = f"""(
  EXISTS (SELECT 1 FROM lesson_schedules o WHERE o.instructor_id = t.id AND o.id <> s.id
    AND o.cancelled_at IS NULL AND tstzrange(o.start_at, o.end_at) && tstzrange(s.start_at, s.end_at))
  OR EXISTS (SELECT 1 FROM bookings b WHERE b.instructor_id = t.id AND b.schedule_id <> s.id AND b.{ACTIVE}
    AND b.period && tstzrange(s.start_at, s.end_at)))
"""
_FREE_INSTRUCTORS = f"""
SELECT t.id, t.name FROM instructors t JOIN lesson_schedules s ON s.school_id = t.school_id
WHERE s.id = %(schedule)s AND t.deleted_at IS NULL AND t.id IS DISTINCT FROM s.instructor_id AND NOT {_BUSY}
ORDER BY t.name_kana, t.name, t.id
""".encode()
_ANY_BUSY = f"""
SELECT EXISTS (SELECT 1 FROM instructors t JOIN lesson_schedules s ON s.id = %(schedule)s
  WHERE t.id = ANY (%(instructors)s::uuid[]) AND {_BUSY})
""".encode()


async def for_child(
    session: AsyncSession,
    *,
    schedule_id: UUID,
    child_id: UUID,
    family_id: UUID,
    leaving: UUID | None = None,
    now: datetime,
) -> Facts | None:
    """The slot as one child of the family sees it; None when either does not exist for the family.

    A booking that the child is `leaving` for this slot stands in nobody's way.
    """
    asked = _asked(schedule_id, family_id, now) | {"child": child_id, "leaving": leaving}
    found = await (await driver.connection(session)).execute(FOR_CHILD, asked)
    row = await found.fetchone()
    return None if row is None or (facts := Facts(*row)).child_id is None else facts


async def for_family(
    session: AsyncSession, *, schedule_id: UUID, family_id: UUID, now: datetime
) -> list[Facts]:
    """The slot as each child of the family sees it; one line without a child where there are none."""
    asked = _asked(schedule_id, family_id, now)
    found = await (await driver.connection(session)).execute(_FOR_FAMILY, asked)
    return [Facts(*row) async for row in found]


async def free_instructors(session: AsyncSession, schedule_id: UUID) -> list[Named]:
    """The school's other instructors who are promised to nobody else at that time."""
    found = await (await driver.connection(session)).execute(_FREE_INSTRUCTORS, {"schedule": schedule_id})
    return [Named(*row) async for row in found]


async def any_busy(session: AsyncSession, schedule_id: UUID, instructors: Iterable[UUID]) -> bool:
    """Whether one of them is promised to somebody else at the time of the slot; the caller holds them."""
    asked = {"schedule": schedule_id, "instructors": list(instructors)}
    row = await (await (await driver.connection(session)).execute(_ANY_BUSY, asked)).fetchone()
    return row is not None and row[0]


def _asked(schedule_id: UUID, family_id: UUID, now: datetime) -> dict[str, object]:
    return {
        "schedule": schedule_id,
        "family": family_id,
        "now": now,
        "today": clock.jst_date(now),
        "leaving": None,
    }


def slot_refusal(facts: Facts, now: datetime) -> DomainError | None:
    """Why nobody can book the slot, if so (D5, first part of the order)."""
    if not facts.published:
        return SchoolNotPublished()
    closes = facts.start_at - timedelta(hours=facts.cutoff_hours)
    if facts.withdrawn or now > closes or facts.start_at > now + BOOKING_HORIZON:
        return BookingDeadlinePassed()
    return None


def seat_refusal(facts: Facts) -> DomainError | None:
    """Whether there is a seat for this child: a free one, or one that an offer holds for it (D7)."""
    return ScheduleFull() if facts.seats_left <= 0 and facts.offer_id is None else None


def child_refusal(facts: Facts) -> DomainError | None:
    """Why this child can't book the slot, if so (D5, second part)."""
    if facts.already_booked:
        return AlreadyBooked()
    if facts.clash_start is not None:
        return ScheduleOverlap(
            child=facts.child_name,
            start_at=facts.clash_start,
            end_at=facts.clash_end,
            title=facts.clash_title,
        )
    if facts.age is not None and not facts.age_min <= facts.age <= facts.age_max:
        return AgeOutOfRange(age_min=facts.age_min, age_max=facts.age_max)
    return None


def family_refusal(facts: Facts) -> DomainError | None:
    """Why this family can't book anything or not this, if so (D5, last part)."""
    if facts.active_bookings >= MAX_ACTIVE_BOOKINGS:
        return TooManyBookings(limit=MAX_ACTIVE_BOOKINGS)
    if facts.plan_status == SubscriptionStatus.ON_HOLD and not BOOKING_WHILE_ON_HOLD:
        return SubscriptionOnHold()
    if facts.usable < facts.cost:
        return TicketsShort(missing=facts.cost - facts.usable, has_plan=facts.plan_status is not None)
    return None
