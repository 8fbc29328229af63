"""The jobs as a process of their own (`python -m naraigoto worker`)."""

import asyncio
import signal

from naraigoto.adapters.mail import Mailer
from naraigoto.jobs.ticker import ticker


async def run(mailer: Mailer) -> None:
    """Tick until SIGINT or SIGTERM; the database must be open (naraigoto.db)."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with ticker(mailer):
        await stopped.wait()
