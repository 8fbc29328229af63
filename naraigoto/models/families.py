"""Families: the boundary of everything private (R129)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import created, day, id_field, moment, prose, ref


class Family(SQLModel, table=True):
    """A family and its owner guardian, who alone handles money and members (G6)."""

    __tablename__ = "families"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("parent_user_id"),
        CheckConstraint("family_code ~ '^[A-Z0-9]{6}$'", name="family_code_format"),
    )

    id: UUID = id_field()
    name: str
    parent_user_id: UUID = ref("users.id", index=False)
    family_code: str = Field(unique=True, max_length=6)
    stripe_customer_id: str | None = Field(default=None, unique=True)
    created_at: datetime = created()


class FamilyMember(SQLModel, table=True):
    """A child in its family, with the sign-in that needs no e-mail (G2)."""

    __tablename__ = "family_members"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("user_id"),
        Index("uq_family_members_login_name", "family_id", text("lower(login_name)"), unique=True),
        CheckConstraint("extract(day from birth_month) = 1", name="birth_month_first_day"),
    )

    family_id: UUID = Field(foreign_key="families.id", primary_key=True, ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", primary_key=True, ondelete="CASCADE")
    login_name: str = Field(max_length=20)
    passcode_hash: str
    birth_month: date | None = day(nullable=True)
    interests: str = prose()
    created_at: datetime = created()


class FamilyGuardian(SQLModel, table=True):
    """A co-guardian who joined by invitation (G6); the owner stands in `families`."""

    __tablename__ = "family_guardians"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("user_id"),)

    family_id: UUID = Field(foreign_key="families.id", primary_key=True, ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", primary_key=True, ondelete="CASCADE")
    joined_at: datetime = created()


class FamilyInvitation(SQLModel, table=True):
    """A link that lets one more guardian in, once, until it expires."""

    __tablename__ = "family_invitations"  # pyright: ignore[reportAssignmentType]

    id: UUID = id_field()
    family_id: UUID = ref("families.id", ondelete="CASCADE")
    token_hash: str = Field(unique=True, max_length=64)
    invited_by: UUID = ref("users.id")
    expires_at: datetime = moment()
    used_by: UUID | None = ref("users.id", nullable=True)
    used_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()
