"""Our signing keys: made once, rotated with overlap, agreed upon by several processes."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from naraigoto.adapters.identity import TokenRefused, tokens
from naraigoto.adapters.identity.keys import KeyRing, open_keys
from naraigoto.rules import ACCESS_TOKEN_LIFETIME, KEY_KEPT, KEY_PUBLISHED_FIRST, KEY_ROTATION

MINUTE = timedelta(minutes=1)
Sign = Callable[[KeyRing, datetime], str]


def sign(ring: KeyRing, now: datetime) -> str:
    return tokens.issue(
        ring.signing(now),
        issuer="us",
        user_id=uuid4(),
        session_id=uuid4(),
        lifetime=ACCESS_TOKEN_LIFETIME,
        now=now,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def ring(folder: Path, now: datetime) -> KeyRing:
    """One key, as old sites have it, made half a year ago."""
    open_keys(folder)
    made = (now - timedelta(days=180)).timestamp()
    os.utime(folder / "access-token.pem", (made, made))
    return KeyRing(folder)


def test_the_key_stays_the_same_and_is_private(folder: Path):
    (first,) = open_keys(folder).keys
    assert [key.kid for key in open_keys(folder).keys] == [first.kid]
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "d" not in first.public
    assert first.public["use"] == "sig"


def test_processes_that_start_together_agree_on_one_key(folder: Path):
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: open_keys(folder).keys[0].kid, range(6)))
    assert len(set(found)) == 1
    assert len(list(folder.iterdir())) == 1


def test_a_new_key_is_published_before_it_signs_and_the_old_one_verifies_until_its_tokens_end(
    ring: KeyRing, now: datetime
):
    old = ring.signing(now)
    made = ring.rotate(now)
    assert made is not None
    assert [key["kid"] for key in ring.public(now)] == [old.kid, made.kid]
    taken_over = now + KEY_PUBLISHED_FIRST
    assert ring.signing(taken_over - MINUTE) == old
    last = sign(ring, taken_over - MINUTE)
    assert ring.signing(taken_over) == made
    almost = taken_over - MINUTE + ACCESS_TOKEN_LIFETIME - timedelta(seconds=1)
    assert tokens.verify(last, ring, issuer="us", now=almost)
    gone = taken_over + ACCESS_TOKEN_LIFETIME + MINUTE
    assert [key["kid"] for key in ring.public(gone)] == [made.kid]
    assert ring.key(old.kid, gone) is None


def test_a_stolen_old_key_signs_nothing_any_more(ring: KeyRing, now: datetime):
    ring.rotate(now)
    later = now + timedelta(days=2)
    forged = tokens.issue(
        ring.keys[0],
        issuer="us",
        user_id=uuid4(),
        session_id=uuid4(),
        lifetime=ACCESS_TOKEN_LIFETIME,
        now=later,
    )
    with pytest.raises(TokenRefused, match="unknown key"):
        tokens.verify(forged, ring, issuer="us", now=later)


def test_another_process_learns_of_the_new_key_at_once(ring: KeyRing, folder: Path, now: datetime):
    other = KeyRing(folder)
    assert len(other.keys) == 1
    ring.rotate(now)
    later = now + KEY_PUBLISHED_FIRST
    assert other.signing(later).kid == ring.signing(later).kid == ring.keys[1].kid
    assert tokens.verify(sign(ring, later), other, issuer="us", now=later)


def test_processes_that_rotate_together_make_one_key(ring: KeyRing, folder: Path, now: datetime):
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: KeyRing(folder).rotate_when_due(now), range(6)))
    assert sum(made) == 1
    assert len(ring.keys) == 2


def test_rotation_waits_for_its_time_and_twice_is_once(ring: KeyRing, now: datetime):
    assert ring.rotate_when_due(now)
    assert not ring.rotate_when_due(now)
    assert not ring.rotate_when_due(now + KEY_ROTATION - MINUTE)
    assert ring.rotate_when_due(now + KEY_ROTATION)


def test_an_operator_cannot_rotate_past_a_key_that_does_not_sign_yet(ring: KeyRing, now: datetime):
    assert ring.rotate(now) is not None
    assert ring.rotate(now + MINUTE) is None
    assert ring.rotate(now + KEY_PUBLISHED_FIRST) is not None


def test_a_retired_key_is_kept_for_links_and_then_deleted(ring: KeyRing, now: datetime):
    before = ring.secrets("links")
    ring.rotate(now)
    assert ring.secrets("links")[0] == before[0]
    assert ring.secrets("links")[0] != ring.secrets("others")[0]
    end = now + KEY_PUBLISHED_FIRST + KEY_KEPT
    assert ring.forget(end - MINUTE) == 0
    assert ring.forget(end) == 1
    assert ring.forget(end) == 0
    assert [key.kid for key in ring.keys] == [ring.signing(end).kid]


def test_the_newest_key_is_the_last_one_even_when_a_clock_was_set_back(folder: Path, now: datetime):
    ring = open_keys(folder)
    (first,) = ring.keys
    made = ring.rotate(now - timedelta(days=365))
    assert made is not None
    assert list(ring.keys) == [first, made]
    assert ring.signing(first.created_at + KEY_PUBLISHED_FIRST) == first


def test_other_files_in_the_folder_are_no_keys(ring: KeyRing, folder: Path):
    (folder / "stripe.pem").write_text("something else")
    (folder / "access-token.notes.txt").write_text("x")
    assert len(KeyRing(folder).keys) == 1
