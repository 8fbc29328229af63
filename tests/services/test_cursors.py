"""Cursors come back from strangers: whatever they hold, it is a position of this list or refused."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from naraigoto.errors import InvalidInput
from naraigoto.services import cursors

KINDS = (datetime, UUID, int, str)
MOMENT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NUMBER = UUID("0199a000-0000-7000-8000-000000000001")


def forged(*position: Any) -> str:
    """A cursor with the right mark of the list "lessons" and any position."""
    honest = cursors.encode("lessons", [])
    mark = json.loads(base64.urlsafe_b64decode(honest + "=" * (-len(honest) % 4)))[0]
    return base64.urlsafe_b64encode(json.dumps([mark, *position]).encode()).decode().rstrip("=")


def test_a_position_comes_back_as_it_went() -> None:
    written = cursors.encode("lessons", (MOMENT, NUMBER, 3, "なら"))
    assert cursors.decode("lessons", written, KINDS) == [MOMENT, NUMBER, 3, "なら"]


def test_a_cursor_belongs_to_one_list() -> None:
    written = cursors.encode("lessons", (MOMENT,))
    with pytest.raises(InvalidInput):
        cursors.decode("reviews", written, (datetime,))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (datetime, "2026-11-24T12:00:00"),
        (datetime, "0001-01-01T00:00:00+23:59"),
        (datetime, 5),
        (UUID, "no-number"),
        (UUID, 5),
        (int, True),
        (int, "5"),
        (str, None),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: type, value: Any) -> None:
    with pytest.raises(InvalidInput):
        cursors.decode("lessons", forged(value), (kind,))


def test_an_offset_that_only_python_knows_becomes_utc() -> None:
    (moment,) = cursors.decode("lessons", forged("2026-11-24T23:59:00+20:59"), (datetime,))
    assert moment.isoformat() == "2026-11-24T03:00:00+00:00"
