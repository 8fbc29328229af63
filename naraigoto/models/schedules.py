"""Slots: one date and time of a class, with its seats."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Computed, Date, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, SQLModel

from naraigoto.models.base import counter, created, id_field, moment, prose, ref


class LessonSchedule(SQLModel, table=True):
    """A slot (枠). Seats move only with bookings and held offers, inside their transaction (D5, D7)."""

    __tablename__ = "lesson_schedules"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("end_at > start_at", name="ends_after_start"),
        CheckConstraint("capacity BETWEEN 1 AND 200", name="capacity_range"),
        CheckConstraint("booked_count BETWEEN 0 AND capacity", name="booked_within_capacity"),
        CheckConstraint("held_count BETWEEN 0 AND capacity - booked_count", name="held_within_capacity"),
        Index(
            "uq_lesson_schedules_slot",
            "class_id",
            "start_at",
            "instructor_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        ExcludeConstraint(
            ("instructor_id", "="),
            (text("tstzrange(start_at, end_at)"), "&&"),
            where=text("cancelled_at IS NULL AND instructor_id IS NOT NULL"),
            using="gist",
            name="ex_lesson_schedules_instructor_once",
        ),
        Index(
            "ix_lesson_schedules_school_start",
            "school_id",
            "start_at",
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        Index(
            "ix_lesson_schedules_open_day",
            "start_date_jst",
            "school_id",
            postgresql_where=text("cancelled_at IS NULL AND booked_count + held_count < capacity"),
        ),
        Index("ix_lesson_schedules_start", "start_at"),
    )

    id: UUID = id_field()
    class_id: UUID = ref("classes.id", ondelete="CASCADE")
    school_id: UUID = ref("schools.id", index=False, ondelete="CASCADE")
    instructor_id: UUID | None = ref("instructors.id", nullable=True)
    start_at: datetime = moment()
    end_at: datetime = moment()
    start_date_jst: date | None = Field(
        default=None,
        sa_column=Column(
            Date, Computed("(start_at AT TIME ZONE 'Asia/Tokyo')::date", persisted=True), nullable=False
        ),
    )
    capacity: int
    booked_count: int = counter()
    held_count: int = counter()
    version: int = Field(default=1)
    cancelled_at: datetime | None = moment(nullable=True)
    cancel_reason: str = prose()
    created_at: datetime = created()
