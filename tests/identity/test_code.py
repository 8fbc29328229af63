"""POST /auth/callback: programs sign in by a provider's code; and the provider's access tokens."""

import asyncio
import logging
from typing import Any

import httpx
import pytest
import structlog
from sqlmodel import select

from naraigoto import clock
from naraigoto.models.accounts import UserType
from naraigoto.models.notifications import OutboxMessage
from tests.adapters.test_oidc import FORGERIES
from tests.conftest import Committed
from tests.factories import PASSWORD, give_password, make_user
from tests.identity import rows
from tests.identity.conftest import HANAKO, SITE
from tests.identity.provider import IdentityProvider

BACK = f"{SITE}/auth/callback"
VERIFIER = "v" * 50


def body(idp: IdentityProvider, sub: str = "hanako", **over: Any) -> dict[str, Any]:
    code = idp.code(sub, redirect_uri=BACK, verifier=VERIFIER, nonce="n1")
    return {"code": code, "code_verifier": VERIFIER, "redirect_uri": BACK, "nonce": "n1"} | over


async def sign_in(browser: httpx.AsyncClient, given: dict[str, Any]) -> httpx.Response:
    return await browser.post("/api/v1/auth/callback", json=given)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_the_first_sign_in_makes_a_guardian_with_a_family(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    answer = await sign_in(browser, body(idp))
    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert set(told) == {"access_token", "token_type", "expires_in", "user"}
    assert (told["user"]["type"], told["user"]["name"]) == ("parent", "山田 花子")
    assert (await browser.get("/api/v1/me")).json() == told["user"]
    browser.cookies.clear()
    assert (await browser.get("/api/v1/me", headers=bearer(told["access_token"]))).json() == told["user"]
    (user,), (family,) = await rows.users(committed), await rows.families(committed)
    assert told["user"]["family_id"] == str(family.id)
    assert user.email_verified_at is not None
    assert await rows.consents(committed) == {"terms", "privacy"}


async def test_the_same_person_twice_and_at_once_is_one_account(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    answers = await asyncio.gather(*(sign_in(browser, body(idp)) for _ in range(4)))
    assert [each.status_code for each in answers] == [200] * 4
    assert (await sign_in(browser, body(idp))).status_code == 200
    assert len(await rows.users(committed)) == 1
    assert len(await rows.identities(committed)) == 1
    assert len(await rows.families(committed)) == 1


async def test_two_people_of_one_address_at_once_are_one_account(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    idp.people["twin"] = dict(HANAKO)
    answers = await asyncio.gather(sign_in(browser, body(idp)), sign_in(browser, body(idp, "twin")))
    assert sorted(each.status_code for each in answers) == [200, 409]
    assert len(await rows.users(committed)) == 1


async def test_a_school_owner_has_no_family(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    answer = await sign_in(browser, body(idp, type="school_owner"))
    assert answer.json()["user"]["type"] == "school_owner"
    assert await rows.families(committed) == []


async def test_nobody_becomes_an_admin_by_claims_or_by_asking(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    idp.people["hanako"] |= {"cognito:groups": ["admin"], "type": "admin", "role": "admin"}
    assert (await sign_in(browser, body(idp, type="admin"))).status_code == 422
    assert (await sign_in(browser, body(idp))).json()["user"]["type"] == "parent"
    assert [user.type for user in await rows.users(committed)] == [UserType.PARENT]


async def test_an_unproved_address_stays_unproved_and_gets_our_link(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    idp.people["hanako"]["email_verified"] = False
    assert (await sign_in(browser, body(idp))).status_code == 200
    (user,) = await rows.users(committed)
    assert user.email_verified_at is None
    async with committed() as session:
        (mail,) = (await session.exec(select(OutboxMessage))).all()
    assert (mail.kind, mail.recipient_user_id) == ("email_verification", user.id)


@pytest.mark.parametrize("address", [None, "", "no address", 7], ids=str)
async def test_without_a_usable_address_nobody_is_made(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed, address: Any
):
    idp.people["hanako"]["email"] = address
    answer = await sign_in(browser, body(idp))
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert await rows.nothing(committed)


async def test_an_existing_address_is_never_joined_by_itself(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    async with committed() as session:
        await give_password(session, await make_user(session, email="Hanako@Example.com"))
    answer = await sign_in(browser, body(idp))
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert await rows.identities(committed) == []
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("gone", ["suspended_at", "deleted_at"])
async def test_suspended_and_deleted_people_stay_out(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed, gone: str
):
    assert (await sign_in(browser, body(idp))).status_code == 200
    (user,) = await rows.users(committed)
    async with committed() as session:
        setattr(user, gone, clock.now())
        session.add(user)
    browser.cookies.clear()
    answer = await sign_in(browser, body(idp))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ({"code_verifier": "w" * 50}, 401),
        ({"code": "unknown"}, 401),
        ({"nonce": "other"}, 401),
        ({"redirect_uri": "https://evil.example/auth/callback"}, 422),
        ({"redirect_uri": f"{BACK}/"}, 422),
        ({"code": ""}, 422),
        ({"code": None}, 422),
        ({"code_verifier": ["x"]}, 422),
    ],
    ids=str,
)
async def test_wrong_codes_verifiers_nonces_and_addresses_make_nobody(
    browser: httpx.AsyncClient,
    idp: IdentityProvider,
    committed: Committed,
    over: dict[str, Any],
    status: int,
):
    answer = await sign_in(browser, body(idp, **over))
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    assert await rows.nothing(committed)


async def test_a_replayed_code_makes_no_second_session(browser: httpx.AsyncClient, idp: IdentityProvider):
    given = body(idp)
    assert (await sign_in(browser, given)).status_code == 200
    browser.cookies.clear()
    again = await sign_in(browser, given)
    assert again.status_code == 401
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forged_token_makes_nobody_and_its_words_stay_out_of_the_log(
    browser: httpx.AsyncClient,
    idp: IdentityProvider,
    committed: Committed,
    forgery: str,
):
    idp.forge = FORGERIES[forgery]
    given = body(idp)
    with structlog.testing.capture_logs() as logged:
        answer = await sign_in(browser, given)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert await rows.nothing(committed)
    refused = [line for line in logged if line["event"] == "identity.refused"]
    assert len(refused) == 1
    written = str(logged)
    assert not any(word in written for word in (given["code"], VERIFIER, "hanako", "eyJ"))


async def test_a_provider_that_is_away_is_said_so(browser: httpx.AsyncClient, idp: IdentityProvider):
    idp.away = True
    answer = await sign_in(browser, body(idp))
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.json()["detail"] == "ログインサービスにつながりません。少し時間をおいてお試しください"
    assert int(answer.headers["retry-after"]) > 0


async def test_after_ten_wrong_codes_comes_a_wait(browser: httpx.AsyncClient, idp: IdentityProvider):
    for _ in range(10):
        assert (await sign_in(browser, body(idp, code="guess"))).status_code == 401
    answer = await sign_in(browser, body(idp))
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")


async def test_a_foreign_page_signs_nobody_in(browser: httpx.AsyncClient, idp: IdentityProvider):
    headers = {"Origin": "https://evil.example"}
    answer = await browser.post("/api/v1/auth/callback", json=body(idp), headers=headers)
    assert answer.status_code == 403


async def test_beside_a_provider_grown_ups_have_no_password_here(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    async with committed() as session:
        await give_password(session, await make_user(session, email="taro@example.com"))
    given = {"email": "taro@example.com", "password": PASSWORD}
    answer = await browser.post("/api/v1/auth/login", json=given)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    joining = given | {"email": "new@example.com", "name": "太郎", "type": "parent"}
    answer = await browser.post("/api/v1/auth/signup", json=joining)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_providers_token_opens_the_api_with_our_role(
    browser: httpx.AsyncClient, idp: IdentityProvider
):
    token = idp.access_token("hanako")
    assert (await browser.get("/api/v1/me", headers=bearer(token))).status_code == 401
    me = (await sign_in(browser, body(idp))).json()["user"]
    browser.cookies.clear()
    admin = idp.access_token("hanako", **{"cognito:groups": ["admin"], "role": "admin"})
    for good in (token, admin):
        assert (await browser.get("/api/v1/me", headers=bearer(good))).json() == me
    listed = await browser.get("/api/v1/me/sessions", headers=bearer(token))
    assert [item["current"] for item in listed.json()["items"]] == [False]


async def test_other_tokens_of_the_provider_open_nothing(browser: httpx.AsyncClient, idp: IdentityProvider):
    await sign_in(browser, body(idp))
    refused = [
        idp.access_token("hanako", aud="another-site"),
        idp.access_token("hanako", exp=1_000_000_000),
        idp.access_token("hanako", nonce="n"),
        idp.access_token("hanako", iss="https://evil.example"),
        idp.access_token("hanako", iss=None),
        idp.access_token("stranger"),
        idp.access_token("hanako")[:-4] + "AAAA",
    ]
    with structlog.testing.capture_logs() as logged:
        for token in refused:
            # The cookie is there, and is never looked at.
            assert (await browser.get("/api/v1/me", headers=bearer(token))).status_code == 401
    assert "eyJ" not in str(logged)
    assert (await browser.get("/api/v1/me")).status_code == 200


async def test_a_providers_token_is_ended_at_the_provider(browser: httpx.AsyncClient, idp: IdentityProvider):
    await sign_in(browser, body(idp))
    browser.cookies.clear()
    answer = await browser.post("/api/v1/auth/logout", headers=bearer(idp.access_token("hanako")))
    assert answer.status_code == 403


async def test_without_a_provider_no_code_opens_anything(client: httpx.AsyncClient):
    logging.getLogger("httpx").setLevel(logging.WARNING)
    given = {"code": "c", "code_verifier": VERIFIER, "redirect_uri": BACK}
    answer = await client.post("/api/v1/auth/callback", json=given)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
