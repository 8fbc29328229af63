"""Windows that must leave an empty console."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.browser.site import DESKTOP, PHONE, Site, chromium, running_site, window

OpenWindow = Callable[..., BrowserContext]
expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests share one site, so they run in one worker."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The running product."""
    with running_site() as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this session."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_window(browser: Browser, site: Site) -> Iterator[OpenWindow]:
    """Opens windows of their own cookies; in the end no console may hold an error."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(size: tuple[int, int] = PHONE, *, dark: bool = False) -> BrowserContext:
        context = window(browser, site, size, dark=dark)
        context.on("console", lambda message: _note(message, complaints))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


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


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error":
        complaints.append(f"{message.text} ({message.location.get('url', '')})")
