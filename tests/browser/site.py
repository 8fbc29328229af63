"""The whole product on a free port with demo data, and a browser: for browser tests and `make shots`."""

import fcntl
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest import mock

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from naraigoto import bundle, clock, demo, serving
from naraigoto.demo.loading import SEED
from naraigoto.demo.pictures import draw
from naraigoto.sandbox.stripe import running as stripe
from naraigoto.settings import get_settings
from tests.database import cluster, ensure_template, test_data, throwaway

PHONE = (390, 844)
DESKTOP = (1280, 900)
PASSWORD, PASSCODE = "naraigoto-demo", "2580"
_CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The last list counts, so Playwright's own stands here too. The first three open two hidden pages beside
    # each page: half of its cost.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,"
    "AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,"
    "PreconnectToSearch",
]


@dataclass(frozen=True)
class Site:
    """A running site; its data folder holds keys, pictures, mails and what the server writes (`log`)."""

    url: str
    data: Path
    database_url: str
    since: datetime

    @property
    def log(self) -> Path:
        """Everything the server has written so far."""
        return self.data / "server.log"


@contextmanager
def running_site() -> Iterator[Site]:
    """Build if needed, load the demo of this very moment, serve it with payments."""
    with _prepared("site") as (site, port), stripe.sandbox(get_settings()):
        _elsewhere(stripe.seed, get_settings(), site.database_url)
        with _served(site, port):
            yield site


@contextmanager
def site_beside(name: str, **settings: str) -> Iterator[Site]:
    """One more site with a demo of its own and other settings; it has no payments."""
    with _prepared(name, **settings) as (site, port), _served(site, port):
        yield site


@contextmanager
def _prepared(name: str, **settings: str) -> Iterator[tuple[Site, int]]:
    """A site that has everything but its server, with its settings in the environment."""
    bundle.build()
    port, now = free_port(), clock.now()
    data = test_data() / f"{name}-{os.getpid()}"
    pictures = _pictures_for(data)
    env = {"NARAIGOTO_DATA": str(data), "PORT": str(port), "NARAIGOTO_ENV": "test", **settings}
    with (
        cluster().hold(),
        throwaway(cluster(), ensure_template(cluster())) as url,
        mock.patch.dict(os.environ, env),
    ):
        get_settings.cache_clear()
        try:
            demo.load(url, now=now, media=pictures)
            yield Site(f"http://localhost:{port}", data, url, now), port
        finally:
            get_settings.cache_clear()


@contextmanager
def _served(site: Site, port: int) -> Iterator[None]:
    with ExitStack() as stack:
        with _written_to(site.log):
            stack.enter_context(serving.server("127.0.0.1", port, site.database_url))
        yield


@contextmanager
def _written_to(log: Path) -> Iterator[None]:
    """Let processes that start meanwhile write what they have to say into a file."""
    before = os.dup(1), os.dup(2)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        for target in (1, 2):
            os.dup2(file.fileno(), target)
        try:
            yield
        finally:
            for target, saved in enumerate(before, start=1):
                os.dup2(saved, target)
                os.close(saved)


def _pictures_for(data: Path) -> Path:
    """The folder of the demo's pictures, drawn once for all sites of this checkout."""
    shared = test_data() / "media"
    shared.mkdir(parents=True, exist_ok=True)
    with (test_data() / "media.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        draw(shared, SEED)
    data.mkdir(parents=True, exist_ok=True)
    (data / "media").symlink_to(shared.resolve())
    return shared


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
    """Give the window the cookie of somebody with an address; no page is opened."""
    _enter(page, {"email": email, "password": password})


def sign_in_child(page: Page, login_name: str) -> None:
    """Give the window the cookie of a child of the demo family; no page is opened."""
    _enter(page, {"family_code": "DEMO01", "login_name": login_name, "passcode": PASSCODE})


def _enter(page: Page, who: dict[str, str]) -> None:
    answer = page.request.post("/api/v1/auth/login", data=who)
    assert answer.ok, answer.text()


def free_port() -> int:
    """A port that nobody listens on, and that no connection going out is given before a server takes it."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)  # systems give their own from 32768 on
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
