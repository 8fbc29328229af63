"""Waiting for a seat (D7)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from naraigoto.models.base import choice, counter, created, flag, id_field, moment, ref


class WaitlistStatus(StrEnum):
    """domain.md §4."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CLOSED = "closed"


class WaitlistEntry(SQLModel, table=True):
    """A child's place in the queue of a full slot; an offer holds a seat until it lapses."""

    __tablename__ = "waitlist_entries"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "uq_waitlist_entries_open",
            "child_user_id",
            "schedule_id",
            unique=True,
            postgresql_where=text("status IN ('waiting', 'offered')"),
        ),
        Index(
            "ix_waitlist_entries_queue",
            "schedule_id",
            "created_at",
            "id",
            postgresql_where=text("status IN ('waiting', 'offered')"),
        ),
        Index("ix_waitlist_entries_offers", "offer_expires_at", postgresql_where=text("status = 'offered'")),
    )

    id: UUID = id_field()
    schedule_id: UUID = ref("lesson_schedules.id")
    child_user_id: UUID = ref("users.id")
    family_id: UUID = ref("families.id")
    asked_by: UUID = ref("users.id")
    status: WaitlistStatus = choice(WaitlistStatus, default=WaitlistStatus.WAITING)
    auto_book: bool = flag()
    offer_number: int = counter()
    offered_at: datetime | None = moment(nullable=True)
    offer_expires_at: datetime | None = moment(nullable=True)
    booking_id: UUID | None = ref("bookings.id", nullable=True)
    # The late cancellation whose seat was taken: its tickets come back (D6).
    refills_booking_id: UUID | None = ref("bookings.id", index=False, unique=True, nullable=True)
    created_at: datetime = created()
