"""The main job, walked from the first page to the record of attendance."""

from datetime import date
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from playwright.sync_api import Page, expect

from naraigoto import clock
from naraigoto.demo.schools import FIRST_OWNER
from naraigoto.texts import attendance, home, login, schools, search, ui
from naraigoto.texts import bookings as words
from naraigoto.texts.mails import SUBJECTS
from tests.browser import people, rows
from tests.browser.conftest import OpenAs
from tests.browser.letters import open_letter, text_of_letter
from tests.browser.ready import arrive, visit, whole
from tests.browser.rows import Slot
from tests.browser.site import DESKTOP, PASSWORD, Site
from tests.browser.walk import badge, choose_child, choose_day, confirm, open_dialog, tickets

OWNER, CHILD = "owner@example.com", "みつき"


def test_a_family_finds_a_swimming_lesson_books_it_and_attends(site: Site, phone: Page, open_as: OpenAs):
    slot, guardian, colleague = (
        rows.open_slot(site, "hana"),
        f"{uuid4()}@example.com",
        f"{uuid4()}@example.com",
    )
    people.new_family(site, guardian, "月野 泉", CHILD)
    people.give_tickets(site, guardian, 3)
    people.new_colleague(site, colleague)

    _find_the_school(phone)
    _sign_in_from(phone, slot, guardian)
    left = _book(phone, slot)
    booking = _read_the_booking(phone, slot)
    letters = open_as("", DESKTOP)
    for who in (guardian, colleague):
        _read_the_letter(letters, who, slot)

    owner = open_as(OWNER)
    _see_on_the_roster(owner, slot)
    _record_attendance(owner, rows.begin(site, slot))
    _see_attended(phone, booking, left)


def test_on_a_desktop_the_map_stands_beside_the_list_and_leads_to_the_school(open_as: OpenAs):
    desktop = open_as("", DESKTOP)
    visit(desktop, "/search")
    desktop.get_by_label(search.KEYWORD).fill("水泳")
    desktop.get_by_label(search.AREA, exact=True).select_option(label="東京都渋谷区")
    desktop.get_by_role("button", name=search.SUBMIT, exact=True).click()
    arrive(desktop, "**/search?*")
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
    arrive(desktop, "**/schools/*")
    expect(desktop.get_by_role("heading", level=1, name=FIRST_OWNER)).to_be_visible()
    expect(desktop.get_by_role("link", name=schools.BOOK_LOGIN).first).to_be_visible()


def _find_the_school(phone: Page) -> None:
    visit(phone, "/")
    phone.get_by_label(home.AREA).select_option(label="東京都渋谷区")
    phone.get_by_label(home.KEYWORD).fill("水泳")
    phone.get_by_role("button", name=home.SEARCH).click()
    arrive(phone, "**/search?*")
    assert parse_qs(urlsplit(phone.url).query) == {"area": ["13113"], "q": ["水泳"]}
    phone.get_by_role("link", name=FIRST_OWNER).click()
    arrive(phone, "**/schools/*")
    expect(phone.get_by_role("heading", level=1, name=FIRST_OWNER)).to_be_visible()


def _sign_in_from(phone: Page, slot: Slot, guardian: str) -> None:
    choose_day(phone, slot)
    label = slot.button.replace(schools.BOOK, schools.BOOK_LOGIN)
    phone.get_by_role("link", name=label, exact=True).click()
    arrive(phone, "**/login?**")
    phone.get_by_label(login.EMAIL).fill(guardian)
    phone.get_by_label(login.PASSWORD, exact=True).fill(PASSWORD)
    phone.get_by_role("button", name=login.SUBMIT, exact=True).click()
    arrive(phone, f"**{slot.path}")


def _book(phone: Page, slot: Slot) -> int:
    before = tickets(phone)
    dialog = open_dialog(phone, slot)
    expect(dialog.get_by_role("heading", name=words.WHO)).to_be_visible()
    choose_child(dialog, CHILD)
    expect(dialog.get_by_text(words.spending(1, before))).to_be_visible()
    confirm(dialog)
    expect(dialog.get_by_role("heading", name=words.DONE)).to_be_visible()
    expect(dialog.get_by_text(words.left(before - 1))).to_be_visible()
    dialog.get_by_role("link", name=words.SEE).click()
    arrive(phone, "**/bookings/*")
    expect(badge(phone)).to_contain_text(f"{before - 1}{ui.TICKET_UNIT}")
    return before - 1


def _read_the_booking(phone: Page, slot: Slot) -> str:
    """Its path."""
    expect(phone.get_by_role("heading", level=1, name=slot.title)).to_be_visible()
    facts = phone.get_by_role("main")
    for fact in (slot.hours, CHILD, FIRST_OWNER, words.RESERVED, words.tickets(1)):
        expect(facts.get_by_text(fact).first).to_be_visible()
    return urlsplit(phone.url).path


def _read_the_letter(page: Page, who: str, slot: Slot) -> None:
    open_letter(page, who, SUBJECTS["booking_confirmed"])
    text = text_of_letter(page)
    expect(text).to_contain_text(f"{CHILD}さん")
    expect(text).to_contain_text(slot.when)


def _see_on_the_roster(owner: Page, slot: Slot) -> None:
    """From today's page to the lesson's, day by day."""
    visit(owner, "/school")
    expect(owner.get_by_role("heading", level=1, name=attendance.TITLE_TODAY)).to_be_visible()
    shown = owner.get_by_role("navigation", name=attendance.DAY).get_by_role("heading")
    day = clock.jst_date(slot.start)
    while (before := shown.inner_text()) != attendance.day_title(day):
        owner.get_by_role("link", name=attendance.NEXT).click()
        expect(shown).not_to_have_text(before)
        whole(owner)
        assert _day_of(owner) <= day
    lesson = owner.locator("section").filter(has_text=f"{slot.hours} {slot.title}")
    expect(lesson.get_by_text(CHILD, exact=True)).to_be_visible()
    expect(lesson.get_by_text(attendance.EXPECTED).first).to_be_visible()
    expect(lesson.get_by_role("button", name=attendance.MARK_ATTENDED)).to_have_count(0)


def _day_of(owner: Page) -> date:
    return date.fromisoformat(parse_qs(urlsplit(owner.url).query)["date"][0])


def _record_attendance(owner: Page, slot: Slot) -> None:
    visit(owner, f"/school?date={clock.jst_date(slot.start)}")
    marks = owner.get_by_role("group", name=CHILD)
    marks.get_by_role("button", name=attendance.MARK_ATTENDED).click()
    expect(marks.get_by_role("button", name=attendance.ATTENDED, exact=True, pressed=True)).to_be_visible()
    said = attendance.recorded(CHILD, "attended")
    expect(owner.get_by_role("status").filter(has_text=said)).to_be_attached()


def _see_attended(phone: Page, booking: str, left: int) -> None:
    visit(phone, "/bookings")
    phone.get_by_role("tab", name=words.TABS[1][1]).click()
    card = phone.get_by_role("tabpanel").locator(f'a[href="{booking}"]')
    expect(card).to_contain_text(words.ATTENDED)
    expect(card).to_contain_text(CHILD)
    expect(phone.get_by_role("banner")).to_contain_text(f"{left}{ui.TICKET_UNIT}")
