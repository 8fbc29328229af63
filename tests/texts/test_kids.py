from datetime import date, timedelta

import pytest

from naraigoto.texts import kids
from naraigoto.texts.kids import Line
from tests.factories import NOW


def read(line: Line) -> str:
    """As a child reads it: the reading where there is one."""
    return "".join(reading or text for text, reading in line)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 1), "12がつついたち かようび"),
        (date(2026, 12, 20), "12がつはつか にちようび"),
        (date(2026, 11, 27), "11がつ27にち きんようび"),
    ],
)
def test_days_are_read_as_people_say_them(day: date, expected: str):
    assert read(kids.day_line(day)) == expected


def test_hours_and_minutes_are_read_as_people_say_them():
    start = NOW.replace(hour=10)
    assert read(kids.time_line(start, start + timedelta(minutes=50))) == "10じ から 10じ50ぷん まで"
    assert read(kids.time_line(start.replace(minute=5), start)) == "10じ5ふん から 10じ まで"


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(minutes=-10), "いま レッスンちゅうだよ"),
        (timedelta(seconds=30), "もうすぐ はじまるよ"),
        (timedelta(minutes=59), "あと 59ふん"),
        (timedelta(hours=3, minutes=20), "あと 3じかん"),
        (timedelta(days=1), "あした だよ"),
        (timedelta(days=2), "あと ふつか"),
        (timedelta(days=45), "あと 45にち"),
    ],
    ids=str,
)
def test_the_time_left_is_said_in_the_unit_that_fits(left: timedelta, expected: str):
    start = NOW + left
    assert read(kids.countdown(NOW, start, start + timedelta(minutes=50))) == expected


def test_a_name_is_read_aloud_only_where_it_holds_kanji():
    assert kids.with_reading("青空教室", "あおぞらきょうしつ") == [("青空教室", "あおぞらきょうしつ")]
    assert kids.with_reading("キッズダンス", "きっずだんす") == [("キッズダンス", "")]
