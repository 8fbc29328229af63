"""Changing one's mind: editing, deleting, and the guardian's hand over the child's words (D11)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    ReviewAnswered,
    ReviewEditClosed,
    ReviewUnderReview,
)
from naraigoto.models.reviews import HiddenFor, ReviewStatus
from naraigoto.rules import REVIEW_EDITABLE
from naraigoto.services import points, review_notices
from naraigoto.services.reviews import own, publishing
from naraigoto.services.reviews.publishing import Review
from naraigoto.services.reviews.views import Kind, Posted

_ANSWERED = text("""
SELECT EXISTS (SELECT 1 FROM review_replies WHERE parent_review_id = :id OR child_review_id = :id)
""")


async def edit(
    session: AsyncSession,
    actor: Actor,
    *,
    kind: Kind,
    review_id: UUID,
    rating: int | None = None,
    comment: str | None = None,
    now: datetime,
) -> Posted:
    """Say it in other words or stars, until 48 hours have passed or the school has replied.

    A held text that is mended is published; a mended one that must be looked at is held.

    Raises: Unauthenticated, FamilyNeeded, Forbidden for who is not its author, NotFound for another family's,
        ReviewUnderReview, ReviewEditClosed, ReviewAnswered, InvalidInput.
    """
    review = await _own(session, actor, kind, review_id)
    if _decided(review):
        raise ReviewUnderReview
    if now > review.created_at + REVIEW_EDITABLE:
        raise ReviewEditClosed
    if (await (await session.connection()).execute(_ANSWERED, {"id": review_id})).scalar_one():
        raise ReviewAnswered
    if rating is None and comment is None:
        raise InvalidInput(comment="nothing")
    text_, findings = await publishing.checked(
        session, kind, review.comment if comment is None else comment, review.school_id
    )
    review.rating = review.rating if rating is None else publishing.rated(rating)
    review.comment, review.edited_at = text_, now
    earned = 0
    if findings:
        await publishing.hold(session, review, findings, now=now)
    elif review.status is ReviewStatus.HELD:
        await publishing.let_go(session, review, now=now)
        earned = await publishing.publish(session, review, now=now)
        await review_notices.posted(
            session, kind=kind, review_id=review.id, school_id=review.school_id, now=now
        )
    else:
        await publishing.moved(session, review, now=now)
    return Posted(await own.one(session, actor, review, now=now), earned)


async def delete(session: AsyncSession, actor: Actor, *, kind: Kind, review_id: UUID, now: datetime) -> None:
    """Take it back for good; its points go with it (D13). It cannot be written a second time.

    Raises: Unauthenticated, FamilyNeeded, Forbidden for who is not its author, NotFound for another family's
        and for a deleted one, ReviewUnderReview for one that was removed.
    """
    review = await _own(session, actor, kind, review_id)
    if review.status is ReviewStatus.REMOVED:
        raise ReviewUnderReview
    await publishing.let_go(session, review, now=now)
    review.status, review.hidden_for = ReviewStatus.DELETED, None
    await publishing.moved(session, review, now=now)
    await points.revoke(session, source_key=publishing.source_key(review), now=now)


async def hide(session: AsyncSession, actor: Actor, *, review_id: UUID, now: datetime) -> None:
    """A guardian takes the child's review from the public pages; again changes nothing.

    Raises: Unauthenticated, ParentApprovalRequired, FamilyNeeded, Forbidden, NotFound for another family's,
        ReviewUnderReview for one that is not public.
    """
    review = await _childs(session, actor, review_id)
    if review.status is ReviewStatus.HIDDEN and review.hidden_for is HiddenFor.GUARDIAN:
        return
    if review.status is not ReviewStatus.PUBLISHED:
        raise ReviewUnderReview
    review.status, review.hidden_for = ReviewStatus.HIDDEN, HiddenFor.GUARDIAN
    await publishing.moved(session, review, now=now)


async def show(session: AsyncSession, actor: Actor, *, review_id: UUID, now: datetime) -> None:
    """The guardian lets the child's review be seen again; again changes nothing.

    Raises: as `hide`; ReviewUnderReview where somebody else hid it.
    """
    review = await _childs(session, actor, review_id)
    if review.status is ReviewStatus.PUBLISHED:
        return
    if review.hidden_for is not HiddenFor.GUARDIAN:
        raise ReviewUnderReview
    review.status, review.hidden_for = ReviewStatus.PUBLISHED, None
    await publishing.moved(session, review, now=now)


async def _own(session: AsyncSession, actor: Actor, kind: Kind, review_id: UUID) -> Review:
    author_id, family_id = policies.require_reviewer(actor, child=kind is Kind.CHILD)
    review = await publishing.locked(session, kind, review_id)
    if review.family_id != family_id or review.status is ReviewStatus.DELETED:
        raise NotFound
    if review.author_user_id != author_id:
        raise Forbidden
    return review


async def _childs(session: AsyncSession, actor: Actor, review_id: UUID) -> Review:
    family_id = policies.require_guardian(actor)
    review = await publishing.locked(session, Kind.CHILD, review_id)
    if review.family_id != family_id or review.status is ReviewStatus.DELETED:
        raise NotFound
    return review


def _decided(review: Review) -> bool:
    return review.status is ReviewStatus.REMOVED or review.hidden_for is HiddenFor.REPORTS
