"""Two voices: what the parent noticed and how the child felt, never mixed (D11, G1, G44)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, created, id_field, moment, prose, ref


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
    helpful_count: int = Field(default=0)
    edited_at: datetime | None = moment(nullable=True)
    published_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()


class ParentReview(ReviewFields, table=True):
    """A guardian's review of a school or an instructor after an attended lesson."""

    __tablename__ = "reviews_parent"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("booking_id", "target_type"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_range"),
        CheckConstraint("length(comment) <= 2000", name="comment_length"),
        Index(
            "ix_reviews_parent_school",
            "school_id",
            "created_at",
            "id",
            postgresql_where=text("status = 'published'"),
        ),
        Index(
            "ix_reviews_parent_target",
            "target_id",
            "created_at",
            "id",
            postgresql_where=text("status = 'published'"),
        ),
    )

    id: UUID = id_field()


class ChildReview(ReviewFields, table=True):
    """A child's review: a face and a few words."""

    __tablename__ = "reviews_child"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("booking_id", "target_type"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_range"),
        CheckConstraint("length(comment) <= 200", name="comment_length"),
        Index(
            "ix_reviews_child_school",
            "school_id",
            "created_at",
            "id",
            postgresql_where=text("status = 'published'"),
        ),
        Index(
            "ix_reviews_child_target",
            "target_id",
            "created_at",
            "id",
            postgresql_where=text("status = 'published'"),
        ),
    )

    id: UUID = id_field()


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
