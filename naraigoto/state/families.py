"""/family: who is in the family, and the way in for one more guardian."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import TypeAdapter, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, Unauthenticated, Unavailable
from naraigoto.services import families
from naraigoto.state.access import Access, access_of
from naraigoto.state.session import SessionState, retrying_edge
from naraigoto.texts import families as texts
from naraigoto.texts.errors import refusal as words_of

_ID = TypeAdapter(UUID)


@dataclass(frozen=True)
class ChildCard:
    """A child as its guardians see it."""

    id: str = ""
    name: str = ""
    age: str = ""
    born: str = ""
    login_name: str = ""
    interests: str = ""


@dataclass(frozen=True)
class GuardianRow:
    """A guardian; `owner` alone changes who is in the family."""

    id: str
    name: str
    owner: bool
    me: bool


@dataclass(frozen=True)
class InvitationRow:
    """An invitation that nobody has used yet."""

    id: str
    until: str


@dataclass(frozen=True)
class NewLink:
    """A link just made: shown once."""

    url: str = ""
    mail: str = ""
    until: str = ""


@dataclass(frozen=True)
class Question:
    """Who is about to leave the family; `kind` is child, guardian or me."""

    kind: str = ""
    id: str = ""
    name: str = ""


class FamilyState(rx.State):
    """Filled on every visit, empty for everybody else."""

    access: Access = ""
    name: str = ""
    code: str = ""
    owner: bool = False
    verified: bool = False
    children: list[ChildCard] = []
    guardians: list[GuardianRow] = []
    invitations: list[InvitationRow] = []
    link: NewLink = NewLink()
    question: Question = Question()
    error: str = ""
    message: str = ""

    @rx.event
    async def load(self):
        """Look the family up again."""
        self.link, self.question, self.error = NewLink(), Question(), ""
        await self._run(_look)

    @rx.event
    async def begin(self):
        """Begin a family; a second click finds the same one."""
        now = clock.now()
        self.error = ""

        async def work(session: AsyncSession, actor: Actor) -> None:
            await families.begin(session, actor, now=now)

        if await self._run(work):
            yield FamilyState.load
            yield SessionState.load

    @rx.event
    async def invite(self):
        """Make a link for one more guardian."""
        now = clock.now()
        self.error, self.link = "", NewLink()
        made: list[families.Invited] = []

        async def work(session: AsyncSession, actor: Actor) -> None:
            view = await families.own(session, actor)
            made.append(await families.invite(session, actor, view.id, now=now))

        if await self._run(work, look=True):
            until = texts.until(made[-1].expires_at)
            self.link = NewLink(made[-1].url, texts.mail_link(made[-1].url, until), until)

    @rx.event
    async def take_back(self, invitation_id: str):
        """End an invitation that nobody has used."""
        number, now = _uuid(invitation_id), clock.now()
        self.error, self.link, self.message = "", NewLink(), ""

        async def work(session: AsyncSession, actor: Actor) -> None:
            view = await families.own(session, actor)
            await families.take_back(session, actor, view.id, number or view.id, now=now)

        if number and await self._run(work, look=True):
            self.message = texts.TAKEN_BACK

    @rx.event
    def ask(self, user_id: str):
        """Ask before somebody is taken out, or before one leaves oneself."""
        self.error, self.message = "", ""
        for child in self.children:
            if child.id == user_id:
                self.question = Question("child", child.id, child.name)
        for guardian in self.guardians:
            if guardian.id == user_id:
                self.question = Question("me" if guardian.me else "guardian", guardian.id, guardian.name)

    @rx.event
    async def answer(self):
        """Do what was asked: take the person out, or leave."""
        asked, number, now = self.question, _uuid(self.question.id), clock.now()
        if number is None:
            return
        self.error, self.link = "", NewLink()

        async def work(session: AsyncSession, actor: Actor) -> None:
            view = await families.own(session, actor)
            if asked.kind == "me":
                await families.leave(session, actor, view.id, now=now)
            else:
                await families.remove(session, actor, view.id, number, now=now)

        if await self._run(work):
            self.question = Question()
            self.message = texts.LEFT if asked.kind == "me" else texts.removed(asked.name)
            yield FamilyState.load
            yield SessionState.load

    @rx.event
    def close(self):
        """Put the question away."""
        self.question, self.error = Question(), ""

    @rx.event
    def said(self):
        """The message was read."""
        self.message = ""

    async def _run(
        self, work: Callable[[AsyncSession, Actor], Awaitable[Any]], *, look: bool = False
    ) -> bool:
        """Do the work and show the family; False when it was refused."""
        now = clock.now()

        async def attempt(session: AsyncSession, actor: Actor) -> Any:
            done = await work(session, actor)
            return await _look(session, actor) if look else done

        try:
            found = await retrying_edge(self, attempt)
        except (Unauthenticated, Unavailable) as refusal:
            self._leave(refusal)
            return False
        except DomainError as refusal:
            if not self.access:
                self._leave(refusal)
            else:
                self.error = words_of(refusal)
            return False
        if isinstance(found, _Seen):
            self._show(found, now)
        return True

    def _leave(self, refusal: DomainError) -> None:
        self.reset()
        self.access = access_of(refusal)

    def _show(self, seen: "_Seen", now: datetime) -> None:
        view, today = seen.view, clock.jst_date(now)
        self.name = view.name or texts.family_name(view.owner_name)
        self.code, self.owner, self.verified = view.family_code, seen.actor.owns_family, seen.actor.verified
        self.guardians = [
            GuardianRow(
                str(person.user_id),
                person.name,
                owner=person.user_id == view.owner_id,
                me=person.user_id == seen.actor.user_id,
            )
            for person in view.people
            if person.login_name is None
        ]
        self.children = [
            ChildCard(
                id=str(person.user_id),
                name=person.name,
                age=texts.age(clock.age_on(today, person.birth_month) if person.birth_month else None),
                born=texts.birth_month(person.birth_month),
                login_name=person.login_name,
                interests=person.interests or "",
            )
            for person in view.people
            if person.login_name is not None
        ]
        self.invitations = [InvitationRow(str(row.id), texts.until(row.expires_at)) for row in seen.open]
        self.access = "ok"


@dataclass(frozen=True)
class _Seen:
    """A family, who looks at it, and the invitations that wait, for its owner's eyes."""

    view: families.FamilyView
    actor: Actor
    open: list[families.OpenInvitation]


async def _look(session: AsyncSession, actor: Actor) -> _Seen:
    view = await families.own(session, actor)
    waiting = (
        await families.open_invitations(session, actor, view.id, now=clock.now()) if actor.owns_family else []
    )
    return _Seen(view, actor, waiting)


def _uuid(value: object) -> UUID | None:
    try:
        return _ID.validate_python(value)
    except ValidationError:
        return None
