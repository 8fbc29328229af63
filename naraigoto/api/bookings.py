"""Booking a lesson and reading one's bookings (contract.md §5)."""

from collections.abc import Awaitable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.api.deps import CurrentActor, Now, Retrying, Session
from naraigoto.api.paging import LIMIT_DEFAULT, Cursor, Limit, Page
from naraigoto.api.problems import refusals
from naraigoto.api.schemas import JstTime, Named, Titled
from naraigoto.errors import (
    AgeOutOfRange,
    AlreadyBooked,
    BookingDeadlinePassed,
    Forbidden,
    IdempotencyKeyReused,
    NotFound,
    ParentApprovalRequired,
    ScheduleFull,
    ScheduleOverlap,
    SchoolNotPublished,
    SubscriptionOnHold,
    TicketsShort,
    TooManyBookings,
    Unauthenticated,
    Unavailable,
)
from naraigoto.services import bookings, idempotency

router = APIRouter(tags=["bookings"])
_SCOPE = "POST /bookings"


class BookingCreate(BaseModel):
    """Which slot, for whom, and with whom where the class lets one choose."""

    schedule_id: UUID
    child_user_id: UUID
    instructor_id: UUID | None = None


class ChildRead(BaseModel):
    """Who attends."""

    user_id: UUID
    name: str


class BookedSlot(BaseModel):
    """The slot of a booking; `instructor` is null where the school decides."""

    model_config = ConfigDict(
        populate_by_name=True, serialize_by_alias=True, alias_generator=lambda name: name.rstrip("_")
    )

    id: UUID
    start_at: JstTime
    end_at: JstTime
    class_: Titled
    school: Named
    instructor: Named | None


class BookingRead(BaseModel):
    """A booking; `instructor_id` is who will teach, null while the school decides.

    While `question` stands (`moved`, `instructor`), the family may accept, or cancel free until `answer_by`.
    """

    id: UUID
    status: bookings.BookingStatus
    child: ChildRead
    schedule: BookedSlot
    instructor_id: UUID | None
    consumed_tickets: int
    cancel_until: JstTime
    conversation_id: UUID | None
    created_at: JstTime
    cancel_kind: bookings.CancelKind | None = None
    question: bookings.BookingQuestion | None = None
    answer_by: JstTime | None = None

    @classmethod
    def of(cls, booking: bookings.BookingView) -> Self:
        """The wire shape of a booking."""
        slot = booking.schedule
        return cls(
            id=booking.id,
            status=booking.status,
            child=ChildRead(user_id=booking.child.user_id, name=booking.child.name),
            schedule=BookedSlot(
                id=slot.id,
                start_at=slot.start_at,
                end_at=slot.end_at,
                class_=Titled(id=slot.lesson.id, title=slot.lesson.title),
                school=_named(slot.school),
                instructor=_named(slot.instructor) if slot.instructor else None,
            ),
            instructor_id=booking.instructor.id if booking.instructor else None,
            consumed_tickets=booking.consumed_tickets,
            cancel_until=booking.cancel_until,
            conversation_id=booking.conversation_id,
            created_at=booking.created_at,
            cancel_kind=booking.cancel_kind,
            question=booking.question,
            answer_by=booking.answer_by,
        )


def _named(thing: bookings.Named) -> Named:
    return Named(id=thing.id, name=thing.name)


def _moment(value: Any, *, days: int) -> datetime | None:
    """A moment with its offset, or a Japanese day (moved by `days`, to include a last day)."""
    if value is None or value == "":
        return None
    try:
        if len(value) == len("2026-12-05"):
            return clock.jst_midnight(date.fromisoformat(value) + timedelta(days=days))
        moment = datetime.fromisoformat(value)
    except (ValueError, TypeError, OverflowError) as broken:
        raise PydanticCustomError("moment", "a date, or a date and time with offset") from broken
    if moment.tzinfo is None:
        raise PydanticCustomError("moment", "a date, or a date and time with offset")
    return moment


From = Annotated[datetime | None, BeforeValidator(lambda value: _moment(value, days=0)), Query(alias="from")]
To = Annotated[datetime | None, BeforeValidator(lambda value: _moment(value, days=1)), Query(alias="to")]


@router.post(
    "/bookings",
    status_code=201,
    responses=refusals(
        Unauthenticated,
        Forbidden,
        ParentApprovalRequired,
        NotFound,
        SchoolNotPublished,
        BookingDeadlinePassed,
        ScheduleFull,
        AlreadyBooked,
        ScheduleOverlap,
        AgeOutOfRange,
        TooManyBookings,
        SubscriptionOnHold,
        TicketsShort,
        IdempotencyKeyReused,
        Unavailable,
    ),
)
async def create_booking(
    body: BookingCreate,
    retrying: Retrying,
    now: Now,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> BookingRead:
    """Book a lesson for a child of the caller's family."""

    async def work(session: AsyncSession, actor: Actor) -> BookingRead:
        if idempotency_key is None:
            return await _book(session, actor, body, now)
        first = await idempotency.once(
            session,
            actor,
            key=idempotency_key,
            scope=_SCOPE,
            body_hash=idempotency.fingerprint(body.model_dump(mode="json")),
            work=lambda: _stored(_book(session, actor, body, now)),
            now=now,
        )
        return BookingRead.model_validate(first)

    return await retrying.run(work)


async def _book(session: AsyncSession, actor: Actor, body: BookingCreate, now: datetime) -> BookingRead:
    made = await bookings.book(
        session,
        actor,
        schedule_id=body.schedule_id,
        child_id=body.child_user_id,
        instructor_id=body.instructor_id,
        now=now,
    )
    return BookingRead.of(made)


async def _stored(answer: Awaitable[BookingRead]) -> dict[str, Any]:
    return (await answer).model_dump(mode="json")


@router.get("/me/bookings", responses=refusals(Unauthenticated, Forbidden))
async def list_my_bookings(
    actor: CurrentActor,
    session: Session,
    status: bookings.BookingStatus | None = None,
    from_: From = None,
    to: To = None,
    order: bookings.Order = bookings.Order.LATEST,
    cursor: Cursor = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[BookingRead]:
    """The family's bookings (a child's own); `from` and `to` are moments or inclusive Japanese days."""
    page = await bookings.list_for(
        session, actor, status=status, from_=from_, to=to, order=order, limit=limit, cursor=cursor
    )
    return Page(items=[BookingRead.of(item) for item in page.items], next_cursor=page.next_cursor)


@router.get("/bookings/{booking_id}", responses=refusals(Unauthenticated, Forbidden, NotFound))
async def read_booking(booking_id: UUID, actor: CurrentActor, session: Session) -> BookingRead:
    """One booking of the caller's family."""
    return BookingRead.of((await bookings.get(session, actor, booking_id)).booking)
