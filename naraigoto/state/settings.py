"""/settings: one's own account on the screen. Secrets are sent by forms to the API, never through here."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

import reflex as rx
from pydantic import TypeAdapter, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, Forbidden, InvalidInput, NotFound, Unauthenticated, Unavailable
from naraigoto.services import devices, notification_settings, privacy, profile
from naraigoto.state.access import Access, access_of
from naraigoto.state.session import SessionState, edge
from naraigoto.texts import settings as texts
from naraigoto.texts.errors import field_problem
from naraigoto.texts.errors import refusal as words_of

_ID = TypeAdapter(UUID)
_TYPED_MAX = 1000


@dataclass(frozen=True)
class Account:
    """Who I am."""

    kind: str = ""
    name: str = ""
    email: str = ""
    verified: bool = False
    pending_email: str = ""
    has_password: bool = False
    login_name: str = ""
    family_code: str = ""
    owns_family: bool = False


@dataclass(frozen=True)
class DeviceRow:
    """A signed-in device."""

    id: str
    name: str
    whose: str
    seen: str
    current: bool
    label: str


@dataclass(frozen=True)
class Flag:
    """A kind of mail that can be stopped."""

    key: str
    name: str
    note: str
    on: bool


@dataclass(frozen=True)
class ConsentRow:
    """What I agreed to."""

    name: str
    href: str
    said: str


@dataclass(frozen=True)
class ClosingView:
    """What closing the account would mean; `stopped` says why it cannot be now."""

    open: bool = False
    possible: bool = False
    stopped: str = ""
    notes: tuple[str, ...] = ()


class SettingsState(rx.State):
    """Filled on every visit, empty for everybody else."""

    access: Access = ""
    account: Account = Account()
    devices: list[DeviceRow] = []
    others: bool = False
    flags: list[Flag] = []
    consents: list[ConsentRow] = []
    closing: ClosingView = ClosingView()
    name_error: str = ""
    error: str = ""
    message: str = ""

    @rx.event
    async def load(self):
        """Look everything up again; `?done=password` is where the change of a password ends."""
        self.error = self.name_error = ""
        done = self.router.url.query_parameters.get("done")
        self.message = texts.PASSWORD_DONE if done == "password" else ""
        await self._look()

    @rx.event
    async def refresh(self):
        """A form has sent something: show what is known now."""
        await self._look()

    @rx.event
    async def rename(self, form: dict):
        """Be called otherwise."""
        self.name_error = self.message = ""
        written = form.get("name") if isinstance(form, dict) else None
        name = written[:_TYPED_MAX] if isinstance(written, str) else ""
        try:
            async with edge(self) as (session, actor):
                kept = await profile.rename(session, actor, name, now=clock.now())
        except InvalidInput as refusal:
            self.name_error = _problem(refusal)
            return None
        except DomainError as refusal:
            self._refused(refusal)
            return None
        self.account, self.message = replace(self.account, name=kept), texts.SAVED
        return SessionState.load

    @rx.event
    async def flip(self, key: str):
        """Get this kind of mail from now on, or no more."""
        self.message = self.error = ""
        if not isinstance(key, str) or key not in texts.FLAGS:
            return
        try:
            async with edge(self) as (session, actor):
                wishes = await notification_settings.get(session, actor)
                wished = replace(wishes, **{key: not getattr(wishes, key)})
                await notification_settings.put(session, actor, wished, now=clock.now())
        except DomainError as refusal:
            self._refused(refusal)
            return
        self.flags, self.message = _flags(wished), texts.SAVED

    @rx.event
    async def end_device(self, device_id: str):
        """Sign one device out."""
        self.message = self.error = ""
        now = clock.now()
        try:
            number = _ID.validate_python(device_id)
            async with edge(self) as (session, actor):
                await devices.end(session, actor, device_id=number, now=now)
                await self._show_devices(session, actor, now)
        except (ValidationError, NotFound):
            await self._look()  # it had ended meanwhile
            return
        except DomainError as refusal:
            self._refused(refusal)
            return
        self.message = texts.ENDED

    @rx.event
    async def end_others(self):
        """Sign out everywhere but here."""
        self.message = self.error = ""
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                await devices.end_others(session, actor, now=now)
                await self._show_devices(session, actor, now)
        except DomainError as refusal:
            self._refused(refusal)
            return
        self.message = texts.ENDED_OTHERS

    @rx.event
    async def ask_closing(self):
        """Open the dialog, with what would happen at this moment."""
        try:
            async with edge(self) as (session, actor):
                self.closing = replace(await _closing(session, actor, clock.now()), open=True)
        except DomainError as refusal:
            self._refused(refusal)

    @rx.event
    def stay(self) -> None:
        """Close the dialog and nothing else."""
        self.closing = replace(self.closing, open=False)

    @rx.event
    def said(self) -> None:
        """The message has gone, so the same words can be said again."""
        self.message = ""

    async def _look(self) -> None:
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                own = await profile.get(session, actor)
                self.account = _account(own, actor)
                self.consents = [_consent(row) for row in own.consents]
                await self._show_devices(session, actor, now)
                if self.account.kind != "child":
                    self.flags = _flags(await notification_settings.get(session, actor))
                    self.closing = await _closing(session, actor, now)
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        self.access = "ok"

    async def _show_devices(self, session: AsyncSession, actor: Actor, now: datetime) -> None:
        found = await devices.devices(session, actor, now=now)
        self.devices = [_device(row) for row in found]
        self.others = any(not row.current and not row.person_name for row in found)

    def _refused(self, refusal: DomainError) -> None:
        if isinstance(refusal, Unauthenticated | Unavailable):
            self.reset()
            self.access = access_of(refusal)
            return
        self.error = words_of(refusal)


def _account(own: profile.Profile, actor: Actor) -> Account:
    values = {name: value for name, value in asdict(own).items() if name not in {"type", "consents"}}
    return Account(kind=own.type.value, owns_family=actor.owns_family, **values)


def _device(row: devices.Device) -> DeviceRow:
    name = texts.device_name(row.browser, row.system)
    return DeviceRow(
        id=str(row.id),
        name=name,
        whose=texts.device_of(row.person_name, row.acting_as_name),
        seen=texts.last_seen(row.last_seen_at),
        current=row.current,
        label=texts.end_label(name),
    )


def _flags(wishes: notification_settings.Wishes) -> list[Flag]:
    on = asdict(wishes)
    return [Flag(key, name, note, on[key]) for key, (name, note) in texts.FLAGS.items()]


def _consent(row: profile.Agreed) -> ConsentRow:
    name, href = texts.DOCUMENTS[row.document.value]
    return ConsentRow(name, href, texts.agreed(row.version, row.at))


async def _closing(session: AsyncSession, actor: Actor, now: datetime) -> ClosingView:
    try:
        ahead = await privacy.outlook(session, actor, now=now)
    except Forbidden:
        return ClosingView(stopped=texts.CLOSE_ADMIN)
    if ahead.schools:
        return ClosingView(stopped=texts.schools_need_owner(ahead.schools))
    notes = (
        texts.CLOSE_PLAN if ahead.plan else "",
        texts.family_ends(ahead.children, ahead.lessons),
        texts.CLOSE_LOST if ahead.ends else "",
        texts.family_passes(ahead.heir),
        texts.CLOSE_KEPT if ahead.goes_on else "",
        texts.CLOSE_CALENDAR if ahead.goes_on else "",
    )
    return ClosingView(possible=True, notes=tuple(note for note in notes if note))


def _problem(refusal: InvalidInput) -> str:
    fields = refusal.facts["fields"]
    return field_problem(next(iter(fields.values()))) if isinstance(fields, dict) else ""
