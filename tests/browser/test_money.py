"""Money, walked in the browser: a plan is bought, fails, recovers, runs for a year and ends."""

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect

from naraigoto.texts import bookings as bookings_words
from naraigoto.texts import mailbox, member_home, plans, ui
from naraigoto.texts import stripe_sandbox as practice
from naraigoto.texts import tickets as words
from tests.browser import rows
from tests.browser.conftest import OpenAs, OpenWindow, violations
from tests.browser.site import DESKTOP, PHONE, Site, sign_in
from tests.browser.walk import choose_child, confirm, open_dialog

_PAID_BY_THE_DEMO = 6  # months since the first family joined


def test_a_family_chooses_a_plan_pays_and_books_with_its_tickets(
    site: Site, open_window: OpenWindow, open_as: OpenAs
):
    rows.new_family(site, "haru@example.com", "春野 桜", "ゆい")
    phone = open_window(PHONE).new_page()
    sign_in(phone, "haru@example.com")

    phone.get_by_role("link", name=member_home.TO_PLANS).click()
    _look_once_more(phone, "standard")
    assert violations(phone) == []
    phone.get_by_role("button", name=plans.apply(6980)).click()
    _pay(phone, "ok")

    expect(phone.get_by_role("heading", level=1, name=plans.arrived(4))).to_be_visible(timeout=20_000)
    assert violations(phone) == []
    expect(phone.get_by_role("banner")).to_contain_text(f"4{ui.TICKET_UNIT}")
    slot = rows.open_slot(site, "hana")
    phone.get_by_role("link", name=plans.TO_SEARCH).click()
    phone.wait_for_url("**/search")
    phone.goto(slot.path)
    dialog = open_dialog(phone, slot)
    choose_child(dialog, "ゆい")
    confirm(dialog)
    expect(dialog.get_by_role("heading", name=bookings_words.DONE)).to_be_visible()
    expect(dialog.get_by_text(bookings_words.left(3))).to_be_visible()
    _letter(open_as("", DESKTOP), "haru@example.com", "チケット4枚をお届けしました")


def test_coming_back_without_paying_says_that_nothing_was_paid(site: Site, open_window: OpenWindow):
    rows.new_family(site, "natsu@example.com", "夏木 海", "りく")
    desktop = open_window(DESKTOP).new_page()
    sign_in(desktop, "natsu@example.com")
    desktop.goto("/plans")
    _look_once_more(desktop, "light")
    desktop.get_by_role("button", name=plans.apply(3980)).click()
    desktop.wait_for_url("**/dev/stripe/pay/*")
    assert violations(desktop) == []
    _choose_card(desktop, "declined")
    expect(desktop.get_by_role("alert")).to_have_text(practice.DECLINED)
    desktop.get_by_role("link", name="やめてもどる").click()
    expect(desktop.get_by_text(plans.RETURNED)).to_be_visible()

    # The order that was left open is found again, and the way back works too.
    _look_once_more(desktop, "light")
    desktop.get_by_role("button", name=plans.apply(3980)).click()
    desktop.wait_for_url("**/dev/stripe/pay/*")
    desktop.go_back()
    expect(desktop.get_by_role("button", name=plans.apply(3980))).to_be_enabled()
    assert rows.one(site, "SELECT count(*) FROM subscriptions s " + _OF, email="natsu@example.com") == "0"


def test_the_demo_s_family_reaches_its_own_payment_page(open_as: OpenAs):
    page = open_as("parent@example.com", DESKTOP)
    page.goto("/tickets")
    renews = page.get_by_text(re.compile("^次の更新日: ")).inner_text()
    page.get_by_role("button", name=words.MANAGE).click()
    page.wait_for_url("**/dev/stripe/portal/*")
    assert violations(page) == []
    expect(page.get_by_text(renews)).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(1 + _PAID_BY_THE_DEMO)
    page.get_by_role("link", name="習い事Primeへもどる").click()
    expect(page.get_by_role("heading", level=1, name=words.HEADING)).to_be_visible()
    page.get_by_role("link", name=re.compile("の領収書$")).first.click()
    expect(page.get_by_role("heading", level=1, name="領収書")).to_be_visible()


def test_a_forged_order_shows_nothing(open_as: OpenAs):
    page = open_as("parent2@example.com", DESKTOP, refused=True)
    page.goto("/plans/done?order=00000000-0000-7000-8000-000000000000")
    expect(page.get_by_role("heading", level=1, name=ui.NOT_FOUND_TITLE)).to_be_visible()


def test_a_plan_fails_recovers_runs_a_year_from_31_january_and_ends(
    site: Site, open_window: OpenWindow, open_as: OpenAs
):
    email, name = "aki@example.com", "秋山 楓"
    rows.new_family(site, email, name, "そうた")
    family = open_window(DESKTOP).new_page()
    control = open_window(DESKTOP).new_page()
    sign_in(family, email)
    _order_on_31_january(family, control, name)

    _travel(control, name, "2027-02-28T13:00")
    _until(family, family.get_by_text(words.ON_HOLD))
    assert violations(family) == []
    _letter(open_as("", DESKTOP), email, "【重要】お支払いができませんでした")
    expect(family.get_by_role("banner")).to_contain_text(f"4{ui.TICKET_UNIT}")  # what was paid stays usable

    family.get_by_role("button", name=words.ON_HOLD_ACTION).click()
    family.wait_for_url("**/dev/stripe/portal/*")
    family.locator("input[name=card][value=ok]").check()
    family.get_by_role("button", name="カードを変更する").click()
    expect(family.get_by_role("status")).to_have_text(practice.SAID["paid"])
    family.get_by_role("link", name="習い事Primeへもどる").click()
    expect(family.get_by_text(words.ON_HOLD)).to_have_count(0)
    expect(family.get_by_role("banner")).to_contain_text(f"8{ui.TICKET_UNIT}")

    for month in range(3, 13):
        _travel(control, name, f"2027-{month:02d}-{_last_day(2027, month)}T13:00")
    _travel(control, name, "2028-01-31T13:00")
    _until(family, family.get_by_role("banner").get_by_text(f"52{ui.TICKET_UNIT}"))
    _ledger_adds_up(site, email)

    _cancel_and_undo(family)
    family.get_by_role("button", name=words.CANCEL, exact=True).click()
    family.get_by_role("dialog").get_by_role("button", name=words.CANCEL_NOW).click()
    expect(family.get_by_role("button", name=words.UNDO)).to_be_visible()
    _travel(control, name, "2028-03-01T13:00")
    _until(family, family.get_by_text(re.compile("プランは終了しました。残チケット52枚")))
    expect(family.get_by_role("link", name=words.CHOOSE_PLAN)).to_be_visible()


def _order_on_31_january(family: Page, control: Page, name: str) -> None:
    """The clock is moved once the customer exists; the first order lapses on the way, the second is paid."""
    family.goto("/plans")
    _look_once_more(family, "standard")
    family.get_by_role("button", name=plans.apply(6980)).click()
    family.wait_for_url("**/dev/stripe/pay/*")
    _travel(control, name, "2027-01-31T12:00")
    family.reload()
    expect(family.get_by_role("heading", level=1, name="このページは期限が切れました")).to_be_visible()
    family.wait_for_timeout(3_000)  # the site hears of it by a webhook
    family.goto("/plans/confirm?plan=standard")
    family.get_by_role("button", name=plans.apply(6980)).click()
    _pay(family, "fails_later")
    expect(family.get_by_role("heading", level=1, name=plans.arrived(4))).to_be_visible(timeout=20_000)


def _look_once_more(page: Page, plan: str) -> None:
    """From the list of plans to 「最終確認」, where six items stand."""
    card = page.get_by_role("listitem").filter(has=page.locator(f"#plan-{plan}"))
    card.get_by_role("link", name=plans.CHOOSE).click()
    expect(page.get_by_role("heading", level=1, name=plans.CONFIRM_TITLE)).to_be_visible()
    expect(page.locator("dt")).to_have_count(6)


def _pay(page: Page, card: str) -> None:
    page.wait_for_url("**/dev/stripe/pay/*")
    _choose_card(page, card)
    page.wait_for_url("**/plans/done?*")


def _choose_card(page: Page, card: str) -> None:
    page.locator(f"input[name=card][value={card}]").check()
    page.get_by_role("button", name="を支払う").click()


def _travel(control: Page, name: str, until: str) -> None:
    control.goto("/dev/stripe")
    control.get_by_role("link", name=name).click()
    control.get_by_label("この日時まで").fill(until)
    control.get_by_role("button", name="進める", exact=True).click()
    expect(control.get_by_role("status")).to_have_text(practice.SAID["travelled"])


def _until(page: Page, seen: Locator) -> None:
    """Load /tickets until it shows what a webhook brings."""
    for _ in range(20):
        page.goto("/tickets")
        try:
            expect(seen).to_be_visible(timeout=2_000)
            return
        except AssertionError:
            continue
    expect(seen).to_be_visible()


def _cancel_and_undo(family: Page) -> None:
    family.goto("/tickets")
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
    page.goto("/dev/mailbox")
    found = page.get_by_role("listitem").filter(has_text=who).filter(has_text=subject)
    for _ in range(15):
        page.get_by_role("button", name=mailbox.REFRESH).click()
        try:
            expect(found).to_have_count(1, timeout=1_000)
            return
        except AssertionError:
            continue
    expect(found).to_have_count(1)


_OF = """JOIN families f ON f.id = s.family_id JOIN users u ON u.id = f.parent_user_id
WHERE u.email = %(email)s"""
_BUCKETS = """
SELECT s.month, s.balance, sum(e.delta) FROM ticket_balances s
JOIN ticket_entries e ON e.balance_id = s.id JOIN families f ON f.id = s.family_id
JOIN users u ON u.id = f.parent_user_id
WHERE u.email = %(email)s GROUP BY s.month, s.balance ORDER BY s.month
"""


def _ledger_adds_up(site: Site, email: str) -> None:
    """Thirteen months, each granted once; no ticket lost, none invented."""
    buckets = rows.ask(site, _BUCKETS, email=email)
    months = [date(2027, month, 1) for month in range(1, 13)] + [date(2028, 1, 1)]
    assert buckets == [(month, 4, 4) for month in months]


def _last_day(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days
