"""Moving a slot that families have booked, and giving it to another instructor (D5, D6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.errors import InvalidInput, ScheduleConflict, StaleEdit
from naraigoto.models.bookings import Booking, BookingQuestion, BookingStatus, CancelKind
from naraigoto.models.schedules import LessonSchedule
from naraigoto.models.schools import Class, Instructor, School
from naraigoto.rules import MESSAGES_AFTER_LESSON, MOVE_ANSWER_WITHIN
from naraigoto.services import attendance, booking_notices, driver, queue, slot_notices
from naraigoto.services.bookings import cancel_deadline
from naraigoto.services.bookings.cancelling import line, settle
from naraigoto.services.bookings.facts import any_busy
from naraigoto.services.slot_changes import holding
from naraigoto.services.slot_changes.holding import Outcome


@dataclass(frozen=True, slots=True)
class Teacher:
    """Who is to teach a slot from now on; without an id the school decides (おまかせ)."""

    id: UUID | None


_CHANGE_SLOT = b"""
UPDATE lesson_schedules SET start_at = %(start_at)s, end_at = %(end_at)s, instructor_id = %(instructor)s,
  version = version + CASE WHEN start_at = %(start_at)s THEN 0 ELSE 1 END
WHERE id = %(slot)s
"""
# A child can't be in two lessons: who has another one at the new time can't come.
_CLASHING = b"""
SELECT b.id FROM bookings b WHERE b.schedule_id = %(slot)s AND b.status = 'reserved' AND EXISTS (
  SELECT 1 FROM bookings o WHERE o.user_id = b.user_id AND o.id <> b.id
    AND o.status IN ('reserved', 'attended', 'absent')
    AND o.period && tstzrange(%(start_at)s, %(end_at)s))
"""
# A move takes no right away: who may cancel free until the start still may, and no earlier answer is wanted.
_MOVE_BOOKINGS = b"""
UPDATE bookings SET period = tstzrange(%(start_at)s, %(end_at)s), cancel_until = %(cancel_until)s,
  question = 'moved', answer_by = CASE WHEN answer_by >= lower(period) THEN %(start_at)s
    ELSE least(greatest(answer_by, %(answer_by)s), %(start_at)s) END
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

    Raises: as `change`.
    """
    return await change(session, actor, schedule_id=schedule_id, start_at=start_at, now=now)


async def replace_instructor(
    session: AsyncSession, actor: Actor, *, schedule_id: UUID, instructor_id: UUID | None, now: datetime
) -> Outcome:
    """Let somebody else teach the slot; who had chosen the instructor may cancel free until the start (D5).

    Raises: as `change`.
    """
    return await change(session, actor, schedule_id=schedule_id, teacher=Teacher(instructor_id), now=now)


async def change(
    session: AsyncSession,
    actor: Actor,
    *,
    schedule_id: UUID,
    start_at: datetime | None = None,
    teacher: Teacher | None = None,
    now: datetime,
) -> Outcome:
    """Move a slot, give it to somebody else, or both in one step; what is None stays (D5, D6).

    A child that has another lesson at the new time is cancelled by the school, with its tickets.

    Raises: Unauthenticated, Forbidden, NotFound, LessonBegun, InvalidInput for a moment that has passed or
        somebody who does not teach here, ScheduleConflict, StaleEdit.
    """
    slot = await holding.kept(session, actor, schedule_id, now)
    if start_at is not None and start_at <= now:
        raise InvalidInput(start_at="past")
    if teacher is not None:
        await _refuse_stranger(session, slot, teacher)
    start, moves = start_at or slot.start_at, start_at not in (None, slot.start_at)
    if not moves and teacher is None:
        return Outcome()
    teaches = slot.instructor_id if teacher is None else teacher.id
    booked = await holding.booked(session, schedule_id, teaches)
    values = {"slot": schedule_id, "start_at": start, "end_at": start + (slot.end_at - slot.start_at)}
    await _or_conflict(session, _CHANGE_SLOT, values | {"instructor": teaches})
    ended = await _end_clashing(session, actor, booked, values, now) if moves else set()
    staying = [booking for booking in booked if booking.id not in ended]
    asked = set() if teacher is None else await _teach(session, actor, slot, staying, teacher, now)
    if moves:
        await _move(session, actor, slot, staying, values, now)
        asked = {booking.id for booking in staying}
    promised = {teaches, *(booking.instructor_id for booking in staying)}
    if await any_busy(session, schedule_id, {number for number in promised if number is not None}):
        raise ScheduleConflict
    if moves:
        await queue.offer_free_seats(session, schedule_id, now=now)
    holding.announce(session, slot, booked)
    return Outcome(cancelled=len(ended), asked=len(asked))


async def _end_clashing(
    session: AsyncSession, actor: Actor, booked: list[Booking], values: dict[str, Any], now: datetime
) -> set[UUID]:
    await attendance.withdraw(session, actor, booked, now=now)
    found = await (await driver.connection(session)).execute(_CLASHING, values)
    clashing = {row[0] for row in await found.fetchall()}
    for booking in booked:
        if booking.id in clashing:
            await settle(session, booking, kind=CancelKind.SCHOOL, by=actor.user_id, now=now)
            await booking_notices.cancelled(session, booking_id=booking.id, now=now)
    return clashing


async def _move(
    session: AsyncSession,
    actor: Actor,
    slot: LessonSchedule,
    booked: list[Booking],
    values: dict[str, Any],
    now: datetime,
) -> None:
    """Take the bookings of a slot that was moved along, and ask everybody who is concerned."""
    before, after = slot.start_at, values["start_at"]
    school = await session.get_one(School, slot.school_id)
    values = values | {
        "cancel_until": cancel_deadline(school.cancel_policy, after),
        "answer_by": min(now + MOVE_ANSWER_WITHIN, after),
        "until": values["end_at"] + MESSAGES_AFTER_LESSON,
    }
    for booking in booked:
        facts = {"before": before.isoformat(), "after": after.isoformat()}
        session.add(line(booking.id, "booking.moved", actor.user_id, now, **facts))
    session.add(holding.slot_line(slot.id, "schedule.moved", actor, now, before=before, after=after))
    await session.flush()
    connection = await driver.connection(session)
    try:
        await connection.execute(_MOVE_BOOKINGS, values)
    except psycopg.errors.ExclusionViolation as meanwhile:
        raise StaleEdit from meanwhile
    await connection.execute(_KEEP_THREADS_OPEN, values)
    asked, version = [booking.id for booking in booked], slot.version + 1
    await slot_notices.moved(
        session, schedule_id=slot.id, version=version, before=before, asked=asked, now=now
    )
    await queue.slot_moved(session, slot.id, before=before, after=after, now=now)


async def _teach(
    session: AsyncSession,
    actor: Actor,
    slot: LessonSchedule,
    booked: list[Booking],
    teacher: Teacher,
    now: datetime,
) -> set[UUID]:
    """Give the bookings their new instructor; answers which families had chosen another one."""
    lesson = await session.get_one(Class, slot.class_id)
    asked = set()
    for booking in booked:
        before = booking.instructor_id
        if before == teacher.id:
            continue
        booking.instructor_id = teacher.id
        names = {"before": str(before or ""), "after": str(teacher.id or "")}
        session.add(line(booking.id, "booking.instructor_replaced", actor.user_id, now, **names))
        if before is not None and lesson.instructor_choice and booking.status is BookingStatus.RESERVED:
            # A move that still waits for its answer stays in front: the other hour matters more.
            if booking.answer_by is None or booking.answer_by < now:
                booking.question = BookingQuestion.INSTRUCTOR
            booking.answer_by = booking.period.lower
            asked.add(booking.id)
        session.add(booking)
    told = holding.slot_line(slot.id, "schedule.instructor_replaced", actor, now)
    session.add(told)
    await session.flush()
    await slot_notices.instructor_replaced(
        session, schedule_id=slot.id, change=told.id, asked=list(asked), now=now
    )
    return asked


async def _refuse_stranger(session: AsyncSession, slot: LessonSchedule, teacher: Teacher) -> None:
    if teacher.id is not None:
        found = await session.get(Instructor, teacher.id)
        if found is None or found.school_id != slot.school_id or found.deleted_at is not None:
            raise InvalidInput(instructor_id="instructor")


async def _or_conflict(session: AsyncSession, statement: bytes, values: Mapping[str, object]) -> None:
    try:
        await (await driver.connection(session)).execute(statement, values)
    except (psycopg.errors.ExclusionViolation, psycopg.errors.UniqueViolation) as taken:
        raise ScheduleConflict from taken
