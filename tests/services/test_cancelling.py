"""Cancelling (D6): in time, in the grace, late, when ill, by an admin; where seat and tickets go; who may."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, errors
from naraigoto.actor import ANONYMOUS
from naraigoto.models.accounts import UserType
from naraigoto.models.base import new_id
from naraigoto.models.bookings import Booking, BookingStatus, CancelKind
from naraigoto.models.moderation import AuditLog
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.tickets import TicketBalance, TicketEntry
from naraigoto.services import bookings, outbox, tickets
from naraigoto.services.bookings import CancelReason
from naraigoto.texts.errors import refusal
from tests import factories as make
from tests.stage import Stage, set_stage

NOW = make.NOW
# The stage's slot is 11/27 10:00, so cancelling is free until 11/26 20:00.
TOO_LATE = datetime(2026, 11, 26, 20, 1, tzinfo=clock.JST)
START = datetime(2026, 11, 27, 10, 0, tzinfo=clock.JST)


async def cancel(stage: Stage, booking: bookings.BookingView, **over: Any) -> bookings.Cancelled:
    values: dict[str, Any] = {"booking_id": booking.id, "now": NOW + timedelta(days=1)} | over
    return await bookings.cancel(stage.session, values.pop("actor", stage.actor), **values)


async def seats(stage: Stage) -> int:
    await stage.session.refresh(stage.slot)
    return stage.slot.booked_count


async def test_in_time_the_seat_goes_free_and_the_ticket_comes_back(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    booking = await stage.book()

    done = await cancel(stage, booking, now=TOO_LATE - timedelta(minutes=1))

    assert (done.kind, done.refunded_tickets) == (CancelKind.IN_TIME, 1)
    assert (await seats(stage), await stage.tickets()) == (0, 4)
    stored = await session.get_one(Booking, booking.id)
    assert (stored.status, stored.cancel_kind) == (BookingStatus.CANCELLED, CancelKind.IN_TIME)
    assert stored.cancelled_by == stage.guardian.id


async def test_late_the_seat_goes_free_and_the_ticket_stays_used(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    booking = await stage.book()

    done = await cancel(stage, booking, now=TOO_LATE)

    assert (done.kind, done.refunded_tickets) == (CancelKind.LATE, 0)
    assert (await seats(stage), await stage.tickets()) == (0, 3)


@pytest.mark.parametrize(("minutes", "kind"), [(30, CancelKind.GRACE), (31, CancelKind.LATE)])
async def test_within_thirty_minutes_of_booking_cancelling_is_free(
    session: AsyncSession, minutes: int, kind: CancelKind
) -> None:
    stage = await set_stage(session, tickets=4)
    booking = await stage.book(now=TOO_LATE)

    done = await cancel(stage, booking, now=TOO_LATE + timedelta(minutes=minutes))

    assert done.kind is kind


async def test_once_in_thirty_days_illness_brings_the_ticket_back(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    first, second = await stage.book(), await stage.book(schedule_id=(await stage.another_slot(0 + 1)).id)

    done = await cancel(stage, first, reason=CancelReason.SICKNESS, now=TOO_LATE)

    assert (done.kind, done.refunded_tickets) == (CancelKind.COURTESY, 1)
    with pytest.raises(errors.CourtesyUsed) as refused:
        await cancel(stage, second, reason=CancelReason.SICKNESS, now=TOO_LATE + timedelta(days=1))
    assert refused.value.facts["again_at"] == TOO_LATE + timedelta(days=30)


async def test_a_sibling_has_a_courtesy_of_its_own(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    sibling = await make.make_child(session, stage.family, name="うみ")
    first, second = await stage.book(), await stage.book(child_id=sibling.id)

    await cancel(stage, first, reason=CancelReason.SICKNESS, now=TOO_LATE)
    done = await cancel(stage, second, reason=CancelReason.SICKNESS, now=TOO_LATE)

    assert done.kind is CancelKind.COURTESY


async def test_illness_in_time_uses_no_courtesy(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    booking = await stage.book()

    done = await cancel(stage, booking, reason=CancelReason.SICKNESS)

    assert done.kind is CancelKind.IN_TIME


async def test_an_admin_cancels_any_booking_and_the_ticket_comes_back(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    booking = await stage.book()
    admin = await make.actor_of(session, await make.make_user(session, UserType.ADMIN))

    done = await cancel(stage, booking, actor=admin, now=TOO_LATE)

    assert (done.kind, done.refunded_tickets) == (CancelKind.ADMIN, 1)


async def test_a_co_guardian_cancels_too(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking = await stage.book()
    father = await make.actor_of(session, await make.make_co_guardian(session, stage.family))

    await cancel(stage, booking, actor=father)

    assert (await session.get_one(Booking, booking.id)).cancelled_by == father.user_id


async def test_strangers_children_and_schools_cancel_nothing(session: AsyncSession) -> None:
    stage, outsider = await set_stage(session), await set_stage(session)
    booking = await stage.book()
    refusals = {
        ANONYMOUS: errors.Unauthenticated,
        outsider.actor: errors.NotFound,
        await make.actor_of(session, stage.child): errors.ParentApprovalRequired,
        await make.actor_of(session, stage.owner): errors.Forbidden,
    }

    for actor, expected in refusals.items():
        with pytest.raises(expected):
            await cancel(stage, booking, actor=actor)
    with pytest.raises(errors.NotFound):
        await bookings.cancel(session, stage.actor, booking_id=new_id(), now=NOW)
    assert await seats(stage) == 1


async def test_once_the_lesson_has_begun_nothing_is_cancelled(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking = await stage.book()

    with pytest.raises(errors.CancelDeadlinePassed):
        await cancel(stage, booking, now=START)


async def test_cancelling_twice_happens_once(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    booking = await stage.book()
    await cancel(stage, booking)

    with pytest.raises(errors.BookingNotActive):
        await cancel(stage, booking)

    assert (await seats(stage), await stage.tickets()) == (0, 4)


async def test_after_cancelling_the_slot_can_be_booked_again(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=1)
    await cancel(stage, await stage.book())

    assert (await stage.book()).status is BookingStatus.RESERVED


async def test_tickets_go_back_to_the_buckets_they_came_from(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=0, lesson={"ticket_cost": 3})
    older = await make.grant_tickets(session, stage.family, 1, month=date(2026, 10, 1))
    newer = await make.grant_tickets(session, stage.family, 5)
    booking = await stage.book()

    await cancel(stage, booking)

    await session.refresh(older)
    await session.refresh(newer)
    assert (older.balance, newer.balance) == (1, 5)


async def test_a_bucket_expired_meanwhile_is_replaced_by_the_current_month(session: AsyncSession) -> None:
    december = datetime(2026, 12, 5, 10, 0, tzinfo=clock.JST)
    stage = await set_stage(session, tickets=0, slot={"start_at": december})
    old = await make.grant_tickets(session, stage.family, 1, month=date(2026, 10, 1))
    booking = await stage.book()

    done = await cancel(stage, booking, now=december - timedelta(days=2))

    await session.refresh(old)
    current = (
        await session.exec(select(TicketBalance).where(col(TicketBalance.month) == date(2026, 12, 1)))
    ).one()
    assert (done.refunded_tickets, old.balance, current.balance) == (1, 0, 1)
    assert current.expires_on == date(2027, 1, 31)


async def test_a_refund_happens_once(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    booking = await stage.book()

    first = await tickets.refund_booking(session, booking_id=booking.id, now=NOW)
    second = await tickets.refund_booking(session, booking_id=booking.id, now=NOW)

    assert (first, second, await stage.tickets()) == (1, 0, 4)
    lines = select(func.sum(TicketEntry.delta)).where(TicketEntry.booking_id == booking.id)
    assert (await session.exec(lines)).one() == 0


async def told(session: AsyncSession, kind: str) -> dict[str, Any]:
    """What each recipient would read now, by side."""
    rows = (await session.exec(select(OutboxMessage).where(OutboxMessage.kind == kind))).all()
    found = {}
    for row in rows:
        message = outbox.Claimed(row.id, row.kind, row.dedupe_key, row.recipient_user_id, row.payload, 1)
        found[row.payload["side"]] = await outbox.facts_for(session, message, now=NOW)
    return found


async def test_guardian_and_school_are_told_and_the_confirmation_is_withdrawn(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    booking = await stage.book()

    await cancel(stage, booking)

    news = await told(session, "booking_cancelled")
    assert (news["guardian"].to, news["school"].to) == (stage.guardian.email, stage.owner.email)
    assert (news["guardian"].kind, news["guardian"].tickets, news["guardian"].used) == ("in_time", 1, 1)
    assert set((await told(session, "booking_confirmed")).values()) == {None}


async def test_a_cancellation_is_written_down_with_who_and_when(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking = await stage.book()

    await cancel(stage, booking)

    line = (await session.exec(select(AuditLog).where(AuditLog.thing_id == booking.id))).one()
    assert (line.action, line.actor_user_id) == ("booking.cancelled", stage.guardian.id)
    assert (line.facts, line.at) == ({"kind": "in_time"}, NOW + timedelta(days=1))


async def test_releasing_children_cancels_what_lies_before_them_and_nothing_else(
    session: AsyncSession,
) -> None:
    stage = await set_stage(session, tickets=4)
    sibling = await make.make_child(session, stage.family, name="うみ")
    soon, later = await stage.book(), await stage.book(schedule_id=(await stage.another_slot(3)).id)
    kept = await stage.book(child_id=sibling.id)
    past = await stage.another_slot(-6)
    over = await make.make_booking(session, past, stage.child, stage.family)

    count = await bookings.release_children(session, [stage.child.id], now=TOO_LATE)

    assert count == 2
    kinds = {row.id: row.cancel_kind for row in await session.exec(select(Booking))}
    assert (kinds[soon.id], kinds[later.id]) == (CancelKind.LATE, CancelKind.IN_TIME)
    assert kinds[kept.id] is kinds[over.id] is None
    assert await stage.tickets() == 2
    assert await bookings.release_children(session, [stage.child.id], now=TOO_LATE) == 0


async def test_a_booking_whose_attendance_is_recorded_is_not_cancelled(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking = await stage.book()
    stored = await session.get_one(Booking, booking.id)
    stored.status = BookingStatus.ATTENDED
    await stage.keep(stored)

    with pytest.raises(errors.BookingNotActive) as refused:
        await cancel(stage, booking, now=START - timedelta(minutes=5))

    assert "出欠が記録されている" in refusal(refused.value)
