"""What an admin is shown of a report: the thing, its context, who wrote and who reported."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from naraigoto.models.moderation import ReportAction, ReportReason
from naraigoto.models.reviews import AppealStatus, ReviewStatus, ReviewTarget
from naraigoto.services.names import Named
from naraigoto.services.reviews import Finding, Kind


class QueueState(StrEnum):
    """Which part of the desk."""

    OPEN = "open"
    DECIDED = "decided"


class Urgency(IntEnum):
    """A child's safety first, then what tells who somebody is, then the rest."""

    NORMAL = 0
    SOON = 1
    URGENT = 2


@dataclass(frozen=True, slots=True)
class AppealCase:
    """The author's objection."""

    id: UUID
    body: str
    status: AppealStatus
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """All reports of one review, decided together; `report_id` names the case."""

    report_id: UUID
    kind: Kind
    review_id: UUID
    booking_id: UUID
    school: Named
    target_type: ReviewTarget
    target_name: str
    author_id: UUID
    author: str
    rating: int
    comment: str
    status: ReviewStatus
    held: bool
    findings: list[Finding]
    urgency: Urgency
    reasons: dict[ReportReason, int]
    comments: list[str]
    reports: int
    first_at: datetime
    decided_at: datetime | None
    action: ReportAction | None
    note: str
    appeal: AppealCase | None = None

    @property
    def version(self) -> str:
        """By which a decision says what was read."""
        return version_of(self.rating, self.comment)


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some cases, and how many are open in all."""

    items: list[Case]
    next_cursor: str | None
    open_count: int


@dataclass(frozen=True, slots=True)
class ContextReview:
    """What else was said of the same lesson, and what the school answered."""

    kind: Kind
    target_type: ReviewTarget
    rating: int
    comment: str
    status: ReviewStatus
    reply: str


@dataclass(frozen=True, slots=True)
class History:
    """What the author has written and what became of it."""

    posted: int
    removed: int
    upheld: int
    warned: int
    suspended_until: datetime | None


@dataclass(frozen=True, slots=True)
class ReporterHistory:
    """Who reports, why, and how their earlier reports ended."""

    reporter: str
    reason: ReportReason
    comment: str
    at: datetime
    made: int
    upheld: int
    dismissed: int


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case with everything an admin needs to decide."""

    case: Case
    context: list[ContextReview] = field(default_factory=list)
    author: History = field(default_factory=lambda: History(0, 0, 0, 0, None))
    reporters: list[ReporterHistory] = field(default_factory=list)


def version_of(rating: int, comment: str) -> str:
    """Another one as soon as the author changes stars or words."""
    return hashlib.sha256(f"{rating}\n{comment}".encode()).hexdigest()[:32]
