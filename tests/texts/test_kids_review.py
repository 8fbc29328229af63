"""A child's comment is made of stamps and own words, and can be taken apart again."""

import pytest

from naraigoto.services.text_checks import Finding
from naraigoto.texts import kids_review

FIRST, SECOND = kids_review.kept()[:2]


@pytest.mark.parametrize(
    ("tapped", "words"),
    [([], ""), ([FIRST], ""), ([FIRST, SECOND], "25メートル およげた"), ([], "たのしかった\nまた いく")],
)
def test_a_comment_comes_apart_as_it_was_put_together(tapped: list[str], words: str):
    assert kids_review.take_apart(kids_review.compose(tapped, words)) == (tapped, words)


def test_words_that_begin_like_a_stamp_stay_words():
    assert kids_review.take_apart(f"{FIRST}って おもった") == ([], f"{FIRST}って おもった")


def test_the_shown_stamps_say_what_is_kept():
    for kept, shown in kids_review.STAMPS_WORDS:
        assert "".join(text for text, _ in shown).replace(" ", "") == kept


def test_every_reason_to_wait_has_words_for_children():
    assert set(kids_review.HELD_FOR) == {finding.value for finding in Finding}
    assert kids_review.held([]) == ""
