"""One's own data over HTTP (contract.md §5, D17)."""

from typing import Annotated, Self

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, StrictBool
from starlette.background import BackgroundTask

from naraigoto import clock, db
from naraigoto.api.deps import CurrentActor, Now, Session
from naraigoto.api.problems import refusals
from naraigoto.errors import ParentApprovalRequired, RateLimited, Unauthenticated
from naraigoto.services import notification_settings, privacy
from naraigoto.web import export_archive
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
    """All of one's own data: a ZIP of JSON and CSV, or one JSON document for `Accept: application/json`."""
    async with db.transaction() as session:
        actor = await actor_from_request(request, session, now)
        taker = await privacy.start(session, actor, now=now)
    wants_json = accept.partition(";")[0].strip().lower() == JSON
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
