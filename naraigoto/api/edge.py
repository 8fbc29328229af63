"""What holds for every HTTP request before any route: HEAD, a bound on bodies, and the last resort."""

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from naraigoto import failures
from naraigoto.api.problems import Problem
from naraigoto.errors import Internal, TooLarge
from naraigoto.rules import REQUEST_BODY_MAX

_log = structlog.get_logger("naraigoto.http")
_API = "/api/"
_BOUNDED = (_API, "/webhooks/")
_OURS = (
    _API,
    "/healthz",
    "/readyz",
    "/schools/",
    "/instructors/",
    "/search",
    "/robots.txt",
    "/sitemap",
)


class Edge:
    """Answers HEAD as GET, refuses large bodies of programs, and turns what nobody caught into a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass HTTP on under these rules, and everything else as it is."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        bodiless = scope["method"] == "HEAD" and scope["path"].startswith(_OURS)
        answer = _Answer(send, bodiless=bodiless)
        if bodiless:
            scope = {**scope, "method": "GET"}
        if not scope["path"].startswith(_BOUNDED):
            await self._guarded(scope, receive, answer)
        elif int(_length(scope)) > REQUEST_BODY_MAX:
            await Problem(TooLarge())(scope, receive, answer.send)
        else:
            await self._guarded(scope, _bounded(receive), answer)

    async def _guarded(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await self.app(scope, receive, answer.send)
        except Exception as failure:
            _log.error("http.failed", path=scope["path"], **failures.about(failure))
            if answer.started:
                raise
            await Problem(Internal())(scope, receive, answer.send)


class _Answer:
    """Knows whether an answer has begun; leaves out the body where only the head was asked for."""

    def __init__(self, send: Send, *, bodiless: bool) -> None:
        self._send = send
        self.bodiless = bodiless
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
        elif self.bodiless:
            more = message.get("more_body", False)
            message = {"type": "http.response.body", "body": b"", "more_body": more}
        await self._send(message)


def _length(scope: Scope) -> str:
    given = Headers(scope=scope).get("content-length", "")
    return given if given.isascii() and given.isdigit() and len(given) < len("1000000000000") else "0"


def _bounded(receive: Receive) -> Receive:
    """Count what arrives: a chunked body tells no length."""
    arrived = 0

    async def counted() -> Message:
        nonlocal arrived
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > REQUEST_BODY_MAX:
            raise HTTPException(TooLarge.status)
        return message

    return counted
