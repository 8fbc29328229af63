"""Joining and getting back in, as people do it: on a phone, with the mail in the mailbox."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from naraigoto.texts import errors, login, mailbox, sign_up
from naraigoto.texts.mails import SUBJECTS
from tests.browser.conftest import OpenWindow, violations
from tests.browser.site import DESKTOP, PHONE

SECRET = "tomato kujira densha"
NEW_SECRET = "yuuyake kirin ekimae"


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """An address that nobody else in these tests has."""
    return f"{abs(hash(request.node.name))}@example.com"


def test_a_guardian_signs_up_on_a_phone_and_proves_the_address(open_window: OpenWindow, address: str):
    page = open_window(PHONE, refused=True).new_page()
    page.goto("/")
    page.get_by_role("link", name=sign_up.BEGIN).click()
    expect(page.get_by_role("heading", level=1, name=sign_up.HEADING)).to_be_visible()
    page.get_by_role("button", name=sign_up.SUBMIT).click()
    expect(page.get_by_role("alert")).to_have_count(4)
    assert violations(page) == []
    fill(page, address)
    page.get_by_role("button", name=sign_up.SUBMIT).click()
    page.wait_for_url("**/family")
    page.goto("/home")
    expect(page.get_by_text(sign_up.UNVERIFIED)).to_be_visible()
    assert violations(page) == []
    page.goto(mailed(page, "email_verification", address))
    page.get_by_role("button", name=sign_up.VERIFY_SUBMIT).click()
    expect(page.get_by_role("status").filter(has_text=sign_up.VERIFIED)).to_be_focused()
    assert violations(page) == []
    again = page.url
    page.get_by_role("link", name=sign_up.TO_HOME).click()
    page.wait_for_url("**/home")
    expect(page.get_by_text(sign_up.UNVERIFIED)).to_be_hidden()
    page.goto(again)
    page.get_by_role("button", name=sign_up.VERIFY_SUBMIT).click()
    expect(page.get_by_role("alert")).to_have_text(sign_up.LINK_USED)


def test_the_mail_is_asked_for_again_from_the_banner(phone: Page, address: str):
    register(phone, address)
    phone.goto("/home")
    phone.get_by_role("button", name=sign_up.SEND_AGAIN).click()
    expect(phone.get_by_role("status").filter(has_text=sign_up.SENT_AGAIN)).to_be_visible()
    assert violations(phone) == []


def test_a_school_owner_signs_up_and_lands_at_the_school(desktop: Page, address: str):
    desktop.goto("/signup")
    desktop.get_by_role("radio", name=sign_up.KINDS[1][1]).check()
    fill(desktop, address)
    desktop.get_by_role("button", name=sign_up.SUBMIT).click()
    desktop.wait_for_url("**/school")


def test_a_refused_sign_up_tells_where_and_loses_nothing(open_window: OpenWindow, address: str):
    page = open_window(PHONE, refused=True).new_page()
    page.goto("/signup?ref=ZZZZ9999")
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


def test_a_forgotten_password_is_chosen_anew_by_the_mail(open_window: OpenWindow, address: str):
    page = open_window(PHONE, refused=True).new_page()
    register(page, address)
    page.context.clear_cookies()
    page.goto("/login")
    page.get_by_role("link", name=sign_up.FORGOTTEN).click()
    expect(page.get_by_role("heading", level=1, name=sign_up.RESET_TITLE)).to_be_visible()
    page.get_by_label(login.EMAIL).fill(address)
    page.get_by_role("button", name=sign_up.RESET_SUBMIT).click()
    expect(page.get_by_role("status").filter(has_text=sign_up.RESET_SENT)).to_be_visible()
    assert violations(page) == []
    link = mailed(page, "password_reset", address)
    page.goto(link)
    choose(page, NEW_SECRET)
    page.wait_for_url("**/login?reset=done")
    expect(page.get_by_text(sign_up.RESET_DONE)).to_be_visible()
    page.get_by_label(login.EMAIL).fill(address)
    page.get_by_label(login.PASSWORD, exact=True).fill(NEW_SECRET)
    page.get_by_role("button", name=login.SUBMIT, exact=True).click()
    page.wait_for_url("**/home")
    page.goto(link)
    choose(page, SECRET)
    expect(page.get_by_role("alert")).to_have_text(sign_up.RESET_USED)
    page.get_by_role("link", name=sign_up.RESET_AGAIN).click()
    expect(page.get_by_label(login.EMAIL)).to_be_visible()


@pytest.mark.parametrize("token", ["forged", "eyJ1c2VyIjoxfQ.x", "%00", "あ"])
def test_a_forged_link_does_nothing(open_window: OpenWindow, token: str):
    page = open_window(DESKTOP, refused=True).new_page()
    page.goto(f"/verify?token={token}")
    page.get_by_role("button", name=sign_up.VERIFY_SUBMIT).click()
    expect(page.get_by_role("alert")).to_have_text(sign_up.LINK_USED)
    page.goto(f"/reset?token={token}")
    choose(page, SECRET)
    expect(page.get_by_role("alert")).to_have_text(sign_up.RESET_USED)
    expect(page.get_by_label(sign_up.NEW_PASSWORD)).to_have_value(SECRET)


def test_after_ten_wrong_tries_the_wait_is_told_and_the_address_stays(open_window: OpenWindow, address: str):
    page = open_window(PHONE, refused=True).new_page()
    page.goto("/login")
    page.get_by_label(login.EMAIL).fill(address)
    page.get_by_label(login.PASSWORD, exact=True).fill("wrong")
    alert = page.get_by_role("alert")
    for _ in range(10):
        with page.expect_response("**/auth/login"):
            page.get_by_role("button", name=login.SUBMIT, exact=True).click()
        expect(alert).to_have_text(login.WRONG)
    page.get_by_role("button", name=login.SUBMIT, exact=True).click()
    expect(alert).to_contain_text("しばらく時間をおいてお試しください（あと約15分）")
    expect(page.get_by_label(login.EMAIL)).to_have_value(address)


def test_who_is_signed_in_finds_the_way_home_instead_of_a_form(phone: Page, address: str):
    register(phone, address)
    phone.goto("/signup")
    expect(phone.get_by_role("link", name=login.MY_PAGE)).to_be_visible()
    expect(phone.get_by_label(login.EMAIL)).to_be_hidden()


def fill(page: Page, address: str) -> None:
    page.get_by_label(sign_up.NAME).fill("みどり")
    page.get_by_label(login.EMAIL).fill(address)
    page.get_by_label(login.PASSWORD, exact=True).fill(SECRET)
    page.get_by_label(sign_up.AGREE).check()


def choose(page: Page, secret: str) -> None:
    page.get_by_label(sign_up.NEW_PASSWORD).fill(secret)
    page.get_by_role("button", name=sign_up.CHOOSE_SUBMIT).click()


def register(page: Page, address: str) -> None:
    """Sign up without the page; the window keeps the cookie."""
    page.goto("/signup")
    wish = {"email": address, "password": SECRET, "name": "みどり", "type": "parent"}
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    answer = page.request.post("/api/v1/auth/signup", data=wish, headers={"Origin": origin})
    assert answer.status == 201, answer.text()


def mailed(page: Page, kind: str, address: str) -> str:
    """The address behind the button of the mail, as it lies in the mailbox."""
    page.goto("/dev/mailbox")
    letter = page.get_by_role("button").filter(has_text=address).filter(has_text=SUBJECTS[kind])
    for _ in range(20):
        page.get_by_role("button", name=mailbox.REFRESH).click()
        page.wait_for_timeout(500)
        if letter.count():
            break
    letter.first.click()
    page.get_by_role("tab", name=mailbox.VIEWS[0][1]).click()
    button = page.frame_locator(f"[title='{mailbox.FRAME}']").locator("a.button")
    return button.get_attribute("href") or ""
