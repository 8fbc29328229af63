"""The practice Stripe's pages below the site's own address, for visitors of a site under development."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from naraigoto.api import create_api
from naraigoto.rules import REQUEST_BODY_MAX
from naraigoto.settings import get_settings
from naraigoto.texts import stripe_sandbox as texts
from naraigoto.web import stripe_sandbox
from naraigoto.web.security import Security
from tests.sandbox.practice import ORIGIN, Practice, order, stripe, stripe_process

__all__ = ["stripe", "stripe_process"]


@pytest.fixture
async def browser(
    stripe: Practice, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor of the site whose data folder the sandbox has; parameters are further settings."""
    env = {"NARAIGOTO_DATA": str(stripe.settings.data_dir), "PUBLIC_URL": ORIGIN}
    for name, value in (env | getattr(request, "param", {})).items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    app = Security(create_api(features=[], others=[stripe_sandbox.router]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client:
        yield client
    monkeypatch.undo()
    get_settings.cache_clear()


async def test_an_order_is_paid_on_the_site_s_own_address(
    stripe: Practice, browser: httpx.AsyncClient
) -> None:
    customer = await stripe.customer()
    opened = await stripe.payments().open_checkout(order(customer), key=f"order:{customer}")
    page = await browser.get(opened.url)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["cache-control"] == "no-store"
    assert "習い事Prime スタンダード" in page.text
    done = await browser.post(opened.url, data={"card": "ok"}, headers={"Origin": ORIGIN})
    assert (done.status_code, done.headers["location"]) == (303, f"{ORIGIN}/plans/done?order=1")


async def test_a_form_on_a_foreign_page_changes_nothing(stripe: Practice, browser: httpx.AsyncClient) -> None:
    customer = await stripe.customer()
    opened = await stripe.payments().open_checkout(order(customer), key=f"order:{customer}")
    for origin in ("https://evil.example", "null", ""):
        refused = await browser.post(opened.url, data={"card": "ok"}, headers={"Origin": origin})
        assert refused.status_code == 403
    assert await stripe.payments().list_subscriptions(customer) == []


async def test_a_program_may_send_a_form_without_a_page(stripe: Practice, browser: httpx.AsyncClient) -> None:
    customer = await stripe.customer()
    opened = await stripe.payments().open_checkout(order(customer), key=f"order:{customer}")
    assert (await browser.post(opened.url, data={"card": "ok"})).status_code == 303


async def test_the_api_is_not_reached_through_the_site(browser: httpx.AsyncClient) -> None:
    for path in ("/dev/stripe/../../v1/customers", "/dev/stripe/%2e%2e/%2e%2e/v1/customers", "/v1/customers"):
        answer = await browser.get(path)
        assert (answer.status_code, "cus_" in answer.text) == (404, False)
    assert (await browser.get("/dev/stripe/healthz")).status_code == 404


async def test_a_large_form_is_refused(browser: httpx.AsyncClient) -> None:
    large = await browser.post(
        "/dev/stripe", content=b"x" * (REQUEST_BODY_MAX + 1), headers={"Origin": ORIGIN}
    )
    assert large.status_code == 413


@pytest.mark.parametrize("browser", [{"STRIPE_API_KEY": "sk_test_1"}], indirect=True)
async def test_with_an_account_there_is_no_practice(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/dev/stripe")).status_code == 404


async def test_a_sandbox_that_does_not_run_is_said_so(tmp_path: Path, browser: httpx.AsyncClient) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NARAIGOTO_DATA", str(tmp_path))
        get_settings.cache_clear()
        away = await browser.get("/dev/stripe")
    assert (away.status_code, away.text) == (503, texts.AWAY)
