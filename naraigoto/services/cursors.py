"""Opaque keyset cursors: where the last page ended, bound to the list they belong to."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from naraigoto.errors import InvalidInput


def encode(scope: str, position: Sequence[Any]) -> str:
    """A cursor for `position` in the list named by `scope` (its filters and order)."""
    written = [v.isoformat() if isinstance(v, datetime) else v for v in position]
    body = json.dumps([_mark(scope), *written], ensure_ascii=False, separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(body.encode()).rstrip(b"=").decode()


def decode(scope: str, cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The position in a cursor of this very list, one value of each kind: str, int, UUID or datetime.

    Raises: InvalidInput for a damaged cursor, one of another list, or values of another kind.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        mark, *position = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if mark != _mark(scope):
            raise InvalidInput(cursor="cursor")
        return [_read(value, kind) for value, kind in zip(position, kinds, strict=True)]
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as broken:
        raise InvalidInput(cursor="cursor") from broken


def _read(value: object, kind: type) -> Any:
    if kind is UUID and isinstance(value, str):
        return UUID(value)
    if kind is datetime and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("naive datetime")
        return moment.astimezone(UTC)  # an offset that Python knows and PostgreSQL does not goes no further
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value


def _mark(scope: str) -> str:
    return hashlib.sha256(scope.encode()).hexdigest()[:8]
