"""Signing up, verification, reset and changes over HTTP."""

import time
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from naraigoto.models.accounts import Identity, User
from naraigoto.models.notifications import OutboxMessage
from naraigoto.rules import EVEN_ANSWER, MAILS_TO_ACCOUNT, WRONG_TRIES_HERE
from naraigoto.services import outbox
from tests.conftest import Committed
from tests.factories import PASSWORD, give_password, make_user

WISH = {"email": "hanako@example.com", "password": PASSWORD, "name": "花子", "type": "parent"}
NEW = "tomato kujira densha"
FOREIGN = {"Origin": "https://evil.example"}


async def sign_up(client: httpx.AsyncClient, **over: Any) -> httpx.Response:
    return await client.post("/api/v1/auth/signup", json=WISH | over)


async def mailed_token(committed: Committed, kind: str) -> str:
    from naraigoto import clock

    async with committed() as session:
        claimed = await outbox.claim(session, limit=20, now=clock.now())
        (message,) = [message for message in claimed if message.kind == kind]
        facts: Any = await outbox.facts_for(session, message, now=clock.now())
        return facts.token


async def kinds(committed: Committed) -> list[str]:
    async with committed() as session:
        rows = await session.exec(select(OutboxMessage.kind).order_by(col(OutboxMessage.id)))
        return list(rows.all())


async def test_signing_up_answers_like_a_sign_in(client: httpx.AsyncClient):
    answer = await sign_up(client)
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (201, "Bearer", 3600)
    assert (body["user"]["type"], body["user"]["name"], body["user"]["email"]) == (
        "parent",
        "花子",
        "hanako@example.com",
    )
    assert body["user"]["family_id"]
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert answer.headers["cache-control"] == "no-store"
    assert (await client.get("/api/v1/me")).json() == body["user"]


async def test_a_program_signs_up_without_an_origin_and_uses_its_token(client: httpx.AsyncClient):
    del client.headers["Origin"]
    token = (await sign_up(client)).json()["access_token"]
    client.cookies.clear()
    me = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["email"] == "hanako@example.com"


async def test_an_address_in_use_is_a_conflict_and_its_owner_is_told(
    client: httpx.AsyncClient, committed: Committed
):
    await sign_up(client)
    answer = await sign_up(client)
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert "set-cookie" not in answer.headers
    assert await kinds(committed) == ["email_verification", "signup_attempted"]


@pytest.mark.parametrize(
    ("over", "fields"),
    [
        ({"email": ""}, ["email"]),
        ({"type": "admin"}, ["type"]),
        ({"type": "child"}, ["type"]),
        ({"password": "password123", "name": " "}, ["name", "password"]),
        ({"agree": False}, ["agree"]),
        ({"email": ["x"], "referral_code": 5}, ["email", "referral_code"]),
    ],
    ids=str,
)
async def test_a_bad_sign_up_is_explained_field_by_field_and_leaves_nothing(
    client: httpx.AsyncClient, committed: Committed, over: dict[str, Any], fields: list[str]
):
    answer = await sign_up(client, **over)
    assert (answer.status_code, sorted(answer.json()["errors"])) == (422, fields)
    assert PASSWORD not in answer.text
    async with committed() as session:
        assert (await session.exec(select(User))).all() == []


async def test_an_unknown_friends_code_is_told_and_leaves_nothing(
    client: httpx.AsyncClient, committed: Committed
):
    answer = await sign_up(client, referral_code="ZZZZ9999")
    assert (answer.status_code, answer.json()["code"]) == (409, "referral_invalid")
    assert answer.json()["detail"] == "この紹介コードは見つかりません"
    assert await kinds(committed) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/auth/signup", WISH),
        ("/auth/verify", {"token": "x"}),
        ("/auth/verify/resend", {}),
        ("/auth/reset", {"email": "hanako@example.com"}),
        ("/auth/reset/confirm", {"token": "x", "password": NEW}),
        ("/me/password", {"current": PASSWORD, "password": NEW}),
        ("/me/email", {"email": "new@example.com", "password": PASSWORD}),
    ],
)
async def test_a_foreign_page_changes_nothing(
    client: httpx.AsyncClient, committed: Committed, path: str, body: dict[str, str]
):
    await sign_up(client, email="already@example.com")
    answer = await client.post(f"/api/v1{path}", json=body, headers=FOREIGN)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert await kinds(committed) == ["email_verification"]


async def test_the_mailed_link_proves_the_address_once(client: httpx.AsyncClient, committed: Committed):
    await sign_up(client)
    token = await mailed_token(committed, "email_verification")
    client.cookies.clear()  # any browser will do
    assert (await client.post("/api/v1/auth/verify", json={"token": token})).status_code == 204
    again = await client.post("/api/v1/auth/verify", json={"token": token})
    assert (again.status_code, again.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("body", [{}, {"token": None}, {"token": ""}, {"token": "a.b"}, {"token": "あ.\x00"}])
async def test_what_is_no_link_proves_nothing(client: httpx.AsyncClient, body: dict[str, Any]):
    assert (await client.post("/api/v1/auth/verify", json=body)).status_code in {404, 422}


async def test_the_mail_is_asked_for_again(client: httpx.AsyncClient):
    await sign_up(client)
    statuses = [
        (await client.post("/api/v1/auth/verify/resend")).status_code
        for _ in range(MAILS_TO_ACCOUNT.count + 1)
    ]
    assert statuses == [202] * MAILS_TO_ACCOUNT.count + [429]


async def test_a_forgotten_password_is_set_anew(client: httpx.AsyncClient, committed: Committed):
    await sign_up(client)
    asked = await client.post("/api/v1/auth/reset", json={"email": "HANAKO@example.com"})
    assert (asked.status_code, asked.json()) == (202, None)
    token = await mailed_token(committed, "password_reset")
    body = {"token": token, "password": NEW}
    assert (await client.post("/api/v1/auth/reset/confirm", json=body)).status_code == 204
    assert (await client.get("/api/v1/me")).status_code == 401
    signed_in = {"email": "hanako@example.com", "password": NEW}
    assert (await client.post("/api/v1/auth/login", json=signed_in)).status_code == 200
    again = await client.post("/api/v1/auth/reset/confirm", json=body)
    assert (again.status_code, again.json()["code"]) == (404, "not_found")


async def test_asking_for_a_reset_tells_nothing(client: httpx.AsyncClient, committed: Committed):
    async with committed() as session:
        await give_password(session, await make_user(session, email="hanako@example.com"))
    answers: list[tuple[int, bytes]] = []
    for email in ("hanako@example.com", "nobody@example.com") * (MAILS_TO_ACCOUNT.count + 1):
        began = time.monotonic()
        answer = await client.post("/api/v1/auth/reset", json={"email": email})
        assert time.monotonic() - began >= EVEN_ANSWER.total_seconds()
        answers.append((answer.status_code, answer.content))
    assert set(answers) == {(202, b"null")}


async def test_a_changed_password_keeps_this_browser_and_ends_the_others(client: httpx.AsyncClient):
    await sign_up(client)
    first = client.cookies["naraigoto_session"]
    await client.post("/api/v1/auth/login", json={"email": WISH["email"], "password": PASSWORD})
    body = {"current": PASSWORD, "password": NEW}
    answer = await client.post("/api/v1/me/password", json=body)
    assert (answer.status_code, "set-cookie" in answer.headers) == (204, True)
    assert (await client.get("/api/v1/me")).status_code == 200
    client.cookies.clear()
    old = await client.get("/api/v1/me", headers={"Cookie": f"naraigoto_session={first}"})
    assert old.status_code == 401


async def test_a_wrong_current_password_is_told_at_its_field_and_does_not_sign_out(
    client: httpx.AsyncClient,
):
    await sign_up(client)
    body = {"current": "wrong", "password": NEW}
    for _ in range(WRONG_TRIES_HERE.count):
        answer = await client.post("/api/v1/me/password", json=body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["current"])
    answer = await client.post("/api/v1/me/password", json=body)
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert int(answer.headers["retry-after"]) > 0
    assert (await client.get("/api/v1/me")).status_code == 200


async def test_an_address_changes_when_its_link_was_followed(client: httpx.AsyncClient, committed: Committed):
    await sign_up(client)
    body = {"email": "new@example.com", "password": PASSWORD}
    assert (await client.post("/api/v1/me/email", json=body)).status_code == 202
    assert (await client.get("/api/v1/me")).json()["email"] == "hanako@example.com"
    token = await mailed_token(committed, "email_change")
    assert (await client.post("/api/v1/auth/verify", json={"token": token})).status_code == 204
    assert (await client.get("/api/v1/me")).json()["email"] == "new@example.com"


async def test_ten_wrong_tries_at_the_door_end_in_a_wait_that_the_answer_tells(client: httpx.AsyncClient):
    await sign_up(client)
    wrong = {"email": "hanako@example.com", "password": "wrong"}
    statuses = [(await client.post("/api/v1/auth/login", json=wrong)).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    right = await client.post("/api/v1/auth/login", json=wrong | {"password": PASSWORD})
    assert (right.status_code, right.json()["code"]) == (429, "rate_limited")
    assert "分）" in right.json()["detail"]
    assert 0 < int(right.headers["retry-after"]) <= 901


async def test_no_password_is_kept_as_it_was_typed(client: httpx.AsyncClient, committed: Committed):
    await sign_up(client)
    async with committed() as session:
        (identity,) = (await session.exec(select(Identity))).all()
    assert (identity.secret_hash or "").startswith("$argon2id$")
