"""One's own data over HTTP (contract.md §5, D17)."""

from typing import Annotated, Self

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.background import BackgroundTask

from naraigoto import clock, db
from naraigoto.actor import Actor
from naraigoto.api.deps import CurrentActor, Now, Retrying, Session
from naraigoto.api.problems import refusals
from naraigoto.errors import (
    Forbidden,
    LinkUnusable,
    ParentApprovalRequired,
    RateLimited,
    SchoolNeedsOwner,
    Unauthenticated,
)
from naraigoto.services import notification_settings, privacy
from naraigoto.web import export_archive, session_cookie
from naraigoto.web.session_cookie import actor_from_request

router = APIRouter(tags=["privacy"])

JSON = "application/json"
ZIP = "application/zip"


class NotificationSettings(BaseModel):
    """Which mails come beside those that always come: bookings, changes, payments and sign-in."""

    model_config = ConfigDict(extra="forbid")

    reminders: StrictBool
    review_requests: StrictBool
    ticket_notices: StrictBool
    points_notices: StrictBool
    digest: StrictBool

    @classmethod
    def of(cls, wishes: notification_settings.Wishes) -> Self:
        """The wire shape of somebody's wishes."""
        return cls(
            reminders=wishes.reminders,
            review_requests=wishes.review_requests,
            ticket_notices=wishes.ticket_notices,
            points_notices=wishes.points_notices,
            digest=wishes.digest,
        )


@router.get("/me/notification-settings", responses=refusals(Unauthenticated, ParentApprovalRequired))
async def read_notification_settings(actor: CurrentActor, session: Session) -> NotificationSettings:
    """Which mails do I get?"""
    return NotificationSettings.of(await notification_settings.get(session, actor))


@router.put("/me/notification-settings", responses=refusals(Unauthenticated, ParentApprovalRequired))
async def write_notification_settings(
    body: NotificationSettings, actor: CurrentActor, session: Session, now: Now
) -> NotificationSettings:
    """Get these mails from now on."""
    wishes = notification_settings.Wishes(**body.model_dump())
    return NotificationSettings.of(await notification_settings.put(session, actor, wishes, now=now))


@router.get(
    "/me/export",
    response_class=StreamingResponse,
    responses={200: {"content": {ZIP: {}, JSON: {"schema": {"type": "object"}}}}}
    | refusals(Unauthenticated, RateLimited),
)
async def export(request: Request, now: Now, accept: Annotated[str, Header()] = "*/*") -> StreamingResponse:
    """All of one's own data: a ZIP of JSON and CSV, or one JSON document when `Accept` begins with JSON."""
    async with db.transaction() as session:
        actor = await actor_from_request(request, session, now)
        taker = await privacy.start(session, actor, now=now)
    wants_json = accept.partition(",")[0].partition(";")[0].strip().lower() == JSON
    write = export_archive.document if wants_json else export_archive.archive
    async with db.transaction() as session:
        await privacy.freeze(session)
        spool = await write(session, taker, now=now)
    name = f"naraigoto-{clock.jst(now):%Y%m%d}.{'json' if wants_json else 'zip'}"
    return StreamingResponse(
        export_archive.chunks(spool),
        media_type=JSON if wants_json else ZIP,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(export_archive.size(spool)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
        background=BackgroundTask(spool.close),
    )


@router.delete(
    "/me",
    status_code=204,
    responses=refusals(Unauthenticated, Forbidden, ParentApprovalRequired, SchoolNeedsOwner),
)
async def close_account(work: Retrying, response: Response, now: Now) -> None:
    """Close one's account: sign-in ends now, what is personal goes after 30 days; a mail can undo it."""

    async def close(session: AsyncSession, actor: Actor) -> None:
        await privacy.close(session, actor, now=now)

    await work.run(close)
    session_cookie.drop(response)
    response.headers["Cache-Control"] = "no-store"


class Undo(BaseModel):
    """The token of the link in the mail."""

    model_config = ConfigDict(hide_input_in_errors=True)

    token: Annotated[str, Field(min_length=1, max_length=2000)]


@router.post("/auth/undo-deletion", status_code=204, responses=refusals(LinkUnusable))
async def undo_closing(body: Undo, response: Response, session: Session, now: Now) -> None:
    """Open a closed account again by the link of the mail; signing in is the next step."""
    await privacy.reopen(session, body.token, now=now)
    response.headers["Cache-Control"] = "no-store"
