"""Every night: delete what has expired."""

from datetime import datetime

from naraigoto.db import transaction
from naraigoto.services import housekeeping


async def run(now: datetime) -> int:
    """Answers how many rows went; running twice finds nothing the second time."""
    async with transaction() as session:
        return await housekeeping.purge(session, now=now)
