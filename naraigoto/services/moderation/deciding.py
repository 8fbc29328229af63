"""What an admin decides about a review, and about the author's objection (D12)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import AlreadyDecided, InvalidInput, NotFound, ReviewChanged
from naraigoto.models.accounts import User
from naraigoto.models.moderation import ReportAction, ReportStatus, ReviewReport
from naraigoto.models.reviews import AppealStatus, HiddenFor, ReviewAppeal, ReviewStatus
from naraigoto.rules import DECISION_NOTE_MAX, REVIEWS_SUSPENDED_FOR
from naraigoto.services import audit, live, points, review_notices, text_checks
from naraigoto.services.moderation.queue import one
from naraigoto.services.moderation.views import Case, version_of
from naraigoto.services.reviews import Kind, publishing
from naraigoto.services.reviews.publishing import Review

_REMOVES = {ReportAction.REMOVE, ReportAction.SUSPEND}


async def decide(
    session: AsyncSession,
    actor: Actor,
    *,
    report_id: UUID,
    action: ReportAction,
    note: str,
    version: str | None = None,
    now: datetime,
) -> Case:
    """Settle every open report of the same review; its author and who reported are told.

    dismiss: it stands (again) · hide · remove: and its points go · warn: hidden, the author is told to mind
    the rules · suspend: removed, and the author writes nothing for 30 days. With the `version` of the case
    that was read, nothing is decided about words that nobody has read.

    Raises: Unauthenticated, Forbidden, NotFound, AlreadyDecided, ReviewChanged, InvalidInput.
    """
    admin_id = policies.require_admin(actor)
    note = _note(note)
    kind, review, reports = await _open(session, report_id, version)
    settled = ReportStatus.DISMISSED if action is ReportAction.DISMISS else ReportStatus.UPHELD
    for report in reports:
        report.status, report.action, report.note = settled, action, note
        report.decided_by, report.decided_at = admin_id, now
    before = review.status
    await _act(session, review, action, now)
    facts = {
        "action": action.value,
        "before": before.value,
        "after": review.status.value,
        "reports": len(reports),
    }
    await audit.record(session, actor, "review.decided", _thing(kind, review.id), facts, now=now)
    await _tell(session, review, reports, unseen=before is not ReviewStatus.PUBLISHED, now=now)
    live.announce(session, publishing.QUEUE)
    return await one(session, report_id)


async def decide_appeal(
    session: AsyncSession, actor: Actor, *, appeal_id: UUID, granted: bool, note: str, now: datetime
) -> None:
    """Answer the author's objection and tell the family; granted, the review and its points come back.

    Raises: Unauthenticated, Forbidden, NotFound, AlreadyDecided, InvalidInput.
    """
    admin_id = policies.require_admin(actor)
    note = _note(note)
    appeal = await session.get(ReviewAppeal, appeal_id, with_for_update=True, populate_existing=True)
    if appeal is None:
        raise NotFound
    if appeal.status is not AppealStatus.OPEN:
        raise AlreadyDecided
    appeal.status = AppealStatus.GRANTED if granted else AppealStatus.REJECTED
    appeal.decided_by, appeal.decided_at, appeal.note = admin_id, now, note
    kind = Kind.PARENT if appeal.parent_review_id else Kind.CHILD
    review_id = appeal.parent_review_id or appeal.child_review_id
    assert review_id is not None
    review = await publishing.locked(session, kind, review_id)
    if granted and review.status is not ReviewStatus.DELETED:
        await publishing.publish(session, review, now=now)
        author = await session.get_one(User, review.author_user_id)
        author.reviews_suspended_until = None
    await audit.record(
        session, actor, "review.appeal_decided", _thing(kind, review_id), {"granted": granted}, now=now
    )
    await review_notices.appealed(session, appeal_id=appeal_id, family_id=review.family_id, now=now)
    live.announce(session, publishing.QUEUE)


def of_report(report: ReviewReport) -> tuple[Kind, UUID]:
    """Which review a report speaks of.

    Raises: NotFound for a report of a message.
    """
    if report.parent_review_id is not None:
        return Kind.PARENT, report.parent_review_id
    if report.child_review_id is not None:
        return Kind.CHILD, report.child_review_id
    raise NotFound


async def _open(
    session: AsyncSession, report_id: UUID, version: str | None
) -> tuple[Kind, Review, list[ReviewReport]]:
    first = await session.get(ReviewReport, report_id)
    if first is None or (first.parent_review_id is None and first.child_review_id is None):
        raise NotFound
    kind, review_id = of_report(first)
    # The review's row is the lock: reports and decisions of one review go one after the other.
    review = await publishing.locked(session, kind, review_id)
    await session.refresh(first)
    if first.status is not ReportStatus.OPEN:
        raise AlreadyDecided
    if version not in {None, version_of(review.rating, review.comment)}:
        raise ReviewChanged
    column = getattr(ReviewReport, f"{kind}_review_id")
    found = await session.exec(
        select(ReviewReport).where(col(column) == review_id, ReviewReport.status == ReportStatus.OPEN)
    )
    return kind, review, list(found)


async def _act(session: AsyncSession, review: Review, action: ReportAction, now: datetime) -> None:
    if action is ReportAction.SUSPEND:
        # Whoever has deleted the text meanwhile is suspended for it all the same.
        author = await session.get_one(User, review.author_user_id)
        author.reviews_suspended_until = now + REVIEWS_SUSPENDED_FOR
    if review.status in {ReviewStatus.DELETED, ReviewStatus.REMOVED}:
        await session.flush()
        return
    if action is ReportAction.DISMISS:
        await _stand(session, review, now)
        return
    if action in _REMOVES:
        review.status, review.hidden_for = ReviewStatus.REMOVED, None
        await points.revoke(session, source_key=publishing.source_key(review), now=now)
    else:
        review.status, review.hidden_for = ReviewStatus.HIDDEN, HiddenFor.REPORTS
    await publishing.moved(session, review, now=now)


async def _stand(session: AsyncSession, review: Review, now: datetime) -> None:
    # What the guardian hid stays hidden: it is not the admin's to show.
    if review.status is ReviewStatus.PUBLISHED or review.hidden_for is HiddenFor.GUARDIAN:
        await session.flush()
        return
    first = review.published_at is None
    earned = await publishing.publish(session, review, now=now)
    if first:
        kind = publishing.kind_of(review)
        await review_notices.posted(
            session, kind=kind, review_id=review.id, school_id=review.school_id, now=now
        )
    if earned:
        key = publishing.source_key(review)
        await review_notices.earned(session, source_key=key, family_id=review.family_id, now=now)


async def _tell(
    session: AsyncSession, review: Review, reports: list[ReviewReport], *, unseen: bool, now: datetime
) -> None:
    held = [report for report in reports if report.reporter_user_id is None]
    # The author hears of it once, and of dismissed reports only where the text had been held or hidden.
    told: dict[str, Any] = {"family_id": review.family_id, "now": now}
    # Whoever has deleted it meanwhile hears only of what still concerns them.
    if review.status is ReviewStatus.DELETED:
        wanted = reports[0].action is ReportAction.SUSPEND
    else:
        wanted = unseen or reports[0].status is ReportStatus.UPHELD
    if wanted:
        await review_notices.decided(session, report_id=(held or reports)[0].id, reporter_id=None, **told)
    for report in reports:
        if report.reporter_user_id is not None:
            await review_notices.decided(
                session, report_id=report.id, reporter_id=report.reporter_user_id, **told
            )


def _thing(kind: Kind, review_id: UUID) -> audit.Thing:
    return audit.Thing(f"review_{kind}", review_id)


def _note(note: str) -> str:
    note = text_checks.clean(note)
    if not note:
        raise InvalidInput(note="missing")
    if len(note) > DECISION_NOTE_MAX:
        raise InvalidInput(note="note_long")
    return note
