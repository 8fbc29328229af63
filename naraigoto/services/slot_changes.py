"""What a school does to its slots after families have booked them: move, cancel, replace the instructor."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import InvalidInput, LessonBegun, NotFound, ScheduleConflict, StaleEdit
from naraigoto.models.bookings import Booking, BookingQuestion, BookingStatus, CancelKind
from naraigoto.models.moderation import AuditLog
from naraigoto.models.schedules import LessonSchedule
from naraigoto.models.schools import Class, Instructor, School
from naraigoto.rules import MESSAGES_AFTER_LESSON, MOVE_ANSWER_WITHIN, SLOT_CANCEL_REASON_MAX
from naraigoto.services import booking_notices, driver, live, locks, queue, slot_notices
from naraigoto.services.bookings import cancel_deadline
from naraigoto.services.bookings.cancelling import line, settle
from naraigoto.services.bookings.facts import free_instructors
from naraigoto.services.names import Named


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change meant for families: whose bookings ended, whom the school asks, who waited in vain."""

    cancelled: int = 0
    asked: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class SlotToChange:
    """What a school sees of a slot before it changes it."""

    title: str
    start_at: datetime
    end_at: datetime
    instructor_id: UUID | None
    booked: int
    teachers: list[Named]


_MOVE_SLOT = b"""
UPDATE lesson_schedules SET start_at = %(start_at)s, end_at = %(end_at)s, version = version + 1
WHERE id = %(slot)s
"""
_TEACH = b"UPDATE lesson_schedules SET instructor_id = %(instructor)s WHERE id = %(slot)s"
# A child can't be in two lessons: who has another one at the new time can't come.
_CLASHING = b"""
SELECT b.id FROM bookings b WHERE b.schedule_id = %(slot)s AND b.status = 'reserved' AND EXISTS (
  SELECT 1 FROM bookings o WHERE o.user_id = b.user_id AND o.id <> b.id
    AND o.status IN ('reserved', 'attended', 'absent')
    AND o.period && tstzrange(%(start_at)s, %(end_at)s))
"""
_MOVE_BOOKINGS = b"""
UPDATE bookings SET period = tstzrange(%(start_at)s, %(end_at)s), cancel_until = %(cancel_until)s,
  question = 'moved', answer_by = %(answer_by)s
WHERE schedule_id = %(slot)s AND status = 'reserved'
"""
_KEEP_THREADS_OPEN = b"""
UPDATE conversations v SET writable_until = %(until)s FROM bookings b
WHERE b.id = v.booking_id AND b.schedule_id = %(slot)s AND b.status = 'reserved'
"""


async def move(
    session: AsyncSession, actor: Actor, *, schedule_id: UUID, start_at: datetime, now: datetime
) -> Outcome:
    """Move a slot, keeping its length; each family accepts or cancels free of charge within a day (D6).

    A child that has another lesson at the new time is cancelled by the school, with its tickets.

    Raises: Unauthenticated, Forbidden, NotFound, LessonBegun, InvalidInput for a moment that has passed,
        ScheduleConflict, StaleEdit.
    """
    slot = await _kept(session, actor, schedule_id, now)
    if start_at <= now:
        raise InvalidInput(start_at="past")
    if start_at == slot.start_at:
        return Outcome()
    before, end_at = slot.start_at, start_at + (slot.end_at - slot.start_at)
    booked = await _reserved(session, schedule_id)
    values = {"slot": schedule_id, "start_at": start_at, "end_at": end_at}
    await _or_conflict(session, _MOVE_SLOT, values)
    connection = await driver.connection(session)
    clashing = {row[0] for row in await (await connection.execute(_CLASHING, values)).fetchall()}
    for booking in booked:
        if booking.id in clashing:
            await settle(session, booking, kind=CancelKind.SCHOOL, by=actor.user_id, now=now)
            await booking_notices.cancelled(session, booking_id=booking.id, now=now)
    asked = [booking for booking in booked if booking.id not in clashing]
    school = await session.get_one(School, slot.school_id)
    values |= {
        "cancel_until": cancel_deadline(school.cancel_policy, start_at),
        "answer_by": min(now + MOVE_ANSWER_WITHIN, start_at),
        "until": end_at + MESSAGES_AFTER_LESSON,
    }
    for booking in asked:
        facts = {"before": before.isoformat(), "after": start_at.isoformat()}
        session.add(line(booking.id, "booking.moved", actor.user_id, now, **facts))
    session.add(_slot_line(schedule_id, "schedule.moved", actor, now, before=before, after=start_at))
    await session.flush()
    try:
        await connection.execute(_MOVE_BOOKINGS, values)
    except psycopg.errors.ExclusionViolation as meanwhile:
        raise StaleEdit from meanwhile
    await connection.execute(_KEEP_THREADS_OPEN, values)
    version = slot.version + 1
    await slot_notices.moved(session, schedule_id=schedule_id, version=version, before=before, now=now)
    await queue.offer_free_seats(session, schedule_id, now=now)
    _announce(session, slot, booked)
    return Outcome(cancelled=len(clashing), asked=len(asked))


async def cancel(
    session: AsyncSession, actor: Actor, *, schedule_id: UUID, reason: str = "", now: datetime
) -> Outcome:
    """Cancel a slot: every booking ends with its tickets returned, nobody waits, all are told (D6, R89).

    Cancelling it again changes nothing.

    Raises: Unauthenticated, Forbidden, NotFound, LessonBegun, InvalidInput for a reason that is too long.
    """
    slot = await _kept(session, actor, schedule_id, now, cancelled_too=True)
    if len(reason) > SLOT_CANCEL_REASON_MAX:
        raise InvalidInput(reason="too_long")
    if slot.cancelled_at is not None:
        return Outcome()
    booked = await _reserved(session, schedule_id)
    for booking in booked:
        await settle(session, booking, kind=CancelKind.SCHOOL, by=actor.user_id, now=now)
    waiting = await queue.close_all(session, schedule_id)
    slot.cancelled_at, slot.cancel_reason = now, reason.strip()
    session.add_all((slot, _slot_line(schedule_id, "schedule.cancelled", actor, now)))
    await session.flush()
    await slot_notices.cancelled(session, schedule_id=schedule_id, closed=waiting, now=now)
    _announce(session, slot, booked)
    return Outcome(cancelled=len(booked), waiting=len(waiting))


async def look(session: AsyncSession, actor: Actor, *, schedule_id: UUID, now: datetime) -> SlotToChange:
    """A slot as its school sees it before a change, with the instructors who are free then.

    Raises: Unauthenticated, Forbidden, NotFound, LessonBegun.
    """
    slot = await _kept(session, actor, schedule_id, now)
    lesson = await session.get_one(Class, slot.class_id)
    teachers = await free_instructors(session, schedule_id)
    if slot.instructor_id is not None:
        own = await session.get_one(Instructor, slot.instructor_id)
        teachers = [Named(own.id, own.name), *teachers]
    return SlotToChange(
        lesson.title, slot.start_at, slot.end_at, slot.instructor_id, slot.booked_count, teachers
    )


async def replace_instructor(
    session: AsyncSession, actor: Actor, *, schedule_id: UUID, instructor_id: UUID | None, now: datetime
) -> Outcome:
    """Let somebody else teach the slot; who had chosen the instructor may cancel free until the start (D5).

    Raises: Unauthenticated, Forbidden, NotFound, LessonBegun, InvalidInput for somebody who does not teach
        here, ScheduleConflict.
    """
    slot = await _kept(session, actor, schedule_id, now)
    lesson = await session.get_one(Class, slot.class_id)
    if instructor_id is not None:
        teacher = await session.get(Instructor, instructor_id)
        if teacher is None or teacher.school_id != slot.school_id or teacher.deleted_at is not None:
            raise InvalidInput(instructor_id="instructor")
    booked = await _reserved(session, schedule_id)
    await _or_conflict(session, _TEACH, {"slot": schedule_id, "instructor": instructor_id})
    asked = 0
    for booking in booked:
        before = booking.instructor_id
        if before == instructor_id:
            continue
        booking.instructor_id = instructor_id
        names = {"before": str(before or ""), "after": str(instructor_id or "")}
        session.add(line(booking.id, "booking.instructor_replaced", actor.user_id, now, **names))
        if before is not None and lesson.instructor_choice:
            booking.question, booking.answer_by = BookingQuestion.INSTRUCTOR, booking.period.lower
            asked += 1
        session.add(booking)
    session.add(_slot_line(schedule_id, "schedule.instructor_replaced", actor, now))
    await session.flush()
    await slot_notices.instructor_replaced(
        session, schedule_id=schedule_id, instructor_id=instructor_id, now=now
    )
    _announce(session, slot, booked)
    return Outcome(asked=asked)


async def _kept(
    session: AsyncSession, actor: Actor, schedule_id: UUID, now: datetime, *, cancelled_too: bool = False
) -> LessonSchedule:
    policies.require_any_slot_keeper(actor)
    slot = (await locks.slots(session, [schedule_id])).get(schedule_id)
    if slot is None:
        raise NotFound
    policies.require_slot_keeper(actor, slot.school_id)
    if slot.cancelled_at is not None and not cancelled_too:
        raise NotFound
    if now >= slot.start_at:
        raise LessonBegun
    return slot


async def _reserved(session: AsyncSession, schedule_id: UUID) -> list[Booking]:
    """The open bookings of a held slot, held with their families' tickets."""
    seen = list(
        await session.exec(
            select(Booking).where(
                col(Booking.schedule_id) == schedule_id, Booking.status == BookingStatus.RESERVED
            )
        )
    )
    await locks.tickets(session, {booking.family_id for booking in seen})
    held = await locks.bookings(session, {booking.id for booking in seen})
    return [booking for booking in held if booking.status is BookingStatus.RESERVED]


def _announce(session: AsyncSession, slot: LessonSchedule, booked: list[Booking]) -> None:
    live.seats_moved(session, schedule_id=slot.id, school_id=slot.school_id)
    for booking in booked:
        live.family_changed(session, booking.family_id)


async def _or_conflict(session: AsyncSession, statement: bytes, values: dict[str, object]) -> None:
    try:
        await (await driver.connection(session)).execute(statement, values)
    except (psycopg.errors.ExclusionViolation, psycopg.errors.UniqueViolation) as taken:
        raise ScheduleConflict from taken


def _slot_line(schedule_id: UUID, action: str, actor: Actor, now: datetime, **moments: datetime) -> AuditLog:
    facts = {name: moment.isoformat() for name, moment in moments.items()}
    return AuditLog(
        actor_user_id=actor.user_id,
        action=action,
        thing_type="schedule",
        thing_id=schedule_id,
        facts=facts,
        at=now,
    )
