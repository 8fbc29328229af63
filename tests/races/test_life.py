"""Random lives of bookings: several families, a school and the clock, two things at a time now and then.

After every step: seats = active bookings + held offers ≤ capacity, Σ entries = balance, a ticket for every
booking, one active booking per child and slot. `LIFE_EXAMPLES=200 LIFE_STEPS=50` makes it 10,000 steps.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db, errors
from naraigoto.actor import Actor
from naraigoto.jobs import waitlist as waitlist_job
from naraigoto.models.accounts import UserType
from naraigoto.services import bookings, slot_changes, tickets, waitlist
from naraigoto.services.bookings import CancelReason
from tests import factories as make
from tests.database import cluster, throwaway
from tests.races.wrong import wrongs

EXAMPLES, STEPS = int(os.environ.get("LIFE_EXAMPLES", "4")), int(os.environ.get("LIFE_STEPS", "30"))
Work = Callable[[AsyncSession], Awaitable[Any]]
pick = st.integers(min_value=0, max_value=999)


@dataclass(frozen=True)
class Household:
    """A family that acts."""

    actor: Actor
    family_id: UUID
    children: list[UUID]


class World:
    """The database and the loop in which everything happens."""

    def __init__(self, url: str) -> None:
        self.loop = asyncio.Runner()
        self.loop.run(db.open_engine(url))
        self.steps = 0
        self.answers: dict[str, int] = {}

    def close(self) -> None:
        """Give the connections back."""
        self.loop.run(db.close_engine())
        self.loop.close()

    def run(self, *works: Work) -> None:
        """Everything at once, each in its own transaction with its own retries; refusals are answers."""
        self.steps += 1

        async def one(work: Work) -> str:
            try:
                await db.retrying(work)
            except errors.Unavailable:
                raise
            except errors.DomainError as refusal:
                return type(refusal).__name__
            return "done"

        async def all_at_once() -> list[str]:
            return list(await asyncio.gather(*map(one, works)))

        for answer in self.loop.run(all_at_once()):
            self.answers[answer] = self.answers.get(answer, 0) + 1


WORLD: list[World] = []


class Life(RuleBasedStateMachine):
    """Families book, change their minds and wait; the school moves and cancels; the clock goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.world = WORLD[0]
        self.now = make.NOW

    @initialize()
    def begin(self) -> None:
        """A school, three households and four slots, of which two overlap."""
        self.world.loop.run(self._begin())

    async def _begin(self) -> None:
        async with db.transaction() as session:
            await (await session.connection()).execute(
                text("TRUNCATE families, schools, users, outbox_messages, audit_log CASCADE")
            )
            owner = await make.make_user(session, UserType.SCHOOL_OWNER)
            school = await make.make_school(session, owner=owner)
            self.lesson = await make.make_class(session, school, capacity=1, instructor_choice=True)
            self.owner = await make.actor_of(session, owner)
            self.admin = await make.actor_of(session, await make.make_user(session, UserType.ADMIN))
            self.teachers = [(await make.make_instructor(session, school)).id for _ in range(2)]
            self.households = [await self._household(session, count) for count in (1, 2, 3)]
            starts = [timedelta(days=2), timedelta(days=2, minutes=20), timedelta(days=3), timedelta(days=9)]
            opened = [
                await make.make_schedule(session, self.lesson, start_at=make.NOW + span, capacity=seats)
                for span, seats in zip(starts, (1, 2, 1, 2), strict=True)
            ]
            self.slots = [slot.id for slot in opened]

    async def _household(self, session: AsyncSession, count: int) -> Household:
        guardian = await make.make_user(session)
        family = await make.make_family(session, guardian=guardian)
        children = [(await make.make_child(session, family)).id for _ in range(2)]
        await make.grant_tickets(session, family, count)
        await make.grant_tickets(session, family, 1, month=make.NOW.date().replace(month=10, day=1))
        return Household(await make.actor_of(session, guardian), family.id, children)

    def _work(self, what: str, who: int, child: int, slot: int, *, flag: bool) -> Work:
        """One thing that somebody does; the numbers are turned into whom and what it concerns."""
        home = self.households[who % len(self.households)]
        child_id = home.children[child % len(home.children)]
        slot_id = self.slots[slot % len(self.slots)]
        now = self.now
        works: dict[str, Work] = {
            "book": lambda session: bookings.book(
                session, home.actor, schedule_id=slot_id, child_id=child_id, now=now
            ),
            "join": lambda session: waitlist.join(
                session, home.actor, schedule_id=slot_id, child_id=child_id, auto_book=flag, now=now
            ),
            "leave": lambda session: waitlist.leave(
                session, home.actor, schedule_id=slot_id, child_id=child_id, now=now
            ),
            "release": lambda session: bookings.release_children(session, [child_id], now=now),
            "move": lambda session: slot_changes.move(
                session,
                self.owner,
                schedule_id=slot_id,
                start_at=now + timedelta(hours=3 + child % 90),
                now=now,
            ),
            "teach": lambda session: slot_changes.replace_instructor(
                session,
                self.owner,
                schedule_id=slot_id,
                instructor_id=self.teachers[child % 2] if flag else None,
                now=now,
            ),
            "cancel_slot": lambda session: slot_changes.cancel(
                session, self.owner, schedule_id=slot_id, now=now
            ),
        }
        return works.get(what) or self._change(what, home, child, slot_id, flag=flag)

    def _change(self, what: str, home: Household, number: int, slot_id: UUID, *, flag: bool) -> Work:
        """One thing that is done to one of the family's bookings."""
        reason = CancelReason.SICKNESS if flag else CancelReason.PLANS
        now = self.now

        async def change(session: AsyncSession) -> Any:
            booking = await _some_booking(session, home.family_id, number)
            match what:
                case "cancel":
                    await bookings.cancel(session, home.actor, booking_id=booking, reason=reason, now=now)
                case "admin_cancel":
                    await bookings.cancel(session, self.admin, booking_id=booking, now=now)
                case "accept":
                    await bookings.accept_change(session, home.actor, booking_id=booking, now=now)
                case _:
                    await bookings.reschedule(
                        session, home.actor, booking_id=booking, schedule_id=slot_id, now=now
                    )

        return change

    @rule(
        what=st.sampled_from(["book", "book", "book", "join", "join", "cancel", "cancel", "leave", "accept"]),
        who=pick,
        child=pick,
        slot=pick,
        flag=st.booleans(),
    )
    def family_acts(self, what: str, who: int, child: int, slot: int, flag: bool) -> None:
        """A guardian books, waits, cancels, declines or accepts."""
        self.world.run(self._work(what, who, child, slot, flag=flag))

    @rule(
        what=st.sampled_from(["reschedule", "move", "teach", "admin_cancel", "cancel_slot", "release"]),
        who=pick,
        child=pick,
        slot=pick,
        flag=st.booleans(),
    )
    def things_change(self, what: str, who: int, child: int, slot: int, flag: bool) -> None:
        """What happens more rarely."""
        self.world.run(self._work(what, who, child, slot, flag=flag))

    @rule(data=st.data(), count=st.integers(2, 4))
    def several_at_once(self, data: st.DataObject, count: int) -> None:
        """Two to four things in the same moment."""
        names = ["book", "join", "cancel", "leave", "reschedule", "move", "accept", "cancel_slot", "teach"]
        works = [
            self._work(
                data.draw(st.sampled_from(names)),
                data.draw(pick),
                data.draw(pick),
                data.draw(pick),
                flag=data.draw(st.booleans()),
            )
            for _ in range(count)
        ]
        self.world.run(*works)

    @rule(minutes=st.sampled_from([1, 20, 90, 121, 600, 1500]))
    def time_goes_on(self, minutes: int) -> None:
        """A minute, a night, a day."""
        self.now += timedelta(minutes=minutes)
        self.world.steps += 1

    @rule()
    def the_job_runs(self) -> None:
        """Lapsed offers, automatic bookings, returned tickets."""
        self.world.steps += 1
        self.world.loop.run(waitlist_job.run(self.now))

    @rule(seats=st.integers(1, 2), hours=st.integers(4, 200))
    def a_slot_is_opened(self, seats: int, hours: int) -> None:
        """The school offers one more."""
        self.world.steps += 1
        self.world.loop.run(self._open_slot(seats, self.now + timedelta(hours=hours)))

    async def _open_slot(self, seats: int, start_at: datetime) -> None:
        try:
            async with db.transaction() as session:
                slot = await make.make_schedule(session, self.lesson, start_at=start_at, capacity=seats)
            self.slots.append(slot.id)
        except Exception as taken:  # the hour is taken by another slot of the class
            if db.sqlstate(taken) not in ("23505", "23P01"):
                raise

    @rule(who=pick)
    def a_family_gets_a_ticket(self, who: int) -> None:
        """One ticket in the month of the clock."""
        home = self.households[who % len(self.households)]
        self.world.run(
            lambda session: tickets.grant(
                session,
                home.family_id,
                month=clock.month_of(self.now),
                count=1,
                source_key=f"life:{self.world.steps}",
                now=self.now,
            )
        )

    @invariant()
    def nothing_is_wrong(self) -> None:
        """The books balance."""
        assert self.world.loop.run(wrongs()) == {}


async def _some_booking(session: AsyncSession, family_id: UUID, number: int) -> UUID:
    connection = await session.connection()
    query = text(
        "SELECT id FROM bookings WHERE family_id = :family ORDER BY status = 'cancelled', created_at"
    )
    ids = list((await connection.execute(query, {"family": family_id})).scalars())
    if not ids:
        raise errors.NotFound
    return ids[number % len(ids)]


@pytest.fixture
def world(template: str) -> Iterator[World]:
    """A database of this test alone, and a loop for it."""
    with throwaway(cluster(), template) as url:
        WORLD.append(World(url))
        yield WORLD[0]
        WORLD.pop().close()


def test_whatever_happens_seats_and_tickets_are_right(world: World) -> None:
    calm = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize="LIFE_EXAMPLES" not in os.environ,
            suppress_health_check=calm,
        ),
    )
    print(world.steps, "steps", world.answers)  # noqa: T201  # with -s
    assert world.answers["done"] > 0
