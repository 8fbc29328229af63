"""The part of /admin/operations about money: Stripe's webhooks, and matters that wait for a person."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import TypeAdapter, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, InvalidInput, NotFound, StaleEdit
from naraigoto.services import billing, webhooks
from naraigoto.state.operations import Count
from naraigoto.state.session import edge
from naraigoto.texts import dates, errors, outbox
from naraigoto.texts import money_operations as texts

_ID = TypeAdapter(UUID)


@dataclass(frozen=True)
class DeadEvent:
    """An event that could not be worked off; it names no person."""

    id: str
    kind: str
    received: str
    attempts: str
    error: str
    label: str


@dataclass(frozen=True)
class Issue:
    """A matter that waits."""

    id: str
    kind: str
    details: str
    family: str
    found: str
    label: str


class MoneyOperationsState(rx.State):
    """Filled for admins only, on every visit."""

    counts: list[Count] = []
    dead: list[DeadEvent] = []
    issues: list[Issue] = []
    asking: bool = False
    asked: str = ""
    note_error: str = ""
    error: str = ""
    message: str = ""
    _issue: str = ""

    @rx.event
    async def load(self):
        """Look again; who may not see this is told by the page's first part."""
        self.error = self.message = ""
        try:
            async with edge(self) as (session, actor):
                await self._show(session, actor)
        except DomainError:
            self.reset()

    @rx.event
    async def replay(self, number: str):
        """Queue one dead event again."""
        self.error = self.message = ""
        try:
            event_id = _ID.validate_python(number)
            async with edge(self) as (session, actor):
                await webhooks.replay(session, actor, number=event_id, now=clock.now())
                await self._show(session, actor)
        except ValidationError:
            return
        except (StaleEdit, NotFound):
            self.error = errors.refusal(StaleEdit())
            return
        except DomainError as refusal:
            self.reset()
            self.error = errors.refusal(refusal)
            return
        self.message = texts.REPLAYED

    @rx.event
    def ask(self, issue_id: str) -> None:
        """Open the dialog that asks what was done about a matter of the list."""
        chosen = next((issue for issue in self.issues if issue.id == issue_id), None)
        if chosen is not None:
            self._issue, self.asked = chosen.id, f"{chosen.kind}（{chosen.details}）"
            self.asking, self.note_error = True, ""

    @rx.event
    def close(self) -> None:
        """Close it again."""
        self.asking = False

    @rx.event
    async def settle(self, form: dict[str, Any]):
        """Note what was done; the matter leaves the list."""
        self.error = self.message = self.note_error = ""
        note = form.get("note", "") if isinstance(form, dict) else ""
        try:
            issue_id = _ID.validate_python(self._issue)
            async with edge(self) as (session, actor):
                await billing.settle(session, actor, issue_id=issue_id, note=str(note), now=clock.now())
                await self._show(session, actor)
        except ValidationError:
            return
        except InvalidInput:
            self.note_error = errors.field_problem("reason")
            return
        except (StaleEdit, NotFound):
            self.asking, self.error = False, errors.refusal(StaleEdit())
            return
        except DomainError as refusal:
            self.reset()
            self.error = errors.refusal(refusal)
            return
        self.asking, self.message = False, texts.SETTLED

    @rx.event
    def said(self) -> None:
        """The message has gone, so the same words can be said again."""
        self.message = ""

    async def _show(self, session: AsyncSession, actor: Actor) -> None:
        counts = await webhooks.counts(session, actor)
        dead = await webhooks.list_dead(session, actor)
        issues = await billing.list_open(session, actor)
        self.counts = [Count(name, words, getattr(counts, name)) for name, words in texts.COUNTS.items()]
        self.dead = [_event(row) for row in dead]
        self.issues = [_issue(row) for row in issues]


def _event(row: webhooks.WebhookEvent) -> DeadEvent:
    received = dates.moment_label(row.received_at)
    return DeadEvent(
        id=str(row.id),
        kind=row.type,
        received=received,
        attempts=outbox.attempts(row.attempts),
        error=row.last_error,
        label=texts.replay_label(row.type, received),
    )


def _issue(row: billing.Matter) -> Issue:
    kind, found = texts.KINDS[row.kind.value], dates.moment_label(row.found_at)
    return Issue(
        id=str(row.id),
        kind=kind,
        details=texts.details(row.facts),
        family=row.family,
        found=found,
        label=texts.settle_label(kind, found),
    )
