"""Who came."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import SQLModel

from naraigoto.models.base import choice, created, flag, id_field, moment, ref


class AttendanceStatus(StrEnum):
    """Came or did not come (D8)."""

    ATTENDED = "attended"
    ABSENT = "absent"


class Attendance(SQLModel, table=True):
    """One per booking: who recorded it and when; corrections leave a line in the audit log."""

    __tablename__ = "attendances"  # pyright: ignore[reportAssignmentType]

    id: UUID = id_field()
    booking_id: UUID = ref("bookings.id", index=False, unique=True)
    status: AttendanceStatus = choice(AttendanceStatus)
    recorded_by: UUID | None = ref("users.id", nullable=True)
    automatic: bool = flag()
    recorded_at: datetime = moment()
    created_at: datetime = created()
