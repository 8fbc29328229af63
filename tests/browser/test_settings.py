"""One's own account, on a phone: name, mails, password, data, documents, leaving and coming back."""

import json
import re
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from naraigoto.rules import EXPORTS
from naraigoto.texts import settings as texts
from naraigoto.texts import ui
from naraigoto.texts import undo as undo_texts
from naraigoto.texts.legal import LINKS
from naraigoto.texts.mails import SUBJECTS
from tests.browser.conftest import OpenAs, OpenGuest
from tests.browser.letters import link_of_letter, open_letter
from tests.browser.people import newcomer
from tests.browser.ready import arrive, reload, violations, visit
from tests.browser.site import PASSWORD, PHONE, Site, sign_in

LONGER = "あかい ふうせん みっつ"


def settings_of(page: Page, email: str) -> Page:
    """The page of somebody who is signed in now."""
    sign_in(page, email)
    visit(page, "/settings")
    expect(page.get_by_role("heading", level=1, name=texts.TITLE)).to_be_visible()
    return page


def test_a_name_is_changed_and_the_frame_follows(site: Site, phone: Page):
    sign_in(phone, newcomer(site))
    page = visit(phone, "/home")
    page.locator("header summary").click()
    page.get_by_role("link", name=ui.SETTINGS, exact=True).click()
    arrive(page, "**/settings")
    expect(page.get_by_role("heading", level=1, name=texts.TITLE)).to_be_visible()
    name = page.get_by_label(texts.NAME_LABEL)
    name.fill("  ")
    page.get_by_role("button", name=texts.SAVE).click()
    expect(page.get_by_text("入力してください")).to_be_visible()
    expect(name).to_have_attribute("aria-invalid", "true")
    name.fill("新しい名前")
    page.get_by_role("button", name=texts.SAVE).click()
    expect(page.get_by_text(texts.SAVED)).to_be_visible()
    page.locator("header summary").click()
    expect(page.locator("header").get_by_text("新しい名前")).to_be_visible()
    reload(page)
    expect(name).to_have_value("新しい名前")


def test_mails_are_stopped_one_by_one(site: Site, phone: Page):
    page = settings_of(phone, newcomer(site))
    reminders = page.get_by_role("checkbox", name=texts.FLAGS["reminders"][0])
    expect(reminders).to_be_checked()
    reminders.click()
    expect(page.get_by_text(texts.SAVED)).to_be_visible()
    expect(reminders).not_to_be_checked()
    reload(page)
    expect(reminders).not_to_be_checked()
    expect(page.get_by_role("checkbox", name=texts.FLAGS["review_requests"][0])).to_be_checked()
    expect(page.get_by_text(texts.NOTICES_ALWAYS_TEXT)).to_be_visible()


def test_a_changed_password_signs_other_devices_out_and_not_this_one(site: Site, open_guest: OpenGuest):
    email = newcomer(site)
    page = settings_of(open_guest(PHONE, refused=True), email)
    other = open_guest()
    sign_in(other, email)
    reload(page)
    devices = page.get_by_role("region", name=texts.DEVICES)
    expect(devices.get_by_role("listitem")).to_have_count(2)
    form = page.get_by_role("region", name=texts.PASSWORD)
    form.get_by_label(texts.PASSWORD_CURRENT, exact=True).fill("wrong-password")
    form.get_by_label("新しいパスワード", exact=True).fill(LONGER)
    form.get_by_role("button", name=texts.PASSWORD_SUBMIT).click()
    expect(form.get_by_role("alert")).to_contain_text("正しくありません")
    expect(form.get_by_label("新しいパスワード", exact=True)).to_have_value(LONGER)
    form.get_by_label(texts.PASSWORD_CURRENT, exact=True).fill(PASSWORD)
    form.get_by_role("button", name=texts.PASSWORD_SUBMIT).click()
    expect(page.get_by_text(texts.PASSWORD_DONE)).to_be_visible()
    expect(devices.get_by_role("listitem")).to_have_count(1)
    visit(other, "/settings")
    expect(other.get_by_role("heading", name="ログインが必要です")).to_be_visible()


def test_another_device_is_signed_out_from_afar(site: Site, open_guest: OpenGuest):
    email = newcomer(site)
    page = settings_of(open_guest(), email)
    other = open_guest()
    sign_in(other, email)
    reload(page)
    devices = page.get_by_role("region", name=texts.DEVICES)
    expect(devices.get_by_text(texts.THIS_DEVICE, exact=True)).to_be_visible()
    devices.get_by_role("button", name=re.compile(f"を{texts.END}$")).click()
    expect(page.get_by_text(texts.ENDED)).to_be_visible()
    expect(devices.get_by_role("listitem")).to_have_count(1)
    visit(other, "/settings")
    expect(other.get_by_role("heading", name="ログインが必要です")).to_be_visible()


def test_another_address_is_asked_for_and_waits_for_its_proof(site: Site, open_guest: OpenGuest):
    page = settings_of(open_guest(PHONE, refused=True), newcomer(site))
    section = page.get_by_role("region", name=texts.EMAIL)
    expect(section.get_by_text(texts.VERIFIED, exact=True)).to_be_visible()
    section.get_by_text(texts.EMAIL_CHANGE).click()
    new = f"{uuid4()}@example.com"
    section.get_by_label(texts.EMAIL_NEW).fill(new)
    section.get_by_label(texts.EMAIL_PASSWORD, exact=True).fill("wrong-password")
    section.get_by_role("button", name=texts.EMAIL_SUBMIT).click()
    expect(section.get_by_role("alert")).to_contain_text("正しくありません")
    expect(section.get_by_label(texts.EMAIL_NEW)).to_have_value(new)
    section.get_by_label(texts.EMAIL_PASSWORD, exact=True).fill(PASSWORD)
    section.get_by_role("button", name=texts.EMAIL_SUBMIT).click()
    expect(section.get_by_text(texts.EMAIL_SENT)).to_be_visible()
    expect(section.get_by_text(new)).to_be_visible()
    assert violations(page) == []


def test_an_unproved_address_gets_its_mail_again(site: Site, phone: Page):
    page = settings_of(phone, newcomer(site, verified=False))
    section = page.get_by_role("region", name=texts.EMAIL)
    expect(section.get_by_text(texts.UNVERIFIED, exact=True)).to_be_visible()
    section.get_by_role("button", name=texts.RESEND).click()
    expect(section.get_by_text(texts.RESENT)).to_be_visible()


@pytest.mark.parametrize(
    ("who", "button"), [("parent2@example.com", texts.EXPORT_SUBMIT), ("hana", texts.KIDS_EXPORT_SUBMIT)]
)
def test_ones_data_comes_as_a_zip(open_as: OpenAs, tmp_path: Path, who: str, button: str):
    page = open_as(who)
    visit(page, "/settings")
    with page.expect_download() as started:
        page.get_by_role("link", name=button, exact=True).click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    with zipfile.ZipFile(path) as folder:
        whole = json.loads(folder.read("naraigoto.json"))
    assert whole["user_id"] in {person["id"] for person in whole["people"]}
    assert path.suffix == ".zip"


def test_a_download_too_many_is_refused_on_the_page(site: Site, open_guest: OpenGuest):
    page = settings_of(open_guest(PHONE, refused=True), newcomer(site))
    for _ in range(EXPORTS.count):
        assert page.request.get("/api/v1/me/export").ok
    section = page.get_by_role("region", name=texts.EXPORT)
    section.get_by_role("link", name=texts.EXPORT_SUBMIT, exact=True).click()
    expect(section.get_by_role("alert")).to_contain_text("しばらく時間をおいてお試しください（あと約24時間）")
    expect(page).to_have_url(f"{site.url}/settings")
    assert violations(page) == []


def test_an_account_is_closed_and_opened_again_by_the_mail(site: Site, phone: Page):
    email = newcomer(site)
    page = settings_of(phone, email)
    page.get_by_role("button", name=texts.CLOSE_OPEN).click()
    dialog = page.get_by_role("dialog", name=texts.CLOSE_TITLE)
    expect(dialog.get_by_text(texts.CLOSE_POINTS[0])).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name=texts.CLOSE_SUBMIT).click()
    expect(dialog.get_by_text(texts.CLOSE_AGREE_MISSING)).to_be_visible()
    dialog.get_by_role("checkbox", name=texts.CLOSE_AGREE).check()
    dialog.get_by_role("button", name=texts.CLOSE_SUBMIT).click()
    arrive(page, "**/goodbye")
    expect(page.get_by_role("heading", name=texts.GOODBYE_TITLE)).to_be_visible()
    visit(page, "/settings")
    expect(page.get_by_role("heading", name="ログインが必要です")).to_be_visible()

    open_letter(page, email, SUBJECTS["account_closed"])
    visit(page, link_of_letter(page))
    page.get_by_role("button", name=undo_texts.SUBMIT).click()
    expect(page.get_by_text(undo_texts.DONE)).to_be_visible()
    assert violations(page) == []
    sign_in(page, email)
    visit(page, "/settings")
    expect(page.get_by_role("heading", level=1, name=texts.TITLE)).to_be_visible()


def test_a_link_that_undoes_nothing_says_so(open_guest: OpenGuest):
    page = open_guest(PHONE, refused=True)
    visit(page, "/undo?token=forged")
    page.get_by_role("button", name=undo_texts.SUBMIT).click()
    expect(page.get_by_role("alert")).to_contain_text(undo_texts.UNUSABLE)


def test_the_footer_leads_to_documents_that_one_jumps_through(open_as: OpenAs):
    phone = open_as("")
    visit(phone, "/login")
    for href, words in LINKS:
        phone.get_by_role("contentinfo").get_by_role("link", name=words).click()
        arrive(phone, f"**{href}")
        expect(phone.get_by_role("heading", level=1, name=words)).to_be_visible()
    phone.get_by_role("navigation", name="目次").get_by_role("link", name="解約の方法").click()
    expect(phone.get_by_role("heading", name="解約の方法")).to_be_in_viewport()
    expect(phone.get_by_role("link", name=re.compile("^support@"))).to_be_visible()
