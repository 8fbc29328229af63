"""What is told of reviews: everybody without names (G41), the family and the school more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from naraigoto import clock
from naraigoto.models.reviews import AppealStatus, HiddenFor, ReviewStatus, ReviewTarget
from naraigoto.services.names import Named
from naraigoto.services.text_checks import Finding


class Kind(StrEnum):
    """Whose voice; `family` pairs both of one family for one lesson."""

    PARENT = "parent"
    CHILD = "child"
    FAMILY = "family"


class Sort(StrEnum):
    """The order of a public list."""

    NEWEST = "newest"
    HELPFUL = "helpful"


class Stage(StrEnum):
    """How far a child has come at the time of the lesson; what may be told of an author (G41)."""

    UNKNOWN = "unknown"
    YEARS = "years"
    ELEMENTARY = "elementary"
    JUNIOR_HIGH = "junior_high"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Grade:
    """小2 is (ELEMENTARY, 2), a four-year-old (YEARS, 4)."""

    stage: Stage
    number: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """The school's one public answer."""

    body: str
    created_at: datetime
    edited_at: datetime | None = None
    editable_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One voice on a school or an instructor; `voted`: who asks has found it helpful."""

    id: UUID
    kind: Kind
    rating: int
    comment: str
    target_type: ReviewTarget
    target_id: UUID
    grade: Grade
    created_at: datetime
    reply: Reply | None
    helpful_count: int = 0
    edited_at: datetime | None = None
    voted: bool = False


@dataclass(frozen=True, slots=True)
class PairRow:
    """Both voices of one family on one lesson."""

    parent: ReviewRow
    child: ReviewRow

    @property
    def gap(self) -> int:
        """How many more stars the parent gives than the child; below zero the child liked it more."""
        return self.parent.rating - self.child.rating


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Some reviews (pairs for `family`) and where the older ones begin.

    `votes`: whoever asks may find them helpful.
    """

    items: list[ReviewRow] | list[PairRow]
    next_cursor: str | None
    votes: bool = True


@dataclass(frozen=True, slots=True)
class OwnReview:
    """A review as its own family sees it; the notes are what the admin wrote about decision and objection.

    `decided_at`: when an admin took it from the public pages; None while reports still wait.
    """

    id: UUID
    kind: Kind
    booking_id: UUID
    author: str
    mine: bool
    rating: int
    comment: str
    target_type: ReviewTarget
    target_id: UUID
    target_name: str
    status: ReviewStatus
    hidden_for: HiddenFor | None
    findings: list[Finding]
    created_at: datetime
    edited_at: datetime | None
    editable_until: datetime | None
    reply: Reply | None
    can_appeal: bool = False
    appeal: AppealStatus | None = None
    appeal_note: str = ""
    decided_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """A lesson of the family with what was said of it."""

    booking_id: UUID
    child: str
    school: Named
    lesson: str
    start_at: datetime
    reviews: list[OwnReview] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Some reviewed lessons, newest first."""

    items: list[OwnBooking]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class SheetTarget:
    """What can be reviewed on the screen, and what that would earn now.

    `open`: it can be written or changed now; `spent`: it was written and deleted, so it is not written again.
    """

    target_type: ReviewTarget
    target_id: UUID
    name: str
    points: int
    written: OwnReview | None
    open: bool
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The screen on which a person writes about one lesson."""

    booking_id: UUID
    kind: Kind
    child: str
    school: Named
    school_kana: str
    instructor: Named | None
    lesson: str
    start_at: datetime
    end_at: datetime
    closes_at: datetime
    targets: list[SheetTarget]


@dataclass(frozen=True, slots=True)
class DueReview:
    """An attended lesson of which this person has not spoken yet."""

    booking_id: UUID
    child: str
    school: str
    school_kana: str
    lesson: str
    start_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """A review as it stands now, and the points that came with it."""

    review: OwnReview
    points: int


def findings_of(hold_reason: str) -> list[Finding]:
    """Why a text is held, as kept in its row."""
    return [Finding(word) for word in hold_reason.split(",") if word]


def told(findings: Sequence[Finding]) -> str:
    """The same, as it is kept."""
    return ",".join(findings)


def grade_at(birth_month: date | None, day: date) -> Grade:
    """The school year of a child on a day (it turns on 1 April); before school, the age in years."""
    if birth_month is None or birth_month > day:
        return Grade(Stage.UNKNOWN)
    entry = birth_month.year + (7 if birth_month.month >= 4 else 6)
    year = (day.year if day.month >= 4 else day.year - 1) - entry + 1
    if year < 1:
        return Grade(Stage.YEARS, clock.age_on(day, birth_month))
    for stage, years in ((Stage.ELEMENTARY, 6), (Stage.JUNIOR_HIGH, 3), (Stage.HIGH, 3)):
        if year <= years:
            return Grade(stage, year)
        year -= years
    return Grade(Stage.UNKNOWN)
