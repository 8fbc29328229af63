"""The dialogs of one booking: cancel it, take another slot, answer the school; clicks in, words out."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, Unauthenticated
from naraigoto.services import bookings
from naraigoto.state.bookings import BookingDetailState
from naraigoto.state.places import id_in
from naraigoto.state.session import SessionState, edge, retrying_edge
from naraigoto.texts import booking_changes as texts
from naraigoto.texts import dates
from naraigoto.texts.errors import refusal as worded

_SLOTS_SHOWN = 20


@dataclass(frozen=True)
class CancelWords:
    """What the dialog says before a cancellation; `sickness` offers the reason, `note` says why it can't."""

    headline: str = ""
    text: str = ""
    free: bool = True
    sickness: bool = False
    note: str = ""


@dataclass(frozen=True)
class SlotChoice:
    """A slot that could be taken instead."""

    id: str
    when: str
    teacher: str
    seats: str


class BookingChangeState(rx.State):
    """Which dialog is open over the page of a booking; every press asks the services again."""

    dialog: Literal["", "cancel", "reschedule"] = ""
    terms: CancelWords = CancelWords()
    slots: list[SlotChoice] = []
    form_key: int = 0
    error: str = ""
    busy: bool = False
    said: str = ""

    @rx.event
    async def ask_cancel(self):
        """Look up what cancelling would mean now, and ask."""
        self._open()
        try:
            async with edge(self) as (session, actor):
                terms = await bookings.terms(session, actor, booking_id=self._booking_id(), now=clock.now())
        except DomainError as refusal:
            self._refuse(refusal)
            return
        self.terms, self.dialog = _terms(terms), "cancel"

    @rx.event
    async def cancel(self, form: dict[str, Any]):
        """Cancel; a second click finds the dialog busy or closed."""
        if self.dialog != "cancel" or self.busy:
            return
        sick = isinstance(form, dict) and form.get("reason") == bookings.CancelReason.SICKNESS
        reason = bookings.CancelReason.SICKNESS if sick else bookings.CancelReason.PLANS
        self.busy, self.error = True, ""
        yield
        number = self._booking_id()

        async def work(session: AsyncSession, actor: Actor) -> bookings.Cancelled:
            return await bookings.cancel(session, actor, booking_id=number, reason=reason, now=clock.now())

        try:
            done = await retrying_edge(self, work)
        except DomainError as refusal:
            self._refuse(refusal)
            return
        self._done(texts.returned(done.refunded_tickets))
        yield [BookingDetailState.refresh, SessionState.load]

    @rx.event
    async def ask_reschedule(self):
        """Show the free slots of the same class."""
        self._open()
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                found = await bookings.other_slots(session, actor, booking_id=self._booking_id(), now=now)
        except DomainError as refusal:
            self._refuse(refusal)
            return
        self.slots = [
            SlotChoice(
                id=str(slot.id),
                when=dates.slot_label(slot.start_at, slot.end_at),
                teacher=slot.instructor.name if slot.instructor else "",
                seats=texts.seats(slot.seats_left),
            )
            for slot in found[:_SLOTS_SHOWN]
        ]
        self.dialog = "reschedule"

    @rx.event
    async def reschedule(self, form: dict[str, Any]):
        """Take the chosen slot instead."""
        if self.dialog != "reschedule" or self.busy:
            return
        wanted = id_in(str(form.get("schedule_id", ""))) if isinstance(form, dict) else None
        if wanted is None:
            self.error = texts.CHOOSE_SLOT
            return
        self.busy, self.error = True, ""
        yield
        number = self._booking_id()

        async def work(session: AsyncSession, actor: Actor) -> bookings.BookingView:
            return await bookings.reschedule(
                session, actor, booking_id=number, schedule_id=wanted, now=clock.now()
            )

        try:
            await retrying_edge(self, work)
        except DomainError as refusal:
            self._refuse(refusal)
            return
        self._done(texts.RESCHEDULED)
        yield BookingDetailState.refresh

    @rx.event
    async def accept(self):
        """The family is content with what the school changed."""
        number = self._booking_id()

        async def work(session: AsyncSession, actor: Actor) -> bookings.BookingView:
            return await bookings.accept_change(session, actor, booking_id=number, now=clock.now())

        try:
            await retrying_edge(self, work)
        except DomainError as refusal:
            self._refuse(refusal)
            return
        self._done(texts.ACCEPTED)
        yield BookingDetailState.refresh

    @rx.event
    def close(self):
        """Put the dialog away and keep the booking."""
        self.reset()

    @rx.event
    def spoken(self):
        """What was said has been read."""
        self.said = ""

    def _booking_id(self) -> UUID:
        # An address without an id finds nothing, like an id that is not one's own.
        return id_in(self.router.url.path) or UUID(int=0)

    def _open(self) -> None:
        self.reset()
        self.form_key = int(clock.now().timestamp())

    def _refuse(self, refusal: DomainError) -> None:
        self.busy, self.error = False, worded(refusal)
        if isinstance(refusal, Unauthenticated):
            self.dialog = ""

    def _done(self, words: str) -> None:
        self.reset()
        self.said = words


def _terms(terms: bookings.CancelTerms) -> CancelWords:
    if terms.free:
        return CancelWords(headline=texts.free_headline(terms.tickets), text=texts.until(terms.free_until))
    again_at = terms.courtesy_again_at
    return CancelWords(
        headline=texts.late_headline(terms.free_until),
        text=texts.late_text(terms.tickets),
        free=False,
        sickness=again_at is None,
        note=texts.courtesy_again(again_at) if again_at else "",
    )
