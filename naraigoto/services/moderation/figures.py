"""Numbers for the public page on how reviews are looked after: counts only, nobody's words."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.errors import InvalidInput
from naraigoto.models.moderation import ReportReason
from naraigoto.rules import TRANSPARENCY_MONTHS

_NUMBERS = text("""
WITH said AS (SELECT created_at FROM reviews_parent UNION ALL SELECT created_at FROM reviews_child),
reported AS (SELECT * FROM review_reports WHERE message_id IS NULL
  AND created_at >= :start AND created_at < :end),
decided AS (SELECT * FROM review_reports WHERE message_id IS NULL
  AND decided_at >= :start AND decided_at < :end
  AND action IS NOT NULL),
appealed AS (SELECT * FROM review_appeals WHERE created_at >= :start AND created_at < :end)
SELECT (SELECT count(*) FROM said WHERE created_at >= :start AND created_at < :end) AS posted,
  (SELECT count(*) FROM reported WHERE reporter_user_id IS NULL) AS held,
  (SELECT count(*) FROM decided WHERE status = 'dismissed') AS dismissed,
  (SELECT count(*) FROM decided WHERE status = 'upheld') AS upheld,
  (SELECT count(DISTINCT coalesce(parent_review_id, child_review_id)) FROM decided
    WHERE action IN ('hide', 'warn')) AS hidden,
  (SELECT count(DISTINCT coalesce(parent_review_id, child_review_id)) FROM decided
    WHERE action IN ('remove', 'suspend')) AS removed,
  (SELECT count(*) FROM appealed) AS appeals,
  (SELECT count(*) FROM appealed WHERE status = 'granted') AS granted,
  (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - created_at) / 3600)
    FROM decided) AS hours
""")
_REASONS = text("""
SELECT reason, count(*) AS number FROM review_reports WHERE message_id IS NULL
  AND reporter_user_id IS NOT NULL
  AND created_at >= :start AND created_at < :end GROUP BY reason
""")


@dataclass(frozen=True, slots=True)
class Transparency:
    """One Japanese month in numbers; `median_hours` from a report to its decision."""

    month: date
    posted: int
    held: int
    reports: dict[ReportReason, int]
    dismissed: int
    upheld: int
    hidden: int
    removed: int
    appeals: int
    appeals_granted: int
    median_hours: float | None


def months(*, now: datetime) -> list[date]:
    """The months that can be read, newest first."""
    this = clock.month_of(now)
    return [clock.add_months(this, -back) for back in range(TRANSPARENCY_MONTHS)]


async def transparency(session: AsyncSession, *, month: date, now: datetime) -> Transparency:
    """The numbers of a month; public.

    Raises: InvalidInput for a month that is not offered.
    """
    if month not in months(now=now):
        raise InvalidInput(month="out_of_range")
    values = {"start": clock.jst_midnight(month), "end": clock.jst_midnight(clock.add_months(month, 1))}
    connection = await session.connection()
    row = (await connection.execute(_NUMBERS, values)).one()
    reasons = {
        ReportReason(found.reason): found.number for found in await connection.execute(_REASONS, values)
    }
    return Transparency(
        month=month,
        posted=row.posted,
        held=row.held,
        reports={reason: reasons.get(reason, 0) for reason in ReportReason},
        dismissed=row.dismissed,
        upheld=row.upheld,
        hidden=row.hidden,
        removed=row.removed,
        appeals=row.appeals,
        appeals_granted=row.granted,
        median_hours=None if row.hours is None else round(float(row.hours), 1),
    )
