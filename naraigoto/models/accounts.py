"""People, how they prove who they are, and where they are signed in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, created, id_field, moment, prose, ref


class UserType(StrEnum):
    """The four kinds of people (domain.md §1)."""

    PARENT = "parent"
    CHILD = "child"
    SCHOOL_OWNER = "school_owner"
    ADMIN = "admin"


class IdentityProvider(StrEnum):
    """Who vouches for a sign-in."""

    LOCAL = "local"
    OIDC = "oidc"


class User(SQLModel, table=True):
    """A person. Children have no e-mail (G2); deleted people stay as an anonymous row."""

    __tablename__ = "users"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(
            "email IS NOT NULL OR type = 'child' OR deleted_at IS NOT NULL", name="email_unless_child"
        ),
        CheckConstraint("length(name) BETWEEN 1 AND 40", name="name_length"),
        Index("uq_users_email_lower", func.lower(text("email")), unique=True),
    )

    id: UUID = id_field()
    type: UserType = choice(UserType)
    email: str | None = Field(default=None, max_length=254)
    pending_email: str | None = Field(default=None, max_length=254)  # wished for, not yet proved
    name: str
    email_verified_at: datetime | None = moment(nullable=True)
    suspended_at: datetime | None = moment(nullable=True)
    reviews_suspended_until: datetime | None = moment(nullable=True)  # writes no reviews until then (D12)
    deleted_at: datetime | None = moment(nullable=True)
    erase_after: datetime | None = moment(nullable=True)
    created_at: datetime = created()


class Identity(SQLModel, table=True):
    """One way a person signs in: a local password (argon2id) or a subject at an OIDC provider."""

    __tablename__ = "identities"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("provider", "issuer", "subject"),
        CheckConstraint("(provider = 'local') = (secret_hash IS NOT NULL)", name="secret_iff_local"),
        Index(
            "uq_identities_local_user", "user_id", unique=True, postgresql_where=text("provider = 'local'")
        ),
    )

    id: UUID = id_field()
    user_id: UUID = ref("users.id", ondelete="CASCADE")
    provider: IdentityProvider = choice(IdentityProvider)
    issuer: str = prose()
    subject: str
    secret_hash: str | None = Field(default=None)
    created_at: datetime = created()


class Session(SQLModel, table=True):
    """A signed-in device. The cookie carries a random value, the table only its SHA-256 (hex).

    In 「子どもモード」 a guardian's device acts as a child (`acting_as`) until the guardian's password comes.
    """

    __tablename__ = "sessions"  # pyright: ignore[reportAssignmentType]

    id: UUID = id_field()
    user_id: UUID = ref("users.id", ondelete="CASCADE")
    acting_as: UUID | None = ref("users.id", nullable=True, ondelete="CASCADE")
    identity_id: UUID | None = ref("identities.id", nullable=True, ondelete="SET NULL")
    token_hash: str = Field(unique=True, max_length=64)
    user_agent: str = prose()
    created_at: datetime = created()
    last_seen_at: datetime = moment()
    expires_at: datetime = moment(index=True)
    revoked_at: datetime | None = moment(nullable=True)
