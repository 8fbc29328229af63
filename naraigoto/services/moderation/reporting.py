"""Saying that a review should not stand, and objecting to what was decided (D12)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import AppealMade, InvalidInput, NotFound, OwnReview
from naraigoto.models.base import new_id
from naraigoto.models.moderation import ReportReason, ReviewReport
from naraigoto.models.reviews import HiddenFor, ReviewAppeal, ReviewStatus
from naraigoto.rules import (
    APPEAL_MAX,
    APPEAL_WITHIN,
    REPORT_COMMENT_MAX,
    REPORT_FAMILIES_HIDE,
    REPORTS_OF_PERSON,
)
from naraigoto.services import audit, limits, live, text_checks
from naraigoto.services.reviews import Kind, publishing
from naraigoto.services.reviews.publishing import Review

_AT_ONCE = {ReportReason.CHILD_SAFETY, ReportReason.PERSONAL_DATA}
# Schools are no families: what they report is looked at, but hides nothing by its number.
_FAMILIES = """
SELECT count(DISTINCT coalesce(f.id, g.family_id, m.family_id)) FROM review_reports r
LEFT JOIN families f ON f.parent_user_id = r.reporter_user_id
LEFT JOIN family_guardians g ON g.user_id = r.reporter_user_id
LEFT JOIN family_members m ON m.user_id = r.reporter_user_id
WHERE r.{kind}_review_id = :id AND r.status = 'open'
"""
_CLEARED = """
SELECT greatest(
  (SELECT max(decided_at) FROM review_reports WHERE {kind}_review_id = :id AND action = 'dismiss'),
  (SELECT max(decided_at) FROM review_appeals WHERE {kind}_review_id = :id AND status = 'granted'))
"""
# While reports wait, nothing has been decided about what hides it now.
_DECIDED_AT = """
SELECT max(decided_at) FROM review_reports WHERE {kind}_review_id = :id AND status = 'upheld'
  AND NOT EXISTS (SELECT 1 FROM review_reports o WHERE o.{kind}_review_id = :id AND o.status = 'open')
"""


@dataclass(frozen=True, slots=True)
class Reported:
    """The report, and whether the review is hidden now."""

    id: UUID
    hidden: bool


async def report(
    session: AsyncSession,
    actor: Actor,
    *,
    kind: Kind,
    review_id: UUID,
    reason: ReportReason,
    comment: str = "",
    now: datetime,
) -> Reported:
    """Report a public review; again gives the first report back. What endangers somebody hides at once.

    Once an admin has found a text harmless, at once or on appeal, reports of it hide it no more, until it is
    edited.

    Raises: Unauthenticated, NotFound for a review that is not public, OwnReview, RateLimited, InvalidInput.
    """
    user_id = policies.require_signed_in(actor)
    review = await publishing.locked(session, kind, review_id)
    if (known := await _known(session, kind, review_id, user_id)) is not None:
        return Reported(known, review.hidden_for is HiddenFor.REPORTS)
    if review.status is not ReviewStatus.PUBLISHED:
        raise NotFound
    if review.family_id == actor.family_id:
        raise OwnReview
    comment = text_checks.clean(comment)
    if len(comment) > REPORT_COMMENT_MAX:
        raise InvalidInput(comment="note_long")
    await limits.spend(REPORTS_OF_PERSON, "report", str(user_id))
    made = ReviewReport(
        id=new_id(),
        **publishing.of(kind, review_id),
        reporter_user_id=user_id,
        reason=reason,
        comment=comment,
        created_at=now,
    )
    session.add(made)
    await session.flush()
    hidden = await _dangerous(session, kind, review, reason)
    if hidden:
        review.status, review.hidden_for = ReviewStatus.HIDDEN, HiddenFor.REPORTS
        await publishing.moved(session, review, now=now)
        thing = audit.Thing(f"review_{kind}", review_id)
        await audit.record(session, None, "review.hidden", thing, {"reason": reason.value}, now=now)
    live.announce(session, publishing.QUEUE)
    return Reported(made.id, hidden)


async def appeal(
    session: AsyncSession, actor: Actor, *, kind: Kind, review_id: UUID, body: str, now: datetime
) -> None:
    """The author, or a guardian for its child, objects to a decision: once each, within two weeks.

    Raises: Unauthenticated, FamilyNeeded, Forbidden, NotFound for a review of somebody else and one nothing
        was decided about, AppealMade, InvalidInput.
    """
    family_id = policies.require_appealer(actor, child=kind is Kind.CHILD)
    review = await publishing.locked(session, kind, review_id)
    child = kind is Kind.CHILD
    if review.family_id != family_id or not policies.speaks_for(actor, review.author_user_id, child=child):
        raise NotFound
    body = text_checks.clean(body)
    if not body:
        raise InvalidInput(body="missing")
    if len(body) > APPEAL_MAX:
        raise InvalidInput(body="note_long")
    decided_at = await _scalar(session, _DECIDED_AT, kind, review_id)
    if decided_at is None or (
        review.status is not ReviewStatus.REMOVED and review.hidden_for is not HiddenFor.REPORTS
    ):
        raise NotFound
    column = getattr(ReviewAppeal, f"{kind}_review_id")
    of_decision = col(column) == review_id, ReviewAppeal.decision_at == decided_at
    made = (await session.exec(select(ReviewAppeal.id).where(*of_decision))).first()
    if made is not None or now > decided_at + APPEAL_WITHIN:
        raise AppealMade
    session.add(
        ReviewAppeal(
            **publishing.of(kind, review_id),
            author_user_id=policies.require_signed_in(actor),
            decision_at=decided_at,
            body=body,
            created_at=now,
        )
    )
    await session.flush()
    live.announce(session, publishing.QUEUE)


async def _known(session: AsyncSession, kind: Kind, review_id: UUID, user_id: UUID) -> UUID | None:
    column = getattr(ReviewReport, f"{kind}_review_id")
    found = await session.exec(
        select(ReviewReport.id).where(col(column) == review_id, ReviewReport.reporter_user_id == user_id)
    )
    return found.first()


async def _dangerous(session: AsyncSession, kind: Kind, review: Review, reason: ReportReason) -> bool:
    cleared = await _scalar(session, _CLEARED, kind, review.id)
    if cleared is not None and (review.edited_at is None or review.edited_at <= cleared):
        return False
    if reason in _AT_ONCE:
        return True
    families: int = await _scalar(session, _FAMILIES, kind, review.id)
    return families >= REPORT_FAMILIES_HIDE


async def _scalar(session: AsyncSession, statement: str, kind: Kind, review_id: UUID):
    connection = await session.connection()
    return (await connection.execute(text(statement.format(kind=kind.value)), {"id": review_id})).scalar_one()
