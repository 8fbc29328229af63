"""Two at once in the life of a booking: cancel against offer, decline against lapse, move against book."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.services import bookings, slot_changes, waitlist
from tests import factories as make
from tests.conftest import Committed
from tests.races.test_booking_races import Family, booking, prepared, race
from tests.races.wrong import wrongs
from tests.stage import Stage


async def newcomers(session: AsyncSession, count: int) -> list[Family]:
    """Families with one child and one ticket each."""
    found = []
    for _ in range(count):
        family = await make.make_family(session)
        child = await make.make_child(session, family)
        await make.grant_tickets(session, family, 1)
        guardian = await session.get_one(make.User, family.parent_user_id)
        found.append(Family(await make.actor_of(session, guardian), child.id))
    return found


async def waiting_for(committed: Committed, count: int) -> tuple[Stage, UUID, list[Family]]:
    """A slot with one seat, its booking, and families in its queue."""
    stage = await prepared(committed, slot={"capacity": 1})
    async with committed() as session:
        made = await booking(Family(stage.actor, stage.child.id), stage.slot.id)(session)
        families = await newcomers(session, count)
        for number, family in enumerate(families):
            at = make.NOW + timedelta(seconds=number)
            await waitlist.join(
                session, family.actor, schedule_id=stage.slot.id, child_id=family.child_id, now=at
            )
    return stage, made.id, families


def cancelling(stage: Stage, booking_id: UUID) -> Callable[[AsyncSession], Awaitable[Any]]:
    return lambda session: bookings.cancel(session, stage.actor, booking_id=booking_id, now=make.NOW)


def leaving(stage: Stage, family: Family) -> Callable[[AsyncSession], Awaitable[Any]]:
    return lambda session: waitlist.leave(
        session, family.actor, schedule_id=stage.slot.id, child_id=family.child_id, now=make.NOW
    )


async def test_a_cancellation_against_those_who_want_the_seat(committed: Committed) -> None:
    stage, booking_id, families = await waiting_for(committed, 3)
    async with committed() as session:
        passers_by = await newcomers(session, 10)

    answers = await race(
        [
            cancelling(stage, booking_id),
            *[booking(family, stage.slot.id) for family in [*families, *passers_by]],
        ]
    )

    # Whoever was first in the queue may have been quick enough to take the offer in the same moment.
    assert answers["booked"] in (1, 2)
    assert answers["ScheduleFull"] == 14 - answers["booked"]
    assert await wrongs() == {}


async def test_declining_against_lapsing_passes_the_seat_on_once(committed: Committed) -> None:
    stage, booking_id, families = await waiting_for(committed, 2)
    async with committed() as session:
        await cancelling(stage, booking_id)(session)
    over = make.NOW + timedelta(hours=2)
    async with committed() as session:
        (due,) = await waitlist.lapsed(session, now=over)

    answers = await race(
        [leaving(stage, families[0]), lambda session: waitlist.lapse(session, entry_id=due, now=over)] * 3
    )

    assert answers == {"booked": 6}
    async with committed() as session:
        slot = await session.get_one(type(stage.slot), stage.slot.id)
        assert (slot.booked_count, slot.held_count) == (0, 1)
    assert await wrongs() == {}


async def test_taking_an_offer_against_its_lapse(committed: Committed) -> None:
    stage, booking_id, families = await waiting_for(committed, 2)
    async with committed() as session:
        await cancelling(stage, booking_id)(session)
    over = make.NOW + timedelta(hours=2)
    async with committed() as session:
        (due,) = await waitlist.lapsed(session, now=over)

    answers = await race(
        [
            booking(families[0], stage.slot.id),
            lambda session: waitlist.lapse(session, entry_id=due, now=over),
            booking(families[0], stage.slot.id),
        ]
    )

    assert answers["booked"] in (1, 2)
    assert set(answers) <= {"booked", "ScheduleFull", "AlreadyBooked"}
    assert await wrongs() == {}


async def test_moving_a_slot_against_booking_and_cancelling_it(committed: Committed) -> None:
    stage = await prepared(committed, slot={"capacity": 5})
    async with committed() as session:
        owner = await make.actor_of(session, stage.owner)
        made = await booking(Family(stage.actor, stage.child.id), stage.slot.id)(session)
        families = await newcomers(session, 8)

    def moving(hours: int) -> Callable[[AsyncSession], Awaitable[Any]]:
        start_at = stage.slot.start_at + timedelta(hours=hours)
        return lambda session: slot_changes.move(
            session, owner, schedule_id=stage.slot.id, start_at=start_at, now=make.NOW
        )

    answers = await race(
        [
            moving(1),
            cancelling(stage, made.id),
            *[booking(family, stage.slot.id) for family in families],
            moving(2),
        ]
    )

    assert set(answers) <= {"booked", "ScheduleFull"}
    assert await wrongs() == {}


async def test_a_slot_is_cancelled_while_everybody_books_it(committed: Committed) -> None:
    stage = await prepared(committed, slot={"capacity": 5})
    async with committed() as session:
        owner = await make.actor_of(session, stage.owner)
        families = await newcomers(session, 12)

    answers = await race(
        [
            *[booking(family, stage.slot.id) for family in families],
            lambda session: slot_changes.cancel(session, owner, schedule_id=stage.slot.id, now=make.NOW),
        ]
    )

    assert set(answers) <= {"booked", "ScheduleFull", "BookingDeadlinePassed"}
    async with committed() as session:
        slot = await session.get_one(type(stage.slot), stage.slot.id)
        assert (slot.booked_count, slot.cancelled_at) == (0, make.NOW)
    assert await wrongs() == {}


async def test_two_families_swap_their_slots(committed: Committed) -> None:
    stage = await prepared(committed, slot={"capacity": 2}, tickets=4)
    async with committed() as session:
        other = await replace(stage, session=session).another_slot(1)
        (rival,) = await newcomers(session, 1)
        here = await booking(Family(stage.actor, stage.child.id), stage.slot.id)(session)
        there = await booking(rival, other.id)(session)

    answers = await race(
        [
            lambda session: bookings.reschedule(
                session, stage.actor, booking_id=here.id, schedule_id=other.id, now=make.NOW
            ),
            lambda session: bookings.reschedule(
                session, rival.actor, booking_id=there.id, schedule_id=stage.slot.id, now=make.NOW
            ),
        ]
        * 3
    )

    assert answers["booked"] == 2
    assert set(answers) <= {"booked", "AlreadyBooked", "StaleEdit"}
    assert await wrongs() == {}


async def test_one_child_has_one_courtesy_however_fast_two_slots_are_cancelled(committed: Committed) -> None:
    stage = await prepared(committed, tickets=4)
    async with committed() as session:
        slots = [await replace(stage, session=session).another_slot(day) for day in (1, 2, 3)]
        made = [await booking(Family(stage.actor, stage.child.id), slot.id)(session) for slot in slots]
    late = slots[0].start_at - timedelta(hours=1)
    async with committed() as session:
        await (await session.connection()).execute(text("UPDATE bookings SET cancel_until = created_at"))

    sick = bookings.CancelReason.SICKNESS
    answers = await race(
        [
            lambda session, one=one: bookings.cancel(
                session, stage.actor, booking_id=one.id, reason=sick, now=late
            )
            for one in made
        ]
    )

    assert answers == {"booked": 1, "CourtesyUsed": 2}
    assert await wrongs() == {}


async def test_one_instructor_is_wanted_for_two_slots_at_the_same_hour(committed: Committed) -> None:
    stage = await prepared(committed, lesson={"instructor_choice": True}, slot={"capacity": 8})
    async with committed() as session:
        owner = await make.actor_of(session, stage.owner)
        teacher = await make.make_instructor(session, stage.school)
        lessons = [
            await make.make_class(session, stage.school, title=title, instructor_choice=True)
            for title in ("平泳ぎ", "背泳ぎ")
        ]
        slots = [stage.slot, *[await make.make_schedule(session, lesson, capacity=8) for lesson in lessons]]
        families = await newcomers(session, 12)

    def choosing(family: Family, slot_id: UUID) -> Callable[[AsyncSession], Awaitable[Any]]:
        return lambda session: bookings.book(
            session,
            family.actor,
            schedule_id=slot_id,
            child_id=family.child_id,
            instructor_id=teacher.id,
            now=make.NOW,
        )

    answers = await race(
        [
            *[choosing(family, slots[number % 3].id) for number, family in enumerate(families)],
            lambda session: slot_changes.replace_instructor(
                session, owner, schedule_id=slots[1].id, instructor_id=teacher.id, now=make.NOW
            ),
        ]
    )

    assert set(answers) <= {"booked", "InvalidInput", "ScheduleConflict"}
    async with committed() as session:
        promised = text("SELECT count(DISTINCT schedule_id) FROM bookings WHERE instructor_id = :teacher")
        found = await (await session.connection()).execute(promised, {"teacher": teacher.id})
        assert found.scalar_one() == 1
    assert await wrongs() == {}
