"""A family comes together (J1), a child comes in by itself (J2), a device is lent and taken back."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from naraigoto.texts import families as words
from naraigoto.texts import login, sign_up, ui
from tests.browser import people
from tests.browser.conftest import OpenAs, OpenGuest
from tests.browser.ready import arrive, reload, violations, visit, visit_until
from tests.browser.site import DESKTOP, PASSWORD, PHONE, Site, sign_in
from tests.browser.walk import resize

GUARDIAN = "parent@example.com"
SECRET = "three calm words"


def test_a_guardian_signs_up_adds_two_children_and_the_other_parent_joins(
    site: Site, phone: Page, open_guest: OpenGuest
):
    hanako, taro = f"hanako-{uuid4()}@example.com", f"taro-{uuid4()}@example.com"
    visit(phone, "/")
    phone.get_by_role("link", name=sign_up.BEGIN).first.click()
    arrive(phone, "**/signup")
    _fill_sign_up(phone, "山田 花子", hanako)
    arrive(phone, "**/family")
    people.prove(site, hanako)
    expect(phone.get_by_role("heading", level=1, name="山田家")).to_be_visible()
    assert violations(phone) == []
    _add_two_children(phone)
    code = _family_code(phone)
    # A session remembers for a few seconds who it belongs to, and that the address was unproved.
    visit_until(phone, "/family", phone.get_by_role("button", name=words.INVITE))
    link = _invite(phone)

    other = open_guest(DESKTOP)
    visit(other, link)
    expect(other.get_by_text(words.invited_by("山田 花子", "山田家"))).to_be_visible()
    assert violations(other) == []
    other.get_by_role("link", name=words.JOIN_SIGN_UP).click()
    arrive(other, "**/signup?*")
    expect(other.get_by_role("heading", level=1, name=sign_up.INVITED_HEADING)).to_be_visible()
    _fill_sign_up(other, "山田 太郎", taro)
    arrive(other, "**/family")
    expect(other.get_by_role("heading", level=1, name="山田家")).to_be_visible()
    expect(other.get_by_role("heading", level=3, name="ひなた")).to_be_visible()
    expect(other.get_by_role("button", name=words.ADD_CHILD)).to_have_count(0)
    reload(phone)
    expect(phone.get_by_role("main").get_by_text("山田 太郎")).to_be_visible()
    visit(phone, link)
    expect(phone.get_by_text(words.JOINED)).to_be_visible()

    child = open_guest(PHONE)
    _come_in(child, code, "hinata", "8642")
    expect(child.get_by_role("heading", level=1)).to_contain_text("ひなたさん、こんにちは！")
    expect(child.get_by_role("main")).not_to_contain_text("あおい")


def test_a_used_and_a_forged_link_lead_nowhere(open_as: OpenAs):
    family = open_as("parent2@example.com", DESKTOP)
    visit(family, "/family")
    link = _invite(family)
    family.get_by_role("button", name=re.compile(words.TAKE_BACK_LABEL)).first.click()
    expect(family.get_by_role("status").filter(has_text=words.TAKEN_BACK)).to_be_attached()
    guest = open_as("")
    for address in (link, "/join/forged"):
        visit(guest, address)
        expect(guest.get_by_role("heading", level=1)).to_contain_text("このリンクは使えません")
        assert violations(guest) == []


def test_a_guardian_lends_the_device_to_a_child_and_takes_it_back_by_the_password(open_guest: OpenGuest):
    phone = open_guest(PHONE, refused=True)
    sign_in(phone, GUARDIAN)
    visit(phone, "/home")
    phone.locator("header summary").click()
    phone.get_by_role("link", name=ui.CHILD_MODE).click()
    arrive(phone, "**/family#children")
    phone.get_by_role("button", name=f"はな{words.HAND_OVER_LABEL}").click()
    arrive(phone, "**/kids")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("はなさん、こんにちは！")
    assert violations(phone) == []
    _closed_to_the_child(phone)
    phone.get_by_role("link", name="おうちの").click()
    arrive(phone, "**/kids/guardian")
    secret = phone.get_by_label(words.BACK_PASSWORD, exact=True)
    expect(secret).to_be_visible()
    assert violations(phone) == []
    sizes = phone.locator("main").evaluate(
        "main => [...main.querySelectorAll('p, label, input, button')]"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 18
    secret.fill("not the password")
    phone.get_by_role("button", name=words.BACK_SUBMIT).click()
    expect(phone.get_by_role("alert")).to_contain_text(words.BACK_WRONG)
    _closed_to_the_child(phone)
    visit(phone, "/kids/guardian")
    secret.fill(PASSWORD)
    phone.get_by_role("button", name=words.BACK_SUBMIT).click()
    arrive(phone, "**/family")
    expect(phone.get_by_role("heading", level=2, name=words.GUARDIANS, exact=True)).to_be_visible()
    expect(phone.get_by_role("link", name="おうちの")).to_have_count(0)


def _closed_to_the_child(phone: Page) -> None:
    for address in ("/family", "/home", "/bookings"):
        visit(phone, address)
        expect(phone.get_by_role("heading", level=1, name=ui.NOT_FOUND_TITLE)).to_be_visible()
        expect(phone.get_by_role("main")).not_to_contain_text("そうた")


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(open_as: OpenAs):
    page = open_as(GUARDIAN)
    visit(page, "/family")
    dialog = _open_child_form(page)
    _fill_child(dialog, "ゆい", "hana", "1234", year="2019", month="")
    dialog.get_by_role("button", name=words.SAVE_NEW).click()
    expect(dialog.get_by_role("alert").filter(has_text=words.BOTH_PARTS)).to_be_visible()
    dialog.get_by_label(words.MONTH, exact=True).select_option("5")
    dialog.get_by_role("button", name=words.SAVE_NEW).click()
    expect(dialog.get_by_role("alert")).to_have_count(1)
    expect(dialog.get_by_role("alert")).to_contain_text("0000や1234")
    dialog.get_by_label(words.PASSCODE).fill("8642")
    dialog.get_by_role("button", name=words.SAVE_NEW).click()
    expect(dialog.get_by_role("alert")).to_contain_text("すでに使われています")
    for size in (PHONE, DESKTOP):
        resize(page, size)
        assert violations(page) == []
    expect(dialog.get_by_label(words.NAME)).to_have_value("ゆい")
    expect(dialog.get_by_label(words.PASSCODE)).to_have_value("8642")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name=words.ADD_CHILD)).to_be_focused()


def test_a_child_is_renamed_and_taken_out_after_a_question(open_as: OpenAs):
    page = open_as("parent2@example.com", PHONE)
    visit(page, "/family")
    dialog = _open_child_form(page)
    _fill_child(dialog, "ゆい", "yui", "8642")
    dialog.get_by_role("button", name=words.SAVE_NEW).click()
    dialog.get_by_role("button", name=ui.CLOSE, exact=True).last.click()
    page.get_by_role("button", name=f"ゆい{words.CHANGE_LABEL}").click()
    expect(dialog.get_by_label(words.YEAR, exact=True)).to_have_value("2019")
    dialog.get_by_label(words.NAME).fill("ゆいか")
    dialog.get_by_role("button", name=words.SAVE).click()
    expect(page.get_by_role("status").filter(has_text=words.SAVED)).to_be_attached()
    renamed = page.get_by_role("heading", level=3, name="ゆいか")
    expect(renamed).to_be_visible()
    page.get_by_role("button", name=f"ゆいか{words.CHANGE_LABEL}").click()
    dialog.get_by_role("button", name=words.REMOVE_CHILD).click()
    question = page.get_by_role("dialog", name=f"ゆいか{words.REMOVE_TITLE}")
    expect(question.get_by_text(words.REMOVE_CHILD_TEXT)).to_be_visible()
    assert violations(page) == []
    question.get_by_role("button", name=words.REMOVE_DO).click()
    expect(renamed).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text=words.removed("ゆいか"))).to_be_attached()


def _add_two_children(page: Page) -> None:
    """Two in a row: the second form opens from the first one's end."""
    dialog = _open_child_form(page)
    _fill_child(dialog, "ひなた", "hinata", "8642")
    dialog.get_by_role("button", name=words.SAVE_NEW).click()
    expect(dialog.get_by_text(words.CONSENT_NEEDED)).to_be_visible()
    dialog.get_by_label(words.CONSENT).check()
    dialog.get_by_role("button", name=words.SAVE_NEW).click()
    for shown in ("ひなたさんを追加しました", "hinata", "8642"):
        expect(dialog.get_by_text(shown)).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name=words.ADD_ANOTHER).click()
    expect(dialog.get_by_label(words.NAME)).to_have_value("")
    _fill_child(dialog, "あおい", "aoi", "9753")
    dialog.get_by_role("button", name=words.SAVE_NEW).click()
    expect(dialog.get_by_text("あおいさんを追加しました")).to_be_visible()
    dialog.get_by_role("button", name=ui.CLOSE, exact=True).last.click()
    for name in ("ひなた", "あおい"):
        expect(page.get_by_role("heading", level=3, name=name)).to_be_visible()
    assert violations(page) == []


def _open_child_form(page: Page) -> Locator:
    page.get_by_role("button", name=words.ADD_CHILD).first.click()
    dialog = page.get_by_role("dialog", name=words.ADD_CHILD)
    expect(dialog.get_by_label(words.NAME)).to_be_visible()
    return page.get_by_role("dialog")


def _fill_child(
    dialog: Locator, name: str, login_name: str, passcode: str, *, year: str = "2019", month: str = "5"
) -> None:
    dialog.get_by_label(words.NAME).fill(name)
    dialog.get_by_label(words.YEAR, exact=True).select_option(year)
    dialog.get_by_label(words.MONTH, exact=True).select_option(month)
    dialog.get_by_label(words.LOGIN_NAME).fill(login_name)
    dialog.get_by_label(words.PASSCODE).fill(passcode)


def _invite(page: Page) -> str:
    """Make a link for one more guardian; answers where it leads on this site."""
    expect(page.get_by_role("heading", level=2, name=words.INVITE)).to_be_visible()
    page.get_by_role("button", name=words.INVITE).click()
    field = page.get_by_label(words.LINK)
    expect(field).to_have_value(re.compile(r"/join/[\w-]{43}$"))
    assert violations(page) == []
    return urlsplit(field.input_value()).path


def _family_code(page: Page) -> str:
    shown = page.get_by_role("main").get_by_text(re.compile(r"^[A-HJKMNP-Z2-9]{6}$"))
    return shown.inner_text()


def _fill_sign_up(page: Page, name: str, email: str) -> None:
    page.get_by_label(sign_up.NAME).fill(name)
    page.get_by_label(login.EMAIL).fill(email)
    page.get_by_label(login.PASSWORD, exact=True).fill(SECRET)
    page.get_by_label(sign_up.AGREE).check()
    page.get_by_role("button", name=sign_up.SUBMIT, exact=True).click()


def _come_in(page: Page, code: str, login_name: str, passcode: str) -> None:
    visit(page, "/login?who=child")
    page.get_by_label(login.FAMILY_CODE).fill(code.lower())
    page.get_by_label(login.LOGIN_NAME).fill(login_name)
    page.get_by_label(login.PASSCODE).fill(passcode)
    page.get_by_role("button", name=login.CHILD_SUBMIT).click()
    arrive(page, "**/kids")
