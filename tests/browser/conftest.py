"""One real server with the demo data, Debian's Chromium, and a page that fails on any console error."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from naraigoto import bundle, demo, serving
from naraigoto.settings import get_settings
from tests.database import cluster, throwaway

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PASSWORD = "naraigoto-demo"
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=10_000)


@dataclass(frozen=True)
class Site:
    """A running site."""

    url: str
    data: Path


@pytest.fixture(scope="session")
def site(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole product on a free port, with the demo data of this very moment."""
    bundle.build()
    data = get_settings().data_dir / f"browser-{os.getpid()}"
    with throwaway(cluster(), template) as url, pytest.MonkeyPatch.context() as patch:
        port = _free_port()
        for name, value in {"NARAIGOTO_DATA": str(data), "PORT": str(port), "NARAIGOTO_ENV": "test"}.items():
            patch.setenv(name, value)
        get_settings.cache_clear()
        demo.load(url, now=datetime.now(UTC))
        with serving.server("127.0.0.1", port, url):
            yield Site(f"http://localhost:{port}", data)
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_context(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """Makes windows of their own cookies; each must leave an empty console."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(size: dict[str, int] = PHONE, *, dark: bool = False) -> BrowserContext:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": size["width"], "height": size["height"]},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            has_touch=size is PHONE,
        )
        context.on("console", lambda message: _note(message, complaints))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext]) -> Page:
    """A phone's window."""
    return open_context(PHONE).new_page()


@pytest.fixture
def desktop(open_context: Callable[..., BrowserContext]) -> Page:
    """A desktop's window."""
    return open_context(DESKTOP).new_page()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Sign in with an address, as a person does."""
    page.goto("/login")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(password)
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)


def violations(page: Page) -> list[str]:
    """What axe finds on the page, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {[node['target'] for node in item['nodes']]}" for item in found]


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error":
        complaints.append(f"{message.text} ({message.location.get('url', '')})")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _chromium() -> str:
    for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"):
        if Path(path).exists():
            return path
    pytest.fail("Chromium が見つかりません: apt-get install chromium")
