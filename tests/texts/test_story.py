"""Every line of a booking's story is Japanese for people, never a key for programs."""

from typing import Any

import pytest

from naraigoto.models.bookings import CancelKind
from naraigoto.texts import booking_changes as texts

BEFORE, AFTER = "2026-11-27T10:00:00+09:00", "2026-11-27T06:30:00+00:00"
LINES: list[tuple[str, dict[str, Any], str]] = [
    ("booking.created", {}, "予約しました"),
    ("waitlist.offered", {}, "席をご案内しました"),
    ("booking.change_accepted", {"question": "moved"}, "変更を承諾しました"),
    ("booking.instructor_replaced", {"before": "", "after": ""}, "先生が変わりました"),
    ("booking.moved", {"before": BEFORE, "after": AFTER}, "11/27(金) 10:00 → 11/27(金) 15:30"),
    ("booking.rescheduled", {"before": BEFORE, "after": AFTER}, "日時を変更しました"),
    ("attendance.recorded", {"before": "reserved", "after": "attended"}, "出席を記録しました"),
    ("attendance.corrected", {"before": "attended", "after": "absent"}, "出欠を欠席に直しました"),
    ("tickets.spend", {"delta": -1}, "チケットを使いました（-1枚）"),
    ("tickets.refund", {"delta": 2}, "チケットがもどりました（+2枚）"),
    ("booking.something_new", {}, texts.OTHER),
]


@pytest.mark.parametrize(("event", "facts", "words"), LINES, ids=[line[0] for line in LINES])
def test_what_happened_is_told_in_words(event: str, facts: dict[str, Any], words: str) -> None:
    assert words in texts.event(event, facts)


@pytest.mark.parametrize("kind", CancelKind)
def test_each_kind_of_cancellation_has_words_of_its_own(kind: CancelKind) -> None:
    told = {other: texts.event("booking.cancelled", {"kind": other.value}) for other in CancelKind}

    assert "キャンセル" in told[kind]
    assert list(told.values()).count(told[kind]) == 1
