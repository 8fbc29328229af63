"""What a school does to a slot that families have booked (contract.md §5)."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.api.deps import Now, Retrying
from naraigoto.api.problems import refusals
from naraigoto.errors import (
    Forbidden,
    InvalidInput,
    LessonBegun,
    NotFound,
    ScheduleConflict,
    StaleEdit,
    Unauthenticated,
)
from naraigoto.rules import SLOT_CANCEL_REASON_MAX
from naraigoto.services import slot_changes

router = APIRouter(tags=["schedules"])


class ScheduleChange(BaseModel):
    """What to change; a field that is left out stays, an instructor of null leaves it to the school."""

    model_config = ConfigDict(extra="forbid")

    start_at: AwareDatetime | None = None
    instructor_id: UUID | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.start_at is None and "instructor_id" not in self.model_fields_set:
            raise PydanticCustomError("missing", "start_at or instructor_id")
        return self


class ChangeRead(BaseModel):
    """What the change meant for families."""

    id: UUID
    cancelled_bookings: int
    asked_families: int


@router.patch(
    "/schedules/{schedule_id}",
    responses=refusals(
        Unauthenticated, Forbidden, NotFound, LessonBegun, ScheduleConflict, StaleEdit, InvalidInput
    ),
)
async def change_schedule(
    schedule_id: UUID, body: ScheduleChange, retrying: Retrying, now: Now
) -> ChangeRead:
    """Move a slot or replace its instructor; booked families are told and may cancel free of charge."""

    async def work(session: AsyncSession, actor: Actor) -> ChangeRead:
        named = "instructor_id" in body.model_fields_set
        done = await slot_changes.change(
            session,
            actor,
            schedule_id=schedule_id,
            start_at=body.start_at,
            teacher=slot_changes.Teacher(body.instructor_id) if named else None,
            now=now,
        )
        return ChangeRead(id=schedule_id, cancelled_bookings=done.cancelled, asked_families=done.asked)

    return await retrying.run(work)


@router.delete(
    "/schedules/{schedule_id}",
    status_code=204,
    responses=refusals(Unauthenticated, Forbidden, NotFound, LessonBegun),
)
async def cancel_schedule(
    schedule_id: UUID,
    retrying: Retrying,
    now: Now,
    reason: Annotated[str, Query(max_length=SLOT_CANCEL_REASON_MAX)] = "",
) -> None:
    """Cancel a slot: tickets are returned, everybody booked or waiting is told, and reads `reason`."""

    async def work(session: AsyncSession, actor: Actor) -> None:
        await slot_changes.cancel(session, actor, schedule_id=schedule_id, reason=reason, now=now)

    await retrying.run(work)
