"""Mails and notices to be sent, and what each person wants to receive (D16)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, counter, created, facts, flag, id_field, moment, prose, ref


class OutboxStatus(StrEnum):
    """domain.md §4."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


class OutboxMessage(SQLModel, table=True):
    """A promise to tell one person one thing, once per `dedupe_key`, not before `run_at`."""

    __tablename__ = "outbox_messages"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "ix_outbox_messages_due",
            "run_at",
            "id",
            postgresql_where=text("status IN ('queued', 'sending')"),
        ),
        Index("ix_outbox_messages_dead", "created_at", postgresql_where=text("status = 'dead'")),
    )

    id: UUID = id_field()
    kind: str = Field(max_length=40)
    dedupe_key: str = Field(unique=True)
    recipient_user_id: UUID = ref("users.id", ondelete="CASCADE")
    payload: dict[str, Any] = facts()
    status: OutboxStatus = choice(OutboxStatus, default=OutboxStatus.QUEUED)
    run_at: datetime = moment()
    attempts: int = counter()
    locked_until: datetime | None = moment(nullable=True)
    last_error: str = prose()
    sent_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()


class NotificationSetting(SQLModel, table=True):
    """Which non-transactional mails a person wants; absent row = all of them but the digest."""

    __tablename__ = "notification_settings"  # pyright: ignore[reportAssignmentType]

    user_id: UUID = Field(foreign_key="users.id", primary_key=True, ondelete="CASCADE")
    reminders: bool = flag(default=True)
    review_requests: bool = flag(default=True)
    ticket_notices: bool = flag(default=True)
    points_notices: bool = flag(default=True)
    digest: bool = flag()
    # Who holds it may stop the digest, and nothing else: it stands in mails (RFC 8058).
    stop_key: UUID = Field(
        default_factory=uuid4, unique=True, sa_column_kwargs={"server_default": text("gen_random_uuid()")}
    )
    updated_at: datetime = moment()
