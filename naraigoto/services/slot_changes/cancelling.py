"""Cancelling a slot that families have booked (D6, R89)."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.errors import InvalidInput
from naraigoto.models.bookings import CancelKind
from naraigoto.rules import SLOT_CANCEL_REASON_MAX
from naraigoto.services import attendance, queue, slot_notices
from naraigoto.services.bookings.cancelling import settle
from naraigoto.services.slot_changes import holding
from naraigoto.services.slot_changes.holding import Outcome


async def cancel(
    session: AsyncSession, actor: Actor, *, schedule_id: UUID, reason: str = "", now: datetime
) -> Outcome:
    """Cancel a slot: every booking ends with its tickets returned, nobody waits, all are told (D6, R89).

    Cancelling it again changes nothing.

    Raises: Unauthenticated, Forbidden, NotFound, LessonBegun, InvalidInput for a reason that is too long.
    """
    slot = await holding.kept(session, actor, schedule_id, now, cancelled_too=True)
    if len(reason) > SLOT_CANCEL_REASON_MAX:
        raise InvalidInput(reason="too_long")
    if slot.cancelled_at is not None:
        return Outcome()
    booked = await holding.booked(session, schedule_id)
    await attendance.withdraw(session, actor, booked, now=now)
    for booking in booked:
        await settle(session, booking, kind=CancelKind.SCHOOL, by=actor.user_id, now=now)
    waiting = await queue.close_all(session, schedule_id)
    slot.cancelled_at, slot.cancel_reason = now, reason.strip()
    session.add_all((slot, holding.slot_line(schedule_id, "schedule.cancelled", actor, now)))
    await session.flush()
    await slot_notices.cancelled(session, schedule_id=schedule_id, closed=waiting, now=now)
    holding.announce(session, slot, booked)
    return Outcome(cancelled=len(booked), waiting=len(waiting))
