"""The whole product on a free port with demo data, and a browser: for browser tests and `make shots`."""

import os
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from naraigoto import bundle, demo, serving
from naraigoto.sandbox.stripe import running as stripe
from naraigoto.settings import get_settings
from tests.database import cluster, ensure_template, test_data, throwaway

PHONE = (390, 844)
DESKTOP = (1280, 900)
PASSWORD = "naraigoto-demo"
_CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Site:
    """A running site; its data folder holds keys, pictures and mails."""

    url: str
    data: Path
    database_url: str


@contextmanager
def running_site(name: str = "site", **settings: str) -> Iterator[Site]:
    """Build if needed, load the demo of this very moment into a throw-away database, serve it.

    A second site beside the first needs another `name`; `settings` are added to the environment.
    """
    bundle.build()
    port = free_port()
    data = test_data() / f"{name}-{os.getpid()}"
    env = {"NARAIGOTO_DATA": str(data), "PORT": str(port), "NARAIGOTO_ENV": "test", **settings}
    with (
        cluster().hold(),
        throwaway(cluster(), ensure_template(cluster())) as url,
        mock.patch.dict(os.environ, env),
    ):
        get_settings.cache_clear()
        try:
            demo.load(url, now=datetime.now(UTC))
            with stripe.sandbox(get_settings()):
                _elsewhere(stripe.seed, get_settings(), url)
                with serving.server("127.0.0.1", port, url):
                    yield Site(f"http://localhost:{port}", data, url)
        finally:
            get_settings.cache_clear()


def _elsewhere(work: Callable[..., object], *arguments: object) -> None:
    # In a thread of its own: it runs a loop, and in this one Playwright's may be running already.
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(work, *arguments).result()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser; nothing is downloaded."""
    path = next((path for path in _CHROMIUM if Path(path).exists()), None)
    if path is None:
        raise SystemExit("Chromium が見つかりません: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


def window(
    browser: Browser,
    site: Site,
    size: tuple[int, int],
    *,
    dark: bool = False,
    cookies: StorageState | None = None,
) -> BrowserContext:
    """A window with cookies of its own, or with those of somebody signed in."""
    return browser.new_context(
        storage_state=cookies,
        base_url=site.url,
        viewport={"width": size[0], "height": size[1]},
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        has_touch=size == PHONE,
    )


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Sign in with an address, as a person does."""
    page.goto("/login")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(password)
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)


def sign_in_child(page: Page, login_name: str) -> None:
    """Sign in as a child of the demo family."""
    page.goto("/login?who=child")
    page.get_by_label("ファミリーコード").fill("DEMO01")
    page.get_by_label("ログインネーム").fill(login_name)
    page.get_by_label("パスコード").fill("2580")
    page.get_by_role("button", name="はじめる").click()
    page.wait_for_url(lambda url: "/login" not in url)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
