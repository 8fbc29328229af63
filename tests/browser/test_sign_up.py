"""Joining and getting back in, as people do it: on a phone, with the mail in the mailbox."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from naraigoto.texts import errors, login, sign_up
from naraigoto.texts.mails import SUBJECTS
from tests.browser.conftest import OpenGuest
from tests.browser.letters import link_of_letter, open_letter
from tests.browser.ready import arrive, violations, visit
from tests.browser.site import PHONE, Site

SECRET = "tomato kujira densha"
NEW_SECRET = "yuuyake kirin ekimae"


@pytest.fixture
def address() -> str:
    """An address that nobody else has."""
    return f"{uuid4()}@example.com"


def test_a_guardian_signs_up_on_a_phone_and_proves_the_address(open_guest: OpenGuest, address: str):
    page = open_guest(PHONE, refused=True)
    visit(page, "/")
    page.get_by_role("link", name=sign_up.BEGIN).click()
    arrive(page, "**/signup")
    expect(page.get_by_role("heading", level=1, name=sign_up.HEADING)).to_be_visible()
    page.get_by_role("button", name=sign_up.SUBMIT).click()
    expect(page.get_by_role("alert")).to_have_count(4)
    assert violations(page) == []
    fill(page, address)
    page.get_by_role("button", name=sign_up.SUBMIT).click()
    arrive(page, "**/family")
    visit(page, "/home")
    expect(page.get_by_text(sign_up.UNVERIFIED)).to_be_visible()
    assert violations(page) == []
    mailed = link_to(page, "email_verification", address)
    visit(page, mailed)
    page.get_by_role("button", name=sign_up.VERIFY_SUBMIT).click()
    expect(page.get_by_role("status").filter(has_text=sign_up.VERIFIED)).to_be_focused()
    assert violations(page) == []
    page.get_by_role("link", name=sign_up.TO_HOME).click()
    arrive(page, "**/home")
    expect(page.get_by_text(sign_up.UNVERIFIED)).to_be_hidden()
    visit(page, mailed)
    page.get_by_role("button", name=sign_up.VERIFY_SUBMIT).click()
    expect(page.get_by_role("alert")).to_have_text(sign_up.LINK_USED)


def test_the_mail_is_asked_for_again_from_the_banner_and_doors_lead_home(
    phone: Page, site: Site, address: str
):
    register(phone, site, address)
    visit(phone, "/signup")
    expect(phone.get_by_role("link", name=login.MY_PAGE)).to_be_visible()
    expect(phone.get_by_label(login.EMAIL)).to_be_hidden()
    phone.get_by_role("link", name=login.MY_PAGE).click()
    arrive(phone, "**/home")
    phone.get_by_role("button", name=sign_up.SEND_AGAIN).click()
    expect(phone.get_by_role("status").filter(has_text=sign_up.SENT_AGAIN)).to_be_visible()
    assert violations(phone) == []


def test_a_school_owner_signs_up_and_lands_at_the_school(desktop: Page, address: str):
    visit(desktop, "/signup")
    desktop.get_by_role("radio", name=sign_up.KINDS[1][1]).check()
    fill(desktop, address)
    desktop.get_by_role("button", name=sign_up.SUBMIT).click()
    arrive(desktop, "**/school")


def test_a_refused_sign_up_tells_where_and_loses_nothing(open_guest: OpenGuest, address: str):
    page = open_guest(PHONE, refused=True)
    visit(page, "/signup?ref=ZZZZ9999")
    fill(page, "parent@example.com")
    page.get_by_role("button", name=sign_up.SUBMIT).click()
    email = page.get_by_label(login.EMAIL)
    expect(email).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("すでに登録がある場合はログインしてください")
    expect(page.get_by_label(login.PASSWORD, exact=True)).to_have_value(SECRET)
    expect(page.get_by_label(sign_up.AGREE)).to_be_checked()
    email.fill(address)
    page.get_by_role("button", name=sign_up.SUBMIT).click()
    expect(page.get_by_role("alert")).to_have_text("この紹介コードは見つかりません")
    expect(page.get_by_label(sign_up.REFERRAL)).to_have_value("ZZZZ9999")
    assert violations(page) == []
    page.get_by_label(sign_up.REFERRAL).fill("")
    page.get_by_label(login.PASSWORD, exact=True).fill("password123")
    page.get_by_role("button", name=sign_up.SUBMIT).click()
    expect(page.get_by_role("alert")).to_have_text(errors.field_problem("password_common"))


def test_a_forgotten_password_is_chosen_anew_by_the_mail(open_guest: OpenGuest, site: Site, address: str):
    page = open_guest(PHONE, refused=True)
    register(page, site, address)
    page.context.clear_cookies()
    visit(page, "/login")
    page.get_by_role("link", name=sign_up.FORGOTTEN).click()
    arrive(page, "**/reset")
    expect(page.get_by_role("heading", level=1, name=sign_up.RESET_TITLE)).to_be_visible()
    page.get_by_label(login.EMAIL).fill(address)
    page.get_by_role("button", name=sign_up.RESET_SUBMIT).click()
    expect(page.get_by_role("status").filter(has_text=sign_up.RESET_SENT)).to_be_visible()
    assert violations(page) == []
    link = link_to(page, "password_reset", address)
    visit(page, link)
    choose(page, NEW_SECRET)
    arrive(page, "**/login?reset=done")
    expect(page.get_by_text(sign_up.RESET_DONE)).to_be_visible()
    page.get_by_label(login.EMAIL).fill(address)
    page.get_by_label(login.PASSWORD, exact=True).fill(NEW_SECRET)
    page.get_by_role("button", name=login.SUBMIT, exact=True).click()
    arrive(page, "**/home")
    visit(page, link)
    choose(page, SECRET)
    expect(page.get_by_role("alert")).to_have_text(sign_up.RESET_USED)
    page.get_by_role("link", name=sign_up.RESET_AGAIN).click()
    expect(page.get_by_label(login.EMAIL)).to_be_visible()


def test_a_forged_link_does_nothing(open_guest: OpenGuest):
    page = open_guest(PHONE, refused=True)
    for token in ("forged", "eyJ1c2VyIjoxfQ.x", "%00", "あ"):
        visit(page, f"/verify?token={token}")
        page.get_by_role("button", name=sign_up.VERIFY_SUBMIT).click()
        expect(page.get_by_role("alert")).to_have_text(sign_up.LINK_USED)
        visit(page, f"/reset?token={token}")
        choose(page, SECRET)
        expect(page.get_by_role("alert")).to_have_text(sign_up.RESET_USED)
        expect(page.get_by_label(sign_up.NEW_PASSWORD)).to_have_value(SECRET)


def test_after_ten_wrong_tries_the_wait_is_told_and_the_address_stays(open_guest: OpenGuest, address: str):
    page = open_guest(PHONE, refused=True)
    for _ in range(9):
        page.request.post("/api/v1/auth/login", data={"email": address, "password": "wrong"})
    visit(page, "/login")
    page.get_by_label(login.EMAIL).fill(address)
    page.get_by_label(login.PASSWORD, exact=True).fill("wrong")
    alert = page.get_by_role("alert")
    page.get_by_role("button", name=login.SUBMIT, exact=True).click()
    expect(alert).to_have_text(login.WRONG)
    page.get_by_role("button", name=login.SUBMIT, exact=True).click()
    expect(alert).to_contain_text(re.compile("しばらく時間をおいてお試しください（あと約1[0-5]分）"))
    expect(page.get_by_label(login.EMAIL)).to_have_value(address)


def fill(page: Page, address: str) -> None:
    page.get_by_label(sign_up.NAME).fill("みどり")
    page.get_by_label(login.EMAIL).fill(address)
    page.get_by_label(login.PASSWORD, exact=True).fill(SECRET)
    page.get_by_label(sign_up.AGREE).check()


def choose(page: Page, secret: str) -> None:
    page.get_by_label(sign_up.NEW_PASSWORD).fill(secret)
    page.get_by_role("button", name=sign_up.CHOOSE_SUBMIT).click()


def register(page: Page, site: Site, address: str) -> None:
    """Sign up by the API; the window keeps the cookie."""
    wish = {"email": address, "password": SECRET, "name": "みどり", "type": "parent"}
    answer = page.request.post("/api/v1/auth/signup", data=wish, headers={"Origin": site.url})
    assert answer.status == 201, answer.text()


def link_to(page: Page, kind: str, address: str) -> str:
    """The address behind the button of the mail of this kind."""
    open_letter(page, address, SUBJECTS[kind])
    return link_of_letter(page)
