"""The main job, walked from the first page to the record of attendance."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from naraigoto import clock
from naraigoto.demo.schools import FIRST_OWNER
from naraigoto.texts import attendance, home, login, mailbox, schools, search, ui
from naraigoto.texts import bookings as words
from naraigoto.texts.mails import SUBJECTS
from tests.browser import rows
from tests.browser.conftest import OpenAs
from tests.browser.rows import Slot
from tests.browser.site import DESKTOP, PASSWORD, Site
from tests.browser.walk import choose_child, choose_day, confirm, open_dialog

GUARDIAN = "parent@example.com"
OWNER = "owner@example.com"


def test_a_family_finds_a_swimming_lesson_books_it_and_attends(site: Site, phone: Page, open_as: OpenAs):
    slot = rows.open_slot(site, "hana")
    letters = open_as("", DESKTOP)
    before = {who: _count_letters(letters, who) for who in (GUARDIAN, OWNER)}

    _find_the_school(phone)
    _sign_in_from(phone, slot)
    left = _book(phone, slot)
    booking = _read_the_booking(phone, slot)
    for who in (GUARDIAN, OWNER):
        _read_the_letter(letters, who, before[who] + 1, slot)

    owner = open_as(OWNER)
    _see_on_the_roster(owner, slot)
    rows.begin(site, slot)
    _record_attendance(owner)
    _see_attended(phone, booking, left)


def test_on_a_desktop_the_map_stands_beside_the_list_and_leads_to_the_school(desktop: Page):
    desktop.goto("/search")
    desktop.get_by_label(search.KEYWORD).fill("水泳")
    desktop.get_by_label(search.AREA, exact=True).select_option(label="東京都渋谷区")
    desktop.get_by_role("button", name=search.SUBMIT, exact=True).click()
    expect(desktop.get_by_role("article")).to_have_count(1)
    card = desktop.get_by_role("article").filter(has_text=FIRST_OWNER)
    region = desktop.get_by_role("region", name=ui.MAP)
    expect(card).to_be_visible()
    expect(region).to_be_visible()
    here, there = card.bounding_box(), region.bounding_box()
    assert here is not None
    assert there is not None
    assert here["x"] + here["width"] <= there["x"]
    region.get_by_role("button", name=FIRST_OWNER).click()
    expect(card).to_have_count(2)
    card.last.get_by_role("link", name=FIRST_OWNER).click()
    expect(desktop.get_by_role("heading", level=1, name=FIRST_OWNER)).to_be_visible()
    expect(desktop.get_by_role("link", name=schools.BOOK_LOGIN).first).to_be_visible()


def _find_the_school(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_label(home.AREA).select_option(label="東京都渋谷区")
    phone.get_by_label(home.KEYWORD).fill("水泳")
    phone.get_by_role("button", name=home.SEARCH).click()
    phone.wait_for_url("**/search?*")
    assert parse_qs(urlsplit(phone.url).query) == {"area": ["13113"], "q": ["水泳"]}
    phone.get_by_role("link", name=FIRST_OWNER).click()
    expect(phone.get_by_role("heading", level=1, name=FIRST_OWNER)).to_be_visible()


def _sign_in_from(phone: Page, slot: Slot) -> None:
    choose_day(phone, slot)
    label = slot.button.replace(schools.BOOK, schools.BOOK_LOGIN)
    phone.get_by_role("link", name=label, exact=True).click()
    phone.get_by_label(login.EMAIL).fill(GUARDIAN)
    phone.get_by_label(login.PASSWORD, exact=True).fill(PASSWORD)
    phone.get_by_role("button", name=login.SUBMIT, exact=True).click()
    phone.wait_for_url(f"**{slot.path}")


def _book(phone: Page, slot: Slot) -> int:
    badge = phone.get_by_role("banner").get_by_text(re.compile(rf"{ui.TICKETS} *[0-9]+{ui.TICKET_UNIT}"))
    before = int(re.sub(r"\D", "", badge.inner_text()))
    dialog = open_dialog(phone, slot)
    expect(dialog.get_by_role("heading", name=words.WHO)).to_be_visible()
    choose_child(dialog, "はな")
    expect(dialog.get_by_text(words.spending(1, before))).to_be_visible()
    confirm(dialog)
    expect(dialog.get_by_role("heading", name=words.DONE)).to_be_visible()
    expect(dialog.get_by_text(words.left(before - 1))).to_be_visible()
    dialog.get_by_role("link", name=words.SEE).click()
    expect(badge).to_contain_text(f"{before - 1}{ui.TICKET_UNIT}")
    return before - 1


def _read_the_booking(phone: Page, slot: Slot) -> str:
    """Its path."""
    expect(phone.get_by_role("heading", level=1, name=slot.title)).to_be_visible()
    facts = phone.get_by_role("main")
    for fact in (slot.hours, "はな", FIRST_OWNER, words.RESERVED, words.tickets(1)):
        expect(facts.get_by_text(fact).first).to_be_visible()
    return urlsplit(phone.url).path


def _letters(page: Page, who: str) -> Locator:
    """Confirmations only: other stories send other letters to the same people."""
    rows_ = page.get_by_role("main").get_by_role("listitem").filter(has=page.get_by_text(who, exact=True))
    return rows_.filter(has_text=SUBJECTS["booking_confirmed"])


def _count_letters(page: Page, who: str) -> int:
    page.goto("/dev/mailbox")
    empty = page.get_by_text(mailbox.EMPTY, exact=True)
    expect(empty.or_(page.get_by_role("main").get_by_role("listitem")).first).to_be_visible()
    return _letters(page, who).count()


def _read_the_letter(page: Page, who: str, number: int, slot: Slot) -> None:
    for _ in range(15):
        page.get_by_role("button", name=mailbox.REFRESH).click()
        try:
            expect(_letters(page, who)).to_have_count(number, timeout=1_000)
            break
        except AssertionError:
            continue
    _letters(page, who).first.get_by_role("button").click()
    page.get_by_role("tab", name=mailbox.VIEWS[0][1]).click()
    expect(page.get_by_title(mailbox.FRAME)).to_be_visible()
    page.get_by_role("tab", name=mailbox.VIEWS[1][1]).click()
    text = page.get_by_role("tabpanel")
    expect(text).to_contain_text("はなさん")
    expect(text).to_contain_text(slot.when)
    page.get_by_role("button", name=mailbox.BACK).click()


def _see_on_the_roster(owner: Page, slot: Slot) -> None:
    owner.goto("/school")
    expect(owner.get_by_role("heading", level=1, name=attendance.TITLE_TODAY)).to_be_visible()
    day = clock.jst_date(slot.start)
    for _ in range((day - clock.jst_date(clock.now())).days):
        shown = owner.get_by_role("navigation", name=attendance.DAY).get_by_role("heading")
        before = shown.inner_text()
        owner.get_by_role("link", name=attendance.NEXT).click()
        expect(shown).not_to_have_text(before)
    expect(owner.get_by_role("heading", name=attendance.day_title(day))).to_be_visible()
    lesson = owner.locator("section").filter(has_text=f"{slot.hours} {slot.title}")
    expect(lesson.get_by_text("はな", exact=True)).to_be_visible()
    expect(lesson.get_by_text(attendance.EXPECTED).first).to_be_visible()
    expect(lesson.get_by_role("button", name=attendance.MARK_ATTENDED)).to_have_count(0)


def _record_attendance(owner: Page) -> None:
    owner.goto(f"/school?date={clock.jst_date(clock.now())}")
    marks = owner.get_by_role("group", name="はな")
    marks.get_by_role("button", name=attendance.MARK_ATTENDED).click()
    expect(marks.get_by_role("button", name=attendance.ATTENDED, exact=True, pressed=True)).to_be_visible()
    said = attendance.recorded("はな", "attended")
    expect(owner.get_by_role("status").filter(has_text=said)).to_be_attached()


def _see_attended(phone: Page, booking: str, left: int) -> None:
    phone.goto("/bookings")
    phone.get_by_role("tab", name=words.TABS[1][1]).click()
    # By its address: other stories leave lessons of the same class to the same child.
    card = phone.get_by_role("tabpanel").locator(f'a[href="{booking}"]')
    expect(card).to_contain_text(words.ATTENDED)
    expect(card).to_contain_text("はな")
    expect(phone.get_by_role("banner")).to_contain_text(f"{left}{ui.TICKET_UNIT}")
