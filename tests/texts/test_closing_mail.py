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
    assert ("<花子>" in words) == (part == "text")


def test_its_subject_is_short() -> None:
    assert len(f"【習い事Prime】{mails.SUBJECTS['account_closed']}") <= 30
