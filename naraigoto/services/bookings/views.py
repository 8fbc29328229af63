"""What a booking looks like from outside (contract.md §5)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from naraigoto.models.bookings import BookingQuestion, BookingStatus, CancelKind
from naraigoto.services.names import Named, Titled


@dataclass(frozen=True, slots=True)
class Child:
    """Who attends."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """The booked slot; `instructor` is the slot's own, None where the school decides (おまかせ)."""

    id: UUID
    start_at: datetime
    end_at: datetime
    lesson: Titled
    school: Named
    instructor: Named | None
    school_kana: str


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking; `instructor` is who will teach this child, None while the school decides.

    While `question` stands, the school changed something and the family may cancel free until `answer_by`.
    """

    id: UUID
    status: BookingStatus
    child: Child
    schedule: ScheduleView
    instructor: Named | None
    consumed_tickets: int
    cancel_until: datetime
    conversation_id: UUID | None
    created_at: datetime
    cancel_kind: CancelKind | None = None
    question: BookingQuestion | None = None
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class BookingDetail:
    """A booking with what the family needs on the day."""

    booking: BookingView
    address: str
    access: str
    belongings: str
