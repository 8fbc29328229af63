"""What /login and /signup show to grown-ups, with and without an identity provider."""

import json
import os
from typing import Any
from unittest import mock

import pytest
from starlette.responses import Response

from naraigoto import clock
from naraigoto.adapters.identity.claims import Person
from naraigoto.adapters.identity.oidc import openid
from naraigoto.settings import get_settings
from naraigoto.texts import identity
from naraigoto.web import sign_in_cookies
from tests.authz.screen import fire

HANAKO = Person("https://id.example.com", "hanako", "hanako@example.com", True, "花子", frozenset(), None)


@pytest.fixture
def _provider():
    """The settings name a provider; nobody asks it anything."""
    given = {"OIDC_ISSUER": "https://id.example.com", "OIDC_CLIENT_ID": "site", "OIDC_NAME": "会員ID"}
    with mock.patch.dict(os.environ, given):
        for cached in (get_settings, openid):
            cached.cache_clear()
        yield
    for cached in (get_settings, openid):
        cached.cache_clear()


async def door(query: str = "", path: str = "/login", cookie: str = "") -> dict[str, Any]:
    """The vars that the page receives, without the marks of the framework."""
    sent = json.loads(await fire((("door_state.load", {}),), cookie=cookie, path=path, query=query))
    found: dict[str, Any] = {}
    for delta in sent:
        for state, told in delta.items():
            if state.endswith("door_state"):
                found |= {name.split("_rx_state_")[0]: value for name, value in told.items()}
    return found


async def test_without_a_provider_the_form_is_shown():
    assert (await door())["door"] == "form"
    assert not (await door("problem=refused&link=1")).get("problem")


@pytest.mark.usefixtures("_provider")
async def test_with_a_provider_its_button_leads_there_and_back_to_where_one_wanted():
    shown = await door("next=%2Fbookings")
    assert (shown["door"], shown["button"]) == ("provider", "会員IDでログイン・新規登録")
    assert shown["href"] == "/auth/login?next=%2Fbookings"
    assert shown["school_href"] == "/auth/login?type=school_owner&next=%2Fbookings"
    assert (await door("next=%2F%2Fevil.example"))["href"] == "/auth/login"


@pytest.mark.usefixtures("_provider")
async def test_who_was_invited_comes_back_to_the_invitation():
    shown = await door("invitation=abc%2F..%2Fx", path="/signup")
    assert shown["href"] == "/auth/login?next=%2Fjoin%2Fabc%252F..%252Fx"


@pytest.mark.usefixtures("_provider")
@pytest.mark.parametrize("problem", identity.PROBLEMS)
async def test_a_sign_in_that_came_to_nothing_is_told_in_our_words(problem: str):
    assert (await door(f"problem={problem}"))["problem"] == identity.PROBLEMS[problem]


@pytest.mark.usefixtures("_provider")
async def test_words_of_an_address_never_reach_the_page():
    assert not (await door("problem=%3Cscript%3E")).get("problem")


@pytest.mark.usefixtures("_provider")
async def test_an_account_of_ours_is_offered_to_whom_the_provider_vouched_for():
    answer = Response()
    sign_in_cookies.put_offer(answer, HANAKO, now=clock.now())
    cookie = answer.headers["set-cookie"].partition(";")[0]
    shown = await door("link=1", cookie=cookie)
    assert shown["door"] == "link"
    assert "hanako@example.com" in shown["offer"]
    assert (await door("", cookie=cookie))["door"] == "provider"
    over = await door("link=1")
    assert (over["door"], over["problem"]) == ("provider", identity.PROBLEMS["expired"])
