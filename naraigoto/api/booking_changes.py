"""What becomes of a booking: cancelled, moved, accepted, checked in, and its story (contract.md §5)."""

from typing import Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.api.attendance import AttendanceRead
from naraigoto.api.bookings import BookingRead
from naraigoto.api.deps import CurrentActor, Now, Retrying, Session
from naraigoto.api.paging import Page
from naraigoto.api.problems import refusals
from naraigoto.api.schemas import JstTime
from naraigoto.errors import (
    AgeOutOfRange,
    AlreadyBooked,
    AlreadyRecorded,
    BookingDeadlinePassed,
    BookingNotActive,
    CancelDeadlinePassed,
    CourtesyUsed,
    Forbidden,
    LessonNotFinished,
    NotFound,
    ParentApprovalRequired,
    ScheduleFull,
    ScheduleOverlap,
    SchoolNotPublished,
    StaleEdit,
    Unauthenticated,
)
from naraigoto.services import attendance, bookings
from naraigoto.services.attendance import AttendanceStatus

router = APIRouter(tags=["bookings"])
_WHOSE = (Unauthenticated, Forbidden, ParentApprovalRequired, NotFound)


class CancelWrite(BaseModel):
    """Why; illness may bring the tickets back after the deadline, once in 30 days for each child."""

    model_config = ConfigDict(extra="forbid")

    reason: bookings.CancelReason = bookings.CancelReason.PLANS


class CancelledRead(BookingRead):
    """A cancelled booking and the tickets that came back."""

    refunded_tickets: int


class RescheduleWrite(BaseModel):
    """Another slot of the same class."""

    model_config = ConfigDict(extra="forbid")

    schedule_id: UUID


class StoryRead(BaseModel):
    """One thing that happened to a booking; only people of the family are named."""

    at: JstTime
    event: str
    who: bookings.Who
    name: str | None
    facts: dict[str, Any]

    @classmethod
    def of(cls, line: bookings.StoryLine) -> Self:
        """The wire shape of a line."""
        return cls(at=line.at, event=line.event, who=line.who, name=line.name or None, facts=line.facts)


@router.post(
    "/bookings/{booking_id}/cancel",
    responses=refusals(*_WHOSE, BookingNotActive, CancelDeadlinePassed, CourtesyUsed, StaleEdit),
)
async def cancel_booking(
    booking_id: UUID, retrying: Retrying, now: Now, body: CancelWrite | None = None
) -> CancelledRead:
    """Cancel until the lesson starts; after the free deadline the tickets stay used."""
    reason = (body or CancelWrite()).reason

    async def work(session: AsyncSession, actor: Actor) -> CancelledRead:
        done = await bookings.cancel(session, actor, booking_id=booking_id, reason=reason, now=now)
        told = BookingRead.of(done.booking).model_dump(by_alias=False)
        return CancelledRead(**told, refunded_tickets=done.refunded_tickets)

    return await retrying.run(work)


@router.post(
    "/bookings/{booking_id}/reschedule",
    responses=refusals(
        *_WHOSE,
        BookingNotActive,
        CancelDeadlinePassed,
        SchoolNotPublished,
        BookingDeadlinePassed,
        ScheduleFull,
        AlreadyBooked,
        ScheduleOverlap,
        AgeOutOfRange,
        StaleEdit,
    ),
)
async def reschedule_booking(
    booking_id: UUID, body: RescheduleWrite, retrying: Retrying, now: Now
) -> BookingRead:
    """Take another slot of the same class instead, in one step, while cancelling is free."""

    async def work(session: AsyncSession, actor: Actor) -> BookingRead:
        return BookingRead.of(
            await bookings.reschedule(
                session, actor, booking_id=booking_id, schedule_id=body.schedule_id, now=now
            )
        )

    return await retrying.run(work)


@router.post("/bookings/{booking_id}/accept", responses=refusals(*_WHOSE, BookingNotActive, StaleEdit))
async def accept_change(booking_id: UUID, retrying: Retrying, now: Now) -> BookingRead:
    """Keep the booking after the school moved it or replaced the instructor; to decline, cancel it."""

    async def work(session: AsyncSession, actor: Actor) -> BookingRead:
        return BookingRead.of(await bookings.accept_change(session, actor, booking_id=booking_id, now=now))

    return await retrying.run(work)


@router.get("/bookings/{booking_id}/story", responses=refusals(Unauthenticated, Forbidden, NotFound))
async def read_story(booking_id: UUID, actor: CurrentActor, session: Session) -> Page[StoryRead]:
    """What happened to the booking, who did it, and where its tickets went, the oldest line first."""
    lines = await bookings.story(session, actor, booking_id)
    return Page(items=[StoryRead.of(line) for line in lines])


@router.post(
    "/bookings/{booking_id}/check-in",
    responses=refusals(
        Unauthenticated, Forbidden, NotFound, BookingNotActive, LessonNotFinished, AlreadyRecorded
    ),
)
async def check_in(booking_id: UUID, actor: CurrentActor, session: Session, now: Now) -> AttendanceRead:
    """What the QR code at the door does: the school notes that the child came."""
    return AttendanceRead.of(
        await attendance.record(
            session, actor, booking_id=booking_id, status=AttendanceStatus.ATTENDED, now=now
        )
    )
