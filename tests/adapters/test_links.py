"""Signed links of mails: only ours, only for their purpose, only until they expire."""

from datetime import timedelta
from pathlib import Path

import pytest

from naraigoto.adapters.identity import TokenRefused, links
from naraigoto.adapters.identity.keys import KeyRing, open_keys
from naraigoto.rules import KEY_PUBLISHED_FIRST
from tests.factories import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return open_keys(tmp_path / "keys")


def issued(keys: KeyRing) -> str:
    return links.issue(keys, purpose="verify", claims={"user": "1"}, expires_at=LATER)


def test_a_link_says_what_it_was_made_to_say(keys: KeyRing):
    assert links.read(keys, issued(keys), purpose="verify", now=NOW) == {"user": "1"}


def test_a_link_fits_into_an_address_as_it_is(keys: KeyRing):
    assert issued(keys).replace(".", "").replace("-", "").replace("_", "").isalnum()


def test_a_link_made_before_the_keys_rotated_is_still_good(keys: KeyRing):
    token = issued(keys)
    keys.rotate(NOW + KEY_PUBLISHED_FIRST)
    assert links.read(keys, token, purpose="verify", now=NOW) == {"user": "1"}


@pytest.mark.parametrize(
    "broken",
    ["", "x", "a.b", "a.b.c", "あ", "\x00", "x" * 5000, "{token}x", "x{token}", "{token}.", ".{token}"],
    ids=lambda value: value[:12],
)
def test_what_we_did_not_sign_is_refused(keys: KeyRing, broken: str):
    with pytest.raises(TokenRefused):
        links.read(keys, broken.format(token=issued(keys)), purpose="verify", now=NOW)


def test_a_link_for_one_purpose_serves_no_other(keys: KeyRing):
    with pytest.raises(TokenRefused):
        links.read(keys, issued(keys), purpose="reset", now=NOW)


def test_a_link_ends_at_its_time(keys: KeyRing):
    token = issued(keys)
    assert links.read(keys, token, purpose="verify", now=LATER - timedelta(seconds=1))
    with pytest.raises(TokenRefused):
        links.read(keys, token, purpose="verify", now=LATER)


def test_the_keys_of_another_site_sign_nothing_here(keys: KeyRing, tmp_path: Path):
    with pytest.raises(TokenRefused):
        links.read(keys, issued(open_keys(tmp_path / "other")), purpose="verify", now=NOW)
