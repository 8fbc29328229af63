"""Ratings, counts and scores of schools (G35, D20); a row of `schools_stats` stands while published."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.rules import (
    RANK_NEW_DAYS,
    RANK_POINTS_NEW,
    RANK_POINTS_PER_SEAT,
    RANK_SEATS_COUNTED,
    RATING_PRIOR_MEAN,
    RATING_PRIOR_WEIGHT,
)

_REFRESH = text("""
    SELECT refresh_school_stats(CAST(:ids AS uuid[]), :now, CAST(:mean AS numeric), CAST(:weight AS numeric),
      :seat_points, :seats, :new_points, :new_days)
""")


# Their rows are locked until the transaction ends, so a batch takes a fraction of a second.
BATCH = 1_000
_FOLLOWING = text("""
    SELECT school_id FROM schools_stats WHERE school_id > :after ORDER BY school_id LIMIT :limit
""")
_BEFORE_ALL = UUID(int=0)


async def following(session: AsyncSession, *, after: UUID | None) -> list[UUID]:
    """The next published schools in the order of their ids, as many as are refreshed at once."""
    values = {"after": after or _BEFORE_ALL, "limit": BATCH}
    return list((await (await session.connection()).execute(_FOLLOWING, values)).scalars())


async def refresh(session: AsyncSession, *, school_ids: Sequence[UUID] | None = None, now: datetime) -> int:
    """Recompute these published schools (all of them by default); how many rows changed.

    For events (a review, a like) and for the job; repeating it changes nothing. The rows stay locked until
    the transaction ends.
    """
    values = {
        "ids": None if school_ids is None else list(school_ids),
        "now": now,
        "mean": RATING_PRIOR_MEAN,
        "weight": RATING_PRIOR_WEIGHT,
        "seat_points": RANK_POINTS_PER_SEAT,
        "seats": RANK_SEATS_COUNTED,
        "new_points": RANK_POINTS_NEW,
        "new_days": RANK_NEW_DAYS,
    }
    return (await (await session.connection()).execute(_REFRESH, values)).scalar_one()
