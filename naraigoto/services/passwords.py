"""Passwords and passcodes: argon2id, off the event loop, equally slow for people who do not exist.

A password is judged by its length and by what everybody tries first, never by the kinds of its characters.
"""

import asyncio
import os
import string
import unicodedata
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from naraigoto.rules import PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN
from naraigoto.settings import Environment, get_settings

# Fewer different characters than this are one key pressed again and again.
_LETTERS_MIN = 4
_WORD_MIN = 4
_DECORATION = string.digits + string.punctuation + string.whitespace


@lru_cache
def _hasher() -> PasswordHasher:
    if get_settings().env is Environment.TEST:
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher()


@lru_cache
def _workers() -> ThreadPoolExecutor:
    # A hash takes a core and 64 MB: more of them at once would only be larger, not sooner.
    return ThreadPoolExecutor(max_workers=os.cpu_count(), thread_name_prefix="argon2")


@lru_cache
def _nobody() -> str:
    return hash_secret("a secret that nobody has")


def hash_secret(plain: str) -> str:
    """The argon2id hash to store."""
    return _hasher().hash(_bytes(plain))


def verify_secret(stored: str | None, plain: str) -> bool:
    """True when the secret fits; without a stored hash it takes as long and answers False."""
    try:
        return _hasher().verify(stored or _nobody(), _bytes(plain)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


async def hashed(plain: str) -> str:
    """hash_secret in a thread."""
    return await asyncio.get_running_loop().run_in_executor(_workers(), hash_secret, plain)


async def verified(stored: str | None, plain: str) -> bool:
    """verify_secret in a thread."""
    return await asyncio.get_running_loop().run_in_executor(_workers(), verify_secret, stored, plain)


def outdated(stored: str) -> bool:
    """True when the hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(stored)


def weakness(password: str, *, own: Collection[str] = ()) -> str:
    """Why nobody should take this password, as a short reason key; empty for a good one.

    `own` are the address and the name of the person.
    """
    folded = unicodedata.normalize("NFKC", password).casefold()
    if len(folded) < PASSWORD_LENGTH_MIN:
        return "password_short"
    if len(password) > PASSWORD_LENGTH_MAX:
        return "password_long"
    if len(set(folded)) < _LETTERS_MIN or _walks(folded):
        return "password_repeated"
    core = _core(folded)
    if {core, folded} & {form for value in own for form in _forms(value)}:
        return "password_own"
    if core in _common() or folded in _common() or _twice(core) in _common():
        return "password_common"
    return ""


def _core(folded: str) -> str:
    """Without the digits and signs that people put around a word to make it "strong"."""
    return folded.strip(_DECORATION) or folded


def _walks(folded: str) -> bool:
    """True for one step all along: 0123456789, abcdefghij, 9876543210."""
    steps = {ord(after) - ord(before) for before, after in pairwise(folded)}
    return len(steps) == 1


def _twice(core: str) -> str:
    """The half of a word that is written twice, else nothing."""
    half = core[: len(core) // 2]
    return half if half and half * 2 == core else ""


def _forms(own: str) -> set[str]:
    """How somebody would write their own address or name as a password."""
    folded = unicodedata.normalize("NFKC", own).casefold()
    local = folded.partition("@")[0]
    return {folded, _core(folded), local, _core(local)} - {""}


@lru_cache
def _common() -> frozenset[str]:
    # Some megabytes that only a process needs in which somebody chooses a password.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    listed = (word.casefold() for word in FREQUENCY_LISTS["passwords"])
    return frozenset(form for word in listed for form in (word, _core(word)) if len(form) >= _WORD_MIN)


def _bytes(plain: str) -> bytes:
    # A full-width keyboard means the same digits; whatever a client sends can be encoded.
    return unicodedata.normalize("NFKC", plain).encode("utf-8", "surrogatepass")
