"""The form for a child on /family: adding one after the other, and changing what was written."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, InvalidInput
from naraigoto.rules import AGE_MAX
from naraigoto.services import families
from naraigoto.state.families import FamilyState
from naraigoto.state.session import edge, retrying_edge
from naraigoto.texts import families as texts
from naraigoto.texts.errors import field_problem
from naraigoto.texts.errors import refusal as words_of


@dataclass(frozen=True)
class ChildDraft:
    """What the form opens with; `id` is empty for a new child."""

    id: str = ""
    name: str = ""
    login_name: str = ""
    year: str = ""
    month: str = ""
    interests: str = ""


@dataclass(frozen=True)
class ChildErrors:
    """What is wrong, field by field; `form` is for the whole."""

    name: str = ""
    login_name: str = ""
    passcode: str = ""
    birth_date: str = ""
    interests: str = ""
    consent: str = ""
    form: str = ""


@dataclass(frozen=True)
class WayIn:
    """What a child types to come in. The passcode is shown once, to be noted down."""

    title: str = ""
    family_code: str = ""
    login_name: str = ""
    passcode: str = ""


class ChildFormState(rx.State):
    """The dialog: `step` is "" (closed), form or done."""

    step: str = ""
    turn: int = 0  # every opening is a new form
    draft: ChildDraft = ChildDraft()
    errors: ChildErrors = ChildErrors()
    ask_consent: bool = False
    years: list[tuple[str, str]] = []
    way_in: WayIn = WayIn()
    busy: bool = False

    @rx.event
    async def add(self):
        """Open an empty form."""
        if not await self._open(""):
            yield FamilyState.load

    @rx.event
    async def edit(self, child_id: str):
        """Open the form of one of the children."""
        if not await self._open(child_id if isinstance(child_id, str) else "-"):
            yield FamilyState.load

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Add the child or change it; what is wrong stands beside its field, and nothing typed is lost."""
        if self.step != "form" or not isinstance(form, dict):
            return
        typed = {key: value for key, value in form.items() if isinstance(value, str)}
        child, wrong = _child(typed, new=not self.draft.id)
        if self.ask_consent and not form.get("consent"):
            wrong["consent"] = texts.CONSENT_NEEDED
        if wrong:
            self.errors = ChildErrors(**wrong)
            return
        self.busy, self.errors = True, ChildErrors()
        yield
        if await self._save(child):
            yield FamilyState.load

    @rx.event
    def close(self):
        """Put the form away, and with it the passcode."""
        self._close()

    async def _open(self, child_id: str) -> bool:
        self._close()
        try:
            async with edge(self) as (session, actor):
                view = await families.own(session, actor)
                self.ask_consent = not await families.consented(session, actor)
        except DomainError:
            return False
        found = next((person for person in view.people if str(person.user_id) == child_id), None)
        if child_id and (found is None or found.login_name is None):
            return False
        self.draft = ChildDraft() if found is None else _draft(found)
        self.years = _years(clock.jst_date(clock.now()))
        self.step, self.turn = "form", self.turn + 1
        return True

    async def _save(self, child: families.ChildForm) -> bool:
        draft, now = self.draft, clock.now()

        async def work(session: AsyncSession, actor: Actor) -> tuple[families.Person, str]:
            family = await families.own(session, actor)
            if draft.id:
                changed = await families.change_child(
                    session, actor, family.id, UUID(draft.id), child, now=now
                )
                return changed, family.family_code
            return await families.add_child(session, actor, family.id, child, now=now), family.family_code

        try:
            person, code = await retrying_edge(self, work)
        except InvalidInput as refusal:
            fields: Any = refusal.facts["fields"]
            self.errors = ChildErrors(**{name: field_problem(key) for name, key in fields.items()})
            self.busy = False
            return False
        except DomainError as refusal:
            self.errors, self.busy = ChildErrors(form=words_of(refusal)), False
            return False
        self._close()
        if child.passcode:
            self.way_in = WayIn(_title(person.name, draft), code, person.login_name or "", child.passcode)
            self.step = "done"
        else:
            (await self.get_state(FamilyState)).message = texts.SAVED
        return True

    def _close(self) -> None:
        turn = self.turn
        self.reset()
        self.turn = turn


def _draft(child: families.Person) -> ChildDraft:
    born = child.birth_month
    return ChildDraft(
        id=str(child.user_id),
        name=child.name,
        login_name=child.login_name or "",
        year=str(born.year) if born else "",
        month=str(born.month) if born else "",
        interests=child.interests or "",
    )


def _title(name: str, draft: ChildDraft) -> str:
    return f"{name}{texts.PASSCODE_CHANGED if draft.id else texts.ADDED}"


def _years(today: date) -> list[tuple[str, str]]:
    """Whom a lesson may be for, the youngest first."""
    return [(str(year), texts.year(year)) for year in range(today.year, today.year - AGE_MAX - 2, -1)]


def _child(typed: dict[str, str], *, new: bool) -> tuple[families.ChildForm, dict[str, str]]:
    """The form as the service takes it, and what can be seen to be wrong before that."""
    born, wrong = None, {}
    year, month = typed.get("year", ""), typed.get("month", "")
    if bool(year) != bool(month):
        wrong["birth_date"] = texts.BOTH_PARTS
    elif year:
        try:
            born = date(int(year), int(month), 1)
        except (ValueError, OverflowError):
            wrong["birth_date"] = field_problem("birth")
    passcode = typed.get("passcode", "")
    child = families.ChildForm(
        name=typed.get("name", ""),
        login_name=typed.get("login_name", ""),
        passcode=passcode if new else passcode or None,
        birth_date=born,
        interests=typed.get("interests", ""),
    )
    return child, wrong
