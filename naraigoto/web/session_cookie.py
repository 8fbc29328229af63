"""The browser's session cookie, bearer tokens, and the same-origin rule for both doors (contract.md §5)."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import HTTPConnection
from starlette.responses import Response

from naraigoto.actor import Actor
from naraigoto.errors import Forbidden, Unauthenticated
from naraigoto.rules import SESSION_ABSOLUTE
from naraigoto.services import bearers, sessions
from naraigoto.settings import LOOPBACK, Settings, get_settings

NAME = "naraigoto_session"
_LENGTH_MAX = 128
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def read(header: str | None) -> str | None:
    """The session's secret value in a Cookie header."""
    for part in (header or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == NAME:
            return value if 0 < len(value) <= _LENGTH_MAX else None
    return None


def put(response: Response, token: str) -> None:
    """Hand the browser its session."""
    response.set_cookie(
        NAME,
        token,
        max_age=int(SESSION_ABSOLUTE.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=get_settings().secure_cookies,
    )


def drop(response: Response) -> None:
    """Take the browser's session back."""
    response.delete_cookie(
        NAME, path="/", httponly=True, samesite="lax", secure=get_settings().secure_cookies
    )


async def actor_from_request(request: HTTPConnection, session: AsyncSession, now: datetime) -> Actor:
    """Who asks: the bearer token when one is sent, else the cookie, else nobody.

    Raises: Unauthenticated for a bad token (the cookie is then never looked at), Forbidden for a
        cookie that would change something from a foreign page.
    """
    token = bearer(request)
    if token is not None:
        return await bearers.resolve(session, token, now=now)
    cookie = read(request.headers.get("cookie"))
    if cookie is not None and request.scope.get("method") not in _SAFE_METHODS:
        require_same_origin(request)
    return await sessions.resolve(session, cookie, now=now)


def bearer(request: HTTPConnection) -> str | None:
    """The token of the Authorization header, or None without such a header.

    Raises: Unauthenticated for another scheme or no token.
    """
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated
    return token.strip()


def require_same_origin(request: HTTPConnection) -> None:
    """Only our own pages go on; a missing Origin is nobody's page.

    Raises: Forbidden.
    """
    if not same_origin(request.headers.get("origin"), request.headers.get("host"), get_settings()):
        raise Forbidden


def refuse_foreign_page(request: HTTPConnection) -> None:
    """Where no cookie is needed: a program may come without an Origin, another site's page may not.

    Raises: Forbidden.
    """
    if "origin" in request.headers:
        require_same_origin(request)


def same_origin(origin: str | None, host: str | None, settings: Settings) -> bool:
    """True when `origin` is the public address, or this very machine outside production."""
    if not origin:
        return False
    if origin in settings.allowed_origins:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:  # half an IPv6 address
        return False
    here = parts.scheme == "http" and parts.netloc == host and parts.hostname in LOOPBACK
    return here and not settings.production
