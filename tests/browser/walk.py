"""Steps that several stories take."""

import re

from playwright.sync_api import Locator, Page, expect

from naraigoto.texts import bookings, schools
from tests.browser.rows import Slot


def choose_day(page: Page, slot: Slot) -> None:
    """Turn the school's page to the day of the slot."""
    days = page.get_by_role("group", name=schools.DAYS)
    days.get_by_role("button", name=slot.day).click()


def open_dialog(page: Page, slot: Slot) -> Locator:
    """Press the slot's button on the open page of its school; answers the dialog."""
    choose_day(page, slot)
    page.get_by_role("button", name=slot.button, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(slot.when)).to_be_visible()
    return dialog


def choose_child(dialog: Locator, name: str) -> None:
    """Choose who takes the lesson."""
    dialog.get_by_role("radio", name=re.compile(f"^{name}")).check()


def confirm(dialog: Locator) -> None:
    """Press 「予約を確定する」."""
    dialog.get_by_role("button", name=bookings.CONFIRM).click()
