"""Passwords and passcodes: argon2id, off the event loop, equally slow for people who do not exist."""

import asyncio
import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from naraigoto.settings import Environment, get_settings


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


def _bytes(plain: str) -> bytes:
    # A full-width keyboard means the same digits; whatever a client sends can be encoded.
    return unicodedata.normalize("NFKC", plain).encode("utf-8", "surrogatepass")
