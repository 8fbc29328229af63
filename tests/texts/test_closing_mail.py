"""The mail of a closed account: until when, and how to come back."""

from datetime import datetime

import pytest

from naraigoto import clock
from naraigoto.texts import mails

ERASE_AFTER = datetime(2026, 12, 24, 3, 0, tzinfo=clock.ZoneInfo("UTC"))
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=clock.JST)


@pytest.mark.parametrize("part", ["text", "html"])
def test_it_says_until_when_and_carries_the_link(part: str) -> None:
    facts = {"to": "x@example.com", "name": "<花子>", "erase_after": ERASE_AFTER, "token": "a.b-c"}
    mail = mails.render("account_closed", "account", facts, public_url="https://np.test", now=NOW)

    words = getattr(mail, part)

    assert "12/24(木) 12:00" in words
    assert "https://np.test/undo?token=a.b-c" in words
    assert "パスワードを変更" in words
    assert "プランと、キャンセルされた予約は元に戻りません" in words
    assert "代表をほかの方に引き継いだときは、保護者の一人として戻ります" in words
    assert ("<花子>" in words) == (part == "text")


@pytest.mark.parametrize("part", ["text", "html"])
def test_who_takes_over_reads_what_that_means(part: str) -> None:
    facts = {"to": "x@example.com", "name": "太郎", "family": "山田家"}
    mail = mails.render("family_passed_on", "account", facts, public_url="https://np.test", now=NOW)
    words = getattr(mail, part)
    assert "「山田家」" in words
    assert "太郎さんが代表になりました" in words
    assert "カレンダーアプリ用のアドレス" in words
    assert "https://np.test/family" in words


@pytest.mark.parametrize("part", ["text", "html"])
def test_an_heir_whose_inbox_is_not_proved_reads_no_names(part: str) -> None:
    facts = {"to": "x@example.com", "name": "", "family": ""}
    mail = mails.render("family_passed_on", "account", facts, public_url="https://np.test", now=NOW)
    words = getattr(mail, part)
    assert "ご家族の代表だった保護者が退会し、あなたが代表になりました" in words
    assert "さん" not in words


@pytest.mark.parametrize("kind", ["account_closed", "family_passed_on"])
def test_subjects_are_short(kind: str) -> None:
    assert len(f"【習い事Prime】{mails.SUBJECTS[kind]}") <= 30
