"""Promises about reviews: posted, answered, decided, and the points they brought (domain.md §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.moderation import ReportAction, ReportReason
from naraigoto.services import driver
from naraigoto.services.notifications import UUID7, Facts, Kind, Loader, Side

_INTO = f"""
INSERT INTO outbox_messages (id, kind, dedupe_key, recipient_user_id, payload, status, run_at, created_at)
SELECT {UUID7}, %(kind)s, %(key)s || user_id, user_id, %(payload)s::jsonb || jsonb_build_object('side', side),
  'queued', %(now)s, %(now)s
FROM ("""
_ONCE = ") recipients ON CONFLICT (dedupe_key) DO NOTHING"
_GUARDIANS = """
  SELECT parent_user_id AS user_id, 'guardian' AS side FROM families WHERE id = %(family)s::uuid
  UNION SELECT user_id, 'guardian' FROM family_guardians WHERE family_id = %(family)s::uuid"""
_TELL_GUARDIANS = (_INTO + _GUARDIANS + _ONCE).encode()
_TELL_SCHOOL = (
    _INTO
    + """
  SELECT m.user_id, 'school' AS side FROM school_members m WHERE m.school_id = %(school)s::uuid"""
    + _ONCE
).encode()
_TELL_PERSON = (_INTO + "SELECT %(user)s::uuid AS user_id, 'account' AS side" + _ONCE).encode()


async def posted(
    session: AsyncSession, *, kind: str, review_id: UUID, school_id: UUID, now: datetime
) -> None:
    """Promise every member of the school to be told of a new public review."""
    values = {
        "kind": Kind.REVIEW_POSTED.value,
        "key": f"review_posted:{review_id}:",
        "school": str(school_id),
    }
    await _promise(session, _TELL_SCHOOL, values, {"voice": kind, "review_id": str(review_id)}, now)


async def replied(session: AsyncSession, *, reply_id: UUID, family_id: UUID, now: datetime) -> None:
    """Promise the family's guardians to be told that the school has answered."""
    values = {
        "kind": Kind.REVIEW_REPLIED.value,
        "key": f"review_replied:{reply_id}:",
        "family": str(family_id),
    }
    await _promise(session, _TELL_GUARDIANS, values, {"reply_id": str(reply_id)}, now)


async def decided(
    session: AsyncSession, *, report_id: UUID, family_id: UUID, reporter_id: UUID | None, now: datetime
) -> None:
    """Promise both to be told what was decided: the author's guardians, and who reported."""
    payload = {"report_id": str(report_id)}
    values = {"kind": Kind.REPORT_DECIDED.value, "key": f"report_decided:{report_id}:"}
    if reporter_id is not None:
        await _promise(session, _TELL_PERSON, values | {"user": str(reporter_id)}, payload, now)
    else:
        await _promise(session, _TELL_GUARDIANS, values | {"family": str(family_id)}, payload, now)


async def appealed(session: AsyncSession, *, appeal_id: UUID, family_id: UUID, now: datetime) -> None:
    """Promise the author's guardians to be told what became of the objection."""
    values = {
        "kind": Kind.APPEAL_DECIDED.value,
        "key": f"appeal_decided:{appeal_id}:",
        "family": str(family_id),
    }
    await _promise(session, _TELL_GUARDIANS, values, {"appeal_id": str(appeal_id)}, now)


async def earned(session: AsyncSession, *, source_key: str, family_id: UUID, now: datetime) -> None:
    """Promise the guardians to be told of points that came while they were not looking."""
    values = {"kind": Kind.POINTS_EARNED.value, "key": f"points:{source_key}:", "family": str(family_id)}
    await _promise(session, _TELL_GUARDIANS, values, {"source_key": source_key}, now)


async def _promise(
    session: AsyncSession, statement: bytes, values: dict[str, Any], payload: dict[str, Any], now: datetime
) -> None:
    await session.flush()
    await (await driver.connection(session)).execute(
        statement, values | {"payload": Jsonb(payload), "now": now}
    )


@dataclass(frozen=True, slots=True)
class ReviewPosted(Facts):
    """A new review, as it stands at the moment of sending."""

    school: str
    school_id: UUID
    child_voice: bool
    rating: int
    comment: str


@dataclass(frozen=True, slots=True)
class ReviewReplied(Facts):
    """The school's answer."""

    school: str
    lesson: str
    booking_id: UUID
    body: str


@dataclass(frozen=True, slots=True)
class ReportDecided(Facts):
    """What became of a report; `note` is for the author alone, `gone`: who has deleted the review."""

    school: str
    reason: ReportReason
    action: ReportAction
    upheld: bool
    note: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class AppealDecided(Facts):
    """The answer to an objection; `shown`: everybody can read the review now."""

    school: str
    granted: bool
    shown: bool
    note: str


@dataclass(frozen=True, slots=True)
class PointsEarned(Facts):
    """Points that a review brought."""

    points: int
    balance: int


_POSTED = """
SELECT u.email, h.name AS school, h.id AS school_id, r.rating, r.comment FROM reviews_{voice} r
JOIN schools h ON h.id = r.school_id JOIN school_members m ON m.school_id = h.id AND m.user_id = :recipient
JOIN users u ON u.id = m.user_id AND u.email IS NOT NULL AND u.deleted_at IS NULL
WHERE r.id = :review AND r.status = 'published'
"""
_STILL_GUARDIAN = """
JOIN families f ON f.id = {family} JOIN users u ON u.id = :recipient
  AND u.email IS NOT NULL AND u.deleted_at IS NULL AND (f.parent_user_id = u.id OR EXISTS (
    SELECT 1 FROM family_guardians g WHERE g.family_id = f.id AND g.user_id = u.id))
"""
_REPLIED = text(
    """SELECT u.email, h.name AS school, c.title, b.id AS booking_id, y.body FROM review_replies y
LEFT JOIN reviews_parent p ON p.id = y.parent_review_id LEFT JOIN reviews_child k ON k.id = y.child_review_id
JOIN bookings b ON b.id = coalesce(p.booking_id, k.booking_id) JOIN lesson_schedules s ON s.id = b.schedule_id
JOIN classes c ON c.id = s.class_id JOIN schools h ON h.id = y.school_id"""
    + _STILL_GUARDIAN.format(family="b.family_id")
    + "WHERE y.id = :reply AND coalesce(p.status, k.status) = 'published'"
)
_DECIDED = text(
    """SELECT u.email, h.name AS school, d.reason, d.action, d.status, d.note,
  coalesce(p.status, k.status) AS review FROM review_reports d
LEFT JOIN reviews_parent p ON p.id = d.parent_review_id LEFT JOIN reviews_child k ON k.id = d.child_review_id
JOIN schools h ON h.id = coalesce(p.school_id, k.school_id)
JOIN users u ON u.id = :recipient AND u.email IS NOT NULL AND u.deleted_at IS NULL
WHERE d.id = :report AND d.action IS NOT NULL"""
)
_APPEALED = text(
    """SELECT u.email, h.name AS school, a.status, a.note, coalesce(p.status, k.status) AS review
FROM review_appeals a
LEFT JOIN reviews_parent p ON p.id = a.parent_review_id LEFT JOIN reviews_child k ON k.id = a.child_review_id
JOIN schools h ON h.id = coalesce(p.school_id, k.school_id)"""
    + _STILL_GUARDIAN.format(family="coalesce(p.family_id, k.family_id)")
    + "WHERE a.id = :appeal AND a.status <> 'open'"
)
_EARNED = text(
    "SELECT u.email, t.delta,"
    " (SELECT sum(delta) FROM points_transactions x WHERE x.family_id = f.id)::int AS balance"
    " FROM points_transactions t "
    + _STILL_GUARDIAN.format(family="t.family_id")
    + """LEFT JOIN notification_settings n ON n.user_id = u.id
WHERE t.source_key = :key AND coalesce(n.points_notices, true)
  AND NOT EXISTS (SELECT 1 FROM points_transactions v WHERE v.source_key = 'revoke:' || t.source_key)"""
)


async def _one(session: AsyncSession, statement: Any, values: Mapping[str, Any]) -> Any:
    return (await (await session.connection()).execute(statement, values)).one_or_none()


async def _posted(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], _now: datetime
) -> ReviewPosted | None:
    child = payload["voice"] == "child"
    statement = text(_POSTED.format(voice="child" if child else "parent"))
    row = await _one(session, statement, {"recipient": recipient, "review": UUID(payload["review_id"])})
    if row is None:
        return None
    return ReviewPosted(Side.SCHOOL, row.email, row.school, row.school_id, child, row.rating, row.comment)


async def _replied(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], _now: datetime
) -> ReviewReplied | None:
    row = await _one(session, _REPLIED, {"recipient": recipient, "reply": UUID(payload["reply_id"])})
    if row is None:
        return None
    return ReviewReplied(Side.GUARDIAN, row.email, row.school, row.title, row.booking_id, row.body)


async def _decided(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], _now: datetime
) -> ReportDecided | None:
    row = await _one(session, _DECIDED, {"recipient": recipient, "report": UUID(payload["report_id"])})
    if row is None:
        return None
    side, action = Side(payload["side"]), ReportAction(row.action)
    return ReportDecided(
        side,
        row.email,
        row.school,
        ReportReason(row.reason),
        action,
        upheld=row.status == "upheld",
        note=row.note if side is Side.GUARDIAN else "",
        gone=row.review == "deleted",
    )


async def _appealed(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], _now: datetime
) -> AppealDecided | None:
    row = await _one(session, _APPEALED, {"recipient": recipient, "appeal": UUID(payload["appeal_id"])})
    if row is None:
        return None
    granted, shown = row.status == "granted", row.review == "published"
    return AppealDecided(Side.GUARDIAN, row.email, row.school, granted, shown, row.note)


async def _earned(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], _now: datetime
) -> PointsEarned | None:
    row = await _one(session, _EARNED, {"recipient": recipient, "key": payload["source_key"]})
    return None if row is None else PointsEarned(Side.GUARDIAN, row.email, row.delta, row.balance)


FACTS: Final[Mapping[Kind, Loader]] = {
    Kind.REVIEW_POSTED: _posted,
    Kind.REVIEW_REPLIED: _replied,
    Kind.REPORT_DECIDED: _decided,
    Kind.APPEAL_DECIDED: _appealed,
    Kind.POINTS_EARNED: _earned,
}
