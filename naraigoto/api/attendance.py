"""The day's roster and who came (contract.md §5)."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from annotated_types import Interval
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from naraigoto import clock
from naraigoto.api.bookings import BookedSlot, ChildRead
from naraigoto.api.deps import CurrentActor, Now, Session
from naraigoto.api.paging import LIMIT_DEFAULT, Cursor, Limit, Page
from naraigoto.api.problems import refusals
from naraigoto.api.schemas import JstTime, Named, Titled
from naraigoto.errors import (
    AlreadyRecorded,
    BookingNotActive,
    Forbidden,
    InvalidInput,
    LessonNotFinished,
    NotFound,
    Unauthenticated,
)
from naraigoto.services import attendance, cursors
from naraigoto.services.attendance import (
    Attendance,
    AttendanceStatus,
    BookingStatus,
    RosterEntry,
    RosterSlot,
)

router = APIRouter(tags=["attendance"])

# Within what a calendar day's bounds can be computed for.
Day = Annotated[date | None, Interval(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class AttendanceWrite(BaseModel):
    """Came or did not come."""

    model_config = ConfigDict(extra="forbid")

    status: AttendanceStatus


class AttendanceRead(BaseModel):
    """What is recorded."""

    booking_id: UUID
    status: AttendanceStatus
    recorded_at: JstTime

    @classmethod
    def of(cls, row: Attendance) -> Self:
        """The wire shape of a record."""
        return cls(booking_id=row.booking_id, status=row.status, recorded_at=row.recorded_at)


class RosterChild(ChildRead):
    """The child by nickname, with its age for the teacher."""

    age: int | None


class RosterGuardian(BaseModel):
    """Who booked, by nickname; never an address (D17)."""

    name: str


class RosterRead(BaseModel):
    """A booking as its school sees it."""

    id: UUID
    status: BookingStatus
    child: RosterChild
    guardian: RosterGuardian
    schedule: BookedSlot
    instructor_id: UUID | None
    consumed_tickets: int
    cancel_until: JstTime
    conversation_id: UUID | None
    created_at: JstTime
    recorded_at: JstTime | None

    @classmethod
    def of(cls, slot: RosterSlot, entry: RosterEntry) -> Self:
        """The wire shape of a line of the roster."""
        teacher = slot.instructor_id and Named(id=slot.instructor_id, name=slot.instructor or "")
        return cls(
            id=entry.booking_id,
            status=entry.status,
            child=RosterChild(user_id=entry.child_id, name=entry.child, age=entry.age),
            guardian=RosterGuardian(name=entry.guardian),
            schedule=BookedSlot(
                id=slot.id,
                start_at=slot.start_at,
                end_at=slot.end_at,
                class_=Titled(id=slot.class_id, title=slot.title),
                school=Named(id=slot.school_id, name=slot.school),
                instructor=teacher or None,
            ),
            instructor_id=entry.instructor_id,
            consumed_tickets=entry.consumed_tickets,
            cancel_until=entry.cancel_until,
            conversation_id=entry.conversation_id,
            created_at=entry.created_at,
            recorded_at=entry.recorded_at,
        )


@router.post(
    "/attendances/{booking_id}",
    responses=refusals(
        Unauthenticated,
        Forbidden,
        NotFound,
        BookingNotActive,
        LessonNotFinished,
        AlreadyRecorded,
        InvalidInput,
    ),
)
async def record_attendance(
    booking_id: UUID, body: AttendanceWrite, actor: CurrentActor, session: Session, now: Now
) -> AttendanceRead:
    """Record or correct, from 15 minutes before the lesson until 7 days after its start."""
    return AttendanceRead.of(
        await attendance.record(session, actor, booking_id=booking_id, status=body.status, now=now)
    )


@router.get(
    "/schools/{school_id}/bookings", responses=refusals(Unauthenticated, Forbidden, NotFound, InvalidInput)
)
async def list_roster(
    school_id: UUID,
    actor: CurrentActor,
    session: Session,
    now: Now,
    date: Day = None,
    cursor: Cursor = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[RosterRead]:
    """The bookings of a Japanese day (today by default) in the order of the day."""
    day = date or clock.jst_date(now)
    slots = await attendance.roster(session, actor, school_id=school_id, day=day, now=now)
    lines = [RosterRead.of(slot, entry) for slot in slots for entry in slot.entries]
    return _page(lines, f"roster {school_id} {day}", cursor, limit)


def _page(lines: list[RosterRead], scope: str, cursor: str | None, limit: int) -> Page[RosterRead]:
    lines.sort(key=_place)
    if cursor:
        after = tuple(cursors.decode(scope, cursor, (int, str)))
        lines = [line for line in lines if _place(line) > after]
    more = len(lines) > limit
    return Page(
        items=lines[:limit], next_cursor=cursors.encode(scope, _place(lines[limit - 1])) if more else None
    )


def _place(line: RosterRead) -> tuple[int, str]:
    return int(line.schedule.start_at.timestamp()), str(line.id)
