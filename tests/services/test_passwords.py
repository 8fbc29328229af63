"""Which passwords are too easy: judged by length and by what everybody tries, not by kinds of characters."""

import pytest

from naraigoto.rules import PASSWORD_LENGTH_MAX
from naraigoto.services.passwords import weakness

OWN = ("hanako@example.com", "山田花子")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "みずいろの空とピアノ",
        "naraigoto-demo",
        "tomato kujira densha",
        "8402715936",
        "x" * 50 + "yzab" * 10,
        "花子とさんぽした日曜日",
    ],
)
def test_length_is_enough_whatever_the_characters(password: str):
    assert weakness(password, own=OWN) == ""


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "password_short"),
        ("aB3$xY9!z", "password_short"),
        ("あいうえおかきくけ", "password_short"),
        ("x1y2" * 33, "password_long"),
        ("aaaaaaaaaaaa", "password_repeated"),
        ("1212121212", "password_repeated"),
        ("0123456789", "password_repeated"),
        ("abcdefghijkl", "password_repeated"),
        ("9876543210", "password_repeated"),
        ("qwertyuiop", "password_common"),
        ("1q2w3e4r5t", "password_common"),
        ("Password2024!!", "password_common"),
        ("!!dragon1990", "password_common"),
        ("ｐａｓｓｗｏｒｄ１２３", "password_common"),
        ("passwordpassword", "password_common"),
        ("hanako@example.com", "password_own"),
        ("HANAKO@example.com", "password_own"),
        ("hanako12345", "password_own"),
        ("山田花子2024!!!!", "password_own"),
    ],
)
def test_what_everybody_would_try_is_refused_with_its_reason(password: str, reason: str):
    assert weakness(password, own=OWN) == reason


def test_the_longest_password_is_taken():
    longest = ("tomato kujira densha " * 9)[:PASSWORD_LENGTH_MAX]
    assert weakness(longest) == ""
    assert weakness(longest + "x") == "password_long"


def test_without_a_name_nothing_is_ones_own():
    assert weakness("zuijinmaru12345", own=("", "")) == ""


def test_what_cannot_be_encoded_does_not_break_the_judgement():
    assert weakness("\ud800" * 12) == "password_repeated"
    assert weakness("\ud800abcdxyz\x00-1") == ""
