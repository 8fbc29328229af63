"""Golden checks of the mails about what becomes of a booking."""

import pytest

from naraigoto.texts import mails
from tests.texts.test_mails import BOOKING, FACTS, NOW


def cancelled(side: str, **over: object) -> mails.Rendered:
    return mails.render("booking_cancelled", side, FACTS | over, public_url="https://np.test", now=NOW)


@pytest.mark.parametrize("part", ["text", "html"])
@pytest.mark.parametrize(
    ("kind", "tickets", "words"),
    [
        ("in_time", 1, ["次の予約をキャンセルしました", "1枚もどりました"]),
        ("late", 0, ["1枚使用済み", "期限を過ぎていた", "チケットがもどります"]),
        ("school", 2, ["スマイル水泳のご都合により", "2枚もどりました"]),
        ("admin", 1, ["事務局が", "1枚もどりました"]),
    ],
)
def test_the_guardian_reads_what_was_cancelled_and_where_the_tickets_are(
    part: str, kind: str, tickets: int, words: list[str]
) -> None:
    mail = getattr(cancelled("guardian", kind=kind, tickets=tickets), part)

    for word in (*words, "そらさん", "12/5(土) 10:00〜10:50", f"https://np.test/bookings/{BOOKING}"):
        assert word in mail


@pytest.mark.parametrize("part", ["text", "html"])
def test_the_school_reads_of_the_free_seat_and_nothing_of_tickets(part: str) -> None:
    mail = getattr(cancelled("school"), part)

    for word in ("席が1つ空きました", "そらさん（7歳）", "12/5(土) 10:00〜10:50", "https://np.test/school"):
        assert word in mail
    assert "チケット" not in mail
    assert "hanako@example.com" not in mail


@pytest.mark.parametrize("side", ["guardian", "school"])
def test_subjects_are_short(side: str) -> None:
    assert len(cancelled(side).subject) <= 30
