"""Two voices: what the parent noticed and how the child felt, never mixed (D11, G1, G44)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, counter, created, flag, id_field, moment, prose, ref


class ReviewTarget(StrEnum):
    """What a review speaks of."""

    SCHOOL = "school"
    INSTRUCTOR = "instructor"


class ReviewStatus(StrEnum):
    """domain.md §4; only published reviews are seen or counted."""

    PUBLISHED = "published"
    HELD = "held"
    HIDDEN = "hidden"
    REMOVED = "removed"
    DELETED = "deleted"


class HiddenFor(StrEnum):
    """Why a review is hidden: a guardian takes its own hiding back, an admin decides about the other."""

    REPORTS = "reports"
    GUARDIAN = "guardian"


class AgeBand(StrEnum):
    """How old the child was at the lesson, roughly; set by a trigger, whoever writes the row."""

    PRESCHOOL = "preschool"  # up to 6
    LOWER = "lower"  # 7 to 9
    UPPER = "upper"  # 10 to 12
    TEENS = "teens"


class AppealStatus(StrEnum):
    """What became of an author's appeal."""

    OPEN = "open"
    GRANTED = "granted"
    REJECTED = "rejected"


class ReviewFields(SQLModel):
    """What both voices have in common."""

    booking_id: UUID = ref("bookings.id", index=False)
    author_user_id: UUID = ref("users.id")
    family_id: UUID = ref("families.id")
    school_id: UUID = ref("schools.id", index=False)
    target_type: ReviewTarget = choice(ReviewTarget)
    target_id: UUID
    rating: int
    comment: str = prose()
    status: ReviewStatus = choice(ReviewStatus, default=ReviewStatus.PUBLISHED)
    hold_reason: str = prose()
    hidden_for: HiddenFor | None = choice(HiddenFor, nullable=True)
    age_band: AgeBand | None = choice(AgeBand, nullable=True)
    helpful_count: int = Field(default=0)
    edited_at: datetime | None = moment(nullable=True)
    published_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()


def _public(voice: str, name: str, *columns: str) -> Index:
    return Index(f"ix_reviews_{voice}_{name}", *columns, postgresql_where=text("status = 'published'"))


def _lists(voice: str) -> tuple[Index, ...]:
    """One index for each order and filter of the public lists."""
    last = ("created_at", "id")
    return (
        _public(voice, "school", "school_id", *last),
        _public(voice, "target", "target_id", *last),
        _public(voice, "school_age", "school_id", "age_band", *last),
        _public(voice, "target_age", "target_id", "age_band", *last),
        _public(voice, "school_helpful", "school_id", "helpful_count", *last),
        _public(voice, "target_helpful", "target_id", "helpful_count", *last),
    )


class ParentReview(ReviewFields, table=True):
    """A guardian's review of a school or an instructor after an attended lesson."""

    __tablename__ = "reviews_parent"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("booking_id", "target_type"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_range"),
        CheckConstraint("length(comment) <= 2000", name="comment_length"),
        *_lists("parent"),
    )

    id: UUID = id_field()


class ChildReview(ReviewFields, table=True):
    """A child's review: a face and a few words.

    What the guardian wants outlives what admins decide, so `guardian_hid` is kept beside `hidden_for`.
    """

    __tablename__ = "reviews_child"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("booking_id", "target_type"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_range"),
        CheckConstraint("length(comment) <= 200", name="comment_length"),
        *_lists("child"),
    )

    id: UUID = id_field()
    guardian_hid: bool = flag()


ONE_REVIEW = "num_nonnulls(parent_review_id, child_review_id) = 1"


class ReviewImage(SQLModel, table=True):
    """A photo of a review, at most four."""

    __tablename__ = "review_images"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(ONE_REVIEW, name="one_review"),
        CheckConstraint("position BETWEEN 1 AND 4", name="position_range"),
    )

    id: UUID = id_field()
    parent_review_id: UUID | None = ref("reviews_parent.id", nullable=True, ondelete="CASCADE")
    child_review_id: UUID | None = ref("reviews_child.id", nullable=True, ondelete="CASCADE")
    upload_id: UUID = ref("uploads.id", index=False, unique=True)
    position: int
    created_at: datetime = created()


class ReviewReply(SQLModel, table=True):
    """The school's one public answer to a review."""

    __tablename__ = "review_replies"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(ONE_REVIEW, name="one_review"),
        UniqueConstraint("parent_review_id"),
        UniqueConstraint("child_review_id"),
        CheckConstraint("length(body) BETWEEN 1 AND 1000", name="body_length"),
    )

    id: UUID = id_field()
    parent_review_id: UUID | None = ref("reviews_parent.id", index=False, nullable=True, ondelete="CASCADE")
    child_review_id: UUID | None = ref("reviews_child.id", index=False, nullable=True, ondelete="CASCADE")
    school_id: UUID = ref("schools.id")
    author_user_id: UUID = ref("users.id")
    body: str
    edited_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()


class ReviewVote(SQLModel, table=True):
    """「役に立った」, once per person and review."""

    __tablename__ = "review_votes"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(ONE_REVIEW, name="one_review"),
        UniqueConstraint("user_id", "parent_review_id"),
        UniqueConstraint("user_id", "child_review_id"),
    )

    id: UUID = id_field()
    user_id: UUID = ref("users.id", index=False, ondelete="CASCADE")
    parent_review_id: UUID | None = ref("reviews_parent.id", nullable=True, ondelete="CASCADE")
    child_review_id: UUID | None = ref("reviews_child.id", nullable=True, ondelete="CASCADE")
    created_at: datetime = created()


class ReviewAppeal(SQLModel, table=True):
    """The family's one objection to one decision against a review."""

    __tablename__ = "review_appeals"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(ONE_REVIEW, name="one_review"),
        UniqueConstraint("parent_review_id", "decision_at"),
        UniqueConstraint("child_review_id", "decision_at"),
        CheckConstraint("length(body) BETWEEN 1 AND 500", name="body_length"),
        Index("ix_review_appeals_open", "created_at", postgresql_where=text("status = 'open'")),
    )

    id: UUID = id_field()
    parent_review_id: UUID | None = ref("reviews_parent.id", index=False, nullable=True, ondelete="CASCADE")
    child_review_id: UUID | None = ref("reviews_child.id", index=False, nullable=True, ondelete="CASCADE")
    author_user_id: UUID = ref("users.id")
    decision_at: datetime = moment()
    body: str
    status: AppealStatus = choice(AppealStatus, default=AppealStatus.OPEN)
    decided_by: UUID | None = ref("users.id", nullable=True)
    decided_at: datetime | None = moment(nullable=True)
    note: str = prose()
    created_at: datetime = created()


class ReviewTally(SQLModel, table=True):
    """How many published reviews of a voice give a target so many stars; kept by a trigger.

    Averages and distributions read at most five rows, however many reviews there are.
    """

    __tablename__ = "review_tallies"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint("number >= 0", name="never_negative"),)

    target_id: UUID = Field(primary_key=True)
    voice: str = Field(primary_key=True, max_length=6)
    rating: int = Field(primary_key=True, sa_type=SmallInteger)
    number: int = counter()
