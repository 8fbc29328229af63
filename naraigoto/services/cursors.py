"""Opaque keyset cursors: where the last page ended, bound to the list they belong to."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from naraigoto.errors import InvalidInput


def encode(scope: str, position: Sequence[Any]) -> str:
    """A cursor for `position` (JSON values) in the list named by `scope` (its filters and order)."""
    body = json.dumps([_mark(scope), *position], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).rstrip(b"=").decode()


def decode(scope: str, cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The position in a cursor of this very list, with one value of each kind.

    Raises: InvalidInput for a damaged cursor, one of another list, or values of another kind.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        mark, *position = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError) as broken:
        raise InvalidInput(cursor="cursor") from broken
    right = len(position) == len(kinds) and all(type(v) is k for v, k in zip(position, kinds, strict=True))
    if mark != _mark(scope) or not right:
        raise InvalidInput(cursor="cursor")
    return position


def _mark(scope: str) -> str:
    return hashlib.sha256(scope.encode()).hexdigest()[:8]
