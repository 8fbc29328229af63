"""The admin's desk: what waits, the most urgent first, each thing with its context and histories (D12)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import NotFound
from naraigoto.models.moderation import ReportAction, ReportReason
from naraigoto.models.reviews import AppealStatus, ReviewStatus, ReviewTarget
from naraigoto.rules import PAGE_DEFAULT
from naraigoto.services import cursors
from naraigoto.services.moderation.views import (
    AppealCase,
    Case,
    CaseDetail,
    CasePage,
    ContextReview,
    History,
    QueueState,
    ReporterHistory,
    Urgency,
)
from naraigoto.services.names import Named
from naraigoto.services.reviews import Kind
from naraigoto.services.reviews.views import findings_of

# One line per review: an appeal puts a decided case on the desk again.
_CASES = """
WITH grouped AS (
  SELECT coalesce(parent_review_id, child_review_id) AS review_id, parent_review_id IS NULL AS child,
    (array_agg(id ORDER BY id))[1] AS report_id, min(created_at) AS first_at, max(decided_at) AS decided_at,
    count(*) FILTER (WHERE reporter_user_id IS NOT NULL) AS reports,
    bool_or(reporter_user_id IS NULL) AS held, array_agg(reason ORDER BY id) AS reasons,
    array_agg(comment ORDER BY id) FILTER (WHERE comment <> '') AS comments,
    max(action) AS action, max(note) AS note,
    CASE WHEN bool_or(reason = 'child_safety') THEN 2
      WHEN bool_or(reason = 'personal_data') OR count(*) >= 3 THEN 1 ELSE 0 END AS urgency
  FROM review_reports WHERE message_id IS NULL AND {which} GROUP BY 1, 2, decided_at
)
SELECT g.*, r.booking_id, r.target_type, r.author_user_id, r.rating, r.comment, r.status, r.hold_reason,
  u.name AS author, h.id AS school_id, h.name AS school, coalesce(i.name, h.name) AS target_name,
  appeal.id AS appeal_id, appeal.body AS appeal_body, appeal.status AS appeal_status,
  appeal.created_at AS appeal_at
FROM grouped g JOIN (
  SELECT id, booking_id, target_type, target_id, author_user_id, school_id, rating, comment, status,
    hold_reason FROM reviews_parent UNION ALL
  SELECT id, booking_id, target_type, target_id, author_user_id, school_id, rating, comment, status,
    hold_reason FROM reviews_child) r ON r.id = g.review_id
JOIN users u ON u.id = r.author_user_id JOIN schools h ON h.id = r.school_id
LEFT JOIN instructors i ON i.id = r.target_id AND r.target_type = 'instructor'
LEFT JOIN review_appeals appeal ON coalesce(appeal.parent_review_id, appeal.child_review_id) = g.review_id
  AND appeal.decision_at = g.decided_at
{more} ORDER BY {order} LIMIT :limit
"""
_OPEN_APPEAL = """EXISTS (SELECT 1 FROM review_appeals a WHERE a.status = 'open'
  AND a.decision_at = review_reports.decided_at
  AND coalesce(a.parent_review_id, a.child_review_id)
    = coalesce(review_reports.parent_review_id, review_reports.child_review_id))"""
_WHICH = {
    QueueState.OPEN: f"(status = 'open' OR (status = 'upheld' AND {_OPEN_APPEAL}))",
    QueueState.DECIDED: f"status <> 'open' AND action IS NOT NULL AND NOT {_OPEN_APPEAL}",
}
_ORDERS = {
    QueueState.OPEN: "g.urgency DESC, g.first_at, g.report_id",
    QueueState.DECIDED: "g.decided_at DESC, g.report_id DESC",
}
_AFTER = {
    QueueState.OPEN: "WHERE (-g.urgency, g.first_at, g.report_id) > (-:urgency, :moment, :after)",
    QueueState.DECIDED: "WHERE (g.decided_at, g.report_id) < (:moment, :after)",
}
_SAME = """(parent_review_id, child_review_id, decided_at) IS NOT DISTINCT FROM
  (SELECT (x.parent_review_id, x.child_review_id, x.decided_at) FROM review_reports x WHERE x.id = :report)"""
_COUNT = text(f"""
SELECT count(DISTINCT (coalesce(parent_review_id, child_review_id), decided_at)) FROM review_reports
WHERE message_id IS NULL AND {_WHICH[QueueState.OPEN]}
""")
_CONTEXT = text("""
SELECT r.*, coalesce(reply.body, '') AS reply FROM (
  SELECT 'parent' AS kind, id, booking_id, target_type, rating, comment, status FROM reviews_parent
  WHERE booking_id = :booking
  UNION ALL SELECT 'child', id, booking_id, target_type, rating, comment, status FROM reviews_child
  WHERE booking_id = :booking) r
LEFT JOIN review_replies reply ON coalesce(reply.parent_review_id, reply.child_review_id) = r.id
WHERE r.status <> 'deleted' ORDER BY r.target_type DESC, r.kind DESC
""")
_HISTORY = text("""
WITH own AS (SELECT id, status FROM reviews_parent WHERE author_user_id = :author
  UNION ALL SELECT id, status FROM reviews_child WHERE author_user_id = :author)
SELECT (SELECT count(*) FROM own) AS posted, (SELECT count(*) FROM own WHERE status = 'removed') AS removed,
  (SELECT count(DISTINCT own.id) FROM review_reports d JOIN own
    ON own.id = coalesce(d.parent_review_id, d.child_review_id) WHERE d.status = 'upheld') AS upheld,
  (SELECT count(DISTINCT own.id) FROM review_reports d JOIN own
    ON own.id = coalesce(d.parent_review_id, d.child_review_id) WHERE d.action = 'warn') AS warned,
  (SELECT reviews_suspended_until FROM users WHERE id = :author) AS until
""")
_REPORTERS = text("""
SELECT u.name, d.reason, d.comment, d.created_at,
  (SELECT count(*) FROM review_reports o WHERE o.reporter_user_id = u.id) AS made,
  (SELECT count(*) FROM review_reports o WHERE o.reporter_user_id = u.id AND o.status = 'upheld') AS upheld,
  (SELECT count(*) FROM review_reports o WHERE o.reporter_user_id = u.id AND o.status = 'dismissed')
    AS dismissed
FROM review_reports d JOIN users u ON u.id = d.reporter_user_id
WHERE coalesce(d.parent_review_id, d.child_review_id) = :review ORDER BY d.created_at
""")


async def queue(
    session: AsyncSession,
    actor: Actor,
    *,
    state: QueueState = QueueState.OPEN,
    cursor: str | None = None,
    limit: int = PAGE_DEFAULT,
) -> CasePage:
    """The desk: what waits by urgency and age, or what was decided, newest first.

    Raises: Unauthenticated, Forbidden, InvalidInput for a foreign cursor.
    """
    policies.require_admin(actor)
    values: dict[str, Any] = {"limit": limit + 1}
    scope = f"cases:{state}"
    if cursor:
        urgency, moment, after = cursors.decode(scope, cursor, (int, datetime, UUID))
        values |= {"moment": moment, "after": after}
        values |= {"urgency": urgency} if state is QueueState.OPEN else {}
    more = _AFTER[state] if cursor else ""
    statement = text(_CASES.format(which=_WHICH[state], more=more, order=_ORDERS[state]))
    connection = await session.connection()
    rows = (await connection.execute(statement, values)).all()
    cases = [_case(row) for row in rows[:limit]]
    last = cases[-1] if len(rows) > limit else None
    moment = (last.first_at if state is QueueState.OPEN else last.decided_at) if last else None
    return CasePage(
        items=cases,
        next_cursor=cursors.encode(scope, (int(last.urgency), moment, last.report_id)) if last else None,
        open_count=(await connection.execute(_COUNT)).scalar_one(),
    )


async def case(session: AsyncSession, actor: Actor, *, report_id: UUID) -> CaseDetail:
    """One case with what else was said of the lesson, and what is known of author and reporters.

    Raises: Unauthenticated, Forbidden, NotFound.
    """
    policies.require_admin(actor)
    found = await one(session, report_id)
    connection = await session.connection()
    context = await connection.execute(_CONTEXT, {"booking": found.booking_id})
    history = (await connection.execute(_HISTORY, {"author": found.author_id})).one()
    reporters = await connection.execute(_REPORTERS, {"review": found.review_id})
    return CaseDetail(
        case=found,
        context=[
            ContextReview(
                Kind(row.kind),
                ReviewTarget(row.target_type),
                row.rating,
                row.comment,
                ReviewStatus(row.status),
                row.reply,
            )
            for row in context
            if row.id != found.review_id or row.reply
        ],
        author=History(history.posted, history.removed, history.upheld, history.warned, history.until),
        reporters=[ReporterHistory(row[0], ReportReason(row[1]), *row[2:]) for row in reporters],
    )


async def one(session: AsyncSession, report_id: UUID) -> Case:
    """The case of a report; for services that have asked who it is.

    Raises: NotFound.
    """
    statement = text(_CASES.format(which=_SAME, more="", order="g.report_id"))
    values = {"report": report_id, "limit": 1}
    row = (await (await session.connection()).execute(statement, values)).one_or_none()
    if row is None:
        raise NotFound
    return _case(row)


def _case(row: Row[Any]) -> Case:
    reasons = [ReportReason(reason) for reason in row.reasons]
    return Case(
        report_id=row.report_id,
        kind=Kind.CHILD if row.child else Kind.PARENT,
        review_id=row.review_id,
        booking_id=row.booking_id,
        school=Named(row.school_id, row.school),
        target_type=ReviewTarget(row.target_type),
        target_name=row.target_name,
        author_id=row.author_user_id,
        author=row.author,
        rating=row.rating,
        comment=row.comment,
        status=ReviewStatus(row.status),
        held=row.held,
        findings=findings_of(row.hold_reason),
        urgency=Urgency(row.urgency),
        reasons={reason: reasons.count(reason) for reason in ReportReason if reason in reasons},
        comments=row.comments or [],
        reports=row.reports,
        first_at=row.first_at,
        decided_at=row.decided_at,
        action=ReportAction(row.action) if row.action else None,
        note=row.note,
        appeal=_appeal(row) if row.appeal_id else None,
    )


def _appeal(row: Row[Any]) -> AppealCase:
    return AppealCase(row.appeal_id, row.appeal_body, AppealStatus(row.appeal_status), row.appeal_at)
