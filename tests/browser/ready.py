"""When a page is whole: the one thing that visits, walks and checks by axe wait for."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Error, Locator, Page

_PATIENCE_MS = 30_000
_AXE = Path(AXE_FILE_PATH).read_text(encoding="utf-8")

_RUN_AXE = "(options) => axe.run(options).then((found) => found.violations)"
# The rules that may find something else in dark than in light: everything besides the colours is the same.
COLOURS = ("color-contrast", "link-in-text-block")

# What the page still lacks, in a few words. <main> names the address whose data it shows (np_shell.js).
# Pages without scripts (practice Stripe, the provider) are whole once they are there.
_WHOLE = """
(patience) => new Promise((answer) => {
  const shown = (selector) => [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }));
  const ofTheApp = () => {
    const main = document.getElementById("main");
    const here = location.pathname + location.search;
    if (main?.dataset.loaded !== here) return `<main> has loaded "${main?.dataset.loaded ?? ""}"`;
    // The kit shows skeletons and busy buttons as samples.
    const samples = location.pathname === "/dev/kit";
    const busy = shown(samples ? ".np-map:empty" : "[aria-busy=true], .np-skel, .np-map:empty");
    return busy.map((element) => element.outerHTML.slice(0, 120))[0] ?? "";
  };
  const lacking = () => {
    if (document.readyState !== "complete") return `the document is ${document.readyState}`;
    const app = document.querySelector("script[type=module]") ? ofTheApp() : "";
    if (app) return app;
    if (shown("h1").length !== 1) return `${shown("h1").length} headings of level 1 are shown`;
    if (document.fonts.status !== "loaded") return "fonts are on their way";
    const moving = document.getAnimations().filter((one) =>
      one.playState === "running" && Number.isFinite(one.effect.getComputedTiming().endTime));
    return moving.length ? "something moves" : "";
  };
  const end = performance.now() + patience;
  const look = () => {
    const lack = lacking();
    if (!lack || performance.now() > end) answer(lack);
    else setTimeout(look, 15);
  };
  // What has just changed (its size, its colours) has been laid out two frames later.
  requestAnimationFrame(() => requestAnimationFrame(look));
})
"""


def whole(page: Page) -> Page:
    """Wait until the page is whole: its heading is there, its data has come, nothing is busy or moves."""
    while True:
        try:
            lack = page.evaluate(_WHOLE, _PATIENCE_MS)
        except Error as left:
            if "navigation" not in left.message:
                raise
            continue  # it led on to another page meanwhile: that one is meant
        if lack:
            raise AssertionError(f"{page.url} is not whole: {lack}")
        return page


def visit(page: Page, address: str) -> Page:
    """Open an address; answers the page when it is whole."""
    page.goto(address)
    return whole(page)


def reload(page: Page) -> Page:
    """Load the page again; answers it when it is whole."""
    page.reload()
    return whole(page)


def back(page: Page) -> Page:
    """Go back in the history; answers the page before when it is whole."""
    page.go_back()
    return whole(page)


def arrive(page: Page, address: str | re.Pattern[str] | Callable[[str], bool]) -> Page:
    """Wait until a press has led to the address (a glob, a pattern or a test) and that page is whole."""
    page.wait_for_url(address)
    return whole(page)


def visit_until(page: Page, address: str, shown: Locator) -> Page:
    """Open the address again until it shows what comes from elsewhere: a webhook, a session's memory."""
    end = time.monotonic() + _PATIENCE_MS / 1_000
    while True:
        visit(page, address)
        if shown.first.is_visible():
            return page
        assert time.monotonic() < end, f"{address} never shows {shown}"


def violations(page: Page, *, only: tuple[str, ...] = ()) -> list[str]:
    """What axe finds on the whole page, one line each; by all its rules, or `only` by some."""
    whole(page)
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(_AXE)
    rules = {"runOnly": list(only)} if only else {}
    found = page.evaluate(_RUN_AXE, {"resultTypes": ["violations"], **rules})
    return [f"{item['id']}: {[node['target'] for node in item['nodes']]}" for item in found]
