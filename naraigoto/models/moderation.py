"""Reports of what should not stand, and the log of what staff did (D12, R100)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, created, facts, id_field, moment, prose, ref


class ReportReason(StrEnum):
    """D12."""

    PERSONAL_DATA = "personal_data"
    DEFAMATION = "defamation"
    FALSE = "false"
    ADVERTISING = "advertising"
    CHILD_SAFETY = "child_safety"
    OTHER = "other"


class ReportStatus(StrEnum):
    """domain.md §4."""

    OPEN = "open"
    DISMISSED = "dismissed"
    UPHELD = "upheld"


class ReportAction(StrEnum):
    """What an admin did about a reported or held review."""

    DISMISS = "dismiss"
    HIDE = "hide"
    REMOVE = "remove"
    WARN = "warn"  # hidden, and the author is asked to mind the rules
    SUSPEND = "suspend"  # removed, and the author writes nothing for a while


class ReviewReport(SQLModel, table=True):
    """One person's report of one review or message; without a person, a text that was held by its checks."""

    __tablename__ = "review_reports"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("num_nonnulls(parent_review_id, child_review_id, message_id) = 1", name="one_thing"),
        Index(
            "uq_review_reports_once",
            "reporter_user_id",
            text("coalesce(parent_review_id, child_review_id, message_id)"),
            unique=True,
        ),
        Index(
            "uq_review_reports_held",
            text("coalesce(parent_review_id, child_review_id, message_id)"),
            unique=True,
            postgresql_where=text("reporter_user_id IS NULL AND status = 'open'"),
        ),
        Index("ix_review_reports_open", "created_at", postgresql_where=text("status = 'open'")),
    )

    id: UUID = id_field()
    parent_review_id: UUID | None = ref("reviews_parent.id", nullable=True, ondelete="CASCADE")
    child_review_id: UUID | None = ref("reviews_child.id", nullable=True, ondelete="CASCADE")
    message_id: UUID | None = ref("messages.id", nullable=True, ondelete="CASCADE")
    reporter_user_id: UUID | None = ref("users.id", index=False, nullable=True)
    reason: ReportReason = choice(ReportReason)
    comment: str = prose()
    status: ReportStatus = choice(ReportStatus, default=ReportStatus.OPEN)
    decided_by: UUID | None = ref("users.id", nullable=True)
    decided_at: datetime | None = moment(nullable=True)
    action: ReportAction | None = choice(ReportAction, nullable=True)
    note: str = prose()
    created_at: datetime = created()


class AuditLog(SQLModel, table=True):
    """What somebody with power did to a thing; written, never changed (a trigger refuses it)."""

    __tablename__ = "audit_log"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("ix_audit_log_thing", "thing_type", "thing_id", "at"),)

    id: UUID = id_field()
    actor_user_id: UUID | None = ref("users.id", nullable=True)
    action: str = Field(max_length=60)
    thing_type: str = Field(max_length=40)
    thing_id: UUID
    facts: dict[str, Any] = facts()
    at: datetime = moment()
