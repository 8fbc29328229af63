"""Every night: a new signing key when the last one has served its time, and none that nothing needs."""

import asyncio
from datetime import datetime

from naraigoto.adapters.identity.keys import local_keys


async def run(now: datetime) -> int:
    """Answers how many keys came or went; running twice finds nothing the second time."""
    return await asyncio.to_thread(_tend, now)


def _tend(now: datetime) -> int:
    keys = local_keys()
    return int(keys.rotate_when_due(now)) + keys.forget(now)
