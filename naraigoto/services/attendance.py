"""Who is expected today, and who came (D8)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, policies
from naraigoto.actor import Actor
from naraigoto.errors import AlreadyRecorded, BookingNotActive, LessonNotFinished, NotFound
from naraigoto.models.attendance import Attendance, AttendanceStatus
from naraigoto.models.bookings import Booking, BookingStatus
from naraigoto.models.schedules import LessonSchedule
from naraigoto.models.schools import School
from naraigoto.rules import ATTENDANCE_CLOSES_AFTER_START, ATTENDANCE_OPENS_BEFORE_START
from naraigoto.services import audit, locks

ROSTER_SEEN = "roster.seen"


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A child on the roster: nicknames and age, never an address (D17)."""

    booking_id: UUID
    status: BookingStatus
    child_id: UUID
    child: str
    age: int | None
    guardian: str
    instructor_id: UUID | None
    instructor: str | None
    consumed_tickets: int
    cancel_until: datetime
    conversation_id: UUID | None
    created_at: datetime
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class RosterSlot:
    """A slot of the day with its children; attendance can be recorded in [opens_at, closes_at]."""

    id: UUID
    start_at: datetime
    end_at: datetime
    class_id: UUID
    title: str
    school_id: UUID
    school: str
    instructor_id: UUID | None
    instructor: str | None
    capacity: int
    booked: int
    entries: list[RosterEntry] = field(default_factory=list)

    @property
    def opens_at(self) -> datetime:
        """From when on attendance can be recorded."""
        return self.start_at - ATTENDANCE_OPENS_BEFORE_START

    @property
    def closes_at(self) -> datetime:
        """Until when attendance can be recorded."""
        return self.start_at + ATTENDANCE_CLOSES_AFTER_START


_ROSTER = """
SELECT s.id, s.start_at, s.end_at, c.id AS class_id, c.title, h.id AS school_id, h.name AS school,
  si.id AS slot_instructor_id, si.name AS slot_instructor, s.capacity, s.booked_count,
  b.id AS booking_id, b.status, b.user_id AS child_id, u.name AS child, m.birth_month, g.name AS guardian,
  bi.id AS instructor_id, bi.name AS instructor, b.consumed_tickets, b.cancel_until, b.created_at,
  v.id AS conversation_id, a.recorded_at
FROM lesson_schedules s
JOIN classes c ON c.id = s.class_id
JOIN schools h ON h.id = s.school_id
LEFT JOIN instructors si ON si.id = s.instructor_id
LEFT JOIN bookings b ON b.schedule_id = s.id AND b.status IN ('reserved', 'attended', 'absent')
LEFT JOIN users u ON u.id = b.user_id
LEFT JOIN family_members m ON m.user_id = b.user_id
LEFT JOIN users g ON g.id = b.booked_by
LEFT JOIN instructors bi ON bi.id = b.instructor_id
LEFT JOIN conversations v ON v.booking_id = b.id
LEFT JOIN attendances a ON a.booking_id = b.id
WHERE {which}
ORDER BY s.start_at, s.id, b.created_at, b.id
"""
_OF_DAY = "s.school_id = :school AND s.start_at >= :start AND s.start_at < :end AND s.cancelled_at IS NULL"
_DAY = text(_ROSTER.format(which=_OF_DAY))
_ARRIVAL = text(_ROSTER.format(which="b.id = :booking"))
_REVIEWED = text("""
SELECT EXISTS (SELECT 1 FROM reviews_parent WHERE booking_id = :id AND status <> 'deleted')
    OR EXISTS (SELECT 1 FROM reviews_child WHERE booking_id = :id AND status <> 'deleted')
""")


async def schools(session: AsyncSession, actor: Actor) -> list[tuple[UUID, str]]:
    """The schools that the asker runs, by name.

    Raises: Unauthenticated, Forbidden for people who run no school.
    """
    policies.require_any_school(actor)
    found = await session.exec(
        select(School.id, School.name)
        .where(col(School.id).in_(actor.school_ids), col(School.deleted_at).is_(None))
        .order_by(School.name, col(School.id))
    )
    return list(found.all())


async def roster(
    session: AsyncSession, actor: Actor, *, school_id: UUID, day: date, now: datetime
) -> list[RosterSlot]:
    """The slots of a Japanese day with the children booked into them, in the order of the day.

    Whoever sees names of children leaves a line in the audit log, which the families can read (D17).

    Raises: Unauthenticated, Forbidden for people who run no school, NotFound for another school.
    """
    policies.require_school_member(actor, school_id)
    start, end = clock.day_bounds(day)
    connection = await session.connection()
    rows = await connection.execute(_DAY, {"school": school_id, "start": start, "end": end})
    slots = _slots(rows, clock.jst_date(now))
    if any(slot.entries for slot in slots):
        list_ = audit.Thing("school", school_id)
        await audit.seen(session, actor, ROSTER_SEEN, list_, {"day": day.isoformat()}, now=now)
    return slots


async def arrival(
    session: AsyncSession, actor: Actor, *, booking_id: UUID, now: datetime
) -> tuple[RosterSlot, RosterEntry]:
    """The child whose code was read at the door, and its lesson.

    Raises: Unauthenticated, Forbidden for people who run no school, NotFound for another school's booking
        and for a cancelled one.
    """
    policies.require_any_school(actor)
    rows = await (await session.connection()).execute(_ARRIVAL, {"booking": booking_id})
    found = _slots(rows, clock.jst_date(now))
    if not found:
        raise NotFound
    policies.require_school_member(actor, found[0].school_id)
    return found[0], found[0].entries[0]


async def record(
    session: AsyncSession, actor: Actor, *, booking_id: UUID, status: AttendanceStatus, now: datetime
) -> Attendance:
    """Say whether the child came; saying it again changes nothing, saying otherwise corrects it (D8).

    Raises: Unauthenticated, Forbidden for people who run no school, NotFound for another school's booking,
        BookingNotActive, LessonNotFinished before the window, AlreadyRecorded after it or once reviewed.
    """
    user_id = policies.require_any_school(actor)
    booking, lesson = await _locked(session, booking_id)
    policies.require_school_member(actor, lesson.school_id)
    if booking.status is BookingStatus.CANCELLED:
        raise BookingNotActive
    known = await _recorded(session, booking_id)
    if known is not None and known.status is status:
        return known
    _refuse_outside_window(lesson.start_at, now)
    if await _reviewed(session, booking_id):
        raise AlreadyRecorded
    before = booking.status
    booking.status = BookingStatus(status.value)
    attendance = known or Attendance(booking_id=booking_id, status=status, recorded_at=now, created_at=now)
    attendance.status, attendance.recorded_by, attendance.recorded_at = status, user_id, now
    attendance.automatic = False
    session.add_all((booking, attendance))
    await _note(session, actor, booking_id, before, status, now)
    return attendance


async def withdraw(session: AsyncSession, actor: Actor, booked: Iterable[Booking], *, now: datetime) -> None:
    """Take back what was recorded of these held bookings: their lesson does not take place at that hour.

    For whoever changes the slot and has settled that this may be done.
    """
    for booking in booked:
        if booking.status is BookingStatus.RESERVED:
            continue
        before, booking.status = booking.status, BookingStatus.RESERVED
        session.add(booking)
        if (known := await _recorded(session, booking.id)) is not None:
            await session.delete(known)
        await _note(session, actor, booking.id, before, booking.status, now)


async def _locked(session: AsyncSession, booking_id: UUID) -> tuple[Booking, LessonSchedule]:
    # Two recordings, or a recording and a cancellation, of one booking go one after the other. The slot is
    # read afterwards: it may have been moved while we waited.
    held = await locks.bookings(session, [booking_id])
    if not held:
        raise NotFound
    lesson = await session.get_one(LessonSchedule, held[0].schedule_id, populate_existing=True)
    return held[0], lesson


async def _recorded(session: AsyncSession, booking_id: UUID) -> Attendance | None:
    found = await session.exec(
        select(Attendance)
        .where(Attendance.booking_id == booking_id)
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


def _refuse_outside_window(start_at: datetime, now: datetime) -> None:
    opens_at = start_at - ATTENDANCE_OPENS_BEFORE_START
    if now < opens_at:
        raise LessonNotFinished(opens_at=opens_at)
    if now > start_at + ATTENDANCE_CLOSES_AFTER_START:
        raise AlreadyRecorded


async def _reviewed(session: AsyncSession, booking_id: UUID) -> bool:
    connection = await session.connection()
    return bool((await connection.execute(_REVIEWED, {"id": booking_id})).scalar_one())


async def _note(
    session: AsyncSession,
    actor: Actor,
    booking_id: UUID,
    before: BookingStatus,
    after: AttendanceStatus | BookingStatus,
    now: datetime,
) -> None:
    action = "attendance.recorded" if before is BookingStatus.RESERVED else "attendance.corrected"
    facts = {"before": before.value, "after": after.value}
    await audit.record(session, actor, action, audit.Thing("booking", booking_id), facts, now=now)


def _slots(rows: Iterable[Row[Any]], today: date) -> list[RosterSlot]:
    slots: dict[UUID, RosterSlot] = {}
    for row in rows:
        slot = slots.setdefault(
            row.id,
            RosterSlot(
                id=row.id,
                start_at=row.start_at,
                end_at=row.end_at,
                class_id=row.class_id,
                title=row.title,
                school_id=row.school_id,
                school=row.school,
                instructor_id=row.slot_instructor_id,
                instructor=row.slot_instructor,
                capacity=row.capacity,
                booked=row.booked_count,
            ),
        )
        if row.booking_id is not None:
            slot.entries.append(_entry(row, today))
    return list(slots.values())


def _entry(row: Row[Any], today: date) -> RosterEntry:
    return RosterEntry(
        booking_id=row.booking_id,
        status=BookingStatus(row.status),
        child_id=row.child_id,
        child=row.child,
        age=clock.age_on(today, row.birth_month) if row.birth_month else None,
        guardian=row.guardian,
        instructor_id=row.instructor_id,
        instructor=row.instructor or row.slot_instructor,
        consumed_tickets=row.consumed_tickets,
        cancel_until=row.cancel_until,
        conversation_id=row.conversation_id,
        created_at=row.created_at,
        recorded_at=row.recorded_at,
    )
