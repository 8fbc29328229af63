"""Promises to tell people are made with the booking, once, and only to those it concerns."""

from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.base import new_id
from naraigoto.models.notifications import OutboxMessage, OutboxStatus
from naraigoto.models.schools import SchoolMember, SchoolRole
from naraigoto.services import notifications
from tests import factories as make


async def promised(session: AsyncSession) -> dict:
    """Side by recipient."""
    rows = (await session.exec(select(OutboxMessage))).all()
    return {row.recipient_user_id: row.payload["side"] for row in rows}


async def test_every_guardian_and_every_member_of_the_school_is_promised_a_confirmation(
    session: AsyncSession, now: datetime
) -> None:
    booked = await make.make_booked(session)
    father = await make.make_co_guardian(session, booked.family)
    staff = await make.make_user(session)
    session.add(SchoolMember(school_id=booked.school.id, user_id=staff.id, role=SchoolRole.STAFF))
    await session.flush()

    await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)

    assert await promised(session) == {
        booked.family.parent_user_id: "guardian",
        father.id: "guardian",
        booked.owner.id: "school",
        staff.id: "school",
    }


async def test_a_promise_holds_ids_only_and_is_due_at_once(session: AsyncSession, now: datetime) -> None:
    booked = await make.make_booked(session)

    await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)

    rows = (await session.exec(select(OutboxMessage))).all()
    row = next(row for row in rows if row.recipient_user_id == booked.owner.id)
    assert row.payload == {"booking_id": str(booked.booking.id), "side": "school"}
    assert row.dedupe_key == f"booking:{booked.booking.id}:confirmed:{booked.owner.id}"
    assert (row.status, row.run_at, row.attempts) == (OutboxStatus.QUEUED, now, 0)
    assert row.id.version == 7
    assert row.id.int >> 80 == int(now.timestamp() * 1000)


async def test_promising_twice_promises_once(session: AsyncSession, now: datetime) -> None:
    booked = await make.make_booked(session)

    await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)
    await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)

    assert len((await session.exec(select(OutboxMessage))).all()) == 2


async def test_a_guardian_who_runs_the_school_gets_one_mail_as_guardian(
    session: AsyncSession, now: datetime
) -> None:
    guardian = await make.make_user(session)
    booked = await make.make_booked(session, guardian=guardian, owner=guardian)

    await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)

    assert await promised(session) == {guardian.id: "guardian"}


async def test_a_rolled_back_booking_promises_nothing(session: AsyncSession, now: datetime) -> None:
    booked = await make.make_booked(session)

    async with session.begin_nested() as inner:
        await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)
        await inner.rollback()

    assert await promised(session) == {}


async def test_an_unknown_booking_promises_nothing(session: AsyncSession, now: datetime) -> None:
    await notifications.booking_confirmed(session, booking_id=new_id(), now=now)

    assert await promised(session) == {}
