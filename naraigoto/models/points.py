"""Points: a ledger; the balance is the view `points_balances` (D13)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, created, id_field, prose, ref


class PointsReason(StrEnum):
    """Why points moved."""

    REVIEW = "review"
    PHOTO = "photo"
    REFERRAL = "referral"
    REDEEM = "redeem"
    EXPIRE = "expire"
    REVOKE = "revoke"
    ADJUST = "adjust"


class PointsTransaction(SQLModel, table=True):
    """One line of the points ledger; `source_key` makes every movement happen once."""

    __tablename__ = "points_transactions"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("delta <> 0", name="moves_something"),
        Index("ix_points_transactions_family_at", "family_id", "created_at"),
    )

    id: UUID = id_field()
    family_id: UUID = ref("families.id", index=False, ondelete="CASCADE")
    user_id: UUID | None = ref("users.id", nullable=True)
    delta: int
    reason: PointsReason = choice(PointsReason)
    source_key: str = Field(unique=True)
    note: str = prose()
    created_at: datetime = created()
