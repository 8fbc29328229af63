"""What people read when something is not theirs, not there, or not possible."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from naraigoto import clock
from naraigoto.texts import attendance, bookings, login, schools, search, ui
from naraigoto.texts import errors as refusals
from tests.browser import people, rows
from tests.browser.conftest import OpenAs, OpenWindow
from tests.browser.ready import arrive, back, reload, visit
from tests.browser.site import Site
from tests.browser.walk import choose_child, confirm, open_dialog

GUARDIAN, STRANGER = "parent@example.com", "parent2@example.com"
OWNER, ADMIN, CHILD = "owner@example.com", "admin@example.com", "hana"
NOBODY = "00000000-0000-7000-8000-000000000000"
_PRIVATE = ("田中", "はな", "そうた", "parent@example.com", "スマイルスイミング")


def test_a_guest_is_asked_to_sign_in_and_is_told_nothing(site: Site, open_as: OpenAs) -> None:
    booking = rows.booked(site, rows.open_slot(site, CHILD), CHILD)
    page = open_as("")
    heard = _listen(page)
    for address, title in (
        ("/home", login.NEEDED_TITLE),
        ("/bookings", login.NEEDED_TITLE),
        (f"/bookings/{booking}", login.NEEDED_TITLE),
        ("/school", login.NEEDED_TITLE),
        ("/admin/operations", login.NEEDED_TITLE),
        ("/kids", login.KIDS_NEEDED_TITLE),
    ):
        visit(page, address)
        expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
        expect(page.get_by_role("main").get_by_role("link", name=login.NEEDED_ACTION)).to_be_visible()
    assert _private_words(heard) == []


@pytest.mark.parametrize(
    ("who", "addresses"),
    [
        (STRANGER, ["/bookings/{booking}"]),
        (GUARDIAN, [f"/bookings/{NOBODY}", "/bookings/x", "/school", "/kids", "/admin/operations"]),
        (OWNER, ["/admin/operations", "/home", "/bookings/{booking}"]),
        (ADMIN, ["/school", "/bookings"]),
        (CHILD, ["/home"]),
    ],
    ids=[STRANGER, GUARDIAN, OWNER, ADMIN, CHILD],
)
def test_what_is_not_ones_own_is_not_there(
    site: Site, open_as: OpenAs, who: str, addresses: list[str]
) -> None:
    booking = rows.booked(site, rows.open_slot(site, CHILD), CHILD)
    page = open_as(who)
    heard = _listen(page)
    for address in addresses:
        visit(page, address.format(booking=booking))
        expect(page.get_by_role("heading", level=1, name=ui.NOT_FOUND_TITLE)).to_be_visible()
    if who in {STRANGER, ADMIN}:
        assert _private_words(heard) == []


@pytest.mark.parametrize(
    ("place", "title"),
    [("schools", schools.NOT_FOUND), ("instructors", schools.TEACHER_NOT_FOUND)],
)
def test_a_place_that_is_not_there_says_so_and_leads_on(open_as: OpenAs, place: str, title: str) -> None:
    page = open_as("", refused=True)
    for number in (NOBODY, "x", "../admin"):
        visit(page, f"/{place}/{number.replace('/', '%2F')}")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text(re.compile(f"{title}|{ui.NOT_FOUND_TITLE}"))
        expect(page).to_have_title(re.compile(f"({title}|{ui.NOT_FOUND_TITLE})"))
    page.get_by_role("main").get_by_role("link", name=ui.TO_SEARCH).click()
    arrive(page, "**/search")
    expect(page.get_by_role("article").first).to_be_visible()


def test_a_child_is_told_whom_to_ask(site: Site, open_as: OpenAs) -> None:
    page = open_as(CHILD)
    visit(page, f"/schools/{rows.first_school(site)}")
    expect(page.get_by_text(schools.ASK_AT_HOME).first).to_be_visible()
    expect(page.get_by_role("button", name=schools.BOOK)).to_have_count(0)
    expect(page.get_by_role("link", name=schools.BOOK_LOGIN)).to_have_count(0)


def test_a_child_who_is_elsewhere_at_that_time_cannot_be_chosen(site: Site, open_as: OpenAs) -> None:
    taken, slot = rows.open_slot(site, CHILD), rows.open_slot(site, CHILD)
    rows.booked(site, taken, CHILD)
    slot = rows.moved(site, slot, taken.start + timedelta(minutes=1), taken.end)
    page = open_as(GUARDIAN)
    visit(page, slot.path)
    dialog = open_dialog(page, slot)
    hours = f"{clock.jst(taken.start):%H:%M}〜{clock.jst(taken.end):%H:%M}"
    expect(dialog.get_by_text(re.compile(f"はなさんは同じ時間に別の予約があります（{hours}"))).to_be_visible()
    expect(dialog.get_by_role("radio", name=re.compile("^はな"))).to_be_disabled()


def test_a_slot_that_filled_up_meanwhile_is_full(site: Site, open_as: OpenAs) -> None:
    people.give_tickets(site, GUARDIAN, 1)
    slot = rows.open_slot(site, CHILD)
    page = open_as(GUARDIAN)
    visit(page, slot.path)
    dialog = open_dialog(page, slot)
    choose_child(dialog, "はな")
    before = rows.bookings(site, slot)
    rows.fill(site, slot)
    confirm(dialog)
    expect(dialog.get_by_role("alert")).to_have_text(_words("ScheduleFull"))
    assert rows.bookings(site, slot) == before


def test_of_two_windows_one_gets_the_last_seat(site: Site, open_as: OpenAs) -> None:
    people.give_tickets(site, GUARDIAN, 2)
    slot = rows.open_slot(site, "hana", "sota")
    rows.leave_seats(site, slot, 1)
    before = rows.bookings(site, slot)
    dialogs = []
    for name in ("はな", "そうた"):
        page = open_as(GUARDIAN)
        visit(page, slot.path)
        dialogs.append(open_dialog(page, slot))
        choose_child(dialogs[-1], name)
    for dialog in dialogs:
        dialog.get_by_role("button", name=bookings.CONFIRM).click(no_wait_after=True)
    done = [dialog.get_by_role("heading", name=bookings.DONE) for dialog in dialogs]
    refused = [dialog.get_by_role("alert") for dialog in dialogs]
    for won, lost in zip(done, refused, strict=True):
        expect(won.or_(lost)).to_be_visible()
    [loser] = [lost for won, lost in zip(done, refused, strict=True) if not won.is_visible()]
    expect(loser).to_have_text(_words("ScheduleFull"))
    assert rows.bookings(site, slot) == before + 1


def test_a_double_click_books_once(site: Site, open_as: OpenAs) -> None:
    people.give_tickets(site, GUARDIAN, 2)
    slot = rows.open_slot(site, CHILD)
    before = rows.bookings(site, slot)
    page = open_as(GUARDIAN)
    visit(page, slot.path)
    dialog = open_dialog(page, slot)
    choose_child(dialog, "はな")
    dialog.get_by_role("button", name=bookings.CONFIRM).dblclick()
    expect(dialog.get_by_role("heading", name=bookings.DONE)).to_be_visible()
    assert rows.bookings(site, slot) == before + 1
    reload(page)
    refused = open_dialog(page, slot)
    expect(refused.get_by_text(_words("AlreadyBooked"))).to_be_visible()


def test_the_address_holds_every_filter(open_as: OpenAs) -> None:
    page = open_as("")
    visit(page, "/search")
    page.get_by_label(search.KEYWORD).fill("教室")
    page.get_by_label(search.AREA, exact=True).select_option(label="東京都渋谷区")
    page.get_by_role("button", name=search.SUBMIT, exact=True).click()
    arrive(page, "**/search?*area=13113*")
    genre = page.get_by_role("group", name=search.GENRES).get_by_role("link", name="水泳")
    expect(genre).to_have_attribute("href", re.compile("area=13113"))
    genre.click()
    arrive(page, "**/search?*category=swim*")
    _shows(page, "教室", "渋谷区", "水泳")
    reload(page)
    _shows(page, "教室", "渋谷区", "水泳")
    back(page)
    _shows(page, "教室", "渋谷区", search.ANY_GENRE)
    back(page)
    _shows(page, "", "", search.ANY_GENRE)


def test_nothing_found_offers_to_search_with_one_filter_less(open_as: OpenAs) -> None:
    page = open_as("")
    visit(page, "/search?q=宇宙遊泳&area=13113")
    expect(page.get_by_role("heading", name=search.NOTHING)).to_be_visible()
    page.get_by_role("link", name=search.relax("q", "宇宙遊泳", "")).click()
    expect(page.get_by_role("article").first).to_be_visible()
    _shows(page, "", "渋谷区", search.ANY_GENRE)
    back(page)
    page.get_by_role("link", name=search.RELAX_ALL).click()
    arrive(page, re.compile("/search$"))
    expect(page.get_by_role("article").first).to_be_visible()


def test_garbage_in_the_address_is_set_aside(open_as: OpenAs) -> None:
    page = open_as("")
    for query in (
        "area=%00&date=foo&cursor=zzz&age=-1&near=a,b&radius_m=1e99&category=%27&sort=x",
        "area=99999&date=2020-01-01&instructor_choice=maybe",
        "q=%25%5F%5C%27%22%3Cscript%3Ealert(1)%3C/script%3E&area=%ED%A0%80",
        "near=91,181&radius_m=0",
        f"q={'あ' * 300}",
    ):
        visit(page, f"/search?{query}")
        said = page.get_by_text(search.DROPPED).or_(page.get_by_role("heading", name=search.NOTHING))
        expect(said.first).to_be_visible()
        expect(page.get_by_role("heading", level=1, name=search.HEADING)).to_be_visible()


def test_a_strange_day_on_the_roster_means_today(open_as: OpenAs) -> None:
    page = open_as(OWNER)
    visit(page, f"/school?date=9999-99-99&school={NOBODY}")
    expect(page.get_by_role("heading", level=1, name=attendance.TITLE_TODAY)).to_be_visible()


def test_a_lost_connection_is_told_and_mends_itself(open_window: OpenWindow) -> None:
    page = open_window(refused=True).new_page()
    cut: list[Callable[[], object]] = []

    def pass_on(socket: WebSocketRoute) -> None:
        cut.append(socket.close)
        socket.connect_to_server()

    page.route_web_socket("**/_event/**", pass_on)
    visit(page, "/search")
    banner = page.get_by_role("alert").filter(has_text=ui.CONNECTION_LOST)
    expect(banner).to_have_count(0)
    page.context.set_offline(True)
    cut[-1]()
    expect(banner).to_be_visible()
    page.context.set_offline(False)
    expect(banner).to_have_count(0)
    page.get_by_role("group", name=search.GENRES).get_by_role("link", name="水泳").click()
    arrive(page, "**/search?*category=swim*")
    expect(page.get_by_role("article").first).to_be_visible()


def _listen(page: Page) -> list[str]:
    """Everything the server says over the websocket from now on."""
    heard: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(str(frame))))
    return heard


def _private_words(heard: list[str]) -> list[str]:
    assert heard
    return [word for word in _PRIVATE if any(word in _plain(frame) for frame in heard)]


def _plain(frame: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), frame)


def _words(name: str) -> str:
    return next(words.adult for kind, words in refusals.WORDINGS.items() if kind.__name__ == name)


def _shows(page: Page, keyword: str, area: str, genre: str) -> None:
    expect(page.get_by_label(search.KEYWORD)).to_have_value(keyword)
    chosen = page.get_by_role("group", name=search.AREAS_CHOSEN).get_by_role("link")
    expect(chosen).to_have_count(1 if area else 0)
    if area:
        expect(chosen).to_have_accessible_name(search.without(area))
    genres = page.get_by_role("group", name=search.GENRES)
    expect(genres.locator("[aria-current=true]")).to_have_text(genre)
