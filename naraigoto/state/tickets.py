"""/tickets: what a family has, its plan, and what moved; the owner guardian also manages and cancels here."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

import reflex as rx

from naraigoto import clock, outside
from naraigoto.errors import DomainError, Forbidden
from naraigoto.rules import TICKETS_EXPIRING_WITHIN
from naraigoto.services import billing, tickets
from naraigoto.settings import get_settings
from naraigoto.state.access import Access, access_of
from naraigoto.state.session import SessionState, edge, retrying_edge
from naraigoto.texts import errors, plan_names
from naraigoto.texts import tickets as texts
from naraigoto.texts.dates import full_date
from naraigoto.texts.plans import yen

_LINES = 10
_PAYMENTS = 10
_LIVE = {billing.SubscriptionStatus.ACTIVE, billing.SubscriptionStatus.ON_HOLD}


@dataclass(frozen=True)
class Bucket:
    """The tickets of a month."""

    month: str
    count: str
    until: str
    soon: bool


@dataclass(frozen=True)
class PlanCard:
    """The plan; empty when there is none."""

    live: bool = False
    name: str = ""
    status: str = ""
    line: str = ""
    renews: str = ""
    next_plan: str = ""
    ending: bool = False
    can_manage: bool = False
    cancel_text: str = ""


@dataclass(frozen=True)
class Notice:
    """Something to be told; `action` is the button it carries."""

    text: str
    tone: str
    action: Literal["", "card", "undo"] = ""


@dataclass(frozen=True)
class Line:
    """One movement."""

    id: str
    day: str
    what: str
    note: str
    moved: str
    plus: bool
    href: str


@dataclass(frozen=True)
class Paid:
    """One payment."""

    id: str
    day: str
    what: str
    amount: str
    status: str
    failed: bool
    receipt: str
    receipt_label: str


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
        self.payments = [*self.payments, *map(_paid, page.items)]
        self._cursor, self.more_payments = page.next_cursor, page.next_cursor is not None

    @rx.event
    async def manage(self):
        """Leave for Stripe's page of card and plan."""
        if self.busy:
            return
        self.busy, self.error = True, ""
        yield
        try:
            self.go = await billing.portal(
                partial(retrying_edge, self),
                outside.payments(),
                public_url=get_settings().public_url,
                now=clock.now(),
            )
        except DomainError as refusal:
            self.busy, self.error = False, errors.refusal(refusal)

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

    async def _do(self, verb, done: str):
        if self.busy:
            return
        self.busy, self.error, self.message = True, "", ""
        yield
        try:
            await verb(partial(retrying_edge, self), outside.payments(), now=clock.now())
        except DomainError as refusal:
            self.error = errors.refusal(refusal)
        else:
            self.message = done
            await self._read()
        self.busy = self.asking = False

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
        soon = clock.jst_date(now + TICKETS_EXPIRING_WITHIN)
        self.left = held.balance
        self.buckets = [
            Bucket(
                texts.month(each.month),
                texts.count(each.balance),
                texts.until(each.expires_on),
                each.expires_on <= soon,
            )
            for each in held.months
            if each.balance
        ]
        self.plan = _plan(view)
        self.notices = [_notice(banner, view) for banner in view.banners]
        self.lines = [_line(number, each) for number, each in enumerate(held.entries[: self._shown])]
        self.more_lines = len(held.entries) > self._shown
        self.payments = [_paid(row) for row in paid.items]
        self._cursor, self.more_payments = paid.next_cursor, paid.next_cursor is not None
        self.access = "ok"


async def _payments(session, actor) -> billing.PaymentPage:
    """What was paid; a guardian who is not the owner sees none of it."""
    try:
        return await billing.payments(session, actor, limit=_PAYMENTS)
    except Forbidden:
        return billing.PaymentPage([], None)


def _plan(view: billing.PlanView) -> PlanCard:
    if view.plan is None or view.status is None or view.status not in _LIVE:
        return PlanCard(can_manage=view.can_manage)
    return PlanCard(
        live=True,
        name=plan_names.name(view.plan),
        status=texts.STATUS[view.status],
        line=texts.plan_line(view.amount, view.tickets_per_month),
        renews=texts.renews(view.renews_on),
        next_plan=texts.next_plan(view.next_plan) if view.next_plan else "",
        ending=view.cancel_scheduled,
        can_manage=view.can_manage,
        cancel_text=texts.cancel_text(view.renews_on),
    )


def _notice(banner: billing.Banner, view: billing.PlanView) -> Notice:
    match banner.kind:
        case billing.BannerKind.ON_HOLD if view.can_manage:
            return Notice(texts.ON_HOLD, "error", "card")
        case billing.BannerKind.ON_HOLD:
            return Notice(texts.ON_HOLD_OTHERS, "error")
        case billing.BannerKind.CONFIRMING:
            return Notice(texts.CONFIRMING, "info")
        case billing.BannerKind.CANCEL_SCHEDULED:
            words = texts.ending(banner.day, banner.count)
            return Notice(words, "info", "undo" if view.can_manage else "")
        case billing.BannerKind.EXPIRING:
            return Notice(texts.expiring(banner.count, banner.day), "info")
    return Notice(texts.ended(banner.count, banner.day), "info")


def _line(number: int, entry: tickets.LedgerLine) -> Line:
    return Line(
        id=str(number),
        day=full_date(clock.jst_date(entry.at)),
        what=texts.REASONS.get(entry.reason, texts.OTHER_REASON),
        note=entry.note,
        moved=texts.moved(entry.delta),
        plus=entry.delta > 0,
        href=f"/bookings/{entry.booking_id}" if entry.booking_id else "",
    )


def _paid(row: billing.PaymentRow) -> Paid:
    day, what = full_date(clock.jst_date(row.at)), texts.payment_name(row.kind, row.plan or "")
    return Paid(
        id=str(row.id),
        day=day,
        what=what,
        amount=yen(row.amount),
        status=texts.PAYMENT_STATES[row.status],
        failed=row.status is billing.PaymentStatus.FAILED,
        receipt=row.receipt_url or "",
        receipt_label=texts.receipt_of(day, what),
    )
