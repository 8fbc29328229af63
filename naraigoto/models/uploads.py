"""Files on their way from a browser to where everybody may see them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, created, id_field, moment, ref


class UploadPurpose(StrEnum):
    """What the picture is for; decides who may upload it (R82)."""

    SCHOOL = "school"
    INSTRUCTOR = "instructor"
    CLASS = "class"
    REVIEW = "review"
    AVATAR = "avatar"


class UploadStatus(StrEnum):
    """domain.md §4."""

    ISSUED = "issued"
    STORED = "stored"
    ATTACHED = "attached"
    PURGED = "purged"


class Upload(SQLModel, table=True):
    """One file: issued, stored, attached to a thing, or purged."""

    __tablename__ = "uploads"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("size BETWEEN 1 AND 5242880", name="size_range"),
        Index("ix_uploads_orphans", "created_at", postgresql_where=text("status IN ('issued', 'stored')")),
    )

    id: UUID = id_field()
    user_id: UUID = ref("users.id")
    key: str = Field(unique=True)
    purpose: UploadPurpose = choice(UploadPurpose)
    content_type: str
    size: int
    status: UploadStatus = choice(UploadStatus, default=UploadStatus.ISSUED)
    stored_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()
