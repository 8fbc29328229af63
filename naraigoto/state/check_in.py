"""/school/check-in/[…]: what the school sees after reading a family's QR code."""

from dataclasses import dataclass

import reflex as rx

from naraigoto import clock
from naraigoto.errors import DomainError, NotFound, Unauthenticated, Unavailable
from naraigoto.services import attendance
from naraigoto.state.access import Access, access_of
from naraigoto.state.places import id_in
from naraigoto.state.session import edge
from naraigoto.texts import attendance as texts
from naraigoto.texts import dates
from naraigoto.texts.errors import refusal as worded


@dataclass(frozen=True)
class Arrival:
    """Who stands at the door."""

    child: str = ""
    age: str = ""
    when: str = ""
    title: str = ""
    status: str = ""


class CheckInState(rx.State):
    """One child at the door; every look and the press ask the services again."""

    access: Access = ""
    path: str = "/school"
    arrival: Arrival = Arrival()
    error: str = ""
    busy: bool = False

    @rx.event
    async def load(self):
        """Who it is, for a member of the school of that lesson."""
        self.reset()
        yield
        await self._read()

    @rx.event
    async def record(self):
        """Note that the child came; saying it again changes nothing."""
        number = id_in(self.router.url.path)
        if number is None or self.busy:
            return
        self.busy, self.error = True, ""
        yield
        came = attendance.AttendanceStatus.ATTENDED
        try:
            async with edge(self) as (session, actor):
                await attendance.record(session, actor, booking_id=number, status=came, now=clock.now())
        except (Unauthenticated, Unavailable) as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        except DomainError as refusal:
            self.busy, self.error = False, worded(refusal)
            return
        self.busy = False
        await self._read()

    async def _read(self) -> None:
        now = clock.now()
        try:
            number = id_in(self.router.url.path)
            if number is None:
                raise NotFound
            self.path = f"/school/check-in/{number}"
            async with edge(self) as (session, actor):
                slot, entry = await attendance.arrival(session, actor, booking_id=number, now=now)
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        self.arrival = Arrival(
            child=entry.child,
            age=texts.age(entry.age),
            when=dates.slot_label(slot.start_at, slot.end_at),
            title=slot.title,
            status=entry.status.value,
        )
        self.access = "ok"
