"""What becomes of a review's visibility: points, figures, the queue of held texts, open pages.

One lock order: the booking or the review's row → its school → its family's points.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import InvalidInput, NotFound
from naraigoto.models.moderation import ReportReason, ReportStatus, ReviewReport
from naraigoto.models.reviews import ChildReview, HiddenFor, ParentReview, ReviewStatus
from naraigoto.models.schools import School
from naraigoto.rules import POINTS_REVIEW, REVIEW_COMMENT_MAX, REVIEW_COMMENT_MIN
from naraigoto.services import live, points, stats, text_checks
from naraigoto.services.reviews.views import Kind, told
from naraigoto.services.text_checks import Finding

Review = ParentReview | ChildReview
TABLES: dict[Kind, type[ParentReview] | type[ChildReview]] = {
    Kind.PARENT: ParentReview,
    Kind.CHILD: ChildReview,
}
QUEUE = "moderation"
_QUEUE_UP = text("SELECT pg_advisory_xact_lock(72, hashtext(CAST(:id AS text)))")
_REASONS = {Finding.URL: ReportReason.ADVERTISING, Finding.WORD: ReportReason.DEFAMATION}


def kind_of(review: Review) -> Kind:
    """Whose voice the review is."""
    return Kind.PARENT if isinstance(review, ParentReview) else Kind.CHILD


def of(kind: Kind, review_id: UUID) -> dict[str, Any]:
    """The column by which rows about a review point at it."""
    return {f"{kind}_review_id": review_id}


def source_key(review: Review) -> str:
    """By which its points are known."""
    return f"review:{kind_of(review)}:{review.id}"


async def locked(session: AsyncSession, kind: Kind, review_id: UUID) -> Review:
    """Hold the review until the transaction ends, and read it as it is now.

    Raises: NotFound.
    """
    table = TABLES.get(kind)
    if table is None:
        raise NotFound
    found = await session.get(table, review_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


async def checked(
    session: AsyncSession, kind: Kind, comment: str, school_id: UUID
) -> tuple[str, list[Finding]]:
    """The text as it is kept, and why it would be held; the school's own name may stand in it.

    Raises: InvalidInput.
    """
    comment = text_checks.clean(comment)
    # The length first: only texts of a bounded length are looked through.
    if len(comment) > REVIEW_COMMENT_MAX[kind]:
        raise InvalidInput(comment="review_long" if kind is Kind.PARENT else "child_long")
    if text_checks.has_html(comment):
        raise InvalidInput(comment="html")
    if not comment and REVIEW_COMMENT_MIN[kind]:
        raise InvalidInput(comment="missing")
    if len(comment) < REVIEW_COMMENT_MIN[kind]:
        raise InvalidInput(comment="review_short")
    school = await session.get_one(School, school_id)
    return comment, text_checks.check(comment, known=(school.name,))


def rated(rating: object) -> int:
    """One to five stars.

    Raises: InvalidInput.
    """
    if type(rating) is not int or not 1 <= rating <= 5:
        raise InvalidInput(rating="rating")
    return rating


async def queue_up(session: AsyncSession, school_id: UUID) -> None:
    """Two changes of one school's reviews go one after the other, so that its figures never miss one."""
    await (await session.connection()).execute(_QUEUE_UP, {"id": school_id})


async def publish(session: AsyncSession, review: Review, *, now: datetime) -> int:
    """Let everybody see it, unless the guardian has hidden it; the points it brings the first time.

    Later it brings back those that it had lost.
    """
    first = review.published_at is None
    review.status, review.hidden_for, review.hold_reason = ReviewStatus.PUBLISHED, None, ""
    if isinstance(review, ChildReview) and review.guardian_hid:
        review.status, review.hidden_for = ReviewStatus.HIDDEN, HiddenFor.GUARDIAN
    review.published_at = review.published_at or now
    await moved(session, review, now=now)
    if not first:
        return await points.restore(session, source_key=source_key(review), now=now)
    return await points.grant_for_review(
        session,
        family_id=review.family_id,
        user_id=review.author_user_id,
        amount=POINTS_REVIEW[review.target_type],
        source_key=source_key(review),
        now=now,
    )


async def hold(session: AsyncSession, review: Review, findings: list[Finding], *, now: datetime) -> None:
    """Keep it back, and ask an admin to look at it."""
    review.status, review.hidden_for, review.hold_reason = ReviewStatus.HELD, None, told(findings)
    await moved(session, review, now=now)
    if await _held_report(session, review) is None:
        session.add(
            ReviewReport(
                **of(kind_of(review), review.id),
                reporter_user_id=None,
                reason=_REASONS.get(findings[0], ReportReason.PERSONAL_DATA),
                created_at=now,
            )
        )
        await session.flush()
    live.announce(session, QUEUE)


async def let_go(session: AsyncSession, review: Review, *, now: datetime) -> None:
    """What was held is no question any more: mended or taken back by its author."""
    report = await _held_report(session, review)
    if report is not None:
        report.status, report.decided_at = ReportStatus.DISMISSED, now
        await session.flush()


async def moved(session: AsyncSession, review: Review, *, now: datetime) -> None:
    """Write the change, and bring the school's figures and all open pages up to it."""
    await queue_up(session, review.school_id)
    session.add(review)
    await session.flush()
    await stats.refresh(session, school_ids=[review.school_id], now=now)
    live.announce(session, f"school:{review.school_id}")
    live.family_changed(session, review.family_id)


async def _held_report(session: AsyncSession, review: Review) -> ReviewReport | None:
    column = (
        ReviewReport.parent_review_id if isinstance(review, ParentReview) else ReviewReport.child_review_id
    )
    found = await session.exec(
        select(ReviewReport).where(
            col(column) == review.id,
            col(ReviewReport.reporter_user_id).is_(None),
            ReviewReport.status == ReportStatus.OPEN,
        )
    )
    return found.one_or_none()
