"""J4: after a lesson the parent and the child each say how it was; the school answers once."""

from playwright.sync_api import Locator, Page, expect

from naraigoto.texts import kids_review, reviews, school_reviews, schools, ui
from tests.browser import rows
from tests.browser.conftest import OpenAs
from tests.browser.ready import arrive, reload, violations, visit
from tests.browser.site import DESKTOP, PHONE, Site

GUARDIAN, OWNER, CHILD = "parent@example.com", "owner@example.com", "sota"
WORDS = "待っている時間も声をかけてもらえて、うれしそうに話してくれました。"
PHONE_WORDS = "よかったです。連絡は090-1234-5678までお願いします。"


def test_a_parent_and_a_child_write_and_the_family_reads_both_side_by_side(site: Site, open_as: OpenAs):
    booking = rows.attended(site, CHILD)
    parent = open_as(GUARDIAN, PHONE)
    visit(parent, f"/bookings/{booking}")
    parent.get_by_role("link", name=reviews.WRITE_OR_SEE).click()
    arrive(parent, f"**/bookings/{booking}/review")
    expect(parent.get_by_role("heading", level=1, name=reviews.TITLE)).to_be_visible()
    _refused_without_stars(parent)
    _star(parent, 4).check(force=True)
    parent.get_by_role("button", name=reviews.PUBLISH).click()
    expect(parent.get_by_role("heading", name=reviews.DONE)).to_be_in_viewport()
    expect(parent.get_by_text(reviews.points_earned(50))).to_be_visible()
    assert violations(parent) == []

    child = open_as(CHILD, PHONE)
    visit(child, f"/kids/review/{booking}")
    child.get_by_role("radio", name=ui.FACES[4]).first.check(force=True)
    child.get_by_text(kids_review.STAMPS_WORDS[3][1][0][0]).first.click()
    child.get_by_role("button", name=kids_review.SEND[0][0]).click()
    expect(child.get_by_role("heading", name=kids_review.DONE[0][0])).to_be_in_viewport()
    assert violations(child) == []

    visit(parent, "/family")
    both = parent.get_by_role("article").filter(has=parent.get_by_role("heading", level=4))
    pair = both.filter(has_text=WORDS).last
    expect(pair.get_by_text(kids_review.kept()[3])).to_be_visible()
    expect(pair.get_by_text(reviews.gap(4, 5))).to_be_visible()


def test_a_text_with_a_phone_number_waits_and_says_why(site: Site, open_as: OpenAs):
    parent = open_as(GUARDIAN, PHONE)
    visit(parent, f"/bookings/{rows.attended(site, 'hana')}/review")
    _star(parent, 5).check(force=True)
    parent.get_by_label(reviews.COMMENT, exact=True).first.fill(PHONE_WORDS)
    parent.get_by_role("button", name=reviews.PUBLISH).click()
    expect(parent.get_by_role("heading", name=reviews.HELD_TITLE)).to_be_visible()
    expect(parent.get_by_text(reviews.HOLDS["phone"]).first).to_be_visible()


def test_what_the_school_answered_stays_while_the_instructor_is_added(site: Site, open_as: OpenAs):
    booking = rows.attended(site, CHILD)
    parent = open_as(GUARDIAN, PHONE)
    visit(parent, f"/bookings/{booking}/review")
    _star(parent, 4).check(force=True)
    parent.get_by_label(reviews.COMMENT, exact=True).first.fill(WORDS)
    parent.get_by_role("button", name=reviews.PUBLISH).click()
    expect(parent.get_by_role("heading", name=reviews.DONE)).to_be_visible()
    rows.answer(site, booking)
    reload(parent)
    parent.get_by_role("button", name=reviews.ADD_OTHER).click()
    expect(parent.get_by_role("group", name=reviews.SCHOOL_QUESTION)).to_have_count(0)
    expect(parent.get_by_role("article")).to_be_visible()
    parent.get_by_label(reviews.COMMENT, exact=True).fill(WORDS)
    parent.get_by_role("button", name=reviews.PUBLISH).click()
    stars = parent.get_by_role("group", name=reviews.TEACHER_QUESTION)
    expect(stars).to_have_accessible_description(reviews.RATING_MISSING)
    assert violations(parent) == []
    _star(parent, 5).check(force=True)
    parent.get_by_role("button", name=reviews.PUBLISH).click()
    expect(parent.get_by_role("heading", name=reviews.DONE)).to_be_visible()
    expect(parent.get_by_role("article")).to_have_count(2)
    parent.get_by_role("button", name=reviews.DELETE).click()
    dialog = parent.get_by_role("dialog", name=reviews.DELETE_TITLE)
    expect(dialog.get_by_text(reviews.DELETE_TEXT)).to_be_visible()
    dialog.get_by_role("button", name=reviews.DELETE_YES).click()
    expect(parent.get_by_text(reviews.SPENT)).to_be_visible()
    expect(parent.get_by_role("button", name=reviews.ADD_OTHER)).to_have_count(0)
    assert violations(parent) == []


def test_the_school_answers_a_review_once(open_as: OpenAs):
    owner = open_as(OWNER, DESKTOP)
    visit(owner, "/school/reviews")
    first = owner.get_by_role("tabpanel").get_by_role("article").first
    words = first.locator(".np-voice-words").inner_text()
    first.get_by_role("button", name=school_reviews.REPLY).click()
    dialog = owner.get_by_role("dialog", name=school_reviews.REPLY)
    dialog.get_by_label(school_reviews.LABEL).fill("お越しいただき、ありがとうございました。")
    dialog.get_by_role("button", name=school_reviews.SEND).click()
    expect(dialog).to_be_hidden()
    expect(owner.get_by_role("tabpanel").get_by_text(words, exact=True)).to_have_count(0)
    owner.get_by_role("tab", name=school_reviews.TABS[1][1]).click()
    answered = owner.get_by_role("article").filter(has_text=words).first
    expect(answered.get_by_role("button", name=school_reviews.CHANGE)).to_be_visible()


def test_a_reader_s_vote_is_remembered(site: Site, open_as: OpenAs):
    parent = open_as(GUARDIAN, PHONE)
    visit(parent, f"/schools/{rows.school_read_by_others(site)}")
    _turn_to_parents(parent)
    vote = parent.get_by_role("tabpanel").get_by_role("button", name=reviews.HELPFUL).first
    expect(vote).to_have_attribute("aria-pressed", "false")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    reload(parent)
    _turn_to_parents(parent)
    expect(vote).to_have_attribute("aria-pressed", "true")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "false")


def _turn_to_parents(page: Page) -> None:
    """Wait until only parents' reviews stand there: those of both voices have the same buttons."""
    tab = page.get_by_role("tab", name=schools.REVIEW_TABS[1][1])
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")


def _refused_without_stars(parent: Page) -> None:
    comment = parent.get_by_label(reviews.COMMENT, exact=True).first
    comment.fill(WORDS)
    parent.get_by_role("button", name=reviews.PUBLISH).click()
    expect(parent.get_by_text(reviews.RATING_MISSING)).to_be_visible()
    expect(comment).to_have_value(WORDS)


def _star(page: Page, number: int) -> Locator:
    return page.get_by_role("radio", name=f"{number}{reviews.POINTS}（{reviews.STARS[number - 1]}）").first
