"""/unsubscribe/{key}: ends the weekly mail; one click in a mail program posts here without a cookie."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from naraigoto import clock, db
from naraigoto.services import digests
from naraigoto.texts import seo as words

router = APIRouter(prefix="/unsubscribe", include_in_schema=False)

_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


@router.get("/{key}")
async def ask(key: UUID) -> HTMLResponse:
    """Ask the person first: mail scanners follow every link.

    Raises: NotFound for a key of nobody.
    """
    async with db.transaction() as session:
        await digests.require_known(session, key=key)
    return HTMLResponse(words.plain("unsubscribe", {"done": False}), headers=_HEADERS)


@router.post("/{key}")
async def stop(key: UUID) -> HTMLResponse:
    """Send the mail no more. The key itself is the right to do so, so no Origin is asked for.

    Raises: NotFound for a key of nobody.
    """
    async with db.transaction() as session:
        await digests.stop(session, key=key, now=clock.now())
    return HTMLResponse(words.plain("unsubscribe", {"done": True}), headers=_HEADERS)
