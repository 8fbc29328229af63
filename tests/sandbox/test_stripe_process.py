"""The practice Stripe as a process: deliveries, restarts, neighbours, the demo's families, nonsense."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from naraigoto.adapters.payments.access import access_of, move_sandbox, sandbox_access
from naraigoto.preflight import CannotRun
from naraigoto.sandbox.stripe import running
from naraigoto.sandbox.stripe.guard import refuse_real_money
from naraigoto.settings import Settings
from tests.sandbox.practice import ORIGIN, YEAR, Practice, jst, order, practice

# -- deliveries


async def test_held_events_leave_in_the_order_one_likes_and_as_often(stripe: Practice) -> None:
    stripe.page("/dev/stripe", do="hold")
    stripe.page("/dev/stripe", do="copies", copies="2")
    customer, _ = await stripe.subscribed()
    assert stripe.types(customer) == []
    stripe.page("/dev/stripe", do="copies", copies="1")
    stripe.page("/dev/stripe", do="let_go", order="reverse")
    types = stripe.types(customer)
    assert types[:2] == ["checkout.session.completed"] * 2
    assert types[-1] == "customer.created"
    assert len(types) == 2 * len({each.id for each in stripe.events(customer)})


async def test_a_receiver_that_fails_is_asked_again(tmp_path: Path) -> None:
    # A process of its own: in the shared one another test's event could meet the two refusals.
    with practice(tmp_path) as stripe:
        stripe.ear.answers.extend([500, 503])
        customer = await stripe.customer()
        async with asyncio.timeout(60):
            while len(stripe.types(customer)) < 3:  # noqa: ASYNC110  # between two tries nothing is on its way
                await asyncio.sleep(0.1)
        assert stripe.types(customer) == ["customer.created"] * 3
        assert len({each.id for each in stripe.events(customer)}) == 1


# -- two at once


async def test_a_form_that_comes_in_slowly_does_not_buy_a_second_time(stripe: Practice) -> None:
    customer = await stripe.customer()
    opened = await stripe.payments().open_checkout(order(customer), key=f"order:{customer}")
    access = access_of(stripe.settings)
    address = f"{access.base}{opened.url.removeprefix(ORIGIN)}"
    pressed = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"bank=yes&card="
        await pressed.wait()
        yield b"ok"

    headers = {
        "Authorization": f"Bearer {access.api_key}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    async with httpx.AsyncClient(headers=headers, timeout=60) as browser:
        slow = asyncio.create_task(browser.post(address, content=slowly()))
        await asyncio.sleep(0.5)  # it has begun to be read
        assert (await browser.post(address, data={"card": "ok", "bank": "yes"})).status_code == 303
        pressed.set()
        assert (await slow).status_code == 200
    assert await stripe.paid(customer) == [("subscription_create", 6980)]


# -- the process


async def test_what_happened_survives_a_restart(tmp_path: Path) -> None:
    with practice(tmp_path) as before:
        customer, subscription = await before.subscribed()
    with practice(tmp_path) as after:
        assert (await after.state(subscription)).status == "active"
        assert len(await after.paid(customer)) == 1


def test_a_second_site_of_the_folder_shares_the_sandbox(stripe: Practice) -> None:
    port = sandbox_access(stripe.settings).port
    with running.sandbox(stripe.settings):
        assert sandbox_access(stripe.settings).port == port
    assert stripe.page("/dev/stripe").status_code == 200


def test_a_port_that_somebody_took_is_given_up(tmp_path: Path, stripe: Practice) -> None:
    taken = sandbox_access(stripe.settings).port
    settings = Settings(NARAIGOTO_DATA=tmp_path)  # pyright: ignore[reportCallIssue]
    keys = sandbox_access(settings)
    move_sandbox(settings, taken)
    with practice(tmp_path) as moved:
        now = sandbox_access(moved.settings)
        assert (now.api_key, now.webhook_secret) == (keys.api_key, keys.webhook_secret)
        assert now.port != taken
        assert moved.page("/dev/stripe").status_code == 200


@pytest.mark.parametrize(
    "values",
    [
        {"NARAIGOTO_ENV": "production"},
        {"STRIPE_API_KEY": "sk_live_1"},
        {"STRIPE_API_KEY": "rk_live_1"},
    ],
)
def test_practice_and_real_money_never_meet(values: dict[str, str]) -> None:
    settings = Settings(**values)  # pyright: ignore[reportArgumentType]
    with pytest.raises(CannotRun):
        refuse_real_money(settings)


def test_with_an_account_no_sandbox_starts(tmp_path: Path) -> None:
    settings = Settings(STRIPE_API_KEY="sk_test_1", NARAIGOTO_DATA=tmp_path / "data")  # pyright: ignore[reportCallIssue]
    with running.sandbox(settings):
        running.seed(settings, "postgresql://nobody@127.0.0.1:1/none")
    assert not (tmp_path / "data").exists()


async def test_the_demo_s_families_are_planted_once_and_renew(stripe: Practice) -> None:
    await stripe.payments().prepare()
    begins, ends = (int(jst(YEAR, month, 1).timestamp()) for month in (5, 6))
    plan = {
        "customer": "cus_demo_1",
        "subscription": "sub_demo_1",
        "plan": "family",
        "email": "hanako@example.com",
        "name": "花子",
        "begins": begins,
        "ends": ends,
    }
    invoice = {
        "invoice": "in_demo_1",
        "subscription": "sub_demo_1",
        "amount": 12800,
        "kind": "first",
        "plan": "family",
        "paid_at": begins,
    }
    planted = [stripe.plant({"plans": [plan], "invoices": [invoice]}) for _ in range(2)]
    assert planted == [1, 0]
    assert stripe.types("cus_demo_1") == []
    stripe.travel("cus_demo_1", f"{YEAR}-06-02T12:00")
    assert await stripe.paid("cus_demo_1") == [("subscription_create", 12800), ("subscription_cycle", 12800)]
    assert stripe.page(await stripe.portal("cus_demo_1"), do="cancel").status_code == 303


async def test_a_page_that_does_not_exist_says_so(stripe: Practice) -> None:
    for address in ("pay/cs_test_none", "portal/bps_none", "receipts/in_none", "customers/cus_none"):
        answer = stripe.page(f"/dev/stripe/{address}")
        assert (answer.status_code, "ページが見つかりません" in answer.text) == (404, True)


async def test_nonsense_in_forms_changes_nothing(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed()
    before = await stripe.state(subscription)
    portal = await stripe.portal(customer)
    for form in ({"do": "plan", "price": "price_none"}, {"do": "card", "card": "4242"}, {"do": "explode"}):
        assert stripe.page(portal, **form).status_code == 200
    for form in ({"do": "copies", "copies": "99"}, {"do": "again", "delivery": "x"}, {"do": "nothing"}):
        assert stripe.page("/dev/stripe", **form).status_code == 303
    stripe.page(f"/dev/stripe/customers/{customer}", do="refund", charge="ch_none")
    assert await stripe.state(subscription) == before


async def test_names_are_text_on_every_page(stripe: Practice) -> None:
    customer = await stripe.customer("<b>花子</b>")
    for address in ("/dev/stripe", f"/dev/stripe/customers/{customer}"):
        assert "<b>花子" not in stripe.page(address).text
    portal = await stripe.portal(customer)
    assert portal.startswith(f"{ORIGIN}/dev/stripe/portal/")


async def test_everything_is_forgotten_when_the_site_begins_anew(tmp_path: Path) -> None:
    with practice(tmp_path) as first:
        customer, _ = await first.subscribed()
        running.forget(first.settings)
        assert first.page(f"/dev/stripe/customers/{customer}").status_code == 404
        again, _ = await first.subscribed()
    running.forget(first.settings)
    with practice(tmp_path) as second:
        assert second.page(f"/dev/stripe/customers/{again}").status_code == 404
    running.forget(Settings(NARAIGOTO_DATA=tmp_path / "nowhere"))  # pyright: ignore[reportCallIssue]
