"""Every ten minutes: ratings, counts and scores of the schools (G35, D20)."""

from datetime import datetime
from typing import Final

from sqlalchemy import text

from naraigoto.db import transaction
from naraigoto.services import stats

# Nobody waits for it, so it may take longer than a request.
_PATIENCE: Final = text("SET LOCAL statement_timeout = '5min'")


async def run(now: datetime) -> int:
    """Answers how many schools changed; running twice changes nothing the second time."""
    async with transaction() as session:
        await (await session.connection()).execute(_PATIENCE)
        return await stats.refresh(session, now=now)
