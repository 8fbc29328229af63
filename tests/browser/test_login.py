"""Coming in and going out, as people do it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenWindow, violations
from tests.browser.site import DESKTOP, PHONE, Site, sign_in, sign_in_child, window


def test_a_guardian_signs_in_and_out_on_a_phone(phone: Page):
    phone.goto("/home")
    phone.get_by_role("link", name="ログインする").click()
    expect(phone.get_by_role("heading", name="ログイン", exact=True)).to_be_visible()
    assert violations(phone) == []
    phone.get_by_role("button", name="ログイン", exact=True).click()
    expect(phone.get_by_text("入力してください")).to_have_count(2)
    phone.get_by_label("メールアドレス").fill("parent@example.com")
    phone.get_by_label("パスワード", exact=True).fill("naraigoto-demo")
    phone.get_by_role("button", name="ログイン", exact=True).click()
    phone.wait_for_url("**/home")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("さん、こんにちは")
    expect(phone.get_by_role("heading", name="次の予約")).to_be_visible()
    assert violations(phone) == []
    assert phone.evaluate("document.cookie") == ""
    phone.locator("header summary").click()
    phone.get_by_role("button", name="ログアウト").click()
    phone.wait_for_url(lambda url: "/home" not in url)
    phone.goto("/home")
    expect(phone.get_by_role("heading", name="ログインが必要です")).to_be_visible()


def test_a_child_signs_in_and_reads_its_page(phone: Page):
    sign_in_child(phone, "hana")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("さん、こんにちは！")
    assert violations(phone) == []
    sizes = phone.locator("main").evaluate(
        "main => [...main.querySelectorAll('p, a, h2')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 18


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("/search%3Fq%3D%E6%B0%B4%E6%B3%B3", "/search?q="),
        ("//evil.example", "/home"),
        ("/%5Cevil.example", "/home"),
        ("https://evil.example/", "/home"),
        ("/%09/evil.example", "/home"),
        ("javascript:alert(1)", "/home"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(desktop: Page, site: Site, given: str, expected: str):
    desktop.goto(f"/login?next={given}")
    desktop.get_by_role("button", name="保護者（プランなし）").click()
    desktop.get_by_role("button", name="ログイン", exact=True).click()
    desktop.wait_for_url(lambda url: "/login" not in url)
    assert desktop.url.startswith(f"{site.url}{expected}")


def test_two_people_in_one_browser_one_after_the_other_see_their_own(desktop: Page):
    sign_in(desktop, "parent@example.com")
    first = desktop.get_by_role("heading", level=1).inner_text()
    desktop.goto("/login")
    desktop.locator("main").get_by_role("button", name="ログアウト").click()
    desktop.wait_for_url(lambda url: "/login" not in url)
    sign_in(desktop, "parent2@example.com")
    expect(desktop.get_by_role("heading", level=1)).to_contain_text("さん、こんにちは")
    assert desktop.get_by_role("heading", level=1).inner_text() != first


def test_a_wrong_password_keeps_what_was_typed(browser: Browser, site: Site):
    # A window of its own: the browser itself notes the 401 in the console.
    with window(browser, site, PHONE) as context:
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("メールアドレス").fill("parent@example.com")
        page.get_by_label("パスワード", exact=True).fill("wrong")
        page.get_by_role("button", name="ログイン", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("ログインできませんでした")
        assert page.get_by_label("メールアドレス").input_value() == "parent@example.com"
        assert violations(page) == []


def test_signing_out_in_one_tab_closes_the_other(open_window: OpenWindow):
    context = open_window(DESKTOP)
    page, other = context.new_page(), context.new_page()
    sign_in(page, "parent@example.com")
    other.goto("/login")
    other.locator("main").get_by_role("button", name="ログアウト").click()
    other.wait_for_url(lambda url: "/login" not in url)
    page.get_by_role("link", name="さがす").first.click()
    page.wait_for_url("**/search")
    page.go_back()
    expect(page.get_by_role("heading", name="ログインが必要です")).to_be_visible()


def test_a_guest_of_the_childrens_page_finds_the_childrens_form(phone: Page):
    phone.goto("/kids")
    phone.get_by_role("link", name="ログインする").click()
    expect(phone.get_by_role("tab", name="お子さま")).to_have_attribute("aria-selected", "true")
    phone.get_by_role("button", name="はな").click()
    phone.get_by_role("button", name="はじめる").click()
    phone.wait_for_url("**/kids")
