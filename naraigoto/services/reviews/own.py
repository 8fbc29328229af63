"""The family's own reviews with names and what became of them; the screen to write on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.models.reviews import AppealStatus, HiddenFor, ReviewStatus, ReviewTarget
from naraigoto.rules import APPEAL_WITHIN, PAGE_DEFAULT, POINTS_REVIEW, REVIEW_EDITABLE, REVIEW_WINDOW
from naraigoto.services import cursors, points
from naraigoto.services.names import Named
from naraigoto.services.reviews import facts, publishing
from naraigoto.services.reviews.reading import reply_of
from naraigoto.services.reviews.views import (
    DueReview,
    Kind,
    OwnBooking,
    OwnPage,
    OwnReview,
    Sheet,
    SheetTarget,
    findings_of,
)

_VOICE = """
SELECT '{kind}' AS kind, r.id, r.booking_id, r.author_user_id, r.rating, r.comment, r.target_type,
  r.target_id, r.status, r.hidden_for, r.hold_reason, r.created_at, r.edited_at, u.name AS author,
  coalesce(i.name, h.name) AS target_name, reply.body, reply.created_at AS replied_at,
  reply.edited_at AS reply_edited_at, appeal.status AS appeal, appeal.note AS appeal_note,
  decision.note, decision.decided_at,
  EXISTS (SELECT 1 FROM review_reports o WHERE o.{kind}_review_id = r.id AND o.status = 'open') AS waiting
FROM reviews_{kind} r JOIN users u ON u.id = r.author_user_id JOIN schools h ON h.id = r.school_id
LEFT JOIN instructors i ON i.id = r.target_id AND r.target_type = 'instructor'
LEFT JOIN review_replies reply ON reply.{kind}_review_id = r.id
LEFT JOIN LATERAL (SELECT note, decided_at FROM review_reports d WHERE d.{kind}_review_id = r.id
  AND d.status = 'upheld' ORDER BY decided_at DESC LIMIT 1) decision ON true
LEFT JOIN review_appeals appeal ON appeal.{kind}_review_id = r.id AND appeal.decision_at = decision.decided_at
WHERE r.family_id = :family AND r.status <> 'deleted' AND r.booking_id = ANY (CAST(:bookings AS uuid[]))
"""
_OF = text(
    " UNION ALL ".join(_VOICE.format(kind=kind) for kind in (Kind.PARENT, Kind.CHILD))
    + " ORDER BY created_at"
)
_LESSONS = """
WITH spoken AS (
  SELECT booking_id FROM reviews_parent WHERE family_id = :family AND status <> 'deleted'
  UNION SELECT booking_id FROM reviews_child WHERE family_id = :family AND status <> 'deleted'
)
SELECT b.id, u.name AS child, s.school_id, h.name AS school, c.title, s.start_at
FROM spoken JOIN bookings b ON b.id = spoken.booking_id JOIN lesson_schedules s ON s.id = b.schedule_id
JOIN classes c ON c.id = s.class_id JOIN schools h ON h.id = s.school_id JOIN users u ON u.id = b.user_id
WHERE (CAST(:child AS uuid) IS NULL OR b.user_id = :child) {older}
ORDER BY s.start_at DESC, b.id DESC LIMIT :limit
"""
_DUE = """ AND b.status = 'attended' AND coalesce(a.recorded_at, s.end_at) >= :since
  AND NOT EXISTS (SELECT 1 FROM reviews_{kind} r WHERE r.booking_id = b.id AND r.target_type = 'school')
ORDER BY s.start_at DESC, b.id LIMIT 20"""

_SPENT = "SELECT target_type FROM reviews_{kind} WHERE booking_id = :booking AND status = 'deleted'"


async def one(session: AsyncSession, actor: Actor, review: publishing.Review, *, now: datetime) -> OwnReview:
    """A review as its family sees it; for services that have asked who it is."""
    found = await _reviews(session, actor, review.family_id, [review.booking_id], now)
    return next(each for each in found if each.id == review.id)


async def of_booking(
    session: AsyncSession, actor: Actor, *, booking_id: UUID, now: datetime
) -> list[OwnReview]:
    """Both voices of one's own family on a lesson.

    Raises: Unauthenticated, FamilyNeeded, Forbidden, NotFound for another family's (a sibling's for a child).
    """
    family_id, child_id = policies.require_bookings(actor)
    await facts.facts_of(session, booking_id, family_id, child_id)
    return await _reviews(session, actor, family_id, [booking_id], now)


async def of_family(
    session: AsyncSession,
    actor: Actor,
    *,
    now: datetime,
    cursor: str | None = None,
    limit: int = PAGE_DEFAULT,
) -> OwnPage:
    """The lessons of which the family (a child: itself) has spoken, newest first, both voices side by side.

    Raises: Unauthenticated, FamilyNeeded, Forbidden, InvalidInput for a foreign cursor.
    """
    family_id, child_id = policies.require_bookings(actor)
    values: dict[str, Any] = {"family": family_id, "child": child_id, "limit": limit + 1}
    scope = f"own_reviews:{family_id}:{child_id}"
    if cursor:
        values["moment"], values["after"] = cursors.decode(scope, cursor, (datetime, UUID))
    older = "AND (s.start_at, b.id) < (:moment, :after)" if cursor else ""
    rows = (await (await session.connection()).execute(text(_LESSONS.format(older=older)), values)).all()
    said = await _reviews(session, actor, family_id, [row.id for row in rows[:limit]], now)
    items = [
        OwnBooking(
            booking_id=row.id,
            child=row.child,
            school=Named(row.school_id, row.school),
            lesson=row.title,
            start_at=row.start_at,
            reviews=[review for review in said if review.booking_id == row.id],
        )
        for row in rows[:limit]
    ]
    last = items[-1] if len(rows) > limit else None
    return OwnPage(items, cursors.encode(scope, (last.start_at, last.booking_id)) if last else None)


async def due(session: AsyncSession, actor: Actor, *, now: datetime) -> list[DueReview]:
    """Attended lessons of which this voice has not spoken yet and still may, newest first.

    Raises: Unauthenticated, FamilyNeeded, Forbidden for people without a family.
    """
    family_id, child_id = policies.require_bookings(actor)
    kind = Kind.PARENT if child_id is None else Kind.CHILD
    values = {"family": family_id, "child": child_id, "since": now - REVIEW_WINDOW}
    statement = text(facts.FACTS + _DUE.format(kind=kind.value))
    return [
        DueReview(
            booking_id=row.id,
            child=row.child,
            school=row.school,
            school_kana=row.school_kana,
            lesson=row.title,
            start_at=row.start_at,
            closes_at=row.confirmed_at + REVIEW_WINDOW,
        )
        for row in await (await session.connection()).execute(statement, values)
        if not row.own_school
    ]


async def sheet(session: AsyncSession, actor: Actor, *, booking_id: UUID, now: datetime) -> Sheet:
    """What can be written about a lesson, what is written already, and what it would earn.

    Raises: Unauthenticated, FamilyNeeded, Forbidden, NotFound, BookingNotActive, NotAttendedYet, NotAttended,
        OwnSchool.
    """
    family_id, child_id = policies.require_bookings(actor)
    kind = Kind.PARENT if child_id is None else Kind.CHILD
    lesson = await facts.facts_of(session, booking_id, family_id, child_id)
    facts.refuse(lesson)
    return Sheet(
        booking_id=booking_id,
        kind=kind,
        child=lesson.child,
        school=Named(lesson.school_id, lesson.school),
        school_kana=lesson.school_kana,
        instructor=Named(lesson.instructor_id, lesson.instructor) if lesson.instructor_id else None,
        lesson=lesson.title,
        start_at=lesson.start_at,
        end_at=lesson.end_at,
        closes_at=lesson.confirmed_at + REVIEW_WINDOW,
        targets=await _targets(session, actor, kind, lesson, now),
    )


async def _targets(
    session: AsyncSession, actor: Actor, kind: Kind, lesson: Row[Any], now: datetime
) -> list[SheetTarget]:
    found = await _reviews(session, actor, lesson.family_id, [lesson.id], now)
    said = {review.target_type: review for review in found if review.kind is kind}
    statement = text(_SPENT.format(kind=kind.value))
    spent = set((await (await session.connection()).execute(statement, {"booking": lesson.id})).scalars())
    targets = [(ReviewTarget.SCHOOL, lesson.school_id, lesson.school)]
    if lesson.instructor_id is not None:
        targets.append((ReviewTarget.INSTRUCTOR, lesson.instructor_id, lesson.instructor))
    left = await points.would_earn(session, lesson.family_id, sum(POINTS_REVIEW.values()), now=now)
    offered = []
    for target, number, name in targets:
        written = said.get(target)
        free = written is None and target not in spent and now <= lesson.confirmed_at + REVIEW_WINDOW
        changeable = written is not None and written.editable_until is not None
        earns = min(POINTS_REVIEW[target], left) if free else 0
        left -= earns
        offered.append(
            SheetTarget(target, number, name, earns, written, open=free or changeable, spent=target in spent)
        )
    return offered


async def _reviews(
    session: AsyncSession, actor: Actor, family_id: UUID, booking_ids: Iterable[UUID], now: datetime
) -> list[OwnReview]:
    rows = await (await session.connection()).execute(
        _OF, {"family": family_id, "bookings": list(booking_ids)}
    )
    return [_own(row, actor, now) for row in rows]


def _own(row: Row[Any], actor: Actor, now: datetime) -> OwnReview:
    status, hidden_for = ReviewStatus(row.status), HiddenFor(row.hidden_for) if row.hidden_for else None
    kind, mine, decided = Kind(row.kind), row.author_user_id == actor.user_id, _decided(status, hidden_for)
    ours = policies.speaks_for(actor, row.author_user_id, child=kind is Kind.CHILD)
    # What new reports hide has not been decided yet, whatever an older decision was.
    waiting = decided and row.waiting
    decided_at = row.decided_at if decided and not waiting else None
    until = row.created_at + REVIEW_EDITABLE
    editable = mine and not decided and row.body is None and now <= until
    late = decided_at is None or decided_at + APPEAL_WITHIN < now
    return OwnReview(
        id=row.id,
        kind=kind,
        booking_id=row.booking_id,
        author=row.author,
        mine=mine,
        rating=row.rating,
        comment=row.comment,
        target_type=ReviewTarget(row.target_type),
        target_id=row.target_id,
        target_name=row.target_name,
        status=status,
        hidden_for=hidden_for,
        findings=findings_of(row.hold_reason),
        created_at=row.created_at,
        edited_at=row.edited_at,
        editable_until=until if editable else None,
        reply=reply_of(row),
        can_appeal=ours and row.appeal is None and not late,
        appeal=AppealStatus(row.appeal) if row.appeal and not waiting else None,
        appeal_note=row.appeal_note or "",
        decided_at=decided_at,
        note=row.note if decided_at else "",
    )


def _decided(status: ReviewStatus, hidden_for: HiddenFor | None) -> bool:
    return status is ReviewStatus.REMOVED or hidden_for is HiddenFor.REPORTS
