"""The booking dialog 「だれが受けますか」: clicks in, words out."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, ScheduleFull, TicketsShort, Unauthenticated
from naraigoto.services import bookings, tickets, waitlist
from naraigoto.state.booking_words import SlotWords, booked_slot_words, slot_words
from naraigoto.state.session import SessionState, edge, retrying_edge
from naraigoto.texts import bookings as texts
from naraigoto.texts import dates
from naraigoto.texts import waitlist as waiting
from naraigoto.texts.errors import refusal as worded

Step = Literal["loading", "login", "stopped", "choose", "full", "waiting", "done"]


@dataclass(frozen=True)
class ChildChoice:
    """A child in the dialog; a reason stands where it can't attend, a warning where one should think."""

    id: str
    name: str
    age: str
    reason: str
    chosen: bool
    warning: str = ""


@dataclass(frozen=True)
class Made:
    """What the dialog says after the booking."""

    href: str = ""
    child: str = ""
    left: str = ""


class BookingState(rx.State):
    """One dialog a tab, opened by any page with the id of a slot."""

    open: bool = False
    step: Step = "loading"
    slot: SlotWords = SlotWords()
    children: list[ChildChoice] = []
    instructors: list[tuple[str, str]] = []
    spending: str = ""
    message: str = ""
    way: tuple[str, str] = ("", "")
    busy: bool = False
    login_href: str = ""
    made: Made = Made()
    form_key: str = ""
    first_come: bool = False
    _schedule_id: UUID | None = None

    @rx.event
    async def choose(self, schedule_id: str):
        """Open the dialog for a slot and look up whom it suits."""
        self.reset()
        self.open = True
        yield
        number = _uuid(schedule_id)
        if number is None:
            self.open = False
            return
        try:
            async with edge(self) as (session, actor):
                offered = await bookings.options(session, actor, schedule_id=number, now=clock.now())
        except Unauthenticated:
            self.step, self.login_href = "login", f"/login?next={self.router.url.path}"
            return
        except DomainError as refusal:
            self.step, self.message = "stopped", worded(refusal)
            return
        self._offer(number, offered)

    @rx.event
    async def confirm(self, form: dict[str, Any]):
        """Book for the chosen child; a second click finds the dialog busy or done."""
        schedule_id = self._schedule_id
        if self.step != "choose" or schedule_id is None:
            return
        child_id = _uuid(form.get("child_id") if isinstance(form, dict) else None)
        if child_id is None:
            self.message = texts.CHOOSE_CHILD
            return
        instructor_id = _uuid(form.get("instructor_id"))
        self.busy, self.message = True, ""
        yield

        async def work(session: AsyncSession, actor: Actor) -> tuple[bookings.BookingView, int]:
            now = clock.now()
            made = await bookings.book(
                session,
                actor,
                schedule_id=schedule_id,
                child_id=child_id,
                instructor_id=instructor_id,
                now=now,
            )
            return made, (await tickets.balance(session, actor, now=now)).balance

        try:
            made, left = await retrying_edge(self, work)
        except DomainError as refusal:
            self.busy = False
            self._refuse(refusal)
            return
        self._done(made, left)
        yield SessionState.load

    @rx.event
    async def wait(self, form: dict[str, Any]):
        """Take a place in the queue of a full slot."""
        schedule_id = self._schedule_id
        if self.step != "full" or schedule_id is None:
            return
        asked = form if isinstance(form, dict) else {}
        child_id = _uuid(asked.get("child_id"))
        if child_id is None:
            self.message = texts.CHOOSE_CHILD
            return
        self.busy, self.message = True, ""
        yield

        async def work(session: AsyncSession, actor: Actor) -> waitlist.Place:
            return await waitlist.join(
                session,
                actor,
                schedule_id=schedule_id,
                child_id=child_id,
                auto_book=bool(asked.get("auto_book")),
                now=clock.now(),
            )

        try:
            place = await retrying_edge(self, work)
        except DomainError as refusal:
            self.busy, self.message = False, worded(refusal)
            return
        self.made = Made(href="/bookings", child=place.child, left=waiting.position(place.position))
        self.step, self.busy = "waiting", False

    @rx.event
    def close(self):
        """Put the dialog away."""
        self.reset()

    def _offer(self, schedule_id: UUID, offered: bookings.Options) -> None:
        self.slot, self.first_come = slot_words(offered.schedule), offered.first_come
        full = isinstance(offered.refusal, ScheduleFull)
        if offered.refusal is not None and not full:
            self.step = "stopped"
            self._refuse(offered.refusal)
            return
        if not offered.children:
            self.step, self.message = "stopped", texts.NO_CHILDREN
            return
        hindered = {
            child.user_id: child.refusal
            for child in offered.children
            if child.refusal is not None and not (full and isinstance(child.refusal, ScheduleFull))
        }
        free = [child for child in offered.children if child.user_id not in hindered]
        only = free[0].user_id if len(free) == 1 else None
        self.children = [
            ChildChoice(
                id=str(child.user_id),
                name=child.name,
                age=texts.age(child.age),
                reason=worded(hindered[child.user_id]) if child.user_id in hindered else "",
                chosen=child.user_id == only,
                warning=_warning(child.pickup),
            )
            for child in offered.children
        ]
        choices = [(str(teacher.id), teacher.name) for teacher in offered.instructors]
        self.instructors = [("", texts.ANY_TEACHER), *choices] if choices else []
        self.spending = texts.spending(offered.cost, offered.usable) if free else ""
        self._schedule_id, self.form_key = schedule_id, str(schedule_id)
        self.step = "full" if full else "choose"

    def _refuse(self, refusal: DomainError) -> None:
        self.message = worded(refusal)
        if isinstance(refusal, TicketsShort):
            self.way = texts.WAY_TO_TICKETS if refusal.facts["has_plan"] else texts.WAY_TO_PLANS

    def _done(self, made: bookings.BookingView, left: int) -> None:
        self.slot = booked_slot_words(made)
        self.made = Made(href=f"/bookings/{made.id}", child=made.child.name, left=texts.left(left))
        self.step, self.busy, self.message = "done", False, ""


def _warning(pickup: bookings.Pickup | None) -> str:
    if pickup is None:
        return ""
    hours = dates.time_range(pickup.start_at, pickup.end_at)
    return texts.pickup(pickup.child, hours, pickup.school)


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
