"""The family's bookings for calendar apps, behind a secret address that can be ended."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from naraigoto.api.deps import CurrentActor, Now, Retrying, Session
from naraigoto.api.problems import refusals
from naraigoto.errors import Forbidden, NotFound, ParentApprovalRequired, Unauthenticated
from naraigoto.services import calendar
from naraigoto.settings import get_settings
from naraigoto.texts import calendars

router = APIRouter(tags=["calendar"])
_WHOSE = (Unauthenticated, Forbidden, ParentApprovalRequired)


class AddressRead(BaseModel):
    """Where a calendar app finds the bookings; null while there is no address."""

    url: str | None


def _url(token: str | None) -> str | None:
    return None if token is None else calendars.feed_url(get_settings().public_url, token)


@router.get("/me/calendar", responses=refusals(*_WHOSE))
async def read_address(actor: CurrentActor, session: Session) -> AddressRead:
    """The family's secret calendar address."""
    return AddressRead(url=_url(await calendar.address(session, actor)))


@router.post("/me/calendar", status_code=201, responses=refusals(*_WHOSE))
async def make_address(contended: Retrying, now: Now) -> AddressRead:
    """Make an address; the one before it ends."""
    token = await contended.run(lambda session, actor: calendar.make_address(session, actor, now=now))
    return AddressRead(url=_url(token))


@router.delete("/me/calendar", status_code=204, responses=refusals(*_WHOSE))
async def end_address(actor: CurrentActor, session: Session) -> None:
    """End the address."""
    await calendar.end_address(session, actor)


@router.get(
    "/me/calendar.ics",
    response_class=Response,
    responses={200: {"content": {calendars.MEDIA_TYPE: {}}}, **refusals(NotFound)},
)
async def read_feed(session: Session, now: Now, token: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The bookings behind a secret address, as iCalendar; calendar apps send no cookie."""
    lessons = await calendar.behind(session, token, now=now)
    entries = [
        calendars.Entry(
            booking_id=lesson.booking_id,
            start_at=lesson.start_at,
            end_at=lesson.end_at,
            child=lesson.child,
            lesson=lesson.lesson,
            school=lesson.school,
            place=lesson.place,
        )
        for lesson in lessons
    ]
    body = calendars.feed(entries, public_url=get_settings().public_url, now=now)
    return Response(
        body,
        media_type=f"{calendars.MEDIA_TYPE}; charset=utf-8",
        headers={"Cache-Control": "private, no-cache", "Referrer-Policy": "no-referrer"},
    )
