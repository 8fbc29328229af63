"""The Japanese calendar, and the clock that tests read."""

from datetime import date, datetime

import pytest

from naraigoto import clock
from tests.clocks import at
from tests.factories import NOW


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


def test_in_tests_the_clock_runs_on_from_now() -> None:
    first = clock.now()
    assert NOW <= first <= clock.now()
    assert clock.jst_date(first) == NOW.date()


def test_another_moment_lasts_as_long_as_its_block() -> None:
    leap_day = datetime(2028, 2, 29, tzinfo=clock.JST)
    with at(leap_day):
        assert clock.jst_date(clock.now()) == leap_day.date()
    assert clock.jst_date(clock.now()) == NOW.date()


def test_a_test_can_ask_for_the_machines_clock(real_clock: None) -> None:
    before, found = clock.machine(), clock.now()
    assert before <= found <= clock.machine()
