"""Tickets and time: what expires, and the words before it does (D2, D16)."""

from datetime import datetime, timedelta
from typing import Final

from naraigoto.db import transaction
from naraigoto.services import money_notices, ticket_care

# Well beyond the job's own rhythm, so that nobody falls between two runs.
_LOOK_BACK: Final = timedelta(hours=6)


async def expire(now: datetime) -> int:
    """Every night: empty the buckets whose last day has passed; answers how many."""
    emptied = 0
    while True:
        async with transaction() as session:
            if not await ticket_care.overdue(session, now=now):
                return emptied
            emptied += await ticket_care.expire_due(session, now=now)


async def tell(now: datetime) -> int:
    """Every few minutes: promise a word of the last ticket and of tickets that expire in a week."""
    async with transaction() as session:
        low = await money_notices.promise_low(session, since=now - _LOOK_BACK, now=now)
        return low + await money_notices.promise_expiring(session, now=now)
