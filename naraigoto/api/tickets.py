"""The family's tickets (contract.md §5)."""

from datetime import date
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from naraigoto.api.deps import CurrentActor, Now, Session
from naraigoto.api.problems import refusals
from naraigoto.api.schemas import JstTime
from naraigoto.errors import Forbidden, Unauthenticated
from naraigoto.services import tickets

router = APIRouter(tags=["tickets"])


class BucketRead(BaseModel):
    """The usable tickets of one month; `month` is its first day, `expires_on` the last day of use."""

    month: date
    balance: int
    expires_on: date


class EntryRead(BaseModel):
    """One line of the ledger; `note` is the reason an admin gave."""

    at: JstTime
    delta: int
    reason: tickets.TicketReason
    booking_id: UUID | None
    note: str


class TicketsRead(BaseModel):
    """What can be used now (`balance`, the sum of `months`) and the latest movements, newest first."""

    month: date
    balance: int
    months: list[BucketRead]
    entries: list[EntryRead]

    @classmethod
    def of(cls, view: tickets.TicketsView) -> Self:
        """The wire shape of a family's tickets."""
        return cls(
            month=view.month,
            balance=view.balance,
            months=[
                BucketRead(month=bucket.month, balance=bucket.balance, expires_on=bucket.expires_on)
                for bucket in view.months
            ],
            entries=[
                EntryRead(
                    at=line.at,
                    delta=line.delta,
                    reason=line.reason,
                    booking_id=line.booking_id,
                    note=line.note,
                )
                for line in view.entries
            ],
        )


@router.get("/me/tickets", responses=refusals(Unauthenticated, Forbidden))
async def read_tickets(actor: CurrentActor, session: Session, now: Now) -> TicketsRead:
    """Tickets by month with their last day, and the ledger."""
    return TicketsRead.of(await tickets.balance(session, actor, now=now))
