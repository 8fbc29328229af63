"""What each member of a family likes."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from naraigoto.models.base import created, ref


class Like(SQLModel, table=True):
    """One person's like of one school."""

    __tablename__ = "likes"  # pyright: ignore[reportAssignmentType]

    user_id: UUID = Field(foreign_key="users.id", primary_key=True, ondelete="CASCADE")
    school_id: UUID = Field(foreign_key="schools.id", primary_key=True, ondelete="CASCADE", index=True)
    family_id: UUID = ref("families.id", ondelete="CASCADE")
    created_at: datetime = created()
