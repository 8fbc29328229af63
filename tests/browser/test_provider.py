"""A site with an external identity provider, as people walk through it (`make run` with OIDC_… set)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.ready import arrive, violations, visit
from tests.browser.site import DESKTOP, PASSCODE, PASSWORD, PHONE, Site, site_beside, window
from tests.browser.walk import resize
from tests.identity import provider
from tests.identity.provider import CLIENT_ID, IdentityProvider

PEOPLE = {
    "new": {"email": "midori@example.com", "email_verified": True, "name": "森 みどり"},
    "school": {"email": "koba@example.com", "email_verified": True, "name": "小林 学"},
    "known": {"email": "parent2@example.com", "email_verified": True, "name": "田中 美咲"},
}


@dataclass(frozen=True)
class Pair:
    """A site and its provider."""

    site: Site
    idp: IdentityProvider


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with (
        provider.running("") as idp,
        site_beside("provided", OIDC_ISSUER=idp.url, OIDC_CLIENT_ID=CLIENT_ID, OIDC_NAME="会員ID") as site,
    ):
        idp.redirect_uris = {f"{site.url}/auth/callback"}
        idp.sign_out_uris = {f"{site.url}/"}
        idp.people = {sub: dict(told) for sub, told in PEOPLE.items()}
        yield Pair(site, idp)


@pytest.fixture
def page(browser: Browser, pair: Pair) -> Iterator[Page]:
    with window(browser, pair.site, PHONE) as context:
        yield context.new_page()


def choose(page: Page, pair: Pair, name: str) -> None:
    """Be somebody on the provider's own page."""
    page.get_by_role("link", name="会員IDでログイン・新規登録").click()
    expect(page).to_have_url(re.compile(re.escape(pair.idp.url)))
    page.get_by_role("button", name=name).click()


def test_the_providers_button_stands_where_the_form_was(page: Page):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for path in ("/login", "/signup"):
        visit(page, path)
        expect(page.get_by_role("link", name="会員IDでログイン・新規登録")).to_be_visible()
        expect(page.get_by_label("メールアドレス")).to_have_count(0)
        for size in (PHONE, DESKTOP):
            resize(page, size)
            assert violations(page) == []
    assert complaints == []


def test_a_newcomer_signs_in_lands_on_the_family_and_signs_out_everywhere(page: Page, pair: Pair):
    visit(page, "/login")
    choose(page, pair, "森 みどり")
    arrive(page, "**/family")
    visit(page, "/login")
    expect(page.locator("main").get_by_text("森 みどり")).to_be_visible()
    before = pair.idp.signed_out
    page.locator("main").get_by_role("button", name="ログアウト").click()
    arrive(page, f"{pair.site.url}/")
    assert pair.idp.signed_out == before + 1
    visit(page, "/home")
    expect(page.get_by_role("heading", name="ログインが必要です")).to_be_visible()


def test_one_comes_back_to_the_page_one_wanted(page: Page, pair: Pair):
    visit(page, "/login?next=%2Fsearch%3Fq%3D%E6%B0%B4%E6%B3%B3")
    choose(page, pair, "森 みどり")
    arrive(page, f"{pair.site.url}/search?q=*")


def test_a_school_registers(page: Page, pair: Pair):
    visit(page, "/signup")
    page.get_by_role("link", name="教室を登録する").click()
    expect(page).to_have_url(re.compile(re.escape(pair.idp.url)))
    page.get_by_role("button", name="小林 学").click()
    arrive(page, "**/school")


def test_who_changes_their_mind_reads_a_clear_line(page: Page, pair: Pair):
    visit(page, "/login")
    choose(page, pair, "やめる")
    arrive(page, "**/login?problem=cancelled")
    expect(page.get_by_role("alert")).to_contain_text("ログインを取りやめました")
    assert violations(page) == []


def test_an_account_of_before_is_joined_by_its_password(page: Page, pair: Pair):
    visit(page, "/login")
    choose(page, pair, "田中 美咲")
    arrive(page, "**/login?link=1")
    expect(page.get_by_text("parent2@example.com")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("パスワード", exact=True).fill("wrong")
    page.get_by_role("button", name="確認してログインする").click()
    expect(page.get_by_role("alert")).to_contain_text("パスワードが違うようです")
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="確認してログインする").click()
    arrive(page, "**/home")


def test_a_child_still_comes_in_by_its_own_code(page: Page):
    visit(page, "/login?who=child")
    page.get_by_label("ファミリーコード").fill("DEMO01")
    page.get_by_label("ログインネーム").fill("hana")
    page.get_by_label("パスコード").fill(PASSCODE)
    page.get_by_role("button", name="はじめる").click()
    arrive(page, "**/kids")
