"""The parts of the kit behave for keyboard, screen reader and phone (/dev/kit)."""

from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from naraigoto.texts import kit, ui
from tests.browser.conftest import OpenAs
from tests.browser.ready import arrive, reload, violations, visit
from tests.browser.site import DESKTOP, PHONE
from tests.browser.walk import resize


def test_every_part_in_every_state_passes_axe(open_as: OpenAs):
    page = open_as("")
    _open(page)
    for size in (PHONE, DESKTOP):
        resize(page, size)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.emulate_media(color_scheme="dark")
        expect(page.locator("html")).to_have_class("dark")
        assert violations(page) == []
        page.emulate_media(color_scheme="light")
        expect(page.locator("html")).to_have_class("light")


def test_a_dialog_takes_the_focus_and_gives_it_back_on_escape(open_as: OpenAs):
    desktop = open_as("", DESKTOP)
    _open(desktop)
    opener = desktop.get_by_role("button", name=kit.OPEN_DIALOG)
    opener.click()
    expect(desktop.get_by_role("dialog", name=kit.DIALOG_TITLE)).to_be_visible()
    desktop.keyboard.press("Escape")
    expect(desktop.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_message_is_said_in_the_live_region_and_can_be_closed(open_as: OpenAs):
    phone = open_as("")
    _open(phone)
    phone.get_by_role("button", name=kit.SHOW_TOAST).click()
    said = phone.get_by_role("status").filter(has_text=kit.TOAST)
    expect(said).to_be_visible()
    said.get_by_role("button", name=ui.CLOSE).click()
    expect(phone.get_by_text(kit.TOAST)).to_be_hidden()


def test_tabs_turn_by_arrow_keys(open_as: OpenAs):
    desktop = open_as("", DESKTOP)
    _open(desktop)
    desktop.get_by_role("tab", name=kit.TABS[0][1]).focus()
    desktop.keyboard.press("ArrowRight")
    expect(desktop.get_by_role("tabpanel")).to_contain_text(kit.TAB_TEXT["past"])
    expect(desktop.get_by_role("tab", name=kit.TABS[1][1])).to_be_focused()


def test_pins_are_buttons_and_the_map_moves_by_keys(open_as: OpenAs):
    desktop = open_as("", DESKTOP)
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
    reload(desktop)
    expect(desktop.locator("html")).to_have_class("dark")


def test_after_a_navigation_the_heading_has_the_focus(open_as: OpenAs):
    desktop = open_as("", DESKTOP)
    _open(desktop)
    desktop.get_by_role("link", name=ui.BRAND).click()
    arrive(desktop, "**/")
    expect(desktop.get_by_role("heading", level=1)).to_be_focused()


def test_a_form_says_what_is_missing_and_takes_the_focus_there(open_as: OpenAs):
    desktop = open_as("", DESKTOP)
    _open(desktop)
    form = _form(desktop)
    form.get_by_label(kit.PASSWORD).fill("short")
    expect(form.get_by_text(kit.STRENGTH_SHORT.format(n=5))).to_be_visible()
    form.get_by_role("button", name=kit.SAVE).click()
    expect(form.get_by_role("alert")).to_have_text(kit.EMPTY_FIELD)
    expect(form.get_by_label(kit.AGREE)).to_be_focused()
    assert violations(desktop) == []


def test_a_form_sends_what_it_holds_says_so_and_forgets_the_secret(open_as: OpenAs):
    desktop = open_as("", DESKTOP)
    sent: list[Any] = []

    def answer(route: Route) -> None:
        sent.append((route.request.method, route.request.post_data_json))
        route.fulfill(status=204)

    desktop.route("**/api/v1/dev/kit", answer)
    _open(desktop, "?kind=school_owner&token=abc")
    form = _form(desktop)
    form.get_by_label(kit.PASSWORD).fill("correct horse battery")
    expect(form.get_by_text(kit.STRENGTH_STRONG)).to_be_visible()
    form.get_by_label(kit.AGREE).check()
    form.get_by_role("button", name=kit.SAVE).click()
    expect(form.get_by_role("status")).to_have_text(kit.SAVED)
    assert sent == [
        (
            "PUT",
            {
                "kind": "school_owner",
                "name": kit.AUTHOR_CHILD,
                "password": "correct horse battery",
                "month": None,
                "agree": True,
                "token": "abc",
            },
        )
    ]
    expect(form.get_by_label(kit.PASSWORD)).to_have_value("")
    expect(form.get_by_text(kit.PASSWORD_HINT)).to_be_visible()
    expect(form.get_by_label(kit.NAME)).to_have_value(kit.AUTHOR_CHILD)


_REFUSALS: list[tuple[int, dict[str, Any], str, str]] = [
    (409, {"code": "email_taken", "detail": "使えません"}, kit.NAME, "使えません"),
    (422, {"code": "x", "detail": "-", "errors": {"password": "短すぎます"}}, kit.PASSWORD, "短すぎます"),
    (422, {"code": "x", "detail": "確かめて", "errors": {"token": "-"}}, "", "確かめて"),
    (429, {"code": "rate_limited", "detail": "お待ちください"}, "", "お待ちください"),
]


def test_a_refusal_is_told_where_it_belongs_and_nothing_typed_is_lost(open_as: OpenAs):
    page = open_as("", refused=True)
    answers = iter(_REFUSALS)

    def refuse(route: Route) -> None:
        status, problem, _, _ = next(answers)
        route.fulfill(status=status, json=problem)

    page.route("**/api/v1/dev/kit", refuse)
    _open(page)
    form = _form(page)
    form.get_by_label(kit.NAME).fill("はなこ")
    form.get_by_label(kit.PASSWORD).fill("correct horse battery")
    form.get_by_label(kit.AGREE).check()
    for _, _, field, told in _REFUSALS:
        form.get_by_role("button", name=kit.SAVE).click()
        expect(form.get_by_role("alert")).to_have_text(told)
        if field:
            expect(form.get_by_label(field)).to_be_focused()
            expect(form.get_by_label(field)).to_have_attribute("aria-invalid", "true")
        expect(form.get_by_label(kit.NAME)).to_have_value("はなこ")
        expect(form.get_by_label(kit.PASSWORD)).to_have_value("correct horse battery")
        expect(form.get_by_label(kit.AGREE)).to_be_checked()
        expect(form.get_by_role("status")).to_be_empty()


def _form(page: Page) -> Locator:
    return page.locator("form").filter(has=page.get_by_role("button", name=kit.SAVE))


def _open(page: Page, query: str = "") -> None:
    visit(page, f"/dev/kit{query}")
    expect(page.get_by_role("button", name=str(kit.PINS[0]["label"]))).to_be_visible()
