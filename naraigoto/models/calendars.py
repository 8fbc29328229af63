"""The secret address under which a family's bookings can be read by calendar apps."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from naraigoto.models.base import created, ref


class CalendarFeed(SQLModel, table=True):
    """At most one address a family; a new one ends the old one.

    The token stands here as it is: who can read this table can read the bookings behind it as well, and the
    family wants to copy its address again.
    """

    __tablename__ = "calendar_feeds"  # pyright: ignore[reportAssignmentType]

    family_id: UUID = Field(foreign_key="families.id", primary_key=True, ondelete="CASCADE")
    token: str = Field(max_length=64, unique=True)
    made_by: UUID = ref("users.id")
    created_at: datetime = created()
