"""Plain forms that change who is signed in: a full navigation follows (the websocket keeps old cookies)."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from naraigoto import clock, db
from naraigoto.adapters.identity.oidc import openid
from naraigoto.errors import DomainError
from naraigoto.services import child_mode, sessions
from naraigoto.settings import get_settings
from naraigoto.texts import identity
from naraigoto.web import session_cookie

router = APIRouter(prefix="/auth", include_in_schema=False)


@router.post("/logout")
async def sign_out(request: Request) -> Response:
    """End the browser's session and go to the first page; through the provider when it began there.

    Raises: Forbidden for a form on a foreign page.
    """
    session_cookie.require_same_origin(request)
    cookie = session_cookie.read(request.headers.get("cookie"))
    async with db.transaction() as session:
        came_by_provider = await sessions.began_at_provider(session, cookie)
        await sessions.revoke(session, cookie, now=clock.now())
    answer = await _farewell() if came_by_provider else None
    answer = answer or RedirectResponse("/", status_code=303)
    session_cookie.drop(answer)
    return answer


async def _farewell() -> Response | None:
    """A page that goes on to the provider: a form may not be redirected there (form-action)."""
    provider = openid()
    address = await provider.sign_out_url(f"{get_settings().public_url}/") if provider else None
    return HTMLResponse(identity.leaving_page(address)) if address else None


@router.post("/child-mode/{child_id}")
async def hand_to_child(request: Request, child_id: UUID) -> RedirectResponse:
    """Turn this browser into the child's; back to the family's page when that may not be.

    A second tap comes from the child's own browser already and leads where the first one did.

    Raises: Forbidden for a form on a foreign page.
    """
    session_cookie.require_same_origin(request)
    now = clock.now()
    cookie = session_cookie.read(request.headers.get("cookie"))
    try:
        async with db.transaction() as session:
            actor = await sessions.resolve(session, cookie, now=now)
            if actor.device_of is not None:
                return RedirectResponse("/kids", status_code=303)
            done = await child_mode.enter(session, actor, child_id=child_id, now=now)
    except DomainError:
        return RedirectResponse("/family", status_code=303)
    answer = RedirectResponse("/kids", status_code=303)
    session_cookie.put(answer, done.session_token)
    return answer
