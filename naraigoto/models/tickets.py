"""Tickets: buckets by month and the ledger whose sum is the balance (D2)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, counter, created, day, id_field, prose, ref


class TicketReason(StrEnum):
    """Why tickets moved."""

    GRANT = "grant"
    SPEND = "spend"
    REFUND = "refund"
    EXPIRE = "expire"
    ADJUST = "adjust"
    REDEEM = "redeem"
    REVOKE = "revoke"


class TicketBalance(SQLModel, table=True):
    """The tickets of one family granted in one JST month; good until `expires_on` inclusive (G9)."""

    __tablename__ = "ticket_balances"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("family_id", "month"),
        CheckConstraint("extract(day from month) = 1", name="month_first_day"),
        CheckConstraint("balance >= 0", name="not_negative"),
        CheckConstraint("expires_on > month", name="expires_after_month"),
        Index("ix_ticket_balances_expiry", "expires_on"),
    )

    id: UUID = id_field()
    family_id: UUID = ref("families.id", index=False, ondelete="CASCADE")
    month: date = day()
    balance: int = counter()
    expires_on: date = day()
    created_at: datetime = created()


class TicketEntry(SQLModel, table=True):
    """One line of the ticket ledger; `source_key` makes every movement happen once."""

    __tablename__ = "ticket_entries"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("delta <> 0", name="moves_something"),
        Index("ix_ticket_entries_family_at", "family_id", "created_at"),
    )

    id: UUID = id_field()
    family_id: UUID = ref("families.id", index=False, ondelete="CASCADE")
    balance_id: UUID = ref("ticket_balances.id", ondelete="CASCADE")
    delta: int
    reason: TicketReason = choice(TicketReason)
    booking_id: UUID | None = ref("bookings.id", nullable=True)
    source_key: str = Field(unique=True)
    note: str = prose()
    actor_user_id: UUID | None = ref("users.id", nullable=True)
    created_at: datetime = created()
