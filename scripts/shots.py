"""`make shots`: a picture of every page at 390 and 1280 px, light and dark, into shots/ (ignored)."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from playwright.sync_api import BrowserContext, Page

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
    with psycopg.connect(site.database_url.replace("+psycopg", "")) as connection:

        def one(sql: str) -> str:
            row = connection.execute(sql).fetchone()
            return str(row[0]) if row else "none"

        school = one(
            "SELECT school_id FROM school_members m JOIN users u ON u.id = m.user_id"
            " WHERE u.email = 'owner@example.com'"
        )
        teacher = one(f"SELECT id FROM instructors WHERE school_id = '{school}' LIMIT 1")
        booking = one(
            "SELECT b.id FROM bookings b JOIN families f ON f.id = b.family_id"
            " WHERE f.family_code = 'DEMO01' AND b.status = 'reserved' LIMIT 1"
        )
    return {
        "guest": [
            ("top", "/"),
            ("search", "/search"),
            ("search-swim", "/search?area=13113&category=swim"),
            ("search-none", "/search?q=宇宙遊泳"),
            ("school", f"/schools/{school}"),
            ("instructor", f"/instructors/{teacher}"),
            ("login", "/login"),
            ("missing", "/nowhere"),
            ("kit", "/dev/kit"),
            ("mailbox", "/dev/mailbox"),
        ],
        "guardian": [
            ("home", "/home"),
            ("bookings", "/bookings"),
            ("booking", f"/bookings/{booking}"),
            ("school", f"/schools/{school}"),
        ],
        "child": [("kids", "/kids"), ("school", f"/schools/{school}")],
        "owner": [("school-today", "/school")],
        "admin": [("operations", "/admin/operations")],
    }


def pictures(
    context: BrowserContext, visitor: str, pages: list[tuple[str, str]], suffix: str
) -> Iterator[Path]:
    """Take one picture of each page."""
    page = context.new_page()
    if arrive := VISITORS[visitor]:
        arrive(page)
    for name, address in pages:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(700)
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
