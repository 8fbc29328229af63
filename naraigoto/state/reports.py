"""/admin/reports: the queue, one case in its context, the decision; and the month in numbers."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, InvalidInput, ReviewChanged
from naraigoto.services import moderation
from naraigoto.state.access import Access, access_of
from naraigoto.state.places import id_in
from naraigoto.state.report_words import CaseView, CaseWords, Figure, case_view, case_words, figures
from naraigoto.state.session import edge, retrying_edge
from naraigoto.texts import reports as texts
from naraigoto.texts.errors import field_problem
from naraigoto.texts.errors import refusal as worded


class ReportsState(rx.State):
    """Filled for admins only, on every visit; what was typed stays until it was accepted."""

    access: Access = ""
    tab: Literal["open", "decided"] = "open"
    waiting: str = ""
    cases: list[CaseView] = []
    has_more: bool = False
    chosen: CaseWords = CaseWords()
    months: list[tuple[str, str]] = []
    month: str = ""
    numbers: list[Figure] = []
    action_error: str = ""
    note_error: str = ""
    error: str = ""
    busy: bool = False
    form_key: int = 0
    said: str = ""
    _cursor: str | None = None

    @rx.event
    async def load(self):
        """What waits, the most urgent first."""
        self.reset()
        yield
        await self._turn_to(None)
        if self.access == "ok":
            found = moderation.months(now=clock.now())
            self.months = [(month.isoformat(), texts.month(month.year, month.month)) for month in found]
            await self._count(found[0])

    @rx.event
    async def turn(self, tab: str):
        """What waits, or what was decided."""
        if tab in ("open", "decided") and self.access == "ok":
            self.tab, self.chosen = tab, CaseWords()
            await self._turn_to(None)

    @rx.event
    async def more(self):
        """The next cases below."""
        if self._cursor is not None:
            await self._turn_to(self._cursor)

    @rx.event
    async def look(self, report_id: str):
        """Open one case with everything that helps to decide."""
        number = id_in(report_id) if isinstance(report_id, str) else None
        if number is not None:
            await self._look(number)
            self.form_key += 1

    @rx.event
    def back(self):
        """To the queue again."""
        self.chosen, self.error = CaseWords(), ""

    @rx.event
    async def decide(self, form: dict[str, Any]):
        """Settle the case, or the objection; author and reporters are told."""
        case = self.chosen
        if not case.id or self.busy or not isinstance(form, dict):
            return
        action, note = str(form.get("action") or ""), str(form.get("note") or "")
        self.error = self.note_error = ""
        known = [one.key for one in case.actions]
        self.action_error = "" if action in known else texts.ACTION_MISSING
        if self.action_error:
            return
        self.busy = True
        yield
        await self._settle(case, action, note)
        self.busy = False

    @rx.event
    async def of_month(self, month: str):
        """The numbers of another month."""
        if isinstance(month, str) and month in dict(self.months):
            await self._count(date.fromisoformat(month))

    @rx.event
    def spoken(self):
        """What was said has been read."""
        self.said = ""

    async def _settle(self, case: CaseWords, action: str, note: str) -> None:
        number = UUID(case.id)

        async def work(session: AsyncSession, actor: Actor) -> None:
            if case.appeal_id:
                await moderation.decide_appeal(
                    session,
                    actor,
                    appeal_id=UUID(case.appeal_id),
                    granted=action == "grant",
                    note=note,
                    now=clock.now(),
                )
            else:
                await moderation.decide(
                    session,
                    actor,
                    report_id=number,
                    action=moderation.Action(action),
                    note=note,
                    version=case.version,
                    now=clock.now(),
                )

        try:
            await retrying_edge(self, work)
        except InvalidInput as refusal:
            fields = refusal.facts["fields"]
            self.note_error = field_problem(fields["note"]) if isinstance(fields, dict) else worded(refusal)
            return
        except ReviewChanged as refusal:
            # The new words come in; the decision that is being written stays in its fields.
            await self._look(number)
            self.error = worded(refusal)
            return
        except DomainError as refusal:
            self.error = worded(refusal)
            return
        self.said, self.chosen = texts.DECIDED, CaseWords()
        await self._turn_to(None)

    async def _look(self, number: UUID) -> None:
        self.error = self.action_error = self.note_error = ""
        try:
            async with edge(self) as (session, actor):
                found = await moderation.case(session, actor, report_id=number)
        except DomainError as refusal:
            self.error = worded(refusal)
            return
        self.chosen = case_words(found, clock.now())

    async def _count(self, month: date) -> None:
        async with edge(self) as (session, _actor):
            found = await moderation.transparency(session, month=month, now=clock.now())
        self.month, self.numbers = month.isoformat(), figures(found)

    async def _turn_to(self, cursor: str | None) -> None:
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                page = await moderation.queue(
                    session, actor, state=moderation.QueueState(self.tab), cursor=cursor
                )
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        found = [case_view(case, now) for case in page.items]
        self.cases = [*self.cases, *found] if cursor else found
        self._cursor, self.has_more = page.next_cursor, page.next_cursor is not None
        self.waiting, self.access = texts.waiting(page.open_count), "ok"
