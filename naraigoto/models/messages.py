"""Talk between a family and a school, one thread per booking (D15, G21–G23)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, created, id_field, moment, ref


class ConversationStatus(StrEnum):
    """domain.md §4."""

    OPEN = "open"
    READ_ONLY = "read_only"
    FROZEN = "frozen"


class Conversation(SQLModel, table=True):
    """The thread of one booking."""

    __tablename__ = "conversations"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("ix_conversations_family_last", "family_id", "last_message_at"),
        Index("ix_conversations_school_last", "school_id", "last_message_at"),
    )

    id: UUID = id_field()
    booking_id: UUID = ref("bookings.id", index=False, unique=True)
    family_id: UUID = ref("families.id", index=False)
    school_id: UUID = ref("schools.id", index=False)
    status: ConversationStatus = choice(ConversationStatus, default=ConversationStatus.OPEN)
    writable_until: datetime = moment()
    last_message_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()


class Message(SQLModel, table=True):
    """Plain text; `read_at` is the first read by the other side; `client_id` stops doubles."""

    __tablename__ = "messages"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("length(body) BETWEEN 1 AND 2000", name="body_length"),
        UniqueConstraint("conversation_id", "sender_user_id", "client_id"),
        Index("ix_messages_conversation_order", "conversation_id", "created_at", "id"),
    )

    id: UUID = id_field()
    conversation_id: UUID = ref("conversations.id", index=False, ondelete="CASCADE")
    sender_user_id: UUID = ref("users.id")
    client_id: UUID | None = Field(default=None)
    body: str
    read_at: datetime | None = moment(nullable=True)
    retracted_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()


class ConversationRead(SQLModel, table=True):
    """Up to where one person has read (badges)."""

    __tablename__ = "conversation_reads"  # pyright: ignore[reportAssignmentType]

    conversation_id: UUID = Field(foreign_key="conversations.id", primary_key=True, ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", primary_key=True, ondelete="CASCADE", index=True)
    read_at: datetime = moment()
