"""Every ten minutes: ratings, counts and scores of the schools (G35, D20)."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.db import retrying
from naraigoto.services import stats


async def run(now: datetime) -> int:
    """Answers how many schools changed; running twice changes nothing the second time.

    Some schools in each transaction: whoever publishes or hides a review of one waits for those at most.
    """
    changed, after = 0, None

    async def some(session: AsyncSession) -> tuple[int, UUID | None]:
        ids = await stats.following(session, after=after)
        return await stats.refresh(session, school_ids=ids, now=now), ids[-1] if ids else None

    while True:
        number, after = await retrying(some)
        changed += number
        if after is None:
            return changed
