"""Golden checks of the mails about families."""

from datetime import datetime

import pytest

from naraigoto import clock
from naraigoto.texts import mails

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=clock.JST)
FACTS = {"side": "guardian", "to": "hanako@example.com", "owner": "花子", "joined": "太郎"}


@pytest.mark.parametrize("part", ["text", "html"])
def test_the_owner_reads_who_came_in_and_what_they_may_do(part: str) -> None:
    mail = mails.render("guardian_joined", "guardian", FACTS, public_url="https://np.test", now=NOW)
    assert mail.subject == "【習い事Prime】家族に保護者が加わりました"
    assert len(mail.subject) <= 30
    words = getattr(mail, part)
    for fact in ("花子さん", "太郎さん", "お支払い", "心あたりがない", "https://np.test/family"):
        assert fact in words
    assert "hanako@example.com" not in words
