"""Every job, by name: what it does and when it runs. All of them are safe to run twice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from naraigoto.adapters.mail import Mailer
from naraigoto.clock import JST
from naraigoto.jobs import (
    digests,
    erase,
    housekeeping,
    keys,
    outbox,
    reconcile,
    stats,
    tickets,
    waitlist,
    webhooks,
)
from naraigoto.texts import operations as texts

# A booking's mail leaves within this time.
OUTBOX_EVERY: Final = timedelta(seconds=2)
# A lapsed offer is passed on, and a family that need not be asked is booked, within this time.
WAITLIST_EVERY: Final = timedelta(seconds=20)
# Whoever comes back from paying waits for this.
WEBHOOKS_EVERY: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Job:
    """`run(now)` does the work that is due at `now` and answers how many things it handled."""

    name: str
    description: str
    trigger: BaseTrigger
    run: Callable[[datetime], Awaitable[int]]


def jobs(mailer: Mailer) -> dict[str, Job]:
    """All jobs, with the tools they need."""
    every = (
        Job("outbox", texts.JOB_OUTBOX, _every(OUTBOX_EVERY), partial(outbox.drain, mailer)),
        Job("waitlist", texts.JOB_WAITLIST, _every(WAITLIST_EVERY), waitlist.run),
        Job("webhooks", texts.JOB_WEBHOOKS, _every(WEBHOOKS_EVERY), webhooks.run),
        Job("ticket_expiry", texts.JOB_TICKET_EXPIRY, _daily(0, 5), tickets.expire),
        Job("ticket_notices", texts.JOB_TICKET_NOTICES, _every(timedelta(minutes=5)), tickets.tell),
        Job("reconcile", texts.JOB_RECONCILE, _daily(4, 10), reconcile.run),
        Job("stats", texts.JOB_STATS, CronTrigger(minute="*/10", timezone=JST), stats.run),
        Job("keys", texts.JOB_KEYS, _daily(3, 10), keys.run),
        Job(
            "digests",
            texts.JOB_DIGESTS,
            CronTrigger(day_of_week="mon", hour=9, minute=0, timezone=JST),
            digests.run,
        ),
        Job("housekeeping", texts.JOB_HOUSEKEEPING, _daily(3, 30), housekeeping.run),
        Job("erase", texts.JOB_ERASE, _daily(4, 0), erase.run),
    )
    return {job.name: job for job in every}


def _every(span: timedelta) -> BaseTrigger:
    return IntervalTrigger(seconds=int(span.total_seconds()), timezone=JST)


def _daily(hour: int, minute: int) -> BaseTrigger:
    return CronTrigger(hour=hour, minute=minute, timezone=JST)
