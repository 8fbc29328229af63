"""Every night: what was personal of accounts closed 30 days ago goes for good (D17)."""

from datetime import datetime

from naraigoto.db import transaction
from naraigoto.services import privacy
from naraigoto.texts import exports as texts

_BATCH = 100


async def run(now: datetime) -> int:
    """Answers how many people were forgotten; running twice finds nobody the second time."""
    erased = await _forget_people(now)
    async with transaction() as session:
        await privacy.erase_decided(session)
    return erased


async def _forget_people(now: datetime) -> int:
    erased = 0
    while True:
        async with transaction() as session:
            waiting = await privacy.due(session, limit=_BATCH, now=now)
        if not waiting:
            return erased
        for user_id in waiting:
            async with transaction() as session:
                erased += await privacy.erase(session, user_id, name=texts.ERASED_NAME, now=now)
