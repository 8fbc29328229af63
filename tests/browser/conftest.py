"""Windows that must leave an empty console."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from functools import cache, partial

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from tests.browser import rows
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
from tests.browser.windows import Shelf, Tab

OpenWindow = Callable[..., BrowserContext]
CookiesOf = Callable[[str], StorageState | None]
OpenAs = Callable[..., Page]
OpenGuest = Callable[..., Page]
Shelves = Callable[[str | None, tuple[int, int]], Shelf]
# Patience, not a promise: nothing waits this long unless it is broken, however busy the machine is.
expect.set_options(timeout=30_000)


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


@pytest.fixture(scope="package")
def shelves(browser: Browser, site: Site, cookies_of: CookiesOf) -> Iterator[Shelves]:
    """The tabs of each visitor and size: one visitor's share a window, those of None have each their own."""
    with ExitStack() as opened:

        def open_one(size: tuple[int, int], cookies: StorageState | None) -> BrowserContext:
            return opened.enter_context(window(browser, site, size, cookies=cookies))

        @cache
        def shared(who: str, size: tuple[int, int]) -> BrowserContext:
            return open_one(size, cookies_of(who))

        @cache
        def shelf(who: str | None, size: tuple[int, int]) -> Shelf:
            return Shelf(partial(open_one, size, None) if who is None else partial(shared, who, size), size)

        yield shelf


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Errors in the consoles of this test's pages; in the end there may be none."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def _open_tab(site: Site, shelves: Shelves, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    taken: list[tuple[Shelf, Tab, bool]] = []

    def open_one(who: str | None, size: tuple[int, int], *, refused: bool) -> Page:
        shelf = shelves(who, size)
        tab = shelf.take(complaints, refused=refused)
        taken.append((shelf, tab, who is not None))
        return tab.page

    yield open_one
    for shelf, tab, keeps_cookies in taken:
        shelf.give_back(tab, keeps_cookies=keeps_cookies)
    rows.tidy_up(site)


@pytest.fixture
def open_as(_open_tab: Callable[..., Page]) -> OpenAs:
    """Opens a page for somebody who is signed in already and stays so: `open_as("parent@example.com", size)`.

    `refused` forgives the browser's own note that the server said no or was not reached.
    """

    def page_of(who: str, size: tuple[int, int] = PHONE, *, refused: bool = False) -> Page:
        return _open_tab(who, size, refused=refused)

    return page_of


@pytest.fixture
def open_guest(_open_tab: Callable[..., Page]) -> OpenGuest:
    """Opens a page for a guest who may sign in and out: no other page has its cookies."""

    def page_of(size: tuple[int, int] = PHONE, *, refused: bool = False) -> Page:
        return _open_tab(None, size, refused=refused)

    return page_of


@pytest.fixture
def open_window(browser: Browser, site: Site, complaints: list[str]) -> Iterator[OpenWindow]:
    """Opens a new window, for what belongs to a whole window: tabs beside one another, place, connection."""
    contexts: list[BrowserContext] = []

    def open_one(size: tuple[int, int] = PHONE, *, refused: bool = False) -> BrowserContext:
        context = window(browser, site, size)
        context.on("page", lambda page: Tab(page, complaints, refused).listen())
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def phone(open_guest: OpenGuest) -> Page:
    """A guest's phone."""
    return open_guest(PHONE)


@pytest.fixture
def desktop(open_guest: OpenGuest) -> Page:
    """A guest's desktop."""
    return open_guest(DESKTOP)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what the server wrote last."""
    report = yield
    site = getattr(item, "funcargs", {}).get("site")
    if report.failed and isinstance(site, Site) and site.log.exists():
        report.sections.append(("server", site.log.read_text(errors="replace")[-4_000:]))
    return report
