"""Coming in and going out, as people do it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenGuest, OpenWindow
from tests.browser.ready import arrive, back, violations, visit
from tests.browser.site import DESKTOP, PASSCODE, PASSWORD, PHONE, Site, sign_in


def test_a_guardian_signs_in_and_out_on_a_phone(phone: Page):
    visit(phone, "/home")
    phone.get_by_role("link", name="ログインする").click()
    arrive(phone, "**/login?**")
    expect(phone.get_by_role("heading", name="ログイン", exact=True)).to_be_visible()
    assert violations(phone) == []
    phone.get_by_role("button", name="ログイン", exact=True).click()
    expect(phone.get_by_text("入力してください")).to_have_count(2)
    _enter(phone, "parent@example.com", PASSWORD)
    arrive(phone, "**/home")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("さん、こんにちは")
    expect(phone.get_by_role("heading", name="次の予約")).to_be_visible()
    assert violations(phone) == []
    assert phone.evaluate("document.cookie") == ""
    phone.locator("header summary").click()
    phone.get_by_role("button", name="ログアウト").click()
    arrive(phone, "**/")
    visit(phone, "/home")
    expect(phone.get_by_role("heading", name="ログインが必要です")).to_be_visible()


def test_a_child_signs_in_from_its_own_page_and_reads_it(phone: Page):
    visit(phone, "/kids")
    phone.get_by_role("link", name="ログインする").click()
    arrive(phone, "**/login?**who=child**")
    expect(phone.get_by_role("tab", name="お子さま")).to_have_attribute("aria-selected", "true")
    phone.get_by_label("ファミリーコード").fill("DEMO01")
    phone.get_by_label("ログインネーム").fill("hana")
    phone.get_by_label("パスコード").fill(PASSCODE)
    phone.get_by_role("button", name="はじめる").click()
    arrive(phone, "**/kids")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("さん、こんにちは！")
    assert violations(phone) == []
    sizes = phone.locator("main").evaluate(
        "main => [...main.querySelectorAll('p, a, h2')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 18


def test_an_example_fills_the_form_and_after_it_one_stays_on_this_site(desktop: Page, site: Site):
    for given, expected in (
        ("/search%3Fq%3D%E6%B0%B4%E6%B3%B3", "/search?q="),
        ("//evil.example", "/home"),
        ("/%5Cevil.example", "/home"),
        ("https://evil.example/", "/home"),
        ("/%09/evil.example", "/home"),
        ("javascript:alert(1)", "/home"),
    ):
        visit(desktop, f"/login?next={given}")
        desktop.get_by_role("button", name="保護者（プランなし）").click()
        desktop.get_by_role("button", name="ログイン", exact=True).click()
        expect(desktop).to_have_url(re.compile(f"^{re.escape(site.url + expected)}"))
        desktop.context.clear_cookies()


def test_an_example_of_a_child_fills_the_childrens_form(phone: Page):
    visit(phone, "/login?who=child")
    phone.get_by_role("button", name="はな").click()
    phone.get_by_role("button", name="はじめる").click()
    arrive(phone, "**/kids")


def test_two_people_in_one_browser_one_after_the_other_see_their_own(desktop: Page):
    sign_in(desktop, "parent@example.com")
    visit(desktop, "/home")
    heading = desktop.get_by_role("heading", level=1)
    first = heading.inner_text()
    assert "さん、こんにちは" in first
    visit(desktop, "/login")
    desktop.locator("main").get_by_role("button", name="ログアウト").click()
    arrive(desktop, "**/")
    visit(desktop, "/login")
    _enter(desktop, "parent2@example.com", PASSWORD)
    arrive(desktop, "**/home")
    expect(heading).to_contain_text("さん、こんにちは")
    expect(heading).not_to_have_text(first)


def test_a_wrong_password_keeps_what_was_typed(open_guest: OpenGuest):
    page = open_guest(PHONE, refused=True)
    visit(page, "/login")
    _enter(page, "parent@example.com", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("ログインできませんでした")
    expect(page.get_by_label("メールアドレス")).to_have_value("parent@example.com")
    assert violations(page) == []


def test_signing_out_in_one_tab_closes_the_other(open_window: OpenWindow):
    context = open_window(DESKTOP)
    page, other = context.new_page(), context.new_page()
    sign_in(page, "parent@example.com")
    visit(page, "/home")
    visit(other, "/login")
    other.locator("main").get_by_role("button", name="ログアウト").click()
    arrive(other, "**/")
    page.get_by_role("link", name="さがす").first.click()
    arrive(page, "**/search")
    back(page)
    expect(page.get_by_role("heading", name="ログインが必要です")).to_be_visible()


def _enter(page: Page, email: str, password: str) -> None:
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(password)
    page.get_by_role("button", name="ログイン", exact=True).click()
