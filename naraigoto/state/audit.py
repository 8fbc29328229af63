"""「操作の記録」 on an admin's screen."""

from dataclasses import dataclass

import reflex as rx

from naraigoto.errors import DomainError
from naraigoto.services import audit
from naraigoto.state.session import edge
from naraigoto.texts import audit as texts
from naraigoto.texts import dates

_WHO_MAX = 254


@dataclass(frozen=True)
class AuditRow:
    """One line; `actor` is "" for what nobody with an account did."""

    id: str
    at: str
    actor: str
    kind: str
    action: str
    thing: str
    facts: str
    label: str


class AuditState(rx.State):
    """Filled for admins only, a page at a time; empty for everybody else."""

    rows: list[AuditRow] = []
    who: str = ""
    shown: str = ""
    has_more: bool = False
    _cursor: str | None = None

    @rx.event
    async def load(self):
        """The newest lines of everybody."""
        await self._turn_to("", None)

    @rx.event
    async def ask(self, form: dict):
        """Only what one person did, by name or address."""
        written = form.get("who") if isinstance(form, dict) else None
        await self._turn_to(written[:_WHO_MAX].strip() if isinstance(written, str) else "", None)

    @rx.event
    async def only(self, who: str):
        """Only what the person of this line did."""
        await self._turn_to(who[:_WHO_MAX] if isinstance(who, str) else "", None)

    @rx.event
    async def everybody(self):
        """All lines again."""
        await self._turn_to("", None)

    @rx.event
    async def more(self):
        """The older lines below."""
        if self._cursor is not None:
            await self._turn_to(self.who, self._cursor)

    async def _turn_to(self, who: str, cursor: str | None) -> None:
        try:
            async with edge(self) as (session, actor):
                page = await audit.list_entries(session, actor, who=who, cursor=cursor)
        except DomainError:
            self.reset()
            return
        found = [_row(entry) for entry in page.items]
        self.rows = [*self.rows, *found] if cursor else found
        self.who, self.shown = who, texts.shown(who) if who else ""
        self._cursor, self.has_more = page.next_cursor, page.next_cursor is not None


def _row(entry: audit.Entry) -> AuditRow:
    name = entry.actor or ""
    return AuditRow(
        id=str(entry.id),
        at=dates.moment_label(entry.at),
        actor=name,
        kind=texts.PEOPLE[entry.actor_type.value] if entry.actor_type else texts.SYSTEM,
        action=texts.ACTIONS.get(entry.action, entry.action),
        thing=texts.thing(entry.thing_type, str(entry.thing_id)),
        facts=texts.facts(entry.facts),
        label=texts.only_label(name),
    )
