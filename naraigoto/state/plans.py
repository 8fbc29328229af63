"""/plans, 「最終確認」 and the page after paying: what a guardian reads before and after an order (D4)."""

from functools import partial
from typing import Literal
from uuid import UUID

import reflex as rx

from naraigoto import clock, outside
from naraigoto.errors import (
    AlreadySubscribed,
    DomainError,
    Forbidden,
    NotFound,
    ParentApprovalRequired,
)
from naraigoto.rules import PLANS
from naraigoto.services import billing, tickets
from naraigoto.settings import get_settings
from naraigoto.state.access import Access, access_of
from naraigoto.state.session import SessionState, edge, retrying_edge
from naraigoto.state.ticket_words import LIVE
from naraigoto.texts import errors, plan_names
from naraigoto.texts import plans as texts

# Who reads /plans: may order, has a plan, is not the owner, is a child, runs a school.
Reader = Literal["", "order", "subscribed", "member", "child", "staff"]
Stage = Literal["waiting", "slow", "arrived", "not_ordered"]
_TICKS_UNTIL_SLOW = 40


class PlansState(rx.State):
    """What the list of plans says to whoever reads it."""

    reader: Reader = ""
    current: str = ""
    returned: bool = False

    @rx.event
    async def load(self):
        """Find out who reads, and whether somebody came back without paying."""
        self.reset()
        try:
            async with edge(self) as (session, actor):
                view = await billing.overview(session, actor, now=clock.now())
        except DomainError as refusal:
            self.reader = _reader(refusal)
            self.returned = False
            return
        live = view.status in LIVE
        self.current = view.plan.value if view.plan and live else ""
        self.reader = "subscribed" if live else "order" if view.can_manage else "member"
        self.returned = self.reader == "order" and "plan" in self.router.url.query_parameters


class ConfirmState(rx.State):
    """The six items, and the button that orders."""

    access: Access = ""
    items: list[tuple[str, str]] = []
    plan_name: str = ""
    button: str = ""
    refused: str = ""
    error: str = ""
    busy: bool = False
    go: str = ""
    _plan: str = ""

    @rx.event
    async def load(self):
        """Write the items for the plan of the address."""
        self.reset()
        now = clock.now()
        try:
            plan = PLANS.get(str(self.router.url.query_parameters.get("plan", "")))
            if plan is None:
                raise NotFound
            async with edge(self) as (session, actor):
                view = await billing.overview(session, actor, now=now)
        except DomainError as refusal:
            self.access = access_of(refusal)
            return
        if not view.can_manage:
            self.refused = texts.FOR_OWNER
        elif view.status in LIVE:
            self.refused = errors.refusal(AlreadySubscribed())
        today = clock.jst_date(now)
        self._plan, self.plan_name = plan.id, plan_names.name(plan.id)
        self.button = texts.apply(plan.amount)
        self.items = texts.confirm_items(
            plan.id,
            plan.tickets_per_month,
            plan.amount,
            renews=clock.month_later(today),
            usable_until=tickets.expires_on(clock.month_of(now)),
        )
        self.access = "ok"

    @rx.event
    async def order(self):
        """Order, then leave for Stripe's page."""
        if self.busy or not self._plan:
            return
        self.busy, self.error = True, ""
        yield
        try:
            opened = await billing.checkout(
                partial(retrying_edge, self),
                outside.payments(),
                plan=self._plan,
                page_version=texts.PAGE_VERSION,
                public_url=get_settings().public_url,
                now=clock.now(),
            )
        except DomainError as refusal:
            self.busy, self.error = False, errors.refusal(refusal)
            return
        # Said once: a tab that comes back is first sent what its state still holds, and would leave again.
        self.go = opened.url
        yield
        self.go = ""


class OrderedState(rx.State):
    """Back from Stripe's page: nothing is true before the webhook says so (R37)."""

    access: Access = ""
    stage: Stage = "waiting"
    headline: str = ""
    _ticks: int = 0

    @rx.event
    async def load(self):
        """Look for the first time."""
        self.reset()
        return await self._look()

    @rx.event
    async def check(self):
        """Look again; the page asks while it waits."""
        if self.access != "ok" or self.stage not in {"waiting", "slow"}:
            return None
        self._ticks += 1
        return await self._look()

    async def _look(self):
        try:
            order_id = _order_id(self.router.url.query_parameters.get("order"))
            async with edge(self) as (session, actor):
                found = await billing.outcome(session, actor, order_id=order_id)
        except DomainError as refusal:
            self.access = access_of(refusal)
            return None
        self.access = "ok"
        if found.paid:
            self.stage, self.headline = "arrived", texts.arrived(found.tickets)
            return SessionState.load
        if found.status is billing.OrderStatus.EXPIRED:
            self.stage = "not_ordered"
        elif self._ticks >= _TICKS_UNTIL_SLOW:
            self.stage = "slow"
        return None


def _reader(refusal: DomainError) -> Reader:
    if isinstance(refusal, ParentApprovalRequired):
        return "child"
    return "staff" if isinstance(refusal, Forbidden) else "order"


def _order_id(written: object) -> UUID:
    try:
        return UUID(str(written))
    except ValueError as strange:
        raise NotFound from strange
