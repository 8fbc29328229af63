"""Many at once on committed data: nobody sits on a seat that is not there, no ticket is lost (R38, R39)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import db, errors
from naraigoto.actor import Actor
from naraigoto.services import bookings, idempotency
from tests import factories as make
from tests.conftest import Committed
from tests.stage import Stage, set_stage

_SEATS = text("""
SELECT count(*) FROM lesson_schedules s WHERE booked_count > capacity OR booked_count <>
  (SELECT count(*) FROM bookings b WHERE b.schedule_id = s.id AND b.status <> 'cancelled')
""")
_LEDGER = text("""
SELECT count(*) FROM ticket_balances k WHERE balance < 0 OR balance <>
  (SELECT coalesce(sum(delta), 0) FROM ticket_entries e WHERE e.balance_id = k.id)
""")
_SPENT = text("SELECT coalesce(-sum(delta), 0) FROM ticket_entries WHERE reason = 'spend'")
_PAID = text("SELECT coalesce(sum(consumed_tickets), 0) FROM bookings WHERE status <> 'cancelled'")
_PROMISES = text(
    "SELECT count(DISTINCT payload ->> 'booking_id') FROM outbox_messages WHERE kind = 'booking_confirmed'"
)


@dataclass(frozen=True)
class Family:
    """Who asks, and for whom."""

    actor: Actor
    child_id: UUID


async def race(tries: list[Callable[[AsyncSession], Awaitable[Any]]]) -> Counter[str]:
    """All at once, each in its own transaction with its own retries; how often each answer came."""

    async def one(work: Callable[[AsyncSession], Awaitable[Any]]) -> str:
        try:
            await db.retrying(work)
        except errors.DomainError as refusal:
            return type(refusal).__name__
        return "booked"

    return Counter(await asyncio.gather(*[one(work) for work in tries]))


def booking(family: Family, schedule_id: UUID) -> Callable[[AsyncSession], Awaitable[Any]]:
    return lambda session: bookings.book(
        session, family.actor, schedule_id=schedule_id, child_id=family.child_id, now=make.NOW
    )


async def assert_books_balance(committed: Committed, *, booked: int) -> None:
    """Seats, tickets and promises agree with the bookings that exist."""
    async with committed() as session:
        connection = await session.connection()
        assert (await connection.execute(_SEATS)).scalar_one() == 0
        assert (await connection.execute(_LEDGER)).scalar_one() == 0
        paid = (await connection.execute(_PAID)).scalar_one()
        assert (await connection.execute(_SPENT)).scalar_one() == paid
        assert (await connection.execute(text("SELECT count(*) FROM bookings"))).scalar_one() == booked
        assert (await connection.execute(_PROMISES)).scalar_one() == booked


async def prepared(committed: Committed, **over: Any) -> Stage:
    async with committed() as session:
        return await set_stage(session, **over)


async def test_thirty_families_want_the_last_seat(committed: Committed) -> None:
    stage = await prepared(committed, slot={"capacity": 5, "booked_count": 0})
    families = []
    async with committed() as session:
        for _ in range(30):
            family = await make.make_family(session)
            child = await make.make_child(session, family)
            await make.grant_tickets(session, family, 1)
            guardian = await session.get_one(make.User, family.parent_user_id)
            families.append(Family(await make.actor_of(session, guardian), child.id))

    answers = await race([booking(family, stage.slot.id) for family in families])

    assert answers == {"booked": 5, "ScheduleFull": 25}
    await assert_books_balance(committed, booked=5)


async def test_ten_requests_want_the_last_ticket(committed: Committed) -> None:
    stage = await prepared(committed, tickets=1)
    async with committed() as session:
        slots = [await replace(stage, session=session).another_slot(day + 1) for day in range(10)]
    family = Family(stage.actor, stage.child.id)

    answers = await race([booking(family, slot.id) for slot in slots])

    assert answers == {"booked": 1, "TicketsShort": 9}
    await assert_books_balance(committed, booked=1)


async def test_one_child_is_booked_into_two_slots_of_the_same_hour(committed: Committed) -> None:
    stage = await prepared(committed, tickets=4)
    async with committed() as session:
        start_at = stage.slot.start_at + timedelta(minutes=20)
        other = await make.make_schedule(session, stage.lesson, start_at=start_at)
    family = Family(stage.actor, stage.child.id)

    answers = await race([booking(family, stage.slot.id), booking(family, other.id)])

    assert answers == {"booked": 1, "ScheduleOverlap": 1}
    await assert_books_balance(committed, booked=1)


async def test_one_child_is_booked_into_one_slot_ten_times(committed: Committed) -> None:
    stage = await prepared(committed, tickets=10)

    answers = await race([booking(Family(stage.actor, stage.child.id), stage.slot.id)] * 10)

    assert answers == {"booked": 1, "AlreadyBooked": 9}
    await assert_books_balance(committed, booked=1)


async def test_siblings_book_the_last_seats_with_the_last_tickets(committed: Committed) -> None:
    stage = await prepared(committed, tickets=2, slot={"capacity": 3})
    async with committed() as session:
        children = [stage.child, *[await make.make_child(session, stage.family) for _ in range(4)]]

    answers = await race([booking(Family(stage.actor, child.id), stage.slot.id) for child in children])

    assert answers == {"booked": 2, "TicketsShort": 3}
    await assert_books_balance(committed, booked=2)


async def test_fifteen_bookings_at_once_stop_at_the_limit_of_ten(committed: Committed) -> None:
    stage = await prepared(committed, tickets=20)
    async with committed() as session:
        slots = [await replace(stage, session=session).another_slot(day + 1) for day in range(15)]

    answers = await race([booking(Family(stage.actor, stage.child.id), slot.id) for slot in slots])

    assert answers == {"booked": 10, "TooManyBookings": 5}
    await assert_books_balance(committed, booked=10)


async def test_ten_times_the_same_key_books_once_and_answers_alike(committed: Committed) -> None:
    stage = await prepared(committed, tickets=10)
    answers: list[dict[str, Any]] = []

    async def repeated(session: AsyncSession) -> None:
        async def work() -> dict[str, Any]:
            made = await booking(Family(stage.actor, stage.child.id), stage.slot.id)(session)
            return {"id": str(made.id)}

        answer = await idempotency.once(
            session,
            stage.actor,
            key="one-click",
            scope="POST /bookings",
            body_hash=idempotency.fingerprint({"schedule_id": str(stage.slot.id)}),
            work=work,
            now=make.NOW,
        )
        answers.append(answer)

    assert await race([repeated] * 10) == {"booked": 10}

    assert len({answer["id"] for answer in answers}) == 1
    await assert_books_balance(committed, booked=1)


async def test_cancelling_ten_times_at_once_frees_one_seat_and_returns_one_ticket(
    committed: Committed,
) -> None:
    stage = await prepared(committed, tickets=4)
    async with committed() as session:
        made = await booking(Family(stage.actor, stage.child.id), stage.slot.id)(session)

    answers = await race(
        [lambda session: bookings.cancel(session, stage.actor, booking_id=made.id, now=make.NOW)] * 10
    )

    assert answers == {"booked": 1, "BookingNotActive": 9}
    async with committed() as session:
        connection = await session.connection()
        assert (await connection.execute(_SEATS)).scalar_one() == 0
        assert (await connection.execute(_LEDGER)).scalar_one() == 0
        assert (await connection.execute(text("SELECT sum(balance) FROM ticket_balances"))).scalar_one() == 4
