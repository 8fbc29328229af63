"""Waiting for a seat of a full slot (contract.md §5)."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.api.deps import CurrentActor, Now, Retrying, Session
from naraigoto.api.paging import Page
from naraigoto.api.problems import refusals
from naraigoto.api.schemas import JstTime
from naraigoto.errors import (
    AgeOutOfRange,
    AlreadyBooked,
    BookingDeadlinePassed,
    Forbidden,
    InvalidInput,
    NotFound,
    ParentApprovalRequired,
    ScheduleOverlap,
    SchoolNotPublished,
    SeatsAgain,
    TicketsShort,
    Unauthenticated,
    WaitlistFull,
)
from naraigoto.services import waitlist

router = APIRouter(tags=["waitlist"])
_WHOSE = (Unauthenticated, Forbidden, ParentApprovalRequired, NotFound)


class WaitlistWrite(BaseModel):
    """Which child waits, and whether it is booked without asking when a seat is free."""

    child_user_id: UUID
    auto_book: bool = False


class WaitlistLeave(BaseModel):
    """Which child waits no more."""

    model_config = ConfigDict(extra="forbid")

    child_user_id: UUID


class PlaceRead(BaseModel):
    """A place in a queue; `offer_until` while a seat is held for the child."""

    id: UUID
    schedule_id: UUID
    child_user_id: UUID
    start_at: JstTime
    end_at: JstTime
    position: int
    auto_book: bool
    offer_until: JstTime | None

    @classmethod
    def of(cls, place: waitlist.Place) -> Self:
        """The wire shape of a place."""
        return cls(
            id=place.entry_id,
            schedule_id=place.schedule_id,
            child_user_id=place.child_id,
            start_at=place.start_at,
            end_at=place.end_at,
            position=place.position,
            auto_book=place.auto_book,
            offer_until=place.offer_until,
        )


@router.post(
    "/schedules/{schedule_id}/waitlist",
    status_code=201,
    responses=refusals(
        *_WHOSE,
        SchoolNotPublished,
        BookingDeadlinePassed,
        AlreadyBooked,
        ScheduleOverlap,
        AgeOutOfRange,
        TicketsShort,
        WaitlistFull,
        SeatsAgain,
    ),
)
async def join_waitlist(schedule_id: UUID, body: WaitlistWrite, retrying: Retrying, now: Now) -> PlaceRead:
    """Wait for a seat of a full slot; asking again keeps the place."""

    async def work(session: AsyncSession, actor: Actor) -> PlaceRead:
        return PlaceRead.of(
            await waitlist.join(
                session,
                actor,
                schedule_id=schedule_id,
                child_id=body.child_user_id,
                auto_book=body.auto_book,
                now=now,
            )
        )

    return await retrying.run(work)


@router.delete(
    "/schedules/{schedule_id}/waitlist", status_code=204, responses=refusals(*_WHOSE, InvalidInput)
)
async def leave_waitlist(
    schedule_id: UUID,
    retrying: Retrying,
    now: Now,
    child_user_id: Annotated[UUID | None, Query()] = None,
    body: Annotated[WaitlistLeave | None, Body()] = None,
) -> None:
    """Give the place or the offered seat to the next; the child is named in the query or in the body."""
    child_id = child_user_id or (body.child_user_id if body else None)
    if child_id is None:
        raise InvalidInput(child_user_id="missing")

    async def work(session: AsyncSession, actor: Actor) -> None:
        await waitlist.leave(session, actor, schedule_id=schedule_id, child_id=child_id, now=now)

    await retrying.run(work)


@router.get("/me/waitlist", responses=refusals(Unauthenticated, Forbidden, ParentApprovalRequired))
async def list_my_places(actor: CurrentActor, session: Session, now: Now) -> Page[PlaceRead]:
    """The family's places in queues, the soonest lesson first."""
    return Page(items=[PlaceRead.of(place) for place in await waitlist.mine(session, actor, now=now)])
