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
from naraigoto.models.reviews import ChildReview, HiddenFor, ReviewStatus
from naraigoto.rules import REVIEW_EDITABLE
from naraigoto.services import points, review_notices, text_checks
from naraigoto.services.reviews import own, publishing
from naraigoto.services.reviews.publishing import Review
from naraigoto.services.reviews.views import Kind, Posted, findings_of
from naraigoto.services.text_checks import Finding

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

    A held text that is mended is published; a mended one that must be looked at is held. Words that stay are
    not looked at anew, and saying the same again changes nothing, however late.

    Raises: Unauthenticated, FamilyNeeded, Forbidden for who is not its author, NotFound for another family's,
        ReviewUnderReview, ReviewEditClosed, ReviewAnswered, InvalidInput.
    """
    review = await _own(session, actor, kind, review_id)
    if rating is None and comment is None:
        raise InvalidInput(comment="nothing")
    stars = review.rating if rating is None else publishing.rated(rating)
    words = review.comment if comment is None else text_checks.clean(comment)
    earned = 0
    if (stars, words) != (review.rating, review.comment):
        await _refuse_changes(session, review, now)
        if words == review.comment:
            findings = findings_of(review.hold_reason)
        else:
            words, findings = await publishing.checked(session, kind, words, review.school_id)
        review.rating, review.comment, review.edited_at = stars, words, now
        earned = await _changed(session, review, findings, now)
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

    So it stays, whatever the child rewrites and admins decide, until the guardian shows it again.

    Raises: Unauthenticated, ParentApprovalRequired, FamilyNeeded, Forbidden, NotFound for another family's,
        ReviewUnderReview for one that is not public.
    """
    review = await _childs(session, actor, review_id)
    if review.status is ReviewStatus.HIDDEN and review.hidden_for is HiddenFor.GUARDIAN:
        return
    if review.status is not ReviewStatus.PUBLISHED:
        raise ReviewUnderReview
    review.guardian_hid, review.status, review.hidden_for = True, ReviewStatus.HIDDEN, HiddenFor.GUARDIAN
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
    review.guardian_hid, review.status, review.hidden_for = False, ReviewStatus.PUBLISHED, None
    await publishing.moved(session, review, now=now)


async def _refuse_changes(session: AsyncSession, review: Review, now: datetime) -> None:
    if _decided(review):
        raise ReviewUnderReview
    if now > review.created_at + REVIEW_EDITABLE:
        raise ReviewEditClosed
    if (await (await session.connection()).execute(_ANSWERED, {"id": review.id})).scalar_one():
        raise ReviewAnswered


async def _changed(session: AsyncSession, review: Review, findings: list[Finding], now: datetime) -> int:
    if findings:
        await publishing.hold(session, review, findings, now=now)
        return 0
    if review.status is not ReviewStatus.HELD:
        await publishing.moved(session, review, now=now)
        return 0
    await publishing.let_go(session, review, now=now)
    earned = await publishing.publish(session, review, now=now)
    if review.status is ReviewStatus.PUBLISHED:
        kind = publishing.kind_of(review)
        await review_notices.posted(
            session, kind=kind, review_id=review.id, school_id=review.school_id, now=now
        )
    return earned


async def _own(session: AsyncSession, actor: Actor, kind: Kind, review_id: UUID) -> Review:
    author_id, family_id = policies.require_reviewer(actor, child=kind is Kind.CHILD)
    review = await publishing.locked(session, kind, review_id)
    if review.family_id != family_id or review.status is ReviewStatus.DELETED:
        raise NotFound
    if review.author_user_id != author_id:
        raise Forbidden
    return review


async def _childs(session: AsyncSession, actor: Actor, review_id: UUID) -> ChildReview:
    family_id = policies.require_guardian(actor)
    review = await publishing.locked(session, Kind.CHILD, review_id)
    assert isinstance(review, ChildReview)
    if review.family_id != family_id or review.status is ReviewStatus.DELETED:
        raise NotFound
    return review


def _decided(review: Review) -> bool:
    return review.status is ReviewStatus.REMOVED or review.hidden_for is HiddenFor.REPORTS
