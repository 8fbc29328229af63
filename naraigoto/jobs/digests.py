"""Every Monday at 9:00: promise the mail of new slots in kept searches, once however often it runs (R122)."""

from datetime import datetime

from naraigoto.db import transaction
from naraigoto.services import digests


async def run(now: datetime) -> int:
    """The promises themselves are handled by the outbox, so nothing is counted here."""
    async with transaction() as session:
        await digests.promise(session, now=now)
    return 0
