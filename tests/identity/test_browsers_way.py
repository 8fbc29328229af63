"""GET /auth/login and GET /auth/callback: there and back, and everything that ends on /login instead."""

from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
import structlog

from naraigoto import clock
from tests.adapters.test_oidc import FORGERIES
from tests.clocks import at
from tests.conftest import Committed
from tests.identity import rows
from tests.identity.conftest import SITE
from tests.identity.provider import IdentityProvider
from tests.identity.way import choose, hold, leave, place, round_trip


async def test_there_and_back_and_the_first_time_leads_to_the_family(
    browser: httpx.AsyncClient, idp: IdentityProvider
):
    answer = await round_trip(browser, idp)
    assert place(answer) == "/family"
    cookie = answer.headers["set-cookie"].lower()
    assert "naraigoto_session" in cookie
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert (await browser.get("/api/v1/me")).json()["name"] == "山田 花子"
    assert place(await round_trip(browser, idp)) == "/home"


async def test_a_school_registers(browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed):
    assert place(await round_trip(browser, idp, "?type=school_owner")) == "/school"
    (user,) = await rows.users(committed)
    assert user.type.value == "school_owner"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("/search?q=%E6%B0%B4%E6%B3%B3", "/search?q=%E6%B0%B4%E6%B3%B3"),
        ("//evil.example", "/family"),
        ("/\\evil.example", "/family"),
        ("/\t/evil.example", "/family"),
        ("https://evil.example/", "/family"),
        ("javascript:alert(1)", "/family"),
        ("/auth/logout", "/family"),
        ("/login", "/family"),
        ("/" + "x" * 400, "/family"),
    ],
)
async def test_afterwards_one_stays_on_this_site(
    browser: httpx.AsyncClient, idp: IdentityProvider, given: str, expected: str
):
    assert place(await round_trip(browser, idp, f"?{urlencode({'next': given})}")) == expected


async def test_signing_in_ends_the_session_before(browser: httpx.AsyncClient, idp: IdentityProvider):
    await round_trip(browser, idp)
    old = {"Cookie": f"naraigoto_session={browser.cookies['naraigoto_session']}"}
    await round_trip(browser, idp)
    browser.cookies.clear()
    assert (await browser.get("/api/v1/me", headers=old)).status_code == 401


async def test_the_verifier_never_leaves_by_the_address(browser: httpx.AsyncClient, idp: IdentityProvider):
    asked = await leave(browser)
    assert asked["code_challenge_method"] == "S256"
    assert "verifier" not in str(asked)
    assert asked["redirect_uri"] == f"{SITE}/auth/callback"
    again = await leave(browser)
    assert not {asked[name] for name in ("state", "nonce", "code_challenge")} & set(again.values())


async def failed(browser: httpx.AsyncClient, address: str, problem: str, committed: Committed) -> None:
    with structlog.testing.capture_logs() as logged:
        answer = await browser.get(address)
    assert place(answer) == f"/login?problem={problem}"
    assert "naraigoto_session" not in answer.headers.get("set-cookie", "")
    assert await rows.nothing(committed)
    assert [line["event"] for line in logged if line["event"].startswith("identity.")] != []
    query = parse_qs(urlsplit(address).query)
    assert not any(value in str(logged) for name in ("code", "state") for value in query.get(name, []))


async def test_a_foreign_browser_cannot_finish_what_another_began(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    address = await choose(idp, await leave(browser))
    browser.cookies.clear()
    await failed(browser, address, "expired", committed)


async def test_another_state_is_refused(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    asked = await leave(browser)
    await failed(browser, await choose(idp, asked | {"state": "forged"}), "expired", committed)


async def test_a_forged_attempt_is_refused(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    address = await choose(idp, await leave(browser))
    held = browser.cookies["naraigoto_attempt"]
    browser.cookies.clear()
    hold(browser, "naraigoto_attempt", held[:-3] + "abc")
    await failed(browser, address, "expired", committed)


async def test_an_attempt_works_once_even_with_a_kept_cookie(
    browser: httpx.AsyncClient, idp: IdentityProvider
):
    asked = await leave(browser)
    held = browser.cookies["naraigoto_attempt"]
    assert place(await browser.get(await choose(idp, asked))) == "/family"
    assert "naraigoto_attempt" not in browser.cookies
    hold(browser, "naraigoto_attempt", held)
    assert place(await browser.get(await choose(idp, asked))) == "/login?problem=expired"


async def test_an_attempt_ends_after_ten_minutes(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    address = await choose(idp, await leave(browser))
    with at(clock.now() + timedelta(minutes=10)):
        await failed(browser, address, "expired", committed)


@pytest.mark.parametrize("forgery", ["another nonce", "alg none", "HS256 with the public key", "expired"])
async def test_forged_tokens_end_on_the_sign_in_page(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed, forgery: str
):
    idp.forge = FORGERIES[forgery]
    await failed(browser, await choose(idp, await leave(browser)), "refused", committed)


async def test_a_code_of_another_attempt_does_not_fit_this_verifier(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    stolen = dict(parse_qsl(urlsplit(await choose(idp, await leave(browser))).query))["code"]
    asked = await leave(browser)
    query = urlencode({"code": stolen, "state": asked["state"]})
    await failed(browser, f"/auth/callback?{query}", "refused", committed)


@pytest.mark.parametrize(
    ("error", "problem"), [("access_denied", "cancelled"), ("server_error", "refused"), ("", "refused")]
)
async def test_an_error_of_the_provider_is_told_in_our_words(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed, error: str, problem: str
):
    asked = await leave(browser)
    query = urlencode({"error": error, "error_description": "<b>", "state": asked["state"]})
    await failed(browser, f"/auth/callback?{query}", problem, committed)


async def test_without_an_address_nobody_is_made(
    browser: httpx.AsyncClient, idp: IdentityProvider, committed: Committed
):
    idp.people["hanako"]["email"] = ""
    await failed(browser, await choose(idp, await leave(browser)), "email", committed)


async def test_a_provider_that_is_away_is_said_so(browser: httpx.AsyncClient, idp: IdentityProvider):
    idp.away = True
    assert place(await browser.get("/auth/login")) == "/login?problem=away"
    idp.away = False
    address = await choose(idp, await leave(browser))
    idp.away = True
    assert place(await browser.get(address)) == "/login?problem=away"


async def test_without_a_provider_the_way_leads_to_our_own_page(client: httpx.AsyncClient):
    assert place(await client.get("/auth/login?next=/bookings")) == "/login?next=%2Fbookings"
    assert place(await client.get("/auth/login?next=//evil.example")) == "/login"
    assert place(await client.get("/auth/callback?code=c&state=s")) == "/login"
