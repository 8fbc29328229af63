"""What holds for every request before any route: methods, sizes, broken routes, readiness."""

from collections.abc import AsyncIterator

import httpx
import pytest
import structlog
from sqlalchemy import text

from naraigoto.api.deps import get_now
from naraigoto.naraigoto import fastapi_app
from naraigoto.rules import REQUEST_BODY_MAX
from naraigoto.texts.errors import WORDINGS
from tests.conftest import Committed
from tests.factories import make_school

_FIELDS = {"type", "title", "status", "detail", "code"}
_SECRET = "parent@example.com ひみつ"


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code, after a look at the shape."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) - {"errors"} == _FIELDS
    assert body["status"] == answer.status_code
    assert body["detail"]
    return answer.status_code, body["code"]


@pytest.fixture
async def visitor() -> AsyncIterator[httpx.AsyncClient]:
    """Speaks with the API where no database is needed."""
    from naraigoto.web.security import Security

    transport = httpx.ASGITransport(app=Security(fastapi_app))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/api/v1/areas", "GET"),
        ("OPTIONS", "/api/v1/areas", "GET"),
        ("TRACE", "/api/v1/areas", "GET"),
        ("GET", "/api/v1/auth/login", "POST"),
        ("PATCH", "/api/v1/schools/7/bookings", "GET"),
        ("PUT", "/api/v1/bookings", "POST"),
        ("DELETE", "/healthz", "GET"),
    ],
)
async def test_a_method_that_nobody_takes_names_those_that_are_taken(
    visitor: httpx.AsyncClient, method: str, path: str, allow: str
) -> None:
    answer = await visitor.request(method, path)
    assert problem(answer) == (405, "http_405")
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize("path", ["/api/v1/none", "/api/none", "/api/", "/api/v1/areas/", "/webhooks/none"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
async def test_what_is_nowhere_is_a_problem_in_json(
    visitor: httpx.AsyncClient, method: str, path: str
) -> None:
    assert problem(await visitor.request(method, path)) == (404, "not_found")


async def test_the_head_is_answered_as_get_without_a_body(
    client: httpx.AsyncClient, committed: Committed
) -> None:
    async with committed() as session:
        await make_school(session)
    for path in (
        "/healthz",
        "/readyz",
        "/api/v1/areas",
        "/api/v1/docs",
        "/api/v1/docs/assets/swagger-ui.css",
    ):
        whole, head = await client.get(path), await client.head(path)
        assert (whole.status_code, head.status_code) == (200, 200)
        assert head.content == b""
        for name in ("content-type", "content-length"):
            assert head.headers[name] == whole.headers[name]
    assert (await client.head("/api/v1/none")).status_code == 404


async def test_a_large_body_is_refused_whether_it_tells_its_length_or_not(visitor: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(2 + REQUEST_BODY_MAX // 50_000):
            yield b"x" * 50_000

    headers = {"Content-Type": "application/json"}
    for content in (b"x" * (REQUEST_BODY_MAX + 1), pieces()):
        answer = await visitor.post("/api/v1/auth/login", content=content, headers=headers)
        assert problem(answer) == (413, "too_large")


async def test_a_body_that_is_no_text_is_not_valid(visitor: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await visitor.post("/api/v1/auth/login", content=b"\xff\xfe{", headers=headers)
    assert problem(answer) == (422, "validation_failed")


async def test_what_nobody_caught_is_told_without_details_and_logged_once(client: httpx.AsyncClient) -> None:
    def broken() -> None:
        raise RuntimeError(_SECRET)

    fastapi_app.dependency_overrides[get_now] = broken
    try:
        with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
            answer = await client.get("/api/v1/classes", headers={"X-Request-Id": "broken-request"})
    finally:
        del fastapi_app.dependency_overrides[get_now]
    assert problem(answer) == (500, "internal")
    assert answer.json()["detail"].startswith("申し訳ありません")
    assert answer.headers["x-request-id"] == "broken-request"
    assert answer.headers["x-content-type-options"] == "nosniff"
    told = [line for line in lines if line["event"] == "http.failed"]
    assert [(line["request_id"], line["reason"]) for line in told] == [("broken-request", "RuntimeError")]
    assert "in broken" in told[0]["trace"]
    for leaked in (_SECRET, "RuntimeError", "Traceback"):
        assert leaked not in answer.text
    assert _SECRET not in repr(lines)


async def test_ready_means_that_every_migration_is_there(
    client: httpx.AsyncClient, committed: Committed
) -> None:
    assert (await client.get("/readyz")).status_code == 200
    for stood, expected in (("0001", 503), ("9999_of_a_newer_release", 200)):
        async with committed() as session:
            connection = await session.connection()
            await connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": stood})
        answer = await client.get("/readyz")
        assert answer.status_code == expected
        if expected == 503:
            assert problem(answer) == (503, "unavailable")
            assert int(answer.headers["retry-after"]) > 0
    async with committed() as session:
        await (await session.connection()).execute(text("DROP TABLE alembic_version"))
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/healthz")).status_code == 200


def test_every_refusal_has_words() -> None:
    assert {kind.code for kind in WORDINGS} >= {"internal", "too_large", "unavailable"}
