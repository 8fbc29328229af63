"""J4: a review is reported and gone, an admin decides, both sides are told, and a line of the log remains."""

from playwright.sync_api import Page, expect

from naraigoto.texts import audit, reports, reviews
from naraigoto.texts.mails import SUBJECTS
from tests.browser import rows
from tests.browser.conftest import OpenAs
from tests.browser.letters import letters
from tests.browser.ready import violations, visit
from tests.browser.site import DESKTOP, PHONE, Site

READER, ADMIN = "parent2@example.com", "admin@example.com"
DANGER, NOTE = "child_safety", "お子さまの安全にかかわる言葉は見あたりませんでした。"
# The demo may say the same in several reviews; here each has words of its own.
_TELL_APART = """
WITH parents AS (
  UPDATE reviews_parent SET comment = comment || ' ' || right(id::text, 5) WHERE school_id = %(id)s)
UPDATE reviews_child SET comment = comment || ' ' || right(id::text, 5)
WHERE school_id = %(id)s AND comment <> ''
"""
# Whom the newest report of the reader concerns.
_AUTHOR = """
SELECT u.email FROM review_reports r JOIN users who ON who.id = r.reporter_user_id
LEFT JOIN reviews_parent p ON p.id = r.parent_review_id LEFT JOIN reviews_child c ON c.id = r.child_review_id
JOIN families f ON f.id = coalesce(p.family_id, c.family_id) JOIN users u ON u.id = f.parent_user_id
WHERE who.email = %(reader)s ORDER BY r.created_at DESC LIMIT 1
"""


def test_a_reported_review_is_gone_until_an_admin_decides_and_both_are_told(site: Site, open_as: OpenAs):
    reader, desk, guest = open_as(READER, PHONE), open_as(ADMIN, DESKTOP), open_as("", PHONE)
    number = rows.first_school(site)
    rows.ask(site, _TELL_APART, id=number)
    school = f"/schools/{number}"
    visit(guest, school)
    expect(guest.get_by_role("article").first).to_be_visible()
    words = _report_the_newest(reader, school)
    # Whoever has the page open loses it too, without a word of theirs.
    expect(guest.get_by_text(words, exact=True)).to_have_count(0)
    visit(reader, school)
    expect(reader.get_by_role("article").first).to_be_visible()
    expect(reader.get_by_text(words, exact=True)).to_have_count(0)

    _decide(desk, words)
    expect(guest.get_by_text(words, exact=True).first).to_be_visible()
    visit(reader, school)
    expect(reader.get_by_text(words, exact=True).first).to_be_visible()
    _read_the_letters(open_as("", DESKTOP), site)
    visit(desk, "/admin/operations")
    expect(desk.get_by_text(audit.ACTIONS["review.decided"]).first).to_be_visible()


def _report_the_newest(reader: Page, school: str) -> str:
    visit(reader, school)
    voice = reader.get_by_role("article").filter(has=reader.get_by_role("button", name=reviews.REPORT)).first
    words = voice.locator(".np-voice-words").first.inner_text()
    voice.get_by_role("button", name=reviews.REPORT).first.click()
    dialog = reader.get_by_role("dialog", name=reviews.REPORT_TITLE)
    dialog.get_by_role("button", name=reviews.REPORT_SEND).click()
    expect(dialog.get_by_text(reviews.REASON_MISSING)).to_be_visible()
    dialog.get_by_role("radio", name=dict(reviews.REASONS)[DANGER]).check()
    dialog.get_by_label(reviews.REPORT_COMMENT).fill("気になったので、確かめてください。")
    assert violations(reader) == []
    dialog.get_by_role("button", name=reviews.REPORT_SEND).click()
    expect(dialog).to_be_hidden()
    expect(reader.get_by_text(reviews.REPORT_DONE)).to_be_visible()
    return words


def _decide(desk: Page, words: str) -> None:
    visit(desk, "/admin/reports")
    case = desk.get_by_role("tabpanel").get_by_role("listitem").filter(has_text=words)
    expect(case.get_by_text(reports.URGENT)).to_be_visible()
    opener = case.get_by_role("button")
    opener.click()
    expect(desk.get_by_role("heading", name=reports.THING)).to_be_focused()
    assert violations(desk) == []
    desk.get_by_role("button", name=reports.BACK).click()
    expect(opener).to_be_focused()
    opener.press("Enter")
    expect(desk.get_by_role("heading", name=reports.THING)).to_be_focused()
    desk.get_by_role("radio", name=reports.ACTIONS[0][1]).check()
    desk.get_by_label(reports.NOTE).fill(NOTE)
    desk.get_by_role("button", name=reports.DECIDE).click()
    expect(desk.get_by_text(reports.DECIDED)).to_be_visible()
    expect(desk.get_by_role("heading", level=1)).to_be_focused()
    expect(desk.get_by_role("tabpanel").get_by_role("listitem").filter(has_text=words)).to_have_count(0)


def _read_the_letters(page: Page, site: Site) -> None:
    author = rows.one(site, _AUTHOR, reader=READER)
    visit(page, "/dev/mailbox")
    for who in (READER, author):
        expect(letters(page, who, SUBJECTS["report_decided"]).first).to_be_visible()
