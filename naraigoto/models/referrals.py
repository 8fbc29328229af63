"""One family brings another (D14)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, created, id_field, moment, prose, ref


class ReferralStatus(StrEnum):
    """domain.md §4."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    VOID = "void"


class Referral(SQLModel, table=True):
    """A single-use code of one family and what became of it."""

    __tablename__ = "referrals"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("code ~ '^[A-HJ-NP-Z2-9]{8}$'", name="code_format"),
        CheckConstraint("referrer_family_id <> referred_family_id", name="not_oneself"),
        Index(
            "uq_referrals_referred",
            "referred_family_id",
            unique=True,
            postgresql_where=text("status <> 'void'"),
        ),
    )

    id: UUID = id_field()
    code: str = Field(unique=True, max_length=8)
    referrer_family_id: UUID = ref("families.id")
    referred_family_id: UUID | None = ref("families.id", index=False, nullable=True)
    status: ReferralStatus = choice(ReferralStatus, default=ReferralStatus.PENDING)
    expires_at: datetime = moment()
    accepted_at: datetime | None = moment(nullable=True)
    rewarded_at: datetime | None = moment(nullable=True)
    void_reason: str = prose()
    created_at: datetime = created()
