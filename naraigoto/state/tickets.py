"""/tickets: what a family has, its plan, and what moved; the owner guardian also manages and cancels here."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, outside
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, Forbidden
from naraigoto.services import billing, tickets
from naraigoto.settings import get_settings
from naraigoto.state.access import Access, access_of
from naraigoto.state.session import SessionState, edge, retrying_edge
from naraigoto.state.ticket_words import (
    Bucket,
    Line,
    Notice,
    Paid,
    PlanCard,
    bucket_of,
    line_of,
    notice_of,
    paid_of,
    plan_of,
)
from naraigoto.texts import errors
from naraigoto.texts import tickets as texts

_LINES = 10
_PAYMENTS = 10


class TicketsState(rx.State):
    """Filled on every visit; the clicks go to services and the view is read again."""

    access: Access = ""
    left: int = 0
    buckets: list[Bucket] = []
    plan: PlanCard = PlanCard()
    notices: list[Notice] = []
    lines: list[Line] = []
    more_lines: bool = False
    payments: list[Paid] = []
    more_payments: bool = False
    asking: bool = False
    busy: bool = False
    error: str = ""
    message: str = ""
    go: str = ""
    settling: bool = False
    _shown: int = _LINES
    _cursor: str | None = None
    _ticks: int = 0

    @rx.event
    async def load(self):
        """Read everything."""
        self.reset()
        self.settling = "from" in self.router.url.query_parameters
        await self._read()

    @rx.event
    async def settle(self):
        """Read again for a while: what was changed on Stripe's page arrives by a webhook."""
        self._ticks += 1
        self.settling = self._ticks < 5
        await self._read()
        return SessionState.load

    @rx.event
    async def earlier(self):
        """More of what moved."""
        self._shown += _LINES * 2
        await self._read()

    @rx.event
    async def earlier_payments(self):
        """More of what was paid."""
        if self._cursor is None:
            return
        try:
            async with edge(self) as (session, actor):
                page = await billing.payments(session, actor, cursor=self._cursor, limit=_PAYMENTS)
        except DomainError as refusal:
            self.error = errors.refusal(refusal)
            return
        self.payments = [*self.payments, *map(paid_of, page.items)]
        self._cursor, self.more_payments = page.next_cursor, page.next_cursor is not None

    @rx.event
    async def manage(self):
        """Leave for Stripe's page of card and plan."""
        if self.busy:
            return
        self.busy, self.error = True, ""
        yield
        try:
            page = await billing.portal(
                partial(retrying_edge, self),
                outside.payments(),
                public_url=get_settings().public_url,
                now=clock.now(),
            )
        except DomainError as refusal:
            self.busy, self.error = False, errors.refusal(refusal)
            return
        self.go = page  # said once, as in state/plans.py
        yield
        self.go = ""

    @rx.event
    def ask(self):
        """Open the question before cancelling."""
        self.asking, self.error = True, ""

    @rx.event
    def keep(self):
        """Close it."""
        self.asking = False

    @rx.event
    async def cancel(self):
        """End the plan with its period."""
        async for _ in self._do(billing.cancel, texts.CANCELLED):
            yield

    @rx.event
    async def undo(self):
        """Let it go on after all."""
        async for _ in self._do(billing.undo_cancel, texts.UNDONE):
            yield

    @rx.event
    def said(self):
        """The message was read."""
        self.message = ""

    async def _do(self, verb: Callable[..., Awaitable[None]], done: str) -> AsyncIterator[None]:
        if self.busy:
            return
        self.busy, self.error, self.message = True, "", ""
        yield
        try:
            await verb(partial(retrying_edge, self), outside.payments(), now=clock.now())
        except DomainError as refusal:
            self.busy, self.error = False, errors.refusal(refusal)
            return
        self.busy = self.asking = False
        self.message = done
        await self._read()

    async def _read(self) -> None:
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                view = await billing.overview(session, actor, now=now)
                held = await tickets.balance(session, actor, now=now)
                paid = await _payments(session, actor)
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        self.left = held.balance
        self.buckets = [bucket_of(each, now=now) for each in held.months if each.balance]
        self.plan = plan_of(view)
        self.notices = [notice_of(banner, view) for banner in view.banners]
        self.lines = [line_of(number, each) for number, each in enumerate(held.entries[: self._shown])]
        self.more_lines = len(held.entries) > self._shown
        self.payments = [paid_of(row) for row in paid.items]
        self._cursor, self.more_payments = paid.next_cursor, paid.next_cursor is not None
        self.access = "ok"


async def _payments(session: AsyncSession, actor: Actor) -> billing.PaymentPage:
    """What was paid; a guardian who is not the owner sees none of it."""
    try:
        return await billing.payments(session, actor, limit=_PAYMENTS)
    except Forbidden:
        return billing.PaymentPage([], None)
