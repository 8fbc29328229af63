"""Every few seconds: offers that lapsed, families booked unasked, tickets of seats taken again (D6, D7)."""

from datetime import datetime

import structlog

from naraigoto.db import retrying, transaction
from naraigoto.errors import DomainError, Unavailable
from naraigoto.services import bookings, waitlist

log = structlog.get_logger()


async def run(now: datetime) -> int:
    """Each seat in a transaction of its own, so that one that fails stops no other."""
    return await _lapse(now) + await _book(now) + await _refund(now) + await _close(now)


async def _lapse(now: datetime) -> int:
    async with transaction() as session:
        due = await waitlist.lapsed(session, now=now)
    passed = [
        await retrying(lambda session, entry=entry: waitlist.lapse(session, entry_id=entry, now=now))
        for entry in due
    ]
    return sum(passed)


async def _book(now: datetime) -> int:
    async with transaction() as session:
        due = await waitlist.to_book(session, now=now)
    booked = 0
    for entry in due:
        try:
            booked += await retrying(
                lambda session, entry=entry: waitlist.book_unasked(session, entry_id=entry, now=now)
            )
        except Unavailable:
            raise
        except DomainError as refusal:
            log.info("waitlist.not_booked_unasked", entry_id=str(entry), code=refusal.code)
            await retrying(
                lambda session, entry=entry: waitlist.ask_instead(session, entry_id=entry, now=now)
            )
    return booked


async def _refund(now: datetime) -> int:
    async with transaction() as session:
        due = await waitlist.refilled(session)
    returned = [
        await retrying(
            lambda session, number=number: bookings.refund_refilled(session, booking_id=number, now=now)
        )
        for number in due
    ]
    return sum(count > 0 for count in returned)


async def _close(now: datetime) -> int:
    async with transaction() as session:
        return await waitlist.close_over(session, now=now)
