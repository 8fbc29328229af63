"""The dialogs with which a school moves, cancels or re-staffs a slot of its day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError
from naraigoto.services import slot_changes
from naraigoto.services.slot_changes import Outcome
from naraigoto.state.attendance import AttendanceState
from naraigoto.state.places import id_in
from naraigoto.state.session import edge, retrying_edge
from naraigoto.texts import attendance as texts
from naraigoto.texts import dates
from naraigoto.texts.errors import refusal as worded

What = Literal["", "move", "teach", "cancel"]


@dataclass(frozen=True)
class SlotWords:
    """The slot in the dialog; date and time as the inputs want them."""

    when: str = ""
    title: str = ""
    booked: str = ""
    date: str = ""
    time: str = ""
    instructor: str = ""


class SlotChangeState(rx.State):
    """Which dialog is open over the school's day; what was typed stays until it was accepted."""

    what: What = ""
    slot: SlotWords = SlotWords()
    teachers: list[tuple[str, str]] = []
    form_key: int = 0
    error: str = ""
    busy: bool = False
    said: str = ""
    _schedule_id: UUID | None = None

    @rx.event
    async def ask(self, schedule_id: str, what: str):
        """Open one of the dialogs for a slot."""
        self.reset()
        number = id_in(schedule_id) if isinstance(schedule_id, str) else None
        if number is None or what not in ("move", "teach", "cancel"):
            return
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                found = await slot_changes.look(session, actor, schedule_id=number, now=now)
        except DomainError as refusal:
            self.said = worded(refusal)
            return
        local = clock.jst(found.start_at)
        self.slot = SlotWords(
            when=dates.slot_label(found.start_at, found.end_at),
            title=found.title,
            booked=texts.total(found.booked),
            date=local.date().isoformat(),
            time=f"{local:%H:%M}",
            instructor=str(found.instructor_id or ""),
        )
        self.teachers = [("", texts.ANY_TEACHER), *[(str(one.id), one.name) for one in found.teachers]]
        self._schedule_id, self.form_key, self.what = number, int(now.timestamp()), what

    @rx.event
    async def move(self, form: dict[str, Any]):
        """Move the slot to the day and hour of the form, on a Japanese clock."""
        start_at = _moment(form)
        if start_at is None:
            self.error = texts.BAD_MOMENT
            return
        self._begin()
        yield

        async def work(session: AsyncSession, actor: Actor, number: UUID) -> Outcome:
            return await slot_changes.move(
                session, actor, schedule_id=number, start_at=start_at, now=clock.now()
            )

        done = await self._change("move", work)
        if done is not None:
            self.said = texts.slot_moved(done.asked, done.cancelled)
            yield AttendanceState.load

    @rx.event
    async def teach(self, form: dict[str, Any]):
        """Give the slot to another instructor."""
        wanted = str(form.get("instructor_id", "")) if isinstance(form, dict) else ""
        self._begin()
        yield

        async def work(session: AsyncSession, actor: Actor, number: UUID) -> Outcome:
            return await slot_changes.replace_instructor(
                session, actor, schedule_id=number, instructor_id=id_in(wanted), now=clock.now()
            )

        done = await self._change("teach", work)
        if done is not None:
            self.said = texts.teacher_replaced(done.asked)
            yield AttendanceState.load

    @rx.event
    async def cancel(self, form: dict[str, Any]):
        """Cancel the slot and tell everybody."""
        reason = str(form.get("reason", "")) if isinstance(form, dict) else ""
        self._begin()
        yield

        async def work(session: AsyncSession, actor: Actor, number: UUID) -> Outcome:
            return await slot_changes.cancel(
                session, actor, schedule_id=number, reason=reason, now=clock.now()
            )

        done = await self._change("cancel", work)
        if done is not None:
            self.said = texts.slot_cancelled(done.cancelled, done.waiting)
            yield AttendanceState.load

    @rx.event
    def close(self):
        """Put the dialog away and change nothing."""
        self.reset()

    @rx.event
    def spoken(self):
        """What was said has been read."""
        self.said = ""

    def _begin(self) -> None:
        self.busy, self.error = True, ""

    async def _change(self, what: What, work: Any) -> Outcome | None:
        number = self._schedule_id
        if self.what != what or number is None:
            self.busy = False
            return None
        try:
            done = await retrying_edge(self, lambda session, actor: work(session, actor, number))
        except DomainError as refusal:
            self.busy, self.error = False, worded(refusal)
            return None
        self.reset()
        return done


def _moment(form: Any) -> datetime | None:
    if not isinstance(form, dict):
        return None
    try:
        written = datetime.fromisoformat(f"{form.get('date', '')}T{form.get('time', '')}")
    except ValueError:
        return None
    return written.replace(tzinfo=clock.JST) if written.tzinfo is None else None
