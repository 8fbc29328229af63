"""`make shots`: a picture of every page at 390 and 1280 px, light and dark, into shots/ (ignored)."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from naraigoto.demo.schools import FIRST_OWNER
from tests.browser import rows
from tests.browser.ready import visit
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

FOLDER = Path(__file__).resolve().parent.parent / "shots"
VISITORS: dict[str, Callable[[Page], None] | None] = {
    "guest": None,
    "guardian": lambda page: sign_in(page, "parent@example.com"),
    "child": lambda page: sign_in_child(page, "hana"),
    "owner": lambda page: sign_in(page, "owner@example.com"),
    "admin": lambda page: sign_in(page, "admin@example.com"),
}


def addresses(site: Site) -> dict[str, list[tuple[str, str]]]:
    """Name and address of every page, by who visits it."""
    school = rows.one(site, "SELECT id FROM schools WHERE name = %(name)s", name=FIRST_OWNER)
    teacher = rows.one(site, "SELECT id FROM instructors WHERE school_id = %(id)s LIMIT 1", id=school)
    booking = rows.booked(site, rows.open_slot(site, "hana"), "hana")
    parents, childs = rows.attended(site, "sota"), rows.attended(site, "hana")
    return {
        "guest": [
            ("top", "/"),
            ("search", "/search"),
            ("search-swim", "/search?area=13113&category=swim"),
            ("search-none", "/search?q=宇宙遊泳"),
            ("school", f"/schools/{school}"),
            ("instructor", f"/instructors/{teacher}"),
            ("plans", "/plans"),
            ("login", "/login"),
            ("signup", "/signup"),
            ("signup-invited", "/signup?invitation=x"),
            ("verify", "/verify?token=x"),
            ("reset", "/reset"),
            ("reset-choose", "/reset?token=x"),
            ("terms", "/legal/terms"),
            ("missing", "/nowhere"),
            ("kit", "/dev/kit"),
            ("mailbox", "/dev/mailbox"),
            ("stripe", "/dev/stripe"),
        ],
        "guardian": [
            ("home", "/home"),
            ("family", "/family"),
            ("bookings", "/bookings"),
            ("booking", f"/bookings/{booking}"),
            ("tickets", "/tickets"),
            ("plans", "/plans"),
            ("settings", "/settings"),
            ("review", f"/bookings/{parents}/review"),
            ("school", f"/schools/{school}"),
        ],
        "child": [
            ("kids", "/kids"),
            ("review", f"/kids/review/{childs}"),
            ("school", f"/schools/{school}"),
        ],
        "owner": [("school-today", "/school"), ("school-reviews", "/school/reviews")],
        "admin": [("operations", "/admin/operations"), ("reports", "/admin/reports")],
    }


def pictures(
    context: BrowserContext, visitor: str, pages: list[tuple[str, str]], suffix: str
) -> Iterator[Path]:
    """Take one picture of each page."""
    page = context.new_page()
    if arrive := VISITORS[visitor]:
        arrive(page)
    for name, address in pages:
        visit(page, address)
        page.wait_for_load_state("networkidle")  # its pictures too
        path = FOLDER / f"{visitor}-{name}-{suffix}.png"
        page.screenshot(path=path, full_page=True)
        yield path
    page.close()


def main(wanted: list[str]) -> None:
    """Take all pictures, or those of the visitors named on the command line."""
    FOLDER.mkdir(exist_ok=True)
    with running_site() as site, chromium() as browser:
        for visitor, pages in addresses(site).items():
            if wanted and visitor not in wanted:
                continue
            for size in (PHONE, DESKTOP):
                for dark in (False, True):
                    context = window(browser, site, size, dark=dark)
                    suffix = f"{size[0]}-{'dark' if dark else 'light'}"
                    for path in pictures(context, visitor, pages, suffix):
                        sys.stdout.write(f"{path.name}\n")
                    context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
