"""/admin/operations: the outbox on an admin's screen."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx
from pydantic import TypeAdapter, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, NotFound, StaleEdit
from naraigoto.services import outbox
from naraigoto.state.access import Access, access_of
from naraigoto.state.session import edge
from naraigoto.texts import dates
from naraigoto.texts import outbox as texts
from naraigoto.texts.errors import refusal as words_of

_ID = TypeAdapter(UUID)


@dataclass(frozen=True)
class Count:
    """How many messages or events stand in one state of their queue."""

    status: str
    name: str
    count: int


@dataclass(frozen=True)
class DeadLetter:
    """A message that could not be sent; it names no person."""

    id: str
    kind: str
    created: str
    attempts: str
    error: str
    label: str


class OperationsState(rx.State):
    """Filled for admins only, on every visit."""

    access: Access = ""
    counts: list[Count] = []
    dead: list[DeadLetter] = []
    error: str = ""
    message: str = ""

    @rx.event
    async def load(self):
        """Look again."""
        self.error = self.message = ""
        try:
            async with edge(self) as (session, actor):
                await self._show(session, actor)
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)

    @rx.event
    async def retry(self, message_id: str):
        """Queue one dead letter again."""
        self.error = self.message = ""
        try:
            number = _ID.validate_python(message_id)
            async with edge(self) as (session, actor):
                await outbox.retry(session, actor, message_id=number, now=clock.now())
                await self._show(session, actor)
        except ValidationError:
            return
        except (StaleEdit, NotFound):
            self.error = words_of(StaleEdit())
            return
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        self.message = texts.RETRIED

    @rx.event
    def said(self) -> None:
        """The message has gone, so the same words can be said again."""
        self.message = ""

    async def _show(self, session: AsyncSession, actor: Actor) -> None:
        counts = await outbox.counts(session, actor)
        dead = await outbox.list_dead(session, actor)
        self.counts = [Count(status.value, texts.STATUSES[status.value], n) for status, n in counts.items()]
        self.dead = [_letter(row) for row in dead]
        self.access = "ok"


def _letter(row: outbox.OutboxMessage) -> DeadLetter:
    kind, created = texts.KINDS.get(row.kind, row.kind), dates.moment_label(row.created_at)
    return DeadLetter(
        id=str(row.id),
        kind=kind,
        created=created,
        attempts=texts.attempts(row.attempts),
        error=row.last_error,
        label=texts.retry_label(kind, created),
    )
