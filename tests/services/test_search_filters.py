"""Filters come from addresses that anybody may write."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from naraigoto.errors import InvalidInput
from naraigoto.rules import TimeOfDay, Travel
from naraigoto.services.search import FIELDS, Near, SearchFilters, Sort, joined, parse, parse_leniently

TODAY = date(2026, 11, 24)


def test_everything_that_may_be_said_is_read() -> None:
    filters = parse(
        {
            "q": "  水泳 ",
            "area": "13113,13112,13113",
            "category": "swim",
            "date": "2026-12-05",
            "weekday": "sun,sat",
            "time": "morning",
            "travel": "bike",
            "child_rating": "4.5",
            "safety": "1",
            "near": "35.66, 139.70",
            "radius_m": "3000",
            "age": "7",
            "instructor_choice": "true",
            "sort": "distance",
            "cursor": "ignored",
        },
        today=TODAY,
    )
    assert filters == SearchFilters(
        q="水泳",
        areas=("13113", "13112"),
        category="swim",
        day=date(2026, 12, 5),
        weekdays=(5, 6),
        time=TimeOfDay.MORNING,
        travel=Travel.BIKE,
        child_rating=4.5,
        safe=True,
        near=Near(35.66, 139.70),
        radius_m=3000,
        age=7,
        instructor_choice=True,
        sort=Sort.DISTANCE,
    )


def test_nothing_said_means_everything() -> None:
    assert parse({"q": "", "area": None, "near": " "}, today=TODAY) == SearchFilters()


@pytest.mark.parametrize(
    ("raw", "problems"),
    [
        ({"q": "水" * 101}, {"q": "too_long"}),
        ({"date": "2026-02-30"}, {"date": "invalid"}),
        ({"date": "12/5"}, {"date": "invalid"}),
        ({"date": "9999-12-31"}, {"date": "out_of_range"}),
        ({"near": "35.66"}, {"near": "invalid"}),
        ({"near": "91,0"}, {"near": "out_of_range"}),
        ({"near": "nan,0"}, {"near": "invalid"}),
        ({"near": "1e400,0"}, {"near": "invalid"}),
        ({"near": "35,139", "radius_m": "99"}, {"radius_m": "out_of_range"}),
        ({"near": "35,139", "radius_m": "50001"}, {"radius_m": "out_of_range"}),
        ({"near": "35,139", "radius_m": "2.5"}, {"radius_m": "invalid"}),
        ({"radius_m": "2000"}, {"near": "missing"}),
        ({"sort": "distance"}, {"near": "missing"}),
        ({"sort": "price"}, {"sort": "enum"}),
        ({"near": "35,139", "radius_m": "0"}, {"radius_m": "out_of_range"}),
        ({"near": "35,139", "radius_m": "1000000000"}, {"radius_m": "out_of_range"}),
        ({"near": "35,139", "radius_m": "9" * 5000}, {"radius_m": "out_of_range"}),
        ({"travel": "walk"}, {"near": "missing"}),
        ({"near": "35,139", "travel": "rocket"}, {"travel": "enum"}),
        ({"weekday": "sat,holiday"}, {"weekday": "enum"}),
        ({"time": "midnight"}, {"time": "enum"}),
        ({"child_rating": "4.7"}, {"child_rating": "enum"}),
        ({"safety": "yes"}, {"safety": "enum"}),
        ({"area": ",".join(str(n) for n in range(13101, 13112))}, {"area": "too_long"}),
        ({"q": "水" * 10_000}, {"q": "too_long"}),
        ({"age": "19"}, {"age": "out_of_range"}),
        ({"age": "-1"}, {"age": "out_of_range"}),
        ({"instructor_choice": "maybe"}, {"instructor_choice": "enum"}),
        ({"age": "x", "date": "y"}, {"age": "invalid", "date": "invalid"}),
    ],
)
def test_what_cannot_be_read_is_named(raw: dict[str, str], problems: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(raw, today=TODAY)
    assert refused.value.facts["fields"] == problems


def test_control_characters_and_broken_halves_leave_the_words() -> None:
    assert parse({"q": "\0水\ud800泳\x1b\n教室\t"}, today=TODAY).q == "水泳  教室"


def test_a_shared_link_drops_only_what_cannot_be_read() -> None:
    filters, dropped = parse_leniently(
        {"q": "水泳", "date": "きのう", "radius_m": "2000", "sort": "distance"}, today=TODAY
    )
    assert filters == SearchFilters(q="水泳")
    assert dropped == {"date", "radius_m", "sort"}


def test_several_areas_and_weekdays_are_joined_and_else_the_last_value_counts() -> None:
    pairs = [("area", "13113"), ("area", ""), ("area", "13112"), ("weekday", "sat"), ("q", "a"), ("q", "b")]
    assert joined(pairs) == {"area": "13113,13112", "weekday": "sat", "q": "b"}


def test_a_weekday_is_asked_for_on_every_such_day_that_can_be_booked() -> None:
    days = SearchFilters(weekdays=(5,)).days(TODAY)
    assert days is not None
    assert (days[0], days[-1], len(days)) == (date(2026, 11, 28), date(2027, 1, 23), 9)
    assert SearchFilters(day=date(2026, 12, 5), weekdays=(5,)).days(TODAY) == [date(2026, 12, 5)]
    assert SearchFilters(day=date(2026, 12, 6), weekdays=(5,)).days(TODAY) == []
    assert SearchFilters().days(TODAY) is None


def test_marks_of_direction_are_no_words() -> None:
    assert parse({"q": "\u202e水泳\u200f"}, today=TODAY).q == "水泳"


_ANY = st.one_of(st.text(max_size=120), st.sampled_from(["distance", "1", "35.6,139.7", "2026-12-05", "300"]))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # two cores, many tests
@given(raw=st.dictionaries(st.sampled_from(FIELDS), _ANY))
def test_any_text_is_read_or_refused_and_written_back_the_same(raw: dict[str, str]) -> None:
    filters, dropped = parse_leniently(raw, today=TODAY)
    assert dropped <= set(FIELDS)
    again = parse(filters.query(), today=TODAY)
    assert again.model_copy(update={"near": filters.near}) == filters
