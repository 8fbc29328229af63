"""Signing in and out over HTTP, by cookie and by token."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy.pool import QueuePool

from naraigoto import db
from naraigoto.api import accounts, auth, create_api
from naraigoto.models.accounts import User
from naraigoto.services import passwords
from naraigoto.web import auth as web_auth
from tests.conftest import Committed
from tests.factories import PASSWORD, give_password, make_child, make_family, make_user

HOME = "http://localhost:3000"
OURS = {"Origin": HOME}
PARENT = {"email": "hanako@example.com", "password": PASSWORD}
# Generous: the machine may be busy with other tests.
_PATIENCE = 60.0
CHILD = {"family_code": "SORA01", "login_name": "sora", "passcode": "2580"}


@pytest.fixture
async def hanako(committed: Committed) -> User:
    async with committed() as session:
        user = await make_user(session, email=PARENT["email"])
        await give_password(session, user)
        family = await make_family(session, guardian=user, family_code="SORA01")
        secret = passwords.hash_secret("2580")
        await make_child(session, family, login_name="sora", passcode_hash=secret)
        return user


@pytest.fixture
async def browser(hanako: User) -> AsyncIterator[httpx.AsyncClient]:
    """Keeps cookies, as a browser does; says where it comes from only when told."""
    app = create_api(features=[auth.router, accounts.router], others=[web_auth.router])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HOME) as client:
        yield client


async def sign_in(browser: httpx.AsyncClient, body: dict[str, Any] = PARENT) -> str:
    answer = await browser.post("/api/v1/auth/login", json=body, headers=OURS)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_guardian_signs_in_and_is_known_by_cookie_and_by_token(
    browser: httpx.AsyncClient, hanako: User
):
    answer = await browser.post("/api/v1/auth/login", json=PARENT)
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 3600)
    assert set(body["user"]) == {"id", "type", "name", "email", "family_id", "school_ids"}
    assert (body["user"]["id"], body["user"]["type"]) == (str(hanako.id), "parent")
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie
    assert (await browser.get("/api/v1/me")).json() == body["user"]
    browser.cookies.clear()
    assert (await browser.get("/api/v1/me", headers=bearer(body["access_token"]))).json() == body["user"]


async def test_a_child_signs_in_without_an_address(browser: httpx.AsyncClient):
    await sign_in(browser, CHILD)
    me = (await browser.get("/api/v1/me")).json()
    assert (me["type"], me["email"]) == ("child", None)


async def test_nobody_is_told_to_sign_in(browser: httpx.AsyncClient):
    answer = await browser.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unauthenticated"


@pytest.mark.parametrize(
    "body",
    [PARENT | {"password": "wrong"}, PARENT | {"email": "x@example.com"}, CHILD | {"passcode": "0000"}],
    ids=str,
)
async def test_wrong_credentials_get_one_answer_and_no_cookie(
    browser: httpx.AsyncClient, body: dict[str, str]
):
    answer = await browser.post("/api/v1/auth/login", json=body)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "ログインできませんでした。入力した内容を確かめてください"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["email", "password"]),
        ({"email": "a@example.com"}, ["password"]),
        ({"family_code": "SORA01"}, ["login_name", "passcode"]),
        ({"email": ["a"], "password": {"b": 1}}, ["email", "password"]),
        (PARENT | {"password": "x" * 2000}, ["password"]),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_body_of_the_wrong_shape_is_explained_field_by_field(
    browser: httpx.AsyncClient, body: dict[str, Any], fields: list[str]
):
    answer = await browser.post("/api/v1/auth/login", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert sorted(answer.json()["errors"]) == fields


@pytest.mark.parametrize("content", [b"", b"[1]", b'"a"', b"{", b'{"email": "\\ud800", "password": "a"}'])
async def test_a_body_that_is_no_sign_in_never_breaks_the_door(browser: httpx.AsyncClient, content: bytes):
    headers = {"Content-Type": "application/json"}
    answer = await browser.post("/api/v1/auth/login", content=content, headers=headers)
    assert answer.status_code in {401, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_foreign_page_signs_nobody_in(browser: httpx.AsyncClient):
    for origin in ("https://evil.example", "null"):
        answer = await browser.post("/api/v1/auth/login", json=PARENT, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert "set-cookie" not in answer.headers


async def test_a_bad_token_never_falls_back_to_the_cookie(browser: httpx.AsyncClient):
    token = await sign_in(browser)
    for header in ("Bearer x", f"Bearer {token}x", "Bearer", f"Basic {token}", "x"):
        answer = await browser.get("/api/v1/me", headers={"Authorization": header})
        assert answer.status_code == 401, header
    assert (await browser.get("/api/v1/me")).status_code == 200


async def test_signing_out_ends_cookie_and_token_and_again_is_fine(browser: httpx.AsyncClient):
    token = await sign_in(browser)
    stolen = browser.cookies["naraigoto_session"]
    assert (await browser.post("/api/v1/auth/logout", headers=OURS)).status_code == 204
    assert "naraigoto_session" not in browser.cookies
    assert (await browser.get("/api/v1/me", headers=bearer(token))).status_code == 401
    held = {"Cookie": f"naraigoto_session={stolen}"}
    assert (await browser.get("/api/v1/me", headers=held)).status_code == 401
    assert (await browser.post("/api/v1/auth/logout", headers=OURS | held)).status_code == 204
    assert (await browser.post("/api/v1/auth/logout")).status_code == 204


async def test_signing_out_by_token_ends_its_cookie_too(browser: httpx.AsyncClient):
    token = await sign_in(browser)
    assert (await browser.post("/api/v1/auth/logout", headers=bearer(token))).status_code == 204
    assert (await browser.get("/api/v1/me")).status_code == 401
    assert (await browser.post("/api/v1/auth/logout", headers=bearer(token))).status_code == 204


async def test_a_cookie_changes_nothing_from_a_foreign_page_or_from_nowhere(browser: httpx.AsyncClient):
    await sign_in(browser)
    for path in ("/api/v1/auth/logout", "/auth/logout"):
        for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            assert (await browser.post(path, headers=headers)).status_code == 403
    assert (await browser.get("/api/v1/me")).status_code == 200


async def test_signing_in_again_ends_the_session_before(browser: httpx.AsyncClient):
    first = await sign_in(browser)
    second = await sign_in(browser, CHILD)
    assert (await browser.get("/api/v1/me", headers=bearer(first))).status_code == 401
    assert (await browser.get("/api/v1/me", headers=bearer(second))).status_code == 200


async def test_the_sign_out_button_leads_to_the_first_page(browser: httpx.AsyncClient):
    token = await sign_in(browser)
    answer = await browser.post("/auth/logout", headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "naraigoto_session" not in browser.cookies
    assert (await browser.get("/api/v1/me", headers=bearer(token))).status_code == 401
    assert (await browser.post("/auth/logout", headers=OURS)).status_code == 303


async def test_each_device_has_a_session_of_its_own(browser: httpx.AsyncClient):
    phone = await sign_in(browser)
    browser.cookies.clear()
    laptop = await sign_in(browser)
    assert (await browser.post("/api/v1/auth/logout", headers=bearer(laptop))).status_code == 204
    assert (await browser.get("/api/v1/me", headers=bearer(phone))).status_code == 200


async def test_checking_a_password_keeps_no_connection_from_others(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    checking, go_on, check = threading.Event(), threading.Event(), passwords.verify_secret

    def check_slowly(stored: str | None, plain: str) -> bool:
        checking.set()
        go_on.wait(_PATIENCE)
        return check(stored, plain)

    monkeypatch.setattr(passwords, "verify_secret", check_slowly)
    pool = db.engine().pool
    assert isinstance(pool, QueuePool)
    signing_in = asyncio.create_task(sign_in(browser))
    assert await asyncio.to_thread(checking.wait, _PATIENCE)
    assert (signing_in.done(), pool.checkedout()) == (False, 0)
    go_on.set()
    assert await signing_in
