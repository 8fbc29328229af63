"""The mailbox of the running site: letters come within seconds, and its page shows them by itself."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from naraigoto.texts import mailbox
from tests.browser.ready import visit, whole


def letters(page: Page, who: str, subject: str) -> Locator:
    """The letters of this subject to somebody, on the open page of the mailbox."""
    rows = page.get_by_role("main").get_by_role("listitem")
    return rows.filter(has=page.get_by_text(who, exact=True)).filter(has_text=subject)


def open_letter(page: Page, who: str, subject: str) -> None:
    """Wait in the mailbox for the newest such letter and open it."""
    visit(page, "/dev/mailbox")
    letters(page, who, subject).first.get_by_role("button").click()
    expect(page.get_by_role("tab", name=mailbox.VIEWS[0][1])).to_be_visible()
    whole(page)


def text_of_letter(page: Page) -> Locator:
    """Turn the open letter to its text."""
    page.get_by_role("tab", name=mailbox.VIEWS[1][1]).click()
    panel = page.get_by_role("tabpanel", name=mailbox.VIEWS[1][1])
    expect(panel).to_be_visible()
    return panel


def link_of_letter(page: Page) -> str:
    """Where the button of the open letter leads, as an address of this site."""
    page.get_by_role("tab", name=mailbox.VIEWS[0][1]).click()
    button = page.frame_locator(f"[title='{mailbox.FRAME}']").locator("a.button")
    expect(button).to_have_attribute("href", re.compile("^http"))
    there = urlsplit(button.get_attribute("href") or "")
    return f"{there.path}?{there.query}"
