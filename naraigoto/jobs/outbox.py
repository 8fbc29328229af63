"""Send what was promised: claim, ask whether it is still true, render, send, mark (domain.md §4).

At least once: a crash between sending and marking sends the same mail again, with the same Message-ID.
"""

import asyncio
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

import structlog

from naraigoto import failures
from naraigoto.adapters.mail import Mail, Mailer, MailRejected, MailUnavailable
from naraigoto.db import transaction
from naraigoto.errors import DomainError
from naraigoto.services import outbox
from naraigoto.services.digests import SavedSearchDigest
from naraigoto.services.notifications import Facts
from naraigoto.services.outbox import Claimed
from naraigoto.settings import get_settings
from naraigoto.texts import mails

# Sent side by side; a slow mail server is given up well before the lease ends.
_BATCH = 5
_PATIENCE_SECONDS = 20

log = structlog.get_logger()


async def drain(mailer: Mailer, now: datetime) -> int:
    """Handle everything that is due; answers how many messages were handled."""
    started, handled = time.monotonic(), 0
    while True:
        at = now + timedelta(seconds=time.monotonic() - started)
        async with transaction() as session:
            batch = await outbox.claim(session, limit=_BATCH, now=at)
        if not batch:
            return handled
        results = await asyncio.gather(
            *(_handle(message, mailer, at) for message in batch), return_exceptions=True
        )
        handled += len(batch)
        for failure in results:
            if failure is not None:
                raise failure


async def _handle(message: Claimed, mailer: Mailer, now: datetime) -> None:
    """Bring one claimed message to its next state."""
    try:
        async with transaction() as session:
            facts = await outbox.facts_for(session, message, now=now)
        if facts is not None:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await mailer.send(_mail(message, facts, now))
    except MailRejected as rejected:
        log.error("outbox.rejected", message_id=str(message.id), kind=message.kind, reason=str(rejected))
        async with transaction() as session:
            await outbox.bury(session, message, reason=f"MailRejected: {rejected}")
    except Exception as failure:
        reason = _reason(failure)
        expected = isinstance(failure, MailUnavailable | TimeoutError | DomainError)
        told = {"reason": reason} if expected else failures.about(failure)
        log.warning("outbox.failed", message_id=str(message.id), kind=message.kind, **told)
        async with transaction() as session:
            await outbox.mark_failed(session, message, reason=reason, now=now)
    else:
        async with transaction() as session:
            if facts is None:
                await outbox.withdraw(session, message)
            else:
                await outbox.mark_sent(session, message, now=now)
        event = "outbox.withdrawn" if facts is None else "outbox.sent"
        log.info(event, message_id=str(message.id), kind=message.kind)


def _mail(message: Claimed, facts: Facts, now: datetime) -> Mail:
    public_url = get_settings().public_url
    words = mails.render(message.kind, facts.side, asdict(facts), public_url=public_url, now=now)
    headers = {"Auto-Submitted": "auto-generated"}
    if isinstance(facts, SavedSearchDigest):  # nobody needs it, so one click stops it (RFC 8058)
        headers |= {
            "List-Unsubscribe": f"<{public_url}/unsubscribe/{facts.stop_key}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    number = sha256(message.dedupe_key.encode()).hexdigest()[:40]
    return Mail(
        to=facts.to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        message_id=f"<{number}@{urlsplit(public_url).hostname}>",
        at=now,
        headers=headers,
        calendar=words.calendar,
    )


def _reason(failure: Exception) -> str:
    """For admins: the kind of failure. Foreign texts could name a person, so only adapters are quoted."""
    name = type(failure).__name__
    return f"{name}: {failure}" if isinstance(failure, MailUnavailable) else name
