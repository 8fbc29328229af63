"""Where one is signed in, and ending it from afar (「ログイン中の端末」)."""

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from naraigoto.api.deps import CurrentActor, Now, Session
from naraigoto.api.problems import refusals
from naraigoto.errors import Forbidden, NotFound, Unauthenticated
from naraigoto.services import devices

router = APIRouter(prefix="/me/sessions", tags=["accounts"])


class DeviceRead(BaseModel):
    """A signed-in device; empty texts where it did not say what it is."""

    id: UUID
    browser: str
    system: str
    created_at: datetime
    last_seen_at: datetime
    current: bool
    acting_as_name: str
    person_name: str

    @classmethod
    def of(cls, device: devices.Device) -> Self:
        """The wire shape of a device."""
        return cls(
            id=device.id,
            browser=device.browser,
            system=device.system,
            created_at=device.created_at,
            last_seen_at=device.last_seen_at,
            current=device.current,
            acting_as_name=device.acting_as_name,
            person_name=device.person_name,
        )


class DeviceList(BaseModel):
    """All of them at once; there are never many."""

    items: list[DeviceRead]
    next_cursor: None = None


@router.get("", responses=refusals(Unauthenticated))
async def list_devices(actor: CurrentActor, session: Session, now: Now, response: Response) -> DeviceList:
    """The caller's signed-in devices; for the owner guardian also the children's."""
    response.headers["Cache-Control"] = "no-store"
    found = await devices.devices(session, actor, now=now)
    return DeviceList(items=[DeviceRead.of(device) for device in found])


@router.delete("", status_code=204, responses=refusals(Unauthenticated, Forbidden))
async def end_other_devices(actor: CurrentActor, session: Session, now: Now) -> None:
    """Sign out everywhere but here."""
    await devices.end_others(session, actor, now=now)


@router.delete("/{session_id}", status_code=204, responses=refusals(Unauthenticated, Forbidden, NotFound))
async def end_device(session_id: UUID, actor: CurrentActor, session: Session, now: Now) -> None:
    """Sign one device out."""
    await devices.end(session, actor, device_id=session_id, now=now)
