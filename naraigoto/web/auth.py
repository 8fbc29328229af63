"""Signing out by a plain form, so that a full navigation follows (the websocket keeps old cookies)."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from naraigoto import clock, db
from naraigoto.services import sessions
from naraigoto.web import session_cookie

router = APIRouter(prefix="/auth", include_in_schema=False)


@router.post("/logout")
async def sign_out(request: Request) -> RedirectResponse:
    """End the browser's session and go to the first page.

    Raises: Forbidden for a form on a foreign page.
    """
    session_cookie.require_same_origin(request)
    cookie = session_cookie.read(request.headers.get("cookie"))
    async with db.transaction() as session:
        await sessions.revoke(session, cookie, now=clock.now())
    answer = RedirectResponse("/", status_code=303)
    session_cookie.drop(answer)
    return answer
