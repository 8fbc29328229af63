"""Tabs that one test gives back and the next one takes: a new one costs as much as three visits."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page

_FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"


@dataclass
class Tab:
    """A page, and what its console says while a test has it."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    refused: bool = False

    def listen(self) -> None:
        """Hear the console; when something is refused, the browser's own note about it is forgiven."""
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        own = message.text.startswith(("Failed to load resource", "WebSocket connection to"))
        if message.type == "error" and not (self.refused and own):
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")


@dataclass
class Shelf:
    """The tabs of one kind that nobody has at the moment; `make` opens the window of one more."""

    make: Callable[[], BrowserContext]
    size: tuple[int, int]
    free: list[Tab] = field(default_factory=list)

    def take(self, complaints: list[str], *, refused: bool) -> Tab:
        """A tab as if it were new."""
        tab = self.free.pop() if self.free else self._open()
        tab.complaints, tab.refused = complaints, refused
        return tab

    def give_back(self, tab: Tab, *, keeps_cookies: bool) -> None:
        """Keep the tab without anything the test has left in it; one that cannot be emptied is closed."""
        page = tab.page
        try:
            if page.url.startswith("http"):
                page.evaluate(_FORGET)
            page.unroute_all(behavior="ignoreErrors")
            page.goto("about:blank")
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        except Error:
            page.close()
            return
        tab.complaints = []
        if not keeps_cookies:
            page.context.clear_cookies()
        self.free.append(tab)

    def _open(self) -> Tab:
        tab = Tab(self.make().new_page())
        tab.listen()
        return tab
