"""What others do with a published review: the school answers once, readers find it helpful (D11)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import (
    InvalidInput,
    NotFound,
    OwnReview,
    OwnSchoolVote,
    ReplyExists,
    ReviewEditClosed,
)
from naraigoto.models.base import new_id
from naraigoto.models.reviews import ParentReview, ReviewReply, ReviewStatus
from naraigoto.models.schools import School
from naraigoto.rules import REPLY_MAX, REVIEW_EDITABLE
from naraigoto.services import live, review_notices, text_checks
from naraigoto.services.reviews import publishing
from naraigoto.services.reviews.publishing import Review
from naraigoto.services.reviews.views import Kind, Reply

_VOTE = """
INSERT INTO review_votes (id, user_id, {kind}_review_id, created_at) VALUES (:id, :user, :review, :now)
ON CONFLICT (user_id, {kind}_review_id) DO NOTHING RETURNING id
"""
_UNVOTE = "DELETE FROM review_votes WHERE user_id = :user AND {kind}_review_id = :review RETURNING id"


async def reply(
    session: AsyncSession, actor: Actor, *, kind: Kind, review_id: UUID, body: str, now: datetime
) -> Reply:
    """Answer a review in public, once.

    Raises: Unauthenticated, Forbidden for people who run no school, NotFound for a review of another school
        and one that is not public, ReplyExists, InvalidInput.
    """
    author_id = policies.require_any_school(actor)
    review = await _public(session, actor, kind, review_id)
    if await _known(session, review) is not None:
        raise ReplyExists
    answer = ReviewReply(
        **publishing.of(kind, review_id),
        school_id=review.school_id,
        author_user_id=author_id,
        body=await _polite(session, body, review.school_id),
        created_at=now,
    )
    session.add(answer)
    await session.flush()
    await review_notices.replied(session, reply_id=answer.id, family_id=review.family_id, now=now)
    return _told(session, review, answer)


async def edit_reply(
    session: AsyncSession, actor: Actor, *, kind: Kind, review_id: UUID, body: str, now: datetime
) -> Reply:
    """Put the answer in other words, for 48 hours.

    Raises: as `reply`; NotFound where there is none, ReviewEditClosed.
    """
    policies.require_any_school(actor)
    review = await _public(session, actor, kind, review_id)
    answer = await _known(session, review)
    if answer is None:
        raise NotFound
    if now > answer.created_at + REVIEW_EDITABLE:
        raise ReviewEditClosed
    answer.body, answer.edited_at = await _polite(session, body, review.school_id), now
    await session.flush()
    return _told(session, review, answer)


async def helpful(
    session: AsyncSession, actor: Actor, *, kind: Kind, review_id: UUID, wanted: bool, now: datetime
) -> int:
    """Say that a review helped, or take it back; how many say so now. Once per person.

    Raises: Unauthenticated, NotFound for a review that is not public, OwnReview, OwnSchoolVote.
    """
    user_id = policies.require_signed_in(actor)
    review = await publishing.locked(session, kind, review_id)
    if review.status is not ReviewStatus.PUBLISHED:
        raise NotFound
    if review.family_id == actor.family_id:
        raise OwnReview
    if wanted and policies.runs_school(actor, review.school_id):
        raise OwnSchoolVote
    statement = (_VOTE if wanted else _UNVOTE).format(kind=kind.value)
    values = {"id": new_id(), "user": user_id, "review": review_id, "now": now}
    if (await (await session.connection()).execute(text(statement), values)).first() is not None:
        review.helpful_count += 1 if wanted else -1
        await session.flush()
    return review.helpful_count


async def _public(session: AsyncSession, actor: Actor, kind: Kind, review_id: UUID) -> Review:
    review = await publishing.locked(session, kind, review_id)
    policies.require_school_member(actor, review.school_id)
    if review.status is not ReviewStatus.PUBLISHED:
        raise NotFound
    return review


async def _known(session: AsyncSession, review: Review) -> ReviewReply | None:
    column = ReviewReply.parent_review_id if isinstance(review, ParentReview) else ReviewReply.child_review_id
    return (await session.exec(select(ReviewReply).where(col(column) == review.id))).one_or_none()


async def _polite(session: AsyncSession, body: str, school_id: UUID) -> str:
    body = text_checks.clean(body)
    if not body:
        raise InvalidInput(body="missing")
    if len(body) > REPLY_MAX:
        raise InvalidInput(body="reply_long")
    if text_checks.has_html(body):
        raise InvalidInput(body="html")
    school = await session.get_one(School, school_id)
    if text_checks.check(body, known=(school.name,)):
        raise InvalidInput(body="contact")
    return body


def _told(session: AsyncSession, review: Review, answer: ReviewReply) -> Reply:
    live.announce(session, f"school:{review.school_id}")
    live.family_changed(session, review.family_id)
    return Reply(answer.body, answer.created_at, answer.edited_at, answer.created_at + REVIEW_EDITABLE)
