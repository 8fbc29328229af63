"""An admin's hand in a family's tickets (contract.md §5)."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.api.deps import Now, Retrying
from naraigoto.api.problems import refusals
from naraigoto.errors import (
    Forbidden,
    IdempotencyKeyReused,
    InvalidInput,
    NotFound,
    TicketsShort,
    Unauthenticated,
)
from naraigoto.services import idempotency, ticket_care

router = APIRouter(tags=["admin"])
_SCOPE = "POST /admin/tickets/adjust"


class AdjustCreate(BaseModel):
    """How many tickets to give (or, negative, to take), and why; the family reads the reason.

    Given tickets belong to `month` (its first day), this month by default.
    """

    family_id: UUID
    delta: int
    reason: str
    month: date | None = None


class AdjustRead(BaseModel):
    """What was moved and what the family can use now."""

    family_id: UUID
    delta: int
    balance: int


@router.post(
    "/admin/tickets/adjust",
    responses=refusals(
        Unauthenticated, Forbidden, NotFound, InvalidInput, TicketsShort, IdempotencyKeyReused
    ),
)
async def adjust_tickets(
    body: AdjustCreate,
    retrying: Retrying,
    now: Now,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> AdjustRead:
    """Give tickets to a family or take some; audited, and shown in its history."""

    async def work(session: AsyncSession, actor: Actor) -> AdjustRead:
        async def adjusted() -> dict[str, Any]:
            made = await ticket_care.adjust(
                session,
                actor,
                family_id=body.family_id,
                delta=body.delta,
                reason=body.reason,
                month=body.month,
                now=now,
            )
            read = AdjustRead(family_id=made.family_id, delta=made.delta, balance=made.balance)
            return read.model_dump(mode="json")

        if idempotency_key is None:
            return AdjustRead.model_validate(await adjusted())
        first = await idempotency.once(
            session,
            actor,
            key=idempotency_key,
            scope=_SCOPE,
            body_hash=idempotency.fingerprint(body.model_dump(mode="json")),
            work=adjusted,
            status=200,
            now=now,
        )
        return AdjustRead.model_validate(first)

    return await retrying.run(work)
