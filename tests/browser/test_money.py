"""Money, walked in the browser: a plan is bought, fails, recovers, runs for a year and ends."""

import re
from calendar import monthrange
from datetime import date

from playwright.sync_api import Page, expect

from naraigoto import clock
from naraigoto.texts import bookings as bookings_words
from naraigoto.texts import member_home, plans, ui
from naraigoto.texts import stripe_sandbox as practice
from naraigoto.texts import tickets as words
from tests.browser import people, rows
from tests.browser.conftest import OpenAs, OpenGuest
from tests.browser.letters import letters
from tests.browser.ready import arrive, back, reload, violations, visit, visit_until
from tests.browser.site import DESKTOP, PHONE, Site, sign_in
from tests.browser.walk import choose_child, confirm, open_dialog

_LAPSED = "このページは期限が切れました"


def test_a_family_chooses_a_plan_pays_and_books_with_its_tickets(
    site: Site, open_guest: OpenGuest, open_as: OpenAs
):
    people.new_family(site, "haru@example.com", "春野 桜", "ゆい")
    phone = open_guest(PHONE)
    sign_in(phone, "haru@example.com")

    visit(phone, "/home")
    phone.get_by_role("link", name=member_home.TO_PLANS).click()
    arrive(phone, "**/plans")
    _look_once_more(phone, "standard")
    assert violations(phone) == []
    phone.get_by_role("button", name=plans.apply(6980)).click()
    _pay(phone, "ok")

    expect(phone.get_by_role("heading", level=1, name=plans.arrived(4))).to_be_visible()
    assert violations(phone) == []
    expect(phone.get_by_role("banner")).to_contain_text(f"4{ui.TICKET_UNIT}")
    slot = rows.open_slot(site, "hana")
    phone.get_by_role("link", name=plans.TO_SEARCH).click()
    arrive(phone, "**/search")
    visit(phone, slot.path)
    dialog = open_dialog(phone, slot)
    choose_child(dialog, "ゆい")
    confirm(dialog)
    expect(dialog.get_by_role("heading", name=bookings_words.DONE)).to_be_visible()
    expect(dialog.get_by_text(bookings_words.left(3))).to_be_visible()
    _letter(open_as("", DESKTOP), "haru@example.com", "チケット4枚をお届けしました")


def test_coming_back_without_paying_says_that_nothing_was_paid(site: Site, open_guest: OpenGuest):
    people.new_family(site, "natsu@example.com", "夏木 海", "りく")
    desktop = open_guest(DESKTOP)
    sign_in(desktop, "natsu@example.com")
    visit(desktop, "/plans")
    _look_once_more(desktop, "light")
    desktop.get_by_role("button", name=plans.apply(3980)).click()
    arrive(desktop, "**/dev/stripe/pay/*")
    assert violations(desktop) == []
    _choose_card(desktop, "declined")
    expect(desktop.get_by_role("alert")).to_have_text(practice.DECLINED)
    desktop.get_by_role("link", name="やめてもどる").click()
    arrive(desktop, "**/plans?*")
    expect(desktop.get_by_text(plans.RETURNED)).to_be_visible()

    # The order that was left open is found again, and the way back works too.
    _look_once_more(desktop, "light")
    desktop.get_by_role("button", name=plans.apply(3980)).click()
    arrive(desktop, "**/dev/stripe/pay/*")
    back(desktop)
    expect(desktop.get_by_role("button", name=plans.apply(3980))).to_be_enabled()
    assert rows.one(site, "SELECT count(*) FROM subscriptions s " + _OF, email="natsu@example.com") == "0"


def test_the_demo_s_family_reaches_its_own_payment_page(site: Site, open_as: OpenAs):
    page = open_as("parent@example.com", DESKTOP)
    visit(page, "/tickets")
    renews = page.get_by_text(re.compile("^次の更新日: ")).inner_text()
    page.get_by_role("button", name=words.MANAGE).click()
    arrive(page, "**/dev/stripe/portal/*")
    assert violations(page) == []
    expect(page.get_by_text(renews)).to_be_visible()
    paid = "SELECT count(*) FROM payments s " + _OF
    expect(page.get_by_role("row")).to_have_count(1 + int(rows.one(site, paid, email="parent@example.com")))
    page.get_by_role("link", name="習い事Primeへもどる").click()
    arrive(page, "**/tickets*")
    expect(page.get_by_role("heading", level=1, name=words.HEADING)).to_be_visible()
    page.get_by_role("link", name=re.compile("の領収書$")).first.click()
    expect(page.get_by_role("heading", level=1, name="領収書")).to_be_visible()


def test_a_forged_order_shows_nothing(open_as: OpenAs):
    page = open_as("parent2@example.com", DESKTOP, refused=True)
    visit(page, "/plans/done?order=00000000-0000-7000-8000-000000000000")
    expect(page.get_by_role("heading", level=1, name=ui.NOT_FOUND_TITLE)).to_be_visible()


def test_a_plan_fails_recovers_runs_a_year_from_31_january_and_ends(
    site: Site, open_guest: OpenGuest, open_as: OpenAs
):
    email, name = "aki@example.com", "秋山 楓"
    people.new_family(site, email, name, "そうた")
    family, control = open_guest(DESKTOP), open_guest(DESKTOP)
    sign_in(family, email)
    year = clock.jst_date(clock.now()).year + 1  # its clock of practice only goes forward
    _order_on_31_january(family, control, name, year)

    _travel(control, name, f"{_month_end(year, 2)}T13:00")
    visit_until(family, "/tickets", family.get_by_text(words.ON_HOLD))
    assert violations(family) == []
    _letter(open_as("", DESKTOP), email, "【重要】お支払いができませんでした")
    expect(family.get_by_role("banner")).to_contain_text(f"4{ui.TICKET_UNIT}")  # what was paid stays usable

    family.get_by_role("button", name=words.ON_HOLD_ACTION).click()
    arrive(family, "**/dev/stripe/portal/*")
    family.locator("input[name=card][value=ok]").check()
    family.get_by_role("button", name="カードを変更する").click()
    expect(family.get_by_role("status")).to_have_text(practice.SAID["paid"])
    family.get_by_role("link", name="習い事Primeへもどる").click()
    arrive(family, "**/tickets*")
    expect(family.get_by_text(words.ON_HOLD)).to_have_count(0)
    expect(family.get_by_role("banner")).to_contain_text(f"8{ui.TICKET_UNIT}")

    for month in range(3, 13):
        _travel(control, name, f"{_month_end(year, month)}T13:00")
    _travel(control, name, f"{year + 1}-01-31T13:00")
    visit_until(family, "/tickets", family.get_by_role("banner").get_by_text(f"52{ui.TICKET_UNIT}"))
    _ledger_adds_up(site, email, year)

    _cancel_and_undo(family)
    family.get_by_role("button", name=words.CANCEL, exact=True).click()
    family.get_by_role("dialog").get_by_role("button", name=words.CANCEL_NOW).click()
    expect(family.get_by_role("button", name=words.UNDO)).to_be_visible()
    _travel(control, name, f"{year + 1}-03-01T13:00")
    ended = family.get_by_text(re.compile("プランは終了しました。残チケット52枚"))
    visit_until(family, "/tickets", ended)
    expect(family.get_by_role("link", name=words.CHOOSE_PLAN)).to_be_visible()


def _order_on_31_january(family: Page, control: Page, name: str, year: int) -> None:
    """The clock is moved once the customer exists; the first order lapses on the way, the second is paid."""
    visit(family, "/plans")
    _look_once_more(family, "standard")
    family.get_by_role("button", name=plans.apply(6980)).click()
    arrive(family, "**/dev/stripe/pay/*")
    _travel(control, name, f"{year}-01-31T12:00")
    reload(family)
    expect(family.get_by_role("heading", level=1, name=_LAPSED)).to_be_visible()
    _order_again(family)
    _pay(family, "fails_later")
    expect(family.get_by_role("heading", level=1, name=plans.arrived(4))).to_be_visible()


def _order_again(family: Page) -> None:
    """Order until the site has heard, by a webhook, that the page of the first order has lapsed."""
    while True:
        visit(family, "/plans/confirm?plan=standard")
        family.get_by_role("button", name=plans.apply(6980)).click()
        arrive(family, "**/dev/stripe/pay/*")
        if not family.get_by_role("heading", name=_LAPSED).is_visible():
            return


def _look_once_more(page: Page, plan: str) -> None:
    """From the list of plans to 「最終確認」, where six items stand."""
    card = page.get_by_role("listitem").filter(has=page.locator(f"#plan-{plan}"))
    card.get_by_role("link", name=plans.CHOOSE).click()
    arrive(page, "**/plans/confirm?*")
    expect(page.get_by_role("heading", level=1, name=plans.CONFIRM_TITLE)).to_be_visible()
    expect(page.locator("dt")).to_have_count(6)


def _pay(page: Page, card: str) -> None:
    arrive(page, "**/dev/stripe/pay/*")
    _choose_card(page, card)
    arrive(page, "**/plans/done?*")


def _choose_card(page: Page, card: str) -> None:
    page.locator(f"input[name=card][value={card}]").check()
    page.get_by_role("button", name="を支払う").click()


def _travel(control: Page, name: str, until: str) -> None:
    """Move the clock of a customer, on the page of practice that stays open meanwhile."""
    if "/dev/stripe/" not in control.url:
        visit(control, "/dev/stripe")
        control.get_by_role("link", name=name).click()
        arrive(control, "**/dev/stripe/customers/*")
    control.get_by_label("この日時まで").fill(until)
    with control.expect_navigation():
        control.get_by_role("button", name="進める", exact=True).click()
    expect(control.get_by_role("status")).to_have_text(practice.SAID["travelled"])


def _cancel_and_undo(family: Page) -> None:
    visit(family, "/tickets")
    family.get_by_role("button", name=words.CANCEL, exact=True).click()
    dialog = family.get_by_role("dialog", name=words.CANCEL_TITLE)
    expect(dialog).to_be_visible()
    assert violations(family) == []
    dialog.get_by_role("button", name=words.KEEP).click()
    expect(dialog).to_be_hidden()
    family.get_by_role("button", name=words.CANCEL, exact=True).click()
    dialog.get_by_role("button", name=words.CANCEL_NOW).click()
    expect(dialog).to_be_hidden()
    undo = family.get_by_role("button", name=words.UNDO)
    undo.click()
    expect(undo).to_be_hidden()
    expect(family.get_by_role("button", name=words.CANCEL, exact=True)).to_be_visible()


def _letter(page: Page, who: str, subject: str) -> None:
    visit(page, "/dev/mailbox")
    expect(letters(page, who, subject)).to_have_count(1)


_OF = """JOIN families f ON f.id = s.family_id JOIN users u ON u.id = f.parent_user_id
WHERE u.email = %(email)s"""
_BUCKETS = """
SELECT s.month, s.balance, sum(e.delta) FROM ticket_balances s
JOIN ticket_entries e ON e.balance_id = s.id JOIN families f ON f.id = s.family_id
JOIN users u ON u.id = f.parent_user_id
WHERE u.email = %(email)s GROUP BY s.month, s.balance ORDER BY s.month
"""


def _ledger_adds_up(site: Site, email: str, year: int) -> None:
    """Thirteen months, each granted once; no ticket lost, none invented."""
    buckets = rows.ask(site, _BUCKETS, email=email)
    months = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    assert buckets == [(month, 4, 4) for month in months]


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
