"""What a person agreed to, and when (D17)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, created, id_field, ref


class ConsentDocument(StrEnum):
    """What is agreed to."""

    TERMS = "terms"
    PRIVACY = "privacy"
    CHILD_PROFILE = "child_profile"
    SUBSCRIPTION = "subscription"


class Consent(SQLModel, table=True):
    """One person's agreement to one version of one document."""

    __tablename__ = "consents"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("user_id", "document", "version"),)

    id: UUID = id_field()
    user_id: UUID = ref("users.id", index=False, ondelete="CASCADE")
    document: ConsentDocument = choice(ConsentDocument)
    version: str = Field(max_length=20)
    created_at: datetime = created()
