"""The family's points (contract.md §5)."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from naraigoto.api.deps import CurrentActor, Now, Session
from naraigoto.api.paging import LIMIT_DEFAULT, Cursor, Limit
from naraigoto.api.problems import refusals
from naraigoto.api.schemas import JstTime
from naraigoto.errors import Forbidden, InvalidInput, Unauthenticated
from naraigoto.services import points

router = APIRouter(tags=["points"])


class PointsEntryRead(BaseModel):
    """One line of the ledger."""

    id: UUID
    at: JstTime
    delta: int
    reason: points.PointsReason
    note: str


class PointsRead(BaseModel):
    """What there is, until when, and the latest movements, newest first."""

    balance: int
    expires_on: date | None
    earned_this_month: int
    month_cap: int
    entries: list[PointsEntryRead]
    next_cursor: str | None


@router.get("/me/points", responses=refusals(Unauthenticated, Forbidden, InvalidInput))
async def read_points(
    actor: CurrentActor, session: Session, now: Now, cursor: Cursor = None, limit: Limit = LIMIT_DEFAULT
) -> PointsRead:
    """Balance and ledger of the family."""
    found = await points.statement(session, actor, now=now, cursor=cursor, limit=limit)
    return PointsRead(
        balance=found.balance,
        expires_on=found.expires_on,
        earned_this_month=found.earned_this_month,
        month_cap=found.month_cap,
        entries=[
            PointsEntryRead(id=row.id, at=row.at, delta=row.delta, reason=row.reason, note=row.note)
            for row in found.entries
        ],
        next_cursor=found.next_cursor,
    )
