"""Finding a school as a parent does, by every filter, on phones and desktops; and without scripts."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from naraigoto.texts import home, search, ui
from tests.browser import rows
from tests.browser.conftest import OpenAs, OpenWindow
from tests.browser.ready import arrive, back, reload, violations, visit
from tests.browser.site import DESKTOP, PHONE, Site
from tests.browser.walk import resize

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
FIRST = "スマイルスイミング渋谷"


def _send(page: Page) -> None:
    page.get_by_role("search").get_by_role("button", name=search.SUBMIT, exact=True).click()


def _first(page: Page) -> None:
    """The school of the demo is found, and everything found fits on phones and desktops."""
    before = page.viewport_size or {"width": PHONE[0], "height": PHONE[1]}
    for size in (PHONE, DESKTOP, (before["width"], before["height"])):
        resize(page, size)
        expect(page.get_by_role("article").filter(has_text=FIRST)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_words_with_their_synonyms_and_an_area_find_the_school(open_as: OpenAs):
    page = open_as("")
    visit(page, "/search")
    page.get_by_label(search.KEYWORD).fill("すいみんぐ 渋谷")
    _send(page)
    arrive(page, "**/search?*q=*")
    expect(page.get_by_role("link", name="子どもの評価順")).to_have_attribute("href", re.compile("q="))
    _first(page)
    page.get_by_label(search.AREA, exact=True).select_option("13113")
    _send(page)
    arrive(page, "**area=13113*")
    expect(page.get_by_role("link", name=search.without("渋谷区"))).to_be_visible()
    page.get_by_label(search.AREA, exact=True).select_option("13112")
    _send(page)
    arrive(page, "**13112*")
    expect(page.get_by_role("link", name=search.without("世田谷区"))).to_be_visible()
    assert "area=13113" in page.url
    _first(page)
    page.get_by_role("link", name=search.without("渋谷区")).click()
    expect(page.get_by_role("link", name=search.without("渋谷区"))).to_have_count(0)
    reload(page)
    expect(page.get_by_role("link", name=search.without("世田谷区"))).to_be_visible()


def test_what_is_chosen_before_the_answer_came_is_kept(open_window: OpenWindow):
    """The form follows the address, but not over the hands of somebody who is quicker than the server."""
    phone = open_window().new_page()
    slow, late = False, []

    def relay(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(server.send)
        server.on_message(
            lambda words: late.append(lambda: socket.send(words)) if slow else socket.send(words)
        )

    phone.route_web_socket("**/_event/**", relay)
    visit(phone, "/search?time=morning")
    field, age = phone.get_by_role("combobox", name=search.KEYWORD), phone.get_by_label(search.AGE)
    field.fill("スイミング")
    slow = True
    _send(phone)
    phone.wait_for_url("**q=*")  # not whole: what it loads is held back
    age.select_option("7")
    field.fill("スイミング 渋谷")
    while late:
        late.pop(0)()
    slow = False
    arrive(phone, "**q=*")
    expect(phone.get_by_role("link", name="子どもの評価順")).to_have_attribute("href", re.compile("q="))
    expect(age).to_have_value("7")
    expect(field).to_have_value("スイミング 渋谷")
    expect(field).to_be_focused()
    expect(phone.get_by_label(search.TIME)).to_have_value("morning")
    _send(phone)
    arrive(phone, "**age=7*")
    _first(phone)
    back(phone)
    expect(age).to_have_value("")
    expect(field).to_have_value("スイミング")


@SIZES
def test_every_finer_filter_narrows_and_stands_in_the_address(open_as: OpenAs, size: tuple[int, int]):
    page = open_as("", size)
    visit(page, "/search?q=スイミング")
    page.locator("summary", has_text=search.MORE_FILTERS).click()
    page.get_by_label(search.AGE).select_option("7")
    page.get_by_label(search.TIME).select_option("morning")
    page.get_by_label("土", exact=True).check()
    page.get_by_label("日", exact=True).check()
    page.get_by_label(search.CHOICE).check()
    _send(page)
    arrive(page, re.compile("weekday=sat&weekday=sun|weekday=sat%2Csun"))
    for part in ("age=7", "time=morning", "instructor_choice=1"):
        assert part in page.url
    expect(page.get_by_label("土", exact=True)).to_be_checked()
    visit(page, "/search?child_rating=4&safety=1&category=swim")
    expect(page.get_by_label(search.CHILD_RATING)).to_have_value("4")
    expect(page.get_by_label(search.SAFETY)).to_be_checked()
    assert violations(page) == []


def test_a_quarter_of_an_hour_from_here(open_window: OpenWindow):
    context = open_window(PHONE)
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 35.6580, "longitude": 139.7016})
    page = context.new_page()
    visit(page, "/search")
    page.get_by_role("button", name=search.HERE).click()
    arrive(page, "**near=35.65800*")
    _first(page)
    expect(page.get_by_role("article").first).to_contain_text("自転車 約")
    page.get_by_role("link", name="徒歩15分").click()
    expect(page.get_by_role("article").first).to_contain_text("徒歩 約")
    page.get_by_role("link", name="新着順").click()
    arrive(page, "**sort=newest*")
    page.get_by_role("link", name=search.NEAR_OFF).click()
    expect(page.get_by_role("link", name="徒歩15分")).to_have_count(0)
    resize(page, DESKTOP)
    page.get_by_role("button", name=search.HERE).click()
    arrive(page, "**near=35.65800*")
    _first(page)


def test_suggestions_are_used_by_keyboard_alone(open_as: OpenAs):
    desktop = open_as("", DESKTOP)
    visit(desktop, "/search")
    field = desktop.get_by_role("combobox", name=search.KEYWORD)
    field.press_sequentially("水泳 しぶ")
    options = desktop.get_by_role("listbox", name=search.SUGGESTIONS)
    expect(options.get_by_role("option", name="渋谷区")).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    assert violations(desktop) == []
    field.press("ArrowDown")
    expect(options.get_by_role("option", selected=True)).to_have_count(1)
    field.press("Escape")
    expect(options).to_be_hidden()
    expect(field).to_have_value("水泳 しぶ")
    field.press("ArrowDown")
    field.press("Enter")
    arrive(desktop, "**area=13113*")
    expect(desktop.get_by_role("combobox", name=search.KEYWORD)).to_have_value("水泳")
    _first(desktop)


def test_a_school_is_suggested_on_the_first_page_and_opened(open_as: OpenAs):
    phone = open_as("")
    visit(phone, "/")
    phone.get_by_role("combobox", name=home.KEYWORD).press_sequentially("すまいる")
    phone.get_by_role("option", name=FIRST).click()
    expect(phone.get_by_role("heading", level=1, name=FIRST)).to_be_visible()


def test_a_mistyped_word_is_understood_and_nothing_found_says_what_to_give_up(open_as: OpenAs):
    phone = open_as("")
    visit(phone, "/search?q=ピヤノ")
    expect(phone.get_by_text(search.corrected("ピヤノ", "ピアノ"))).to_be_visible()
    visit(phone, "/search?category=swim&age=18&area=13113")
    expect(phone.get_by_role("heading", name=search.NOTHING)).to_be_visible()
    phone.get_by_role("link", name="年齢（18歳）を外す（1件）").click()
    _first(phone)


def test_the_list_and_the_map_are_in_step_and_the_map_works_by_keyboard(open_as: OpenAs):
    desktop = open_as("", DESKTOP)
    visit(desktop, "/search")
    region = desktop.get_by_role("region", name=ui.MAP)
    cluster = region.locator("button.np-cluster").first
    cluster.focus()
    desktop.keyboard.press("Enter")
    again = desktop.get_by_role("link", name=search.SEARCH_HERE)
    expect(again).to_be_visible()
    again.click()
    arrive(desktop, "**radius_m=*")
    card = desktop.get_by_role("article").first
    card.hover()
    expect(region.locator(".np-pin-lit")).to_have_count(1)


def test_a_guardian_keeps_a_search_and_finds_the_school_seen_last(site: Site, open_as: OpenAs):
    page = open_as("parent@example.com")
    visit(page, f"/schools/{rows.first_school(site)}")
    expect(page.get_by_role("heading", level=1, name=FIRST)).to_be_visible()
    visit(page, "/search?category=swim&weekday=sat")
    seen = page.get_by_role("region", name=search.SEEN)
    expect(seen.get_by_role("link", name=FIRST)).to_be_visible()
    page.get_by_role("button", name=search.SAVE).click()
    expect(page.get_by_text(search.SAVED_DONE)).to_be_visible()
    page.locator("summary", has_text=search.SAVED).click()
    kept = page.get_by_role("region", name=search.SAVED)
    expect(kept.get_by_role("link", name="水泳")).to_be_visible()
    kept.get_by_label(search.BY_MAIL).click()
    expect(kept.get_by_label(search.BY_MAIL)).to_be_checked()
    expect(page.get_by_text(search.MAIL_ON)).to_be_visible()
    assert violations(page) == []
    kept.get_by_role("button", name=search.remove("水泳")).click()
    expect(kept.get_by_role("link", name="水泳")).to_have_count(0)
    seen.get_by_role("button", name=search.SEEN_CLEAR).click()
    expect(seen).to_have_count(0)


def test_without_scripts_schools_and_searches_read_well(browser: Browser, site: Site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    answer = page.goto("/search?category=swim&area=13113")
    assert answer
    assert answer.status == 200
    page.get_by_role("link", name=FIRST).click()
    expect(page.get_by_role("heading", level=1, name=FIRST)).to_be_visible()
    expect(page.get_by_role("heading", name="口コミ")).to_be_visible()
    assert FIRST in page.title()
    missing = page.goto("/schools/nobody")
    assert missing
    assert missing.status == 404
    context.close()


def test_previews_and_search_engines_see_the_school(site: Site, phone: Page):
    page = phone.request.get(f"/schools/{rows.first_school(site)}").text()
    image = re.findall(r'property="og:image" content="([^"]+)"', page)[0]
    picture = phone.request.get(re.sub(r"^https?://[^/]+", site.url, image))
    assert (picture.status, picture.headers["content-type"]) == (200, "image/webp")
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert {thing["@type"] for thing in json.loads(block)["@graph"]} >= {"LocalBusiness", "Event"}
    assert "/sitemaps/schools/" in phone.request.get("/sitemap.xml").text()
