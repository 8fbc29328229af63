"""Accounts that were here before, devices that were lent, and signing out: beside a provider."""

from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from sqlmodel import select

from naraigoto import clock
from naraigoto.adapters.identity.oidc import openid
from naraigoto.models.accounts import Session, User
from naraigoto.models.families import Family
from naraigoto.services import sessions
from tests.clocks import at
from tests.conftest import Committed
from tests.factories import PASSWORD, give_password, make_child, make_user
from tests.identity import rows
from tests.identity.conftest import SITE
from tests.identity.provider import IdentityProvider
from tests.identity.way import choose, hold, leave, place, round_trip


@pytest.fixture
async def taro(committed: Committed, idp: IdentityProvider) -> User:
    """Somebody who has an account here, with the address that the provider vouches for."""
    async with committed() as session:
        user = await make_user(session, email="Hanako@example.com", email_verified_at=None, name="たろう")
        await give_password(session, user)
        return user


async def prove(browser: httpx.AsyncClient, password: str = PASSWORD, **headers: str) -> httpx.Response:
    sent = {"Origin": SITE} | headers
    return await browser.post("/api/v1/auth/link", json={"password": password}, headers=sent)


async def test_an_existing_account_is_joined_by_its_password_and_from_then_on_by_itself(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed, taro: User
):
    answer = await round_trip(browser, idp, "?next=/bookings")
    assert place(answer) == "/login?link=1&next=%2Fbookings"
    assert "naraigoto_session" not in browser.cookies
    assert await rows.identities(committed) == []
    wrong = await prove(browser, "not the password")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "unauthenticated")
    assert await rows.identities(committed) == []
    right = await prove(browser)
    assert (right.status_code, right.json()["user"]["id"]) == (200, str(taro.id))
    assert "naraigoto_link" not in browser.cookies
    (user,), (identity,) = await rows.users(committed), await rows.identities(committed)
    assert (identity.user_id, identity.subject) == (taro.id, "hanako")
    assert user.email_verified_at is not None
    browser.cookies.clear()
    assert place(await round_trip(browser, idp)) == "/home"
    assert (await browser.get("/api/v1/me")).json()["id"] == str(taro.id)
    assert len(await rows.identities(committed)) == 1


async def test_an_offer_to_join_is_ours_fresh_and_from_our_page(
    browser: httpx.AsyncClient, idp: IdentityProvider, taro: User
):
    assert (await prove(browser)).status_code == 404
    await round_trip(browser, idp)
    assert (await prove(browser, Origin="https://evil.example")).status_code == 403
    held = browser.cookies["naraigoto_link"]
    with at(clock.now() + timedelta(minutes=10)):
        assert (await prove(browser)).status_code == 404
    browser.cookies.clear()
    hold(browser, "naraigoto_link", held[:-3] + "abc")
    assert (await prove(browser)).status_code == 404
    # A cookie for one purpose is nothing for another.
    await leave(browser)
    hold(browser, "naraigoto_link", browser.cookies["naraigoto_attempt"])
    assert (await prove(browser)).status_code == 404


async def test_guessing_at_the_account_ends_in_a_wait(
    browser: httpx.AsyncClient, idp: IdentityProvider, taro: User
):
    await round_trip(browser, idp)
    for _ in range(10):
        assert (await prove(browser, "guess")).status_code == 401
    answer = await prove(browser)
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert int(answer.headers["retry-after"]) > 0


async def lend(browser: httpx.AsyncClient, committed: Committed) -> str:
    """Put the signed-in guardian's device into a child's hands; answers the new cookie value."""
    async with committed() as session:
        now = clock.now()
        actor = await sessions.resolve(session, browser.cookies["naraigoto_session"], now=now)
        child = await make_child(session, await session.get_one(Family, actor.family_id))
        turned = await sessions.rotate(session, actor, now=now, acting_as=child.id)
    browser.cookies.clear()
    hold(browser, "naraigoto_session", turned.token)
    return turned.token


async def test_a_lent_device_comes_back_by_a_fresh_sign_in_only(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    await round_trip(browser, idp)
    token = await lend(browser, committed)
    assert (await browser.get("/api/v1/me")).json()["type"] == "child"
    idp.auth_age = 3600  # the provider still knows the guardian, and the child only clicked
    asked = await leave(browser)
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    silent = {name: value for name, value in asked.items() if name not in {"prompt", "max_age"}}
    assert place(await browser.get(await choose(idp, silent))) == "/login?problem=refused"
    assert (await browser.get("/api/v1/me")).json()["type"] == "child"
    idp.auth_age = 0
    assert place(await round_trip(browser, idp)) == "/home"
    assert (await browser.get("/api/v1/me")).json()["type"] == "parent"
    async with committed() as session:
        kept = (await session.exec(select(Session).where(Session.revoked_at == None))).all()  # noqa: E711
    assert [row.acting_as for row in kept] == [None]
    browser.cookies.clear()
    held = {"Cookie": f"naraigoto_session={token}"}
    assert (await browser.get("/api/v1/me", headers=held)).status_code == 401


async def test_a_code_of_a_silent_sign_in_does_not_bring_a_lent_device_back(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    await round_trip(browser, idp)
    await lend(browser, committed)
    back, verifier = f"{SITE}/auth/callback", "v" * 50
    code = idp.code("hanako", redirect_uri=back, verifier=verifier)
    given = {"code": code, "code_verifier": verifier, "redirect_uri": back}
    answer = await browser.post("/api/v1/auth/callback", json=given, headers={"Origin": SITE})
    assert answer.status_code == 403
    assert (await browser.get("/api/v1/me")).json()["type"] == "child"


async def test_what_began_before_the_device_was_lent_does_not_bring_it_back(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    await round_trip(browser, idp)
    address = await choose(idp, await leave(browser))
    attempt = browser.cookies["naraigoto_attempt"]
    await lend(browser, committed)
    hold(browser, "naraigoto_attempt", attempt)
    assert place(await browser.get(address)) == "/login?problem=refused"
    assert (await browser.get("/api/v1/me")).json()["type"] == "child"


async def test_signing_out_leads_through_the_provider(browser: httpx.AsyncClient, idp: IdentityProvider):
    await round_trip(browser, idp)
    answer = await browser.post("/auth/logout", headers={"Origin": SITE})
    assert answer.status_code == 200
    back = urlencode({"client_id": "naraigoto-site", "post_logout_redirect_uri": f"{SITE}/"})
    target = f"{idp.url}/logout?{back}".replace("&", "&amp;")
    assert f'content="0;url={target}"' in answer.text
    assert "naraigoto_session" not in browser.cookies
    again = await browser.post("/auth/logout", headers={"Origin": SITE})
    assert place(again) == "/"


async def test_signing_out_works_while_the_provider_is_away(
    browser: httpx.AsyncClient, idp: IdentityProvider
):
    await round_trip(browser, idp)
    openid.cache_clear()
    idp.away = True
    assert place(await browser.post("/auth/logout", headers={"Origin": SITE})) == "/"
    assert (await browser.get("/api/v1/me")).status_code == 401


async def test_a_password_session_signs_out_here_alone(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    async with committed() as session:
        user = await make_user(session)
        opened = await sessions.create(session, user.id, user_agent="", now=clock.now())
    hold(browser, "naraigoto_session", opened.token)
    assert place(await browser.post("/auth/logout", headers={"Origin": SITE})) == "/"


async def test_our_public_keys_are_published_for_others_to_copy(client: httpx.AsyncClient):
    answer = await client.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    keys = answer.json()["keys"]
    assert keys
    assert all(set(key) == {"kty", "n", "e", "kid", "use", "alg"} for key in keys)
