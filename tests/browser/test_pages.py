"""What holds for every page, whoever looks at it, on phones and desktops, by day and by night."""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from naraigoto.texts import bookings, home, schools, search, ui
from tests.browser import ready, rows
from tests.browser.conftest import OpenAs
from tests.browser.ready import COLOURS, violations
from tests.browser.site import DESKTOP, PHONE, Site
from tests.browser.walk import choose_child, choose_day, open_dialog, resize

GUARDIAN, OWNER, ADMIN, CHILD = "parent@example.com", "owner@example.com", "admin@example.com", "hana"
PLANLESS = "parent2@example.com"


class Visit(NamedTuple):
    """Who goes where; `kind` tells pages apart that share an address."""

    who: str
    address: str
    kind: str = ""


VISITS = [
    Visit("", "/"),
    Visit("", "/search"),
    Visit("", "/search?area=13113&q=水泳"),
    Visit("", "/search?q=宇宙遊泳"),
    Visit("", "/search?near=35.66,139.70&travel=bike&weekday=sat&child_rating=4"),
    Visit(GUARDIAN, "/search"),
    Visit("", "/schools/{school}"),
    Visit("", "/instructors/{instructor}"),
    Visit("", "/login"),
    Visit("", "/signup"),
    Visit("", "/signup?invitation=x"),
    Visit("", "/verify"),
    Visit("", "/verify?token=x"),
    Visit("", "/reset"),
    Visit("", "/reset?token=x"),
    Visit("", "/home"),
    Visit("", "/plans"),
    Visit("", "/tickets"),
    Visit("", "/plans/confirm?plan=light"),
    Visit("", "/kids"),
    Visit("", "/settings"),
    Visit("", "/goodbye"),
    Visit("", "/undo"),
    Visit("", "/legal/terms"),
    Visit("", "/legal/privacy"),
    Visit("", "/legal/tokushoho"),
    Visit("", "/dev/mailbox"),
    Visit("", "/nowhere", "missing"),
    Visit("", "/schools/00000000-0000-7000-8000-000000000000", "missing school"),
    Visit("", "/instructors/00000000-0000-7000-8000-000000000000", "missing instructor"),
    Visit(GUARDIAN, "/home"),
    Visit(GUARDIAN, "/bookings"),
    Visit(GUARDIAN, "/bookings/{booking}"),
    Visit(GUARDIAN, "/schools/{school}"),
    Visit(GUARDIAN, "/login"),
    Visit(GUARDIAN, "/family"),
    Visit("", "/family"),
    Visit("", "/join/forged"),
    Visit("", "/kids/guardian"),
    Visit(CHILD, "/kids/guardian"),
    Visit(GUARDIAN, "/plans"),
    Visit(GUARDIAN, "/plans/confirm?plan=family"),
    Visit(GUARDIAN, "/tickets"),
    Visit(PLANLESS, "/plans?plan=light"),
    Visit(PLANLESS, "/plans/confirm?plan=standard"),
    Visit(PLANLESS, "/plans/done?order=00000000-0000-7000-8000-000000000000"),
    Visit(PLANLESS, "/tickets"),
    Visit(CHILD, "/plans"),
    Visit(CHILD, "/kids"),
    Visit(CHILD, "/schools/{school}"),
    Visit(GUARDIAN, "/settings"),
    Visit(CHILD, "/settings"),
    Visit(OWNER, "/settings"),
    Visit(OWNER, "/school"),
    Visit(OWNER, "/school/check-in/{booking}"),
    Visit(ADMIN, "/admin/operations"),
    Visit("", "/bookings/{attended}/review"),
    Visit(GUARDIAN, "/bookings/{attended}/review"),
    Visit(CHILD, "/kids/review/{attended}"),
    Visit(OWNER, "/school/reviews"),
    Visit(ADMIN, "/admin/reports"),
]

# What fingers press, with the words around it where those belong to the target.
_TARGETS = """() => [...document.querySelectorAll('a[href], button, select, summary, input')]
  .map(element => element.closest('label') ?? element)
  .filter(element => element.checkVisibility({visibilityProperty: true}))
  .filter(element => element.type !== 'hidden' && !element.closest('.np-sr, .np-skip'))
  .map(element => [element.outerHTML.slice(0, 160), element.getBoundingClientRect()])
  .map(([html, box]) => [html, Math.min(box.width, box.height)])"""


@pytest.fixture(scope="module")
def titles() -> dict[str, str]:
    """The titles seen so far, and the page of each."""
    return {}


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: f"{visit.who or 'guest'} {visit.address}")
def test_a_page_is_sound(site: Site, open_as: OpenAs, titles: dict[str, str], visit: Visit):
    page = open_as(visit.who, refused=bool(visit.kind))
    ready.visit(page, _filled(site, visit.address))
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    assert page.title()
    known = visit.kind or visit.address.partition("?")[0]
    assert titles.setdefault(page.title(), known) == known
    least = 44 if visit.address in {"/kids", "/kids/review/{attended}"} and visit.who else 24
    _sound(page, least=least, dark=(PHONE,))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=ui.SKIP)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def _sound(page: Page, *, least: int, dark: tuple[tuple[int, int], ...]) -> None:
    """On phones and desktops it fits, fingers meet its targets, axe finds nothing; in `dark` by night too."""
    for size in (PHONE, DESKTOP):
        resize(page, size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert [target for target, pixels in page.evaluate(_TARGETS) if round(pixels, 2) < least] == []
        assert violations(page) == []
        if size in dark:
            page.emulate_media(color_scheme="dark")
            expect(page.locator("html")).to_have_class("dark")
            assert violations(page, only=COLOURS) == []
            page.emulate_media(color_scheme="light")
            expect(page.locator("html")).to_have_class("light")


def test_the_search_is_asked_by_keyboard_alone(open_as: OpenAs):
    desktop = open_as("", DESKTOP)
    ready.visit(desktop, "/")
    _tab_to(desktop, home.KEYWORD)
    desktop.keyboard.type("水泳")
    desktop.keyboard.press("Enter")
    ready.arrive(desktop, "**/search?*")
    expect(desktop.get_by_role("heading", level=1, name=search.HEADING)).to_be_focused()
    expect(desktop.get_by_label(search.KEYWORD)).to_have_value("水泳")
    expect(desktop.get_by_role("article").first).to_be_visible()


def test_the_booking_dialog_is_sound_in_light_and_dark(site: Site, open_as: OpenAs):
    slot = rows.open_slot(site, "hana")
    page = open_as(GUARDIAN)
    ready.visit(page, slot.path)
    dialog = open_dialog(page, slot)
    choose_child(dialog, "はな")
    _sound(page, least=24, dark=(PHONE, DESKTOP))


def test_the_booking_dialog_is_used_by_keyboard_and_gives_the_focus_back(site: Site, open_as: OpenAs):
    slot = rows.open_slot(site, "hana")
    page = open_as(GUARDIAN, DESKTOP)
    ready.visit(page, slot.path)
    choose_day(page, slot)
    opener = page.get_by_role("button", name=slot.button, exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=bookings.WHO)
    child = dialog.get_by_role("radio", name=re.compile("^はな"))
    expect(child).to_be_visible()
    expect(page.locator("dialog[open] :focus, dialog[open]:focus")).to_have_count(1)
    for _ in range(6):
        page.keyboard.press("Tab")
        if child.evaluate("element => element === document.activeElement"):
            break
    expect(child).to_be_focused()
    page.keyboard.press("Space")
    expect(child).to_be_checked()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_on_a_phone_the_map_takes_the_place_of_the_list_and_back(open_as: OpenAs):
    phone = open_as("")
    ready.visit(phone, "/search?area=13113")
    article = phone.get_by_role("article").first
    expect(article).to_be_visible()
    phone.get_by_role("button", name=search.AS_MAP, exact=True).click()
    expect(phone.get_by_role("region", name=ui.MAP)).to_be_visible()
    expect(article).to_be_hidden()
    phone.get_by_role("button", name=search.AS_LIST, exact=True).click()
    expect(article).to_be_visible()


def test_the_voices_of_a_school_are_read_one_by_one_and_as_pairs(site: Site, open_as: OpenAs):
    phone = open_as("")
    ready.visit(phone, f"/schools/{rows.first_school(site)}")
    reviews = phone.get_by_role("region", name=schools.REVIEWS, exact=True)
    for _key, name in schools.REVIEW_TABS:
        reviews.get_by_role("tab", name=name, exact=True).click()
        panel = reviews.get_by_role("tabpanel", name=name, exact=True)
        expect(
            panel.get_by_text(ui.CHILD_VOICE if name == "子ども" else ui.PARENT_VOICE).first
        ).to_be_visible()
        assert violations(phone) == []


def _filled(site: Site, address: str) -> str:
    """The address with numbers of the demo's school, and of bookings made for this visit."""
    if "{" not in address:
        return address
    school = rows.first_school(site)
    sql = "SELECT id FROM instructors WHERE school_id = %(school)s ORDER BY id LIMIT 1"
    instructor = rows.one(site, sql, school=school)
    booking = rows.booked(site, rows.open_slot(site, "hana"), "hana") if "{booking}" in address else ""
    attended = rows.attended(site, "hana") if "{attended}" in address else ""
    return address.format(school=school, instructor=instructor, booking=booking, attended=attended)


def _tab_to(page: Page, label: str) -> None:
    aim = page.get_by_label(label, exact=True)
    for _ in range(20):
        page.keyboard.press("Tab")
        if aim.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{label} is out of reach of the keyboard")
