"""A practice Stripe in a process of its own, somebody who hears its webhooks, and hands on its pages."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from naraigoto import clock, serving
from naraigoto.adapters.payments import CheckoutOrder, Event, SubscriptionState
from naraigoto.adapters.payments.access import access_of, sandbox_access
from naraigoto.adapters.payments.stripe import StripePayments
from naraigoto.sandbox.stripe import running
from naraigoto.settings import Settings

ORIGIN = "http://localhost:3000"
# A customer's clock starts at the machine's time and only goes forward: tests travel within the next year.
YEAR = clock.jst_date(clock.machine()).year + 1


@dataclass
class Ear:
    """What came in at /webhooks/stripe; `answers` are the next statuses, then 200."""

    port: int = 0
    heard: list[tuple[bytes, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@dataclass
class Practice:
    """The sandbox as tests use it: the API by our adapter, the pages by their forms."""

    settings: Settings
    ear: Ear

    def payments(self) -> StripePayments:
        """The adapter of the site, new for each loop."""
        return StripePayments(access_of(self.settings))

    def page(self, address: str, **form: str) -> httpx.Response:
        """Look at a page, or send one of its forms."""
        access = access_of(self.settings)
        path = address.removeprefix(ORIGIN)
        headers = {"Authorization": f"Bearer {access.api_key}"}
        method = "POST" if form else "GET"
        return httpx.request(
            method,
            f"{access.base}{path}",
            data=form or None,
            headers=headers,
            follow_redirects=False,
            timeout=60,
        )

    def plant(self, seeds: dict[str, Any]) -> int:
        """Seed families as the start of the site does; answers how many were new."""
        access = access_of(self.settings)
        headers = {"Authorization": f"Bearer {access.api_key}"}
        return httpx.post(f"{access.base}/seeds", json=seeds, headers=headers).json()["customers"]

    async def customer(self, name: str = "佐藤 花子") -> str:
        """A new customer."""
        key = f"customer:{time.monotonic_ns()}"
        return await self.payments().ensure_customer(
            family_id=key, email="hanako@example.com", name=name, key=key
        )

    async def subscribed(self, plan: str = "standard", *, card: str = "ok", at: str = "") -> tuple[str, str]:
        """A customer who has bought a plan, at a moment ahead if one is given, and the subscription."""
        customer = await self.customer()
        if at:
            self.travel(customer, at)
        opened = await self.payments().open_checkout(order(customer, plan), key=f"order:{customer}")
        self.page(opened.url, card=card, bank="yes")
        state = await self.payments().get_checkout(opened.session_id)
        assert state is not None
        assert state.subscription_id is not None
        return customer, state.subscription_id

    def travel(self, customer: str, until: str) -> None:
        """Move the customer's clock, as the control page does."""
        answer = self.page(f"/dev/stripe/customers/{customer}", do="until", until=until)
        assert answer.status_code == 303, answer.text

    async def portal(self, customer: str) -> str:
        """The address of the customer's portal."""
        return await self.payments().open_portal(customer_id=customer, return_url=f"{ORIGIN}/tickets")

    async def state(self, subscription: str) -> SubscriptionState:
        """A subscription now."""
        found = await self.payments().get_subscription(subscription)
        assert found is not None
        return found

    async def paid(self, customer: str) -> list[tuple[str, int]]:
        """Reason and amount of what was paid, oldest first."""
        found = await self.payments().list_paid_invoices(customer_id=customer)
        return [(each.reason, each.amount_paid) for each in reversed(found)]

    async def price(self, plan: str) -> str:
        """The price of a plan."""
        await self.payments().prepare()
        listed = self.page("/v1/prices").json()["data"]
        return next(each["id"] for each in listed if each["metadata"]["plan"] == plan)

    def events(self, customer: str) -> list[Event]:
        """The webhooks that tell of a customer, as they came; waits until nothing more is on its way."""
        deadline = time.monotonic() + 20
        while "送信待ち" in self.page("/dev/stripe").text.partition("送った知らせ")[2]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        payments = self.payments()
        heard = [payments.read_event(*each) for each in self.ear.heard]
        return [each for each in heard if customer in {each.object.get("customer"), each.object["id"]}]

    def types(self, customer: str) -> list[str]:
        """Their types."""
        return [each.type for each in self.events(customer)]


@pytest.fixture(scope="session")
def stripe_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """One process for all tests of a run that ask for it."""
    with practice(tmp_path_factory.mktemp("stripe")) as running_one:
        yield running_one


@pytest.fixture
def stripe(stripe_process: Practice) -> Practice:
    """The practice Stripe with nothing heard yet."""
    stripe_process.ear.heard.clear()
    return stripe_process


def order(customer: str, plan: str = "standard", **over: Any) -> CheckoutOrder:
    """An order of the plan."""
    values = {
        "customer_id": customer,
        "plan": plan,
        "reference": "order-1",
        "success_url": f"{ORIGIN}/plans/done?order=1",
        "cancel_url": f"{ORIGIN}/plans",
        "metadata": {"family_id": "f1"},
    }
    return CheckoutOrder(**(values | over))


@contextmanager
def practice(data: Path) -> Iterator[Practice]:
    """A sandbox on this data folder, delivering to an ear."""
    with listening() as ear:
        settings = Settings(NARAIGOTO_DATA=data, PORT=ear.port, PUBLIC_URL=ORIGIN)  # pyright: ignore[reportCallIssue]
        with running.sandbox(settings):
            serving.wait_for("127.0.0.1", sandbox_access(settings).port, or_say="no sandbox")
            yield Practice(settings, ear)


@contextmanager
def listening() -> Iterator[Ear]:
    """Hears webhooks on a port of its own."""
    ear = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            ear.heard.append((body, self.headers["stripe-signature"]))
            self.send_response(ear.answers.pop(0) if ear.answers else 200)
            self.end_headers()

        def log_message(self, *_: object, **__: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        ear.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield ear
        server.shutdown()


def jst(*parts: int) -> datetime:
    """A Japanese moment."""
    return datetime(*parts, tzinfo=clock.JST)  # pyright: ignore[reportArgumentType]


def words(page: str) -> str:
    """A page's text."""
    body = page.partition("</head>")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
