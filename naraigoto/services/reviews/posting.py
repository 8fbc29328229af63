"""Writing a review: who came may speak, once per target, for thirty days (D11, G1, G4)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import (
    InvalidInput,
    ReviewExists,
    ReviewsSuspended,
    ReviewWindowClosed,
)
from naraigoto.models.accounts import User
from naraigoto.models.reviews import ReviewStatus, ReviewTarget
from naraigoto.rules import REVIEW_EDITABLE, REVIEW_WINDOW
from naraigoto.services import locks, review_notices
from naraigoto.services.reviews import own, publishing
from naraigoto.services.reviews.facts import facts_of, refuse
from naraigoto.services.reviews.views import Kind, Posted


async def post(
    session: AsyncSession,
    actor: Actor,
    *,
    kind: Kind,
    booking_id: UUID,
    target_type: ReviewTarget,
    target_id: UUID,
    rating: int,
    comment: str,
    now: datetime,
) -> Posted:
    """Publish a review, or hold it where its text must be looked at first; points whatever the rating (D13).

    Raises: Unauthenticated, FamilyNeeded, Forbidden for the other voice and strangers, NotFound for another
        family's booking, BookingNotActive, NotAttendedYet, NotAttended, OwnSchool, ReviewsSuspended,
        ReviewWindowClosed, ReviewExists, InvalidInput.
    """
    author_id, family_id = policies.require_reviewer(actor, child=kind is Kind.CHILD)
    # The booking's row: attendance and a second review of the same lesson wait here.
    await locks.bookings(session, [booking_id])
    facts = await facts_of(session, booking_id, family_id, author_id if kind is Kind.CHILD else None)
    refuse(facts)
    await _refuse_suspended(session, author_id, now)
    if target_id != (facts.school_id if target_type is ReviewTarget.SCHOOL else facts.instructor_id):
        raise InvalidInput(target_id="target")
    await _refuse_second(session, kind, booking_id, target_type, now)
    if now > facts.confirmed_at + REVIEW_WINDOW:
        raise ReviewWindowClosed
    comment, findings = await publishing.checked(session, kind, comment, facts.school_id)
    review = publishing.TABLES[kind](
        booking_id=booking_id,
        author_user_id=author_id,
        family_id=family_id,
        school_id=facts.school_id,
        target_type=target_type,
        target_id=target_id,
        rating=publishing.rated(rating),
        comment=comment,
        created_at=now,
    )
    earned = 0
    if findings:
        await publishing.hold(session, review, findings, now=now)
    else:
        earned = await publishing.publish(session, review, now=now)
        await review_notices.posted(
            session, kind=kind, review_id=review.id, school_id=review.school_id, now=now
        )
    return Posted(await own.one(session, actor, review, now=now), earned)


async def _refuse_suspended(session: AsyncSession, author_id: UUID, now: datetime) -> None:
    until = (await session.exec(select(User.reviews_suspended_until).where(User.id == author_id))).one()
    if until is not None and until > now:
        raise ReviewsSuspended(until=until)


async def _refuse_second(
    session: AsyncSession, kind: Kind, booking_id: UUID, target: ReviewTarget, now: datetime
) -> None:
    table = publishing.TABLES[kind]
    found = await session.exec(
        select(table.created_at, table.status).where(
            col(table.booking_id) == booking_id, col(table.target_type) == target
        )
    )
    if (known := found.one_or_none()) is not None:
        written_at, status = known
        gone = status in {ReviewStatus.DELETED, ReviewStatus.REMOVED}
        raise ReviewExists(editable_until=None if gone else written_at + REVIEW_EDITABLE, now=now)
