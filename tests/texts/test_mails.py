"""Golden checks of every mail: subject, names, Japanese time, place, link (R78)."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from naraigoto import clock
from naraigoto.texts import mails

BOOKING = UUID("01920000-0000-7000-8000-000000000001")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=clock.JST)
START = datetime(2026, 12, 5, 1, 0, tzinfo=clock.ZoneInfo("UTC"))
FACTS: dict[str, Any] = {
    "to": "hanako@example.com",
    "booking_id": BOOKING,
    "child": "そら",
    "child_age": 7,
    "guardian": "花子",
    "start_at": START,
    "end_at": START + timedelta(minutes=50),
    "lesson": "はじめての水泳",
    "belongings": "水着、タオル",
    "school": "スマイル水泳",
    "address": "東京都渋谷区神南1-2-3",
    "access": "渋谷駅から徒歩5分",
    "instructor": None,
    "tickets": 1,
    "used": 1,
    "kind": "in_time",
    "cancel_until": datetime(2026, 12, 4, 20, 0, tzinfo=clock.JST),
    "alternatives": [],
}


def rendered(side: str, *, now: datetime = NOW, **over: Any) -> mails.Rendered:
    return mails.render("booking_confirmed", side, FACTS | over, public_url="https://np.test", now=now)


@pytest.mark.parametrize("side", ["guardian", "school"])
def test_subjects_are_japanese_and_short(side: str) -> None:
    subject = rendered(side).subject

    assert subject == "【習い事Prime】予約が完了しました"
    assert len(subject) <= 30


@pytest.mark.parametrize("part", ["text", "html"])
def test_the_guardian_reads_who_when_where_what_and_how_to_go_on(part: str) -> None:
    words = getattr(rendered("guardian"), part)

    for fact in (
        "そらさん",
        "12/5(土) 10:00〜10:50",
        "はじめての水泳",
        "スマイル水泳",
        "東京都渋谷区神南1-2-3",
        "渋谷駅から徒歩5分",
        "水着、タオル",
        "おまかせ",
        "1枚",
        "12/4(金) 20:00まで",
        f"https://np.test/bookings/{BOOKING}",
    ):
        assert fact in words


@pytest.mark.parametrize("part", ["text", "html"])
def test_the_school_reads_nicknames_and_age_but_no_address_of_the_family(part: str) -> None:
    words = getattr(rendered("school", instructor="鈴木 恵"), part)

    for fact in ("そらさん（7歳）", "花子さん", "12/5(土) 10:00〜10:50", "鈴木 恵", "https://np.test/school"):
        assert fact in words
    assert "hanako@example.com" not in words
    assert "チケット" not in words


@pytest.mark.parametrize(
    ("ahead", "block"), [(1, "明日のレッスンです"), (0, "本日のレッスンです"), (2, "レッスンです。")]
)
def test_a_late_booking_carries_its_reminder(ahead: int, block: str) -> None:
    words = rendered("guardian", now=START - timedelta(days=ahead, minutes=5))

    assert (block in words.text) is (ahead < 2)
    assert (block in words.html) is (ahead < 2)


def test_facts_that_are_missing_leave_no_empty_line() -> None:
    words = rendered("guardian", belongings="", address="", access="")

    for name in ("持ち物", "場所", "アクセス"):
        assert f"{name}:" not in words.text
        assert f">{name}<" not in words.html


def test_names_cannot_bring_markup_into_a_mail() -> None:
    words = rendered("guardian", school="<script>alert(1)</script>", child="A&B")

    assert "<script>" not in words.html
    assert "&lt;script&gt;" in words.html
    assert "A&Bさん" in words.text


@pytest.mark.parametrize("side", ["guardian", "school"])
def test_html_is_japanese_readable_in_the_dark_and_asks_nothing_of_other_hosts(side: str) -> None:
    html = rendered(side).html

    assert '<html lang="ja">' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert 'style="' in html
    assert "src=" not in html
    assert html.count("http") == 1


def test_mails_about_bookings_have_words_for_both_sides() -> None:
    for kind in ("booking_confirmed", "booking_cancelled"):
        for side in ("guardian", "school"):
            assert mails.render(kind, side, FACTS, public_url="https://np.test", now=NOW).text


def test_every_kind_has_a_subject_and_the_same_sides_as_text_and_as_html() -> None:
    files = [file.name.split(".") for file in Path(mails.__file__).parent.glob("*.*.*")]
    sides = {
        suffix: {(kind, side) for kind, side, kept in files if kept == suffix} for suffix in ("txt", "html")
    }
    assert sides["txt"] == sides["html"]
    assert {kind for kind, _ in sides["txt"]} == set(mails.SUBJECTS)


def test_the_digest_names_the_search_its_new_slots_and_the_way_to_stop_it() -> None:
    slot = {"school_id": BOOKING, "school": "スマイル水泳", "title": "はじめての水泳", "start_at": START}
    found = {"q": "", "areas": ["渋谷区"], "genre": "水泳", "query": "area=13113&category=swim", "number": 5}
    facts = {"to": "a@example.com", "stop_key": BOOKING, "searches": [found | {"slots": [slot]}]}
    words = mails.render("saved_search_digest", "guardian", facts, public_url="https://np.test", now=NOW)
    assert words.subject == "【習い事Prime】新しい枠のお知らせ"
    for part in (words.text, words.html):
        for fact in (
            "渋谷区の水泳",
            "5件",
            "スマイル水泳",
            "はじめての水泳",
            f"https://np.test/unsubscribe/{BOOKING}",
        ):
            assert fact in part
    assert "12/5(土) 10:00" in words.text
    assert "https://np.test/search?area=13113&category=swim" in words.text
    assert "https://np.test/search?area=13113&amp;category=swim" in words.html
