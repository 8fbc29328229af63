"""The Japanese calendar."""

from datetime import date

import pytest

from naraigoto import clock


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 11, 24), date(2026, 12, 24)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 30), date(2028, 2, 29)),
        (date(2027, 3, 31), date(2027, 4, 30)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(day: date, later: date) -> None:
    assert clock.month_later(day) == later
