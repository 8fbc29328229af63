"""Steps that several stories take."""

import re

from playwright.sync_api import Locator, Page, expect

from naraigoto.texts import bookings, schools, ui
from tests.browser.ready import whole
from tests.browser.rows import Slot
from tests.browser.site import Site


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


def book(page: Page, site: Site, slot: Slot, child: str) -> str:
    """Book as the guardian of this window, by the API; `child` is an id. Answers the booking's."""
    order = {"schedule_id": slot.id, "child_user_id": child}
    made = page.request.post("/api/v1/bookings", data=order, headers={"Origin": site.url})
    assert made.ok, made.text()
    return made.json()["id"]


def badge(page: Page) -> Locator:
    """The tickets in the frame of the page."""
    return page.get_by_role("banner").get_by_text(re.compile(rf"{ui.TICKETS} *[0-9]+{ui.TICKET_UNIT}"))


def tickets(page: Page) -> int:
    """How many tickets the whole page says the family has."""
    return int(re.sub(r"\D", "", badge(page).inner_text()))


def resize(page: Page, size: tuple[int, int]) -> Page:
    """Make the window as large as that; answers the page when it has settled."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    return whole(page)
