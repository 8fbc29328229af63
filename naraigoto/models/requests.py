"""A child's wish: 「行きたい！」 (D10)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, created, id_field, moment, prose, ref


class RequestStatus(StrEnum):
    """domain.md §4."""

    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class BookingRequest(SQLModel, table=True):
    """A slot a child would like; holds no seat; a guardian answers."""

    __tablename__ = "booking_requests"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("length(note) <= 60", name="note_length"),
        Index(
            "uq_booking_requests_pending",
            "child_user_id",
            "schedule_id",
            unique=True,
            postgresql_where=text("status = 'pending'"),
        ),
    )

    id: UUID = id_field()
    family_id: UUID = ref("families.id")
    child_user_id: UUID = ref("users.id")
    schedule_id: UUID = ref("lesson_schedules.id")
    booking_id: UUID | None = ref("bookings.id", nullable=True)
    stamp: str = Field(default="", max_length=20)
    note: str = prose()
    status: RequestStatus = choice(RequestStatus, default=RequestStatus.PENDING)
    decided_by: UUID | None = ref("users.id", nullable=True)
    decided_at: datetime | None = moment(nullable=True)
    reply: str = prose()
    expires_at: datetime = moment()
    created_at: datetime = created()
