from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from naraigoto.settings import Settings
from naraigoto.web import content_policy
from naraigoto.web.content_policy import inline_hashes
from naraigoto.web.security import Security

HOME = "http://localhost:3000"


def settings(**over: Any) -> Settings:
    return Settings(**({"NARAIGOTO_ENV": "local", "PORT": 3000, "PUBLIC_URL": None} | over))


def production() -> Settings:
    return settings(NARAIGOTO_ENV="production", PUBLIC_URL="https://naraigoto.example")


async def html(_request: Request) -> Response:
    return HTMLResponse("<p>こんにちは</p>")


async def file(_request: Request) -> Response:
    return PlainTextResponse("x")


async def strict(_request: Request) -> Response:
    return JSONResponse(
        {}, headers={"Content-Security-Policy": "default-src 'none'", "Cache-Control": "private"}
    )


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


def guarded(with_: Settings | None = None, bundle: Path = Path("nowhere")) -> Security:
    paths = ("/assets/app-1a2b.js", "/fonts/a.woff2", "/api/v1/x", "/healthz")
    routes = [Route("/", html), Route("/strict", strict), *(Route(path, file) for path in paths)]
    return Security(Starlette(routes=[*routes, WebSocketRoute("/_event", echo)]), with_ or settings(), bundle)


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=guarded()), base_url=HOME) as client:
        yield client


async def handshake(headers: dict[str, str]) -> str:
    """What a websocket client is answered: `websocket.accept` or `websocket.close`."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"Host": "localhost:3000"} | headers
    scope = {
        "type": "websocket",
        "path": "/_event",
        "raw_path": b"/_event",
        "root_path": "",
        "query_string": b"",
        "scheme": "ws",
        "subprotocols": [],
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
    }
    await guarded()(scope, receive, send)
    return str(sent[0]["type"])


async def test_every_answer_carries_the_security_headers(browser: httpx.AsyncClient):
    for path in ("/", "/assets/app-1a2b.js", "/api/v1/x", "/missing"):
        headers = (await browser.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "geolocation=(self)" in headers["permissions-policy"]
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert "granian" not in headers["server"]


async def test_only_https_sites_promise_https(browser: httpx.AsyncClient):
    assert "strict-transport-security" not in (await browser.get("/")).headers
    transport = httpx.ASGITransport(app=guarded(production()))
    async with httpx.AsyncClient(transport=transport, base_url="https://naraigoto.example") as client:
        assert "max-age=" in (await client.get("/")).headers["strict-transport-security"]


async def test_an_answers_own_policy_stays(browser: httpx.AsyncClient):
    headers = (await browser.get("/strict")).headers
    assert headers["content-security-policy"] == "default-src 'none'"
    assert headers["cache-control"] == "private"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "no-cache"),
        ("/assets/app-1a2b.js", "public, max-age=31536000, immutable"),
        ("/assets/missing.js", "no-cache"),
        ("/fonts/a.woff2", "public, max-age=2592000"),
        ("/api/v1/x", "no-store"),
    ],
)
async def test_caches_keep_only_what_never_changes(browser: httpx.AsyncClient, path: str, expected: str):
    assert (await browser.get(path)).headers["cache-control"] == expected


async def test_a_foreign_host_is_refused(browser: httpx.AsyncClient):
    for host in ("evil.example", "localhost.evil.example", "", "[", "localhost:3000@evil.example"):
        assert (await browser.get("/", headers={"Host": host})).status_code == 400
    for host in ("localhost:3000", "127.0.0.1:3000", "localhost"):
        assert (await browser.get("/", headers={"Host": host})).status_code == 200


async def test_in_production_only_the_public_host_is_known_but_health_answers_to_anybody():
    transport = httpx.ASGITransport(app=guarded(production()))
    async with httpx.AsyncClient(transport=transport, base_url="https://naraigoto.example") as client:
        assert (await client.get("/")).status_code == 200
        assert (await client.get("/", headers={"Host": "localhost"})).status_code == 400
        assert (await client.get("/healthz", headers={"Host": "10.0.3.7"})).status_code == 200


async def test_a_request_keeps_its_id_when_it_is_a_plain_one(browser: httpx.AsyncClient):
    given = await browser.get("/", headers={"X-Request-Id": "abcdef-123456"})
    assert given.headers["x-request-id"] == "abcdef-123456"
    forged = await browser.get("/", headers={"X-Request-Id": 'x" level="fake'})
    assert len(forged.headers["x-request-id"]) == 32


async def test_our_own_pages_open_the_websocket():
    cookie = {"Cookie": "naraigoto_session=abc"}
    for origin in ("http://localhost:3000", "http://127.0.0.1:3000"):
        assert await handshake({"Origin": origin} | cookie) == "websocket.accept"
    assert await handshake({}) == "websocket.accept"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000.evil.example"},
        {"Origin": "http://localhost:9999"},
        {"Cookie": "naraigoto_session=abc"},
        {"Origin": "http://localhost:3000", "Host": "evil.example"},
    ],
    ids=str,
)
async def test_a_foreign_page_or_host_opens_no_websocket(headers: dict[str, str]):
    assert await handshake(headers) == "websocket.close"


async def test_inline_scripts_of_the_build_are_allowed_by_their_hash(tmp_path: Path):
    page = """<script>let a = "&amp;<b>";</script><script src="/a.js"></script>
    <script type="application/ld+json">{"a": 1}</script><script type="module">run()</script>"""
    (tmp_path / "about").mkdir()
    (tmp_path / "about" / "index.html").write_text(page, encoding="utf-8")
    expected = inline_hashes(page)
    # printf '%s' 'run()' | openssl dgst -sha256 -binary | base64
    assert "'sha256-AvyuiL0SD1mVY3NNxR+V2uo+lhk6RMFrytWmRt6CrJQ='" in expected
    assert len(expected) == 2
    transport = httpx.ASGITransport(app=guarded(bundle=tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
        policy = (await client.get("/")).headers["content-security-policy"]
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert set(script.split()[1:]) == {"'self'", *expected}
    assert "ws://localhost:3000" in policy


async def test_a_built_page_answers_without_a_redirect(tmp_path: Path):
    (tmp_path / "login").mkdir()
    (tmp_path / "login" / "index.html").write_text("<p>")
    asked: list[str] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await PlainTextResponse("x")(scope, receive, send)

    app = Security(inner, settings(), tmp_path)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HOME) as client:
        for path in ("/login", "/login/", "/search"):
            await client.get(path)
    assert asked == ["/login/", "/login/", "/search"]


def test_pictures_come_from_our_own_pages_and_from_the_map_that_is_set(tmp_path: Path):
    tiles = "https://tiles.example.com/xyz/std/{z}/{x}/{y}.png"
    host = settings(MAP_TILE_URL=tiles).map_host
    assert "img-src 'self' data: blob: https://tiles.example.com;" in content_policy.policy(
        [], tmp_path, map_host=host
    )
    assert "img-src 'self' data: blob:;" in content_policy.policy([], tmp_path)
