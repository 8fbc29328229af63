"""Bookings, and the keys that make a repeated request happen once."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, created, id_field, moment, ref

ACTIVE = "status IN ('reserved', 'attended', 'absent')"


class BookingStatus(StrEnum):
    """domain.md §4."""

    RESERVED = "reserved"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


class CancelKind(StrEnum):
    """Why a cancelled booking was cancelled (D6)."""

    IN_TIME = "in_time"
    GRACE = "grace"
    LATE = "late"
    COURTESY = "courtesy"
    SCHOOL = "school"
    ADMIN = "admin"


class BookingQuestion(StrEnum):
    """What the school changed, so that the family is asked whether it still suits (D5, D6)."""

    MOVED = "moved"
    INSTRUCTOR = "instructor"


class Booking(SQLModel, table=True):
    """A child's seat in a slot. Made only by the SQL function `book_lesson` (architecture.md §4)."""

    __tablename__ = "bookings"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("consumed_tickets > 0", name="uses_tickets"),
        CheckConstraint("(status = 'cancelled') = (cancel_kind IS NOT NULL)", name="kind_iff_cancelled"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="moment_iff_cancelled"),
        CheckConstraint("(question IS NULL) = (answer_by IS NULL)", name="question_with_its_end"),
        Index("uq_bookings_active", "user_id", "schedule_id", unique=True, postgresql_where=text(ACTIVE)),
        ExcludeConstraint(
            ("user_id", "="),
            ("period", "&&"),
            where=text(ACTIVE),
            using="gist",
            name="ex_bookings_child_once",
        ),
        Index("ix_bookings_family_period", "family_id", text("lower(period)")),
        Index("ix_bookings_schedule_active", "schedule_id", postgresql_where=text(ACTIVE)),
    )

    id: UUID = id_field()
    user_id: UUID = ref("users.id")
    family_id: UUID = ref("families.id", index=False)
    schedule_id: UUID = ref("lesson_schedules.id")
    instructor_id: UUID | None = ref("instructors.id", nullable=True)
    booked_by: UUID = ref("users.id")
    period: Any = Field(default=None, sa_column=Column(TSTZRANGE, nullable=False))
    status: BookingStatus = choice(BookingStatus, default=BookingStatus.RESERVED)
    consumed_tickets: int
    cancel_until: datetime = moment()
    cancel_kind: CancelKind | None = choice(CancelKind, nullable=True)
    cancelled_at: datetime | None = moment(nullable=True)
    cancelled_by: UUID | None = ref("users.id", nullable=True)
    question: BookingQuestion | None = choice(BookingQuestion, nullable=True)
    answer_by: datetime | None = moment(nullable=True)
    created_at: datetime = created()


class IdempotencyKey(SQLModel, table=True):
    """The first answer to a request that carried an Idempotency-Key (R127)."""

    __tablename__ = "idempotency_keys"  # pyright: ignore[reportAssignmentType]

    user_id: UUID = Field(foreign_key="users.id", primary_key=True, ondelete="CASCADE")
    key: str = Field(primary_key=True, max_length=255)
    scope: str = Field(primary_key=True, max_length=80)
    request_hash: str = Field(max_length=64)
    status_code: int
    answer: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    created_at: datetime = created()
