"""The parts of the kit behave for keyboard, screen reader and phone (/dev/kit)."""

import pytest
from playwright.sync_api import Page, expect

from naraigoto.texts import kit, ui
from tests.browser.conftest import OpenWindow, violations
from tests.browser.site import DESKTOP, PHONE


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
@pytest.mark.parametrize("dark", [False, True])
def test_every_part_in_every_state_passes_axe(open_window: OpenWindow, size: tuple[int, int], dark: bool):
    page = open_window(size, dark=dark).new_page()
    _open(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_dialog_takes_the_focus_and_gives_it_back_on_escape(desktop: Page):
    _open(desktop)
    opener = desktop.get_by_role("button", name=kit.OPEN_DIALOG)
    opener.click()
    expect(desktop.get_by_role("dialog", name=kit.DIALOG_TITLE)).to_be_visible()
    desktop.keyboard.press("Escape")
    expect(desktop.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_message_is_said_in_the_live_region_and_can_be_closed(phone: Page):
    _open(phone)
    phone.get_by_role("button", name=kit.SHOW_TOAST).click()
    said = phone.get_by_role("status").filter(has_text=kit.TOAST)
    expect(said).to_be_visible()
    said.get_by_role("button", name=ui.CLOSE).click()
    expect(phone.get_by_text(kit.TOAST)).to_be_hidden()


def test_tabs_turn_by_arrow_keys(desktop: Page):
    _open(desktop)
    desktop.get_by_role("tab", name=kit.TABS[0][1]).focus()
    desktop.keyboard.press("ArrowRight")
    expect(desktop.get_by_role("tabpanel")).to_contain_text(kit.TAB_TEXT["past"])
    expect(desktop.get_by_role("tab", name=kit.TABS[1][1])).to_be_focused()


def test_pins_are_buttons_and_the_map_moves_by_keys(desktop: Page):
    _open(desktop)
    pin = kit.PINS[2]
    button = desktop.get_by_role("button", name=str(pin["label"]))
    button.focus()
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_text(f"{kit.PRESSED}{pin['id']}")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")
    desktop.get_by_role("region", name=ui.MAP).focus()
    desktop.keyboard.press("ArrowRight")
    expect(desktop.get_by_text(kit.MOVED)).to_be_visible()


def test_dark_is_chosen_and_remembered(desktop: Page):
    _open(desktop)
    desktop.get_by_role("button", name=ui.THEME_DARK).first.click()
    expect(desktop.locator("html")).to_have_class("dark")
    desktop.reload()
    expect(desktop.locator("html")).to_have_class("dark")


def test_after_a_navigation_the_heading_has_the_focus(desktop: Page):
    _open(desktop)
    desktop.get_by_role("link", name=ui.BRAND).click()
    expect(desktop.get_by_role("heading", level=1)).to_be_focused()


def _open(page: Page) -> None:
    page.goto("/dev/kit")
    expect(page.get_by_role("button", name=str(kit.PINS[0]["label"]))).to_be_visible()
