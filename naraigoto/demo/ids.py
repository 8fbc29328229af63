"""Ids that come out the same for the same seed: shaped like UUIDv7, filled from a hash."""

import hashlib
from datetime import datetime
from uuid import UUID


def seeded_id(seed: int, kind: str, key: object, at: datetime) -> UUID:
    """The id of the `key`-th thing of a kind that was made at a moment."""
    digest = hashlib.blake2b(f"{seed}/{kind}/{key}".encode(), digest_size=10).digest()
    return shaped(int(at.timestamp() * 1000), int.from_bytes(digest, "big"))


def shaped(milliseconds: int, noise: int) -> UUID:
    """A UUIDv7 of a moment; the lowest 74 bits of `noise` become its random part."""
    high = (milliseconds & (1 << 48) - 1) << 16 | 0x7000 | noise >> 62 & 0xFFF
    return UUID(int=high << 64 | 0b10 << 62 | noise & (1 << 62) - 1)
