"""Whatever happens in whatever order: the entries of a bucket add up to its balance, which is never negative.

A state machine plays a family's life against the real database: invoices (again and again), bookings,
cancellations, expiry, an admin's hand, refunds, days that pass. The suite plays a few lives; more with
`NARAIGOTO_LIVES=500`.
"""

import asyncio
import os
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db, errors
from naraigoto.models.accounts import UserType
from naraigoto.services import bookings, ticket_care, tickets
from tests import factories as make
from tests.database import cluster, throwaway
from tests.stage import Stage, set_stage

_LIVES = int(os.environ.get("NARAIGOTO_LIVES", "12"))
_BUCKETS = text("""
SELECT k.balance, coalesce((SELECT sum(delta) FROM ticket_entries e WHERE e.balance_id = k.id), 0)
FROM ticket_balances k WHERE k.family_id = :family
""")
_ENTRIES = text(
    "SELECT coalesce(sum(delta), 0) FROM ticket_entries WHERE family_id = :family AND reason = :reason"
)


class Life(RuleBasedStateMachine):
    """One family; `granted` is what a plain model of the rules says was ever granted."""

    loop: asyncio.AbstractEventLoop
    engine: AsyncEngine

    def __init__(self) -> None:
        super().__init__()
        self.now = make.NOW
        self.granted: dict[str, int] = {}
        self.held: list[Any] = []
        self.slots = 0
        self.stage, self.admin = self._run(self._begin())

    @rule(number=st.integers(0, 11))
    def an_invoice_is_paid(self, number: int) -> None:
        """New or told again; an invoice always says the same."""
        key = f"invoice:in_{self.stage.family.id}_{number}"
        month = clock.add_months(clock.month_of(make.NOW), number % 4 - 2)
        count = (2, 4, 8)[number % 3]
        new = self._run(self._grant(key, month, count))
        assert new == (key not in self.granted)
        self.granted.setdefault(key, count)

    @rule(cost=st.integers(1, 3))
    def a_lesson_is_booked(self, cost: int) -> None:
        """As long as there are tickets and room."""
        self.slots += 1
        booking = self._run(self._book(cost))
        if booking is not None:
            self.held.append((booking, cost))

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def the_tickets_of_a_booking_come_back(self, data: st.DataObject) -> None:
        """Once, however often it is asked for."""
        booking, cost = data.draw(st.sampled_from(self.held))
        first = self._run(self._give_back(booking))
        assert first in (0, cost)
        assert self._run(self._give_back(booking)) == 0

    @rule(delta=st.integers(-5, 5))
    def an_admin_adjusts(self, delta: int) -> None:
        """Never below what is there."""
        left = self._run(self._usable())
        answer = self._run(self._adjust(delta))
        expected = (
            "validation_failed" if delta == 0 else "ticket_balance_insufficient" if left + delta < 0 else ""
        )
        assert answer == expected
        if not answer:
            assert self._run(self._usable()) == left + delta

    @precondition(lambda self: self.granted)
    @rule(data=st.data())
    def an_invoice_is_refunded(self, data: st.DataObject) -> None:
        """What is left is taken, the rest is owed."""
        key = data.draw(st.sampled_from(sorted(self.granted)))
        assert 0 <= self._run(self._revoke(key)) <= self.granted[key]

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        """And what is over expires."""
        self.now += timedelta(days=days)
        self._run(self._expire())
        assert self._run(self._expire()) == 0

    @invariant()
    def every_balance_is_explained_and_not_negative(self) -> None:
        """Σ entries = balance ≥ 0, and every invoice was counted once."""
        rows, granted = self._run(self._books())
        assert all(balance == explained >= 0 for balance, explained in rows), rows
        assert granted == sum(self.granted.values())

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    async def _begin(self) -> tuple[Stage, Any]:
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            stage = await set_stage(session, tickets=0)
            boss = await make.make_user(session, UserType.ADMIN, name="管理者")
            return stage, await make.actor_of(session, boss)

    async def _in(self, work: Any) -> Any:
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            return await work(session)

    async def _grant(self, key: str, month: Any, count: int) -> bool:
        family = self.stage.family.id
        return await self._in(
            lambda session: tickets.grant(
                session, family, month=month, count=count, source_key=key, now=self.now
            )
        )

    async def _book(self, cost: int) -> Any:
        async def work(session: AsyncSession) -> Any:
            lesson = await make.make_class(session, self.stage.school, ticket_cost=cost)
            start = (self.now + timedelta(days=2)).replace(hour=0) + timedelta(hours=self.slots)
            slot = await make.make_schedule(session, lesson, start_at=start)
            return await bookings.book(
                session, self.stage.actor, schedule_id=slot.id, child_id=self.stage.child.id, now=self.now
            )

        try:
            return (await self._in(work)).id
        except (errors.TicketsShort, errors.TooManyBookings, errors.BookingDeadlinePassed):
            return None

    async def _give_back(self, booking: Any) -> int:
        return await self._in(
            lambda session: tickets.refund_booking(session, booking_id=booking, now=self.now)
        )

    async def _adjust(self, delta: int) -> str:
        family = self.stage.family.id
        try:
            await self._in(
                lambda session: ticket_care.adjust(
                    session, self.admin, family_id=family, delta=delta, reason="訂正", now=self.now
                )
            )
        except errors.DomainError as refusal:
            return refusal.code
        return ""

    async def _revoke(self, key: str) -> int:
        family = self.stage.family.id
        return await self._in(
            lambda session: ticket_care.revoke(session, family, source_key=key, now=self.now)
        )

    async def _expire(self) -> int:
        return await self._in(lambda session: ticket_care.expire_due(session, now=self.now))

    async def _usable(self) -> int:
        family = self.stage.family.id
        return await self._in(lambda session: tickets.usable(session, family, now=self.now))

    async def _books(self) -> tuple[list[tuple[int, int]], int]:
        async def work(session: AsyncSession) -> Any:
            connection = await session.connection()
            asked = {"family": self.stage.family.id}
            rows = [tuple(row) for row in await connection.execute(_BUCKETS, asked)]
            granted = await connection.execute(_ENTRIES, asked | {"reason": "grant"})
            return rows, granted.scalar_one()

        return await self._in(work)


def test_the_ledger_explains_every_life(template: str) -> None:
    with throwaway(cluster(), template) as url:
        loop = asyncio.new_event_loop()
        engine = db.make_engine(url)
        life = type("ALife", (Life,), {"loop": loop, "engine": engine})
        try:
            run_state_machine_as_test(
                life,
                settings=settings(
                    max_examples=_LIVES,
                    stateful_step_count=25,
                    deadline=None,
                    database=None,
                    derandomize=_LIVES < 50,
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
                ),
            )
        finally:
            loop.run_until_complete(engine.dispose())
            loop.close()
