"""The pages of the practice Stripe on the site's own address; outside production and without an account only.

The sandbox is a process on a loopback port that lets in who knows its key; visitors reach it through here.
"""

import re

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from naraigoto.adapters.payments.access import Access, access_of
from naraigoto.errors import NotFound, TooLarge
from naraigoto.rules import REQUEST_BODY_MAX
from naraigoto.settings import get_settings
from naraigoto.texts import stripe_sandbox as texts
from naraigoto.web import session_cookie

router = APIRouter(include_in_schema=False)

_PAGE = re.compile(r"/dev/stripe(/[A-Za-z0-9_]+)*/?")
_PASSED_ON = ("content-type", "location", "cache-control")
_TIMEOUT = 60.0  # a year of renewals takes a while


@router.get("/dev/stripe")
@router.get("/dev/stripe/{rest:path}")
async def show(request: Request) -> Response:
    """A page of the sandbox.

    Raises: NotFound where an account is named.
    """
    return await _ask(request, b"")


@router.post("/dev/stripe")
@router.post("/dev/stripe/{rest:path}")
async def change(request: Request) -> Response:
    """A form of such a page.

    Raises: NotFound where an account is named, Forbidden for a form on a foreign page, TooLarge.
    """
    # Browsers name the page a form came from. Who names none is a program, and no cookie counts here anyway.
    if request.headers.get("origin") is not None:
        session_cookie.require_same_origin(request)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > REQUEST_BODY_MAX:
            raise TooLarge
    return await _ask(request, body)


async def _ask(request: Request, body: bytes) -> Response:
    settings = get_settings()
    if settings.production or settings.stripe_api_key is not None:
        raise NotFound
    # Nothing like ".." may lead from the pages to the API, whose key we add.
    if not _PAGE.fullmatch(request.url.path):
        raise NotFound
    access = access_of(settings)
    try:
        return await _hand_on(request, body, access)
    except httpx.HTTPError:
        return PlainTextResponse(texts.AWAY, 503)


async def _hand_on(request: Request, body: bytes, access: Access) -> Response:
    headers = {
        "Authorization": f"Bearer {access.api_key}",
        "Content-Type": request.headers.get("content-type", ""),
    }
    address = f"{access.base}{request.url.path}"
    async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
        answer = await client.request(
            request.method, address, params=request.url.query, content=body, headers=headers
        )
    passed = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
    return Response(answer.content, answer.status_code, passed)
