"""J7: cancelling in all its faces: in time, late, when ill, by the school, with somebody waiting."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from naraigoto import clock
from naraigoto.texts import attendance as school_words
from naraigoto.texts import booking_changes as changes
from naraigoto.texts import bookings as words
from naraigoto.texts import family_calendar, schools, ui
from naraigoto.texts import waitlist as waiting
from tests.browser import people, rows
from tests.browser.conftest import OpenAs
from tests.browser.ready import violations, visit
from tests.browser.rows import Slot
from tests.browser.site import DESKTOP, Site
from tests.browser.walk import badge, book, choose_child, choose_day, tickets

NEIGHBOUR = "parent2@example.com"
GUARDIAN, OWNER, HANA, SOTA = "parent@example.com", "owner@example.com", "はな", "そうた"

# Whoever was ill in another test was so more than thirty days ago.
_LONG_AGO = (
    "UPDATE bookings SET cancelled_at = cancelled_at - interval '31 days' WHERE cancel_kind = 'courtesy'"
)


@pytest.fixture(autouse=True)
def _tickets_enough(site: Site) -> None:
    """Each test has a ticket or two of its own."""
    people.give_tickets(site, GUARDIAN, 2)


def test_in_time_a_booking_is_kept_or_the_ticket_comes_back_and_the_story_tells_it(
    site: Site, open_as: OpenAs
):
    page, slot = open_as(GUARDIAN), rows.open_slot(site, "hana")
    _book(page, site, slot, "hana")
    left = tickets(page)

    _ask(page, changes.CANCEL).get_by_role("button", name=changes.CANCEL_NO).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name=changes.CANCEL)).to_be_focused()
    assert rows.bookings(site, slot) == 1

    dialog = _ask(page, changes.CANCEL)
    expect(dialog.get_by_text(changes.free_headline(1))).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name=changes.CANCEL_YES).click()

    expect(page.get_by_role("main").get_by_text(words.CANCELLED, exact=True)).to_be_visible()
    expect(badge(page)).to_contain_text(f"{left + 1}{ui.TICKET_UNIT}")
    expect(page.get_by_text("チケットがもどりました（+1枚）")).to_be_visible()
    assert rows.bookings(site, slot) == 0


def test_late_the_dialog_warns_and_the_ticket_stays_used(site: Site, open_as: OpenAs):
    page, slot = open_as(GUARDIAN), rows.open_slot(site, "sota")
    _book(page, site, slot, "sota", late=True)
    left = tickets(page)

    dialog = _ask(page, changes.CANCEL)
    expect(dialog.get_by_text("無料キャンセルの期限")).to_be_visible()
    expect(dialog.get_by_text(changes.late_text(1))).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name=changes.CANCEL_YES).click()

    expect(page.get_by_text("キャンセルしました（期限後）")).to_be_visible()
    expect(badge(page)).to_contain_text(f"{left}{ui.TICKET_UNIT}")


def test_when_ill_the_ticket_comes_back_once_in_thirty_days(site: Site, open_as: OpenAs):
    rows.ask(site, _LONG_AGO)
    page = open_as(GUARDIAN, DESKTOP)
    _book(page, site, rows.open_slot(site, "sota"), "sota", late=True)
    left = tickets(page)
    dialog = _ask(page, changes.CANCEL)
    dialog.get_by_role("radio", name=changes.REASON_SICKNESS).check()
    dialog.get_by_role("button", name=changes.CANCEL_YES).click()
    expect(page.get_by_text("体調不良でキャンセルしました")).to_be_visible()
    expect(badge(page)).to_contain_text(f"{left + 1}{ui.TICKET_UNIT}")

    _book(page, site, rows.open_slot(site, "sota"), "sota", late=True)
    dialog = _ask(page, changes.CANCEL)
    expect(dialog.get_by_text("体調不良キャンセルは使用済みです")).to_be_visible()
    expect(dialog.get_by_role("radio")).to_have_count(0)


def test_another_slot_of_the_class_is_taken_in_one_step(site: Site, open_as: OpenAs):
    page, slot = open_as(GUARDIAN), rows.open_slot(site, "hana")
    other = rows.slot_beside(site, slot, days=1)
    _book(page, site, slot, "hana")
    left = tickets(page)

    dialog = _ask(page, changes.RESCHEDULE)
    dialog.get_by_role("radio", name=other.when).check()
    assert violations(page) == []
    dialog.get_by_role("button", name=changes.RESCHEDULE_YES).click()

    expect(page.get_by_role("main").get_by_text(other.hours).first).to_be_visible()
    expect(page.get_by_text("日時を変更しました（").first).to_be_visible()
    expect(badge(page)).to_contain_text(f"{left}{ui.TICKET_UNIT}")
    assert (rows.bookings(site, slot), rows.bookings(site, other)) == (0, 1)


def test_a_seat_that_goes_free_is_offered_live_to_who_waits(site: Site, open_as: OpenAs):
    slot, other = rows.open_slot(site, "hana"), open_as(NEIGHBOUR)
    people.give_tickets(site, NEIGHBOUR, 1)
    taken = book(other, site, slot, people.child_of(site, NEIGHBOUR))
    rows.leave_seats(site, slot, 0)
    page = open_as(GUARDIAN)
    visit(page, slot.path)
    choose_day(page, slot)
    page.get_by_role("button", name=f"{waiting.WAIT} {slot.when} {slot.title}").click()
    dialog = page.get_by_role("dialog")
    choose_child(dialog, HANA)
    assert violations(page) == []
    dialog.get_by_role("button", name=waiting.JOIN).click()
    expect(dialog.get_by_role("heading", name=waiting.JOINED)).to_be_visible()
    expect(dialog.get_by_text(waiting.position(1))).to_be_visible()
    dialog.get_by_role("button", name=ui.CLOSE).last.click()

    visit(page, "/bookings")
    expect(page.get_by_text(waiting.position(1))).to_be_visible()
    gone = other.request.post(f"/api/v1/bookings/{taken}/cancel", headers={"Origin": site.url})
    assert gone.ok, gone.text()
    offer = page.get_by_role("button", name=f"{waiting.BOOK} {slot.when} {slot.title}")
    expect(offer).to_be_visible()
    assert violations(page) == []
    offer.click()

    expect(offer).to_have_count(0)
    card = page.get_by_role("tabpanel").get_by_role("link").filter(has_text=slot.title)
    expect(card.filter(has_text=slot.hours).first).to_be_visible()
    assert rows.bookings(site, slot) == 1


def test_a_school_cancels_a_slot_and_the_family_has_its_ticket_and_a_letter(site: Site, open_as: OpenAs):
    page, slot = open_as(GUARDIAN), rows.open_slot(site, "hana")
    _book(page, site, slot, "hana")
    left, address = tickets(page), page.url

    owner = open_as(OWNER)
    dialog = _ask_school(owner, slot, school_words.CANCEL_SLOT)
    assert violations(owner) == []
    dialog.get_by_label(school_words.REASON).fill("先生の体調不良のため")
    dialog.get_by_role("button", name=school_words.CANCEL_YES).click()
    expect(owner.get_by_text(school_words.slot_cancelled(1, 0)).first).to_be_attached()

    visit(page, address)
    expect(page.get_by_text("教室の都合でキャンセルになりました")).to_be_visible()
    expect(badge(page)).to_contain_text(f"{left + 1}{ui.TICKET_UNIT}")
    assert rows.promised(site, "schedule_cancelled", GUARDIAN) == 1


def test_a_school_moves_a_slot_and_the_family_accepts(site: Site, open_as: OpenAs):
    page, slot = open_as(GUARDIAN), rows.open_slot(site, "hana")
    _book(page, site, slot, "hana")
    address = page.url

    owner = open_as(OWNER)
    dialog = _ask_school(owner, slot, school_words.MOVE)
    later = clock.jst(slot.start + timedelta(minutes=15))
    dialog.get_by_label(school_words.NEW_TIME).fill(f"{later:%H:%M}")
    dialog.get_by_role("button", name=school_words.MOVE_YES).click()
    expect(owner.get_by_text(school_words.slot_moved(1, 0)).first).to_be_attached()

    visit(page, address)
    expect(page.get_by_text(changes.MOVED_TITLE)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=changes.ACCEPT).click()
    expect(page.get_by_text(changes.MOVED_TITLE)).to_have_count(0)
    expect(page.get_by_text("変更を承諾しました")).to_be_visible()


def test_seats_are_counted_live_on_an_open_page(site: Site, open_as: OpenAs):
    slot = rows.open_slot(site, "hana")
    rows.leave_seats(site, slot, 3)
    watcher = open_as("", DESKTOP)
    visit(watcher, slot.path)
    choose_day(watcher, slot)
    line = watcher.get_by_role("list", name=schools.SLOTS_OF_DAY).get_by_role("listitem")
    mine = line.filter(has_text=slot.hours).filter(has_text=slot.title)
    expect(mine).to_contain_text(schools.seats(3, closed=False))

    book(open_as(GUARDIAN), site, slot, people.child_number(site, "hana"))

    expect(mine).to_contain_text(schools.seats(2, closed=False))


def test_the_code_of_a_booking_is_read_at_the_door(site: Site, open_as: OpenAs):
    page, slot = open_as(GUARDIAN), rows.open_slot(site, "sota")
    _book(page, site, slot, "sota")
    expect(page.get_by_role("img", name=changes.QR_ALT)).to_be_visible()
    number = page.url.rpartition("/")[2]
    rows.begin(site, slot)

    owner = open_as(OWNER)
    visit(owner, f"/school/check-in/{number}")
    expect(owner.get_by_text(SOTA, exact=True)).to_be_visible()
    owner.get_by_role("button", name=school_words.MARK_ATTENDED).click()

    expect(owner.get_by_text(school_words.CHECK_IN_DONE)).to_be_visible()


def test_the_calendar_shows_the_month_and_gives_an_address(site: Site, open_as: OpenAs):
    page, before = open_as(GUARDIAN), clock.now()
    visit(page, "/bookings")
    page.get_by_role("tab", name=words.TABS[2][1]).click()
    # Around midnight the page may still show the month before.
    months = {family_calendar.month_title(clock.month_of(now)) for now in (before, clock.now())}
    expect(page.get_by_role("heading", name=re.compile("|".join(months)))).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=family_calendar.MAKE).click()
    address = page.get_by_label(family_calendar.ADDRESS)
    expect(address).to_have_value(re.compile(r"/api/v1/me/calendar\.ics\?token="))
    answer = page.request.get(address.input_value())
    assert answer.text().startswith("BEGIN:VCALENDAR")
    page.get_by_role("button", name=family_calendar.END).click()
    expect(page.get_by_role("button", name=family_calendar.MAKE)).to_be_visible()


def _book(page: Page, site: Site, slot: Slot, child: str, *, late: bool = False) -> None:
    """Book the slot and open the page of the booking; `late` when its deadlines have passed."""
    booking = book(page, site, slot, people.child_number(site, child))
    if late:
        rows.make_late(site, slot)
    visit(page, f"/bookings/{booking}")


def _ask(page: Page, words_: str) -> Locator:
    page.get_by_role("button", name=words_, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def _ask_school(owner: Page, slot: Slot, what: str) -> Locator:
    visit(owner, f"/school?date={clock.jst_date(slot.start)}")
    owner.get_by_role("button", name=f"{what} {slot.hours} {slot.title}", exact=True).click()
    dialog = owner.get_by_role("dialog")
    expect(dialog.get_by_text(slot.when)).to_be_visible()
    return dialog
