"""Windows that must leave an empty console."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState, expect

from tests.browser.site import (
    DESKTOP,
    PHONE,
    Site,
    chromium,
    running_site,
    sign_in,
    sign_in_child,
    window,
)

OpenWindow = Callable[..., BrowserContext]
CookiesOf = Callable[[str], StorageState | None]
OpenAs = Callable[..., Page]
expect.set_options(timeout=10_000)


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """The running product, one for each worker."""
    with running_site() as site:
        yield site


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser, closed before asynchronous tests: while it is open, Playwright's own loop runs."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def cookies_of(browser: Browser, site: Site) -> CookiesOf:
    """Cookies of somebody who signed in once for all tests: an address, a child's name, "" for guests."""

    @cache
    def cookies(who: str) -> StorageState | None:
        if not who:
            return None
        with window(browser, site, DESKTOP) as context:
            (sign_in if "@" in who else sign_in_child)(context.new_page(), who)
            return context.storage_state()

    return cookies


@pytest.fixture
def open_window(browser: Browser, site: Site) -> Iterator[OpenWindow]:
    """Opens windows of their own cookies; in the end no console may hold an error.

    `refused` forgives the browser's own note that the server said no or was not reached.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(
        size: tuple[int, int] = PHONE,
        *,
        dark: bool = False,
        cookies: StorageState | None = None,
        refused: bool = False,
    ) -> BrowserContext:
        context = window(browser, site, size, dark=dark, cookies=cookies)
        context.on("console", lambda message: _note(message, complaints, refused=refused))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_as(open_window: OpenWindow, cookies_of: CookiesOf) -> OpenAs:
    """Opens a page of somebody who is signed in already: `open_as("parent@example.com", size)`."""

    def page_of(who: str, size: tuple[int, int] = PHONE, *, refused: bool = False) -> Page:
        return open_window(size, cookies=cookies_of(who), refused=refused).new_page()

    return page_of


@pytest.fixture
def phone(open_window: OpenWindow) -> Page:
    """A phone's window."""
    return open_window(PHONE).new_page()


@pytest.fixture
def desktop(open_window: OpenWindow) -> Page:
    """A desktop's window."""
    return open_window(DESKTOP).new_page()


def violations(page: Page) -> list[str]:
    """What axe finds on the page, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {[node['target'] for node in item['nodes']]}" for item in found]


def _note(message: ConsoleMessage, complaints: list[str], *, refused: bool) -> None:
    own = message.text.startswith(("Failed to load resource", "WebSocket connection to"))
    if message.type == "error" and not (refused and own):
        complaints.append(f"{message.text} ({message.location.get('url', '')})")
