"""/home: what a guardian wants to know first."""

from dataclasses import dataclass

import reflex as rx

from naraigoto import clock
from naraigoto.errors import DomainError
from naraigoto.services import billing, bookings, families, search, tickets
from naraigoto.state.access import Access, access_of
from naraigoto.state.booking_words import BookingCard, card_of
from naraigoto.state.session import edge
from naraigoto.texts import member_home as texts
from naraigoto.texts import plan_names

_BOOKINGS = 3
_GENRES = 12


@dataclass(frozen=True)
class FamilyChild:
    """A child of the family."""

    id: str
    name: str
    age: str


class MemberHomeState(rx.State):
    """Filled on every visit, empty for everybody else."""

    access: Access = ""
    tickets_left: int = 0
    tickets_until: str = ""
    has_plan: bool = True
    plan_line: str = ""
    warning: str = ""
    bookings: list[BookingCard] = []
    children: list[FamilyChild] = []
    categories: list[tuple[str, str]] = []

    @rx.event
    async def load(self):
        """Look everything up again."""
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                children = await families.children(session, actor)
                left = await tickets.balance(session, actor, now=now)
                plan = await billing.overview(session, actor, now=now)
                upcoming = await bookings.upcoming(session, actor, now=now, limit=_BOOKINGS)
                categories = await search.categories(session)
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        today = clock.jst_date(now)
        self.tickets_left, self.tickets_until = left.balance, _until(left)
        self.has_plan, self.plan_line, self.warning = _plan(plan)
        self.bookings = [card_of(booking, now) for booking in upcoming]
        self.children = [
            FamilyChild(
                str(child.user_id),
                child.name,
                texts.age(clock.age_on(today, child.birth_month) if child.birth_month else None),
            )
            for child in children
        ]
        self.categories = [(category.code, category.name) for category in categories[:_GENRES]]
        self.access = "ok"


def _plan(view: billing.PlanView) -> tuple[bool, str, str]:
    """Whether there is a plan, its line below the tickets, and what has to be mended."""
    if view.status is billing.SubscriptionStatus.ON_HOLD:
        return True, "", texts.ON_HOLD
    if view.status is not billing.SubscriptionStatus.ACTIVE or view.plan is None:
        return False, "", ""
    day = view.renews_on or view.ends_on
    words = texts.ends if view.cancel_scheduled else texts.renews
    return True, words(plan_names.name(view.plan), day), ""


def _until(left: tickets.TicketsView) -> str:
    buckets = [month for month in left.months if month.balance > 0]
    if not buckets:
        return ""
    first = buckets[0]
    if first.balance == left.balance:
        return texts.use_until(first.expires_on)
    return texts.some_until(first.balance, first.expires_on)
