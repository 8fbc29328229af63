"""The outermost door: hosts, origins of websockets, headers of every answer, the id of every request."""

import re
import time
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from naraigoto.bundle import client_folder
from naraigoto.settings import LOOPBACK, Settings, get_settings
from naraigoto.web import content_policy, session_cookie

BUNDLE = client_folder()
# Load balancers ask for these by address, not by name.
_ANY_HOST = {"/healthz", "/readyz"}
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_HASHED = "/assets/"
_log = structlog.get_logger("naraigoto.http")


class Security:
    """ASGI middleware around everything: pages, files, API and websocket."""

    def __init__(self, app: ASGIApp, settings: Settings | None = None, bundle: Path = BUNDLE) -> None:
        self.app = app
        self.settings = settings or get_settings()
        self.hosts = _hosts(self.settings)
        self.headers = _headers(self.settings, bundle)
        self.pages = {f"/{page.parent.relative_to(bundle)}" for page in bundle.rglob("*/index.html")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what may not enter, and dress what leaves."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            if scope["type"] == "websocket":
                await self._websocket(scope, receive, send, headers)
            else:
                await self._http(scope, receive, send, headers, request_id)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        if not self._known_host(headers, scope["path"]) or not self._own_page(headers):
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        await self.app(scope, receive, send)

    def _own_page(self, headers: Headers) -> bool:
        # Without Origin it is no browser: welcome, but not with a browser's cookie.
        origin = headers.get("origin")
        if origin is None:
            return session_cookie.read(headers.get("cookie")) is None
        return session_cookie.same_origin(origin, headers.get("host"), self.settings)

    async def _http(
        self, scope: Scope, receive: Receive, send: Send, headers: Headers, request_id: str
    ) -> None:
        began, status, path = time.perf_counter(), 500, scope["path"]

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(MutableHeaders(scope=message), path, status, request_id)
            await send(message)

        app = self.app if self._known_host(headers, path) else _wrong_host
        if path in self.pages:  # else the file server would redirect /login to /login/
            scope = {**scope, "path": f"{path}/", "raw_path": scope.get("raw_path", b"") + b"/"}
        try:
            await app(scope, receive, dressed)
        finally:
            if not path.startswith(_HASHED) and path not in _ANY_HOST:
                spent = round((time.perf_counter() - began) * 1000, 1)
                # Never the query: it can hold a token or what somebody searched for.
                _log.info("http.answered", method=scope["method"], path=path, status=status, ms=spent)

    def _known_host(self, headers: Headers, path: str) -> bool:
        if path in _ANY_HOST:
            return True
        try:
            return (urlsplit(f"//{headers.get('host', '')}").hostname or "") in self.hosts
        except ValueError:  # half an IPv6 address
            return False

    def _dress(self, headers: MutableHeaders, path: str, status: int, request_id: str) -> None:
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        headers["X-Request-Id"] = request_id
        headers["Server"] = "web"
        if "cache-control" not in headers:
            headers["Cache-Control"] = _cache_control(path, status, headers.get("content-type", ""))


def _hosts(settings: Settings) -> set[str]:
    public = urlsplit(settings.public_url).hostname or ""
    return {public} if settings.production else {public, *LOOPBACK}


def _headers(settings: Settings, bundle: Path) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": content_policy.policy(
            settings.allowed_origins, bundle, map_host=settings.map_host
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.secure_cookies:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def _cache_control(path: str, status: int, content_type: str) -> str:
    if path.startswith(("/api/", "/auth/")):
        return "no-store"
    if status in {200, 206, 304} and not content_type.startswith("text/html"):
        if path.startswith(_HASHED):
            return "public, max-age=31536000, immutable"
        if path.startswith("/fonts/"):
            return "public, max-age=2592000"
    return "no-cache"


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid4().hex


async def _wrong_host(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("Bad host", status_code=400)(scope, receive, send)
