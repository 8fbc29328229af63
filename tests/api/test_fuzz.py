"""Anything may be sent to any operation: the answer is never a 500, a stack trace or somebody's data."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from naraigoto.naraigoto import fastapi_app
from tests.authz.world import MARKERS, Persona, World, build
from tests.prepared import Prepare

_BOUNDED = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_LEAKS = ("Traceback", "psycopg", "sqlalchemy", "SELECT ", "INSERT ", 'File "/', "naraigoto/")
_ABSENT = str(UUID(int=7))

HOSTILE = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "%",
    "_",
    "\\",
    "'",
    '"',
    ";",
    "%_\\\"';--",
    "' OR 1=1 --",
    "../../etc/passwd",
    "😀" * 50,
    "\ud800",
    "\u202e\u200d",
    "あ" * 10_000,
    "q" * 10_000,
    "0",
    "-1",
    "1e9",
    "NaN",
    "Infinity",
    "1e400",
    "9" * 400,
    "٣",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "90,180",
    "-90,-180",
    "0,0",
    "91,181",
    "35.6,139.7,1",
    "nan,inf",
    "null",
    "[]",
    "{}",
    "true",
    _ABSENT,
    "W10",
    "WyJhIiwxXQ",
]
_NAMES = ["q", "area", "category", "date", "near", "radius_m", "age", "instructor_choice", "sort", "kind"]
_NAMES += ["weekday", "time", "travel", "child_rating", "safety"]
_NAMES += ["status", "from", "to", "order", "cursor", "limit", "school_id", "instructor_id", "unknown"]
_WORDS = ["schedule_id", "child_user_id", "instructor_id", "status", "email", "password"]
_WORDS += ["family_code", "login_name", "passcode", "unknown"]

text = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
value = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), text),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(_WORDS), inner, max_size=3)
    ),
    max_leaves=6,
)
query = st.lists(st.tuples(st.sampled_from(_NAMES), text), max_size=5)
body = st.one_of(
    st.dictionaries(st.sampled_from(_WORDS), value, max_size=5).map(json.dumps),
    value.map(json.dumps),
    st.sampled_from(
        [
            "",
            "{",
            "[" * 5_000,
            '{"a":' * 3_000 + "1" + "}" * 3_000,
            '{"email":"a","email":"b","password":"\\u0000","password":"\\ud800"}',
            '{"email":"\\ud800@x","password":"x"}',
            '{"email":"a\\u0000@x","password":"\\u0000"}',
            '{"family_code":"\\u0000","login_name":"\\ud83d","passcode":"2580"}',
            '{"status":NaN}',
            '{"status":"attended","status":"absent","x":1e999}',
            "\ufeff{}",
            "x" * 1_000_000,
        ]
    ),
).map(lambda written: written.encode("utf-8", "surrogatepass"))
headers = st.dictionaries(
    st.sampled_from(["Authorization", "Cookie", "Content-Type", "Idempotency-Key", "Origin", "Accept"]),
    st.sampled_from(
        [
            b"",
            b"Bearer",
            b"Bearer x.y.z",
            b"Bearer " + b"e" * 9_000,
            b"Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
            b"Basic \xff\xfe",
            b"naraigoto_session=" + b"A" * 10_000,
            b"naraigoto_session=\xff\x00",
            b"naraigoto_session=%00; naraigoto_session=x",
            b"application/xml",
            b"application/json; charset=utf-7",
            b"multipart/form-data",
            b"\xe3\x81\x82",
            b"http://evil.example",
            b"http://[",
            b"null",
            b"*/*;q=nan",
        ]
    ),
    max_size=3,
)


@dataclass(frozen=True)
class Target:
    """The API on a database with two families in it."""

    client: httpx.AsyncClient
    world: World

    def ids(self) -> list[str]:
        """Ids that are there, so that what lies behind them is reached too."""
        return [str(number) for number in self.world.ids.values()]


@pytest.fixture
def prepare() -> Prepare[World]:
    """The world of the authorisation matrix."""
    return build


@pytest.fixture
async def target(client: httpx.AsyncClient, prepared: World) -> Target:
    """The API on the world."""
    return Target(client, prepared)


def _operations() -> list[tuple[str, str]]:
    return [
        (method.upper(), path)
        for path, methods in fastapi_app.openapi()["paths"].items()
        for method in methods
    ]


def check(answer: httpx.Response, path: str, *, private: bool) -> None:
    """What must hold for every answer."""
    assert answer.status_code != 500, (path, answer.text)
    assert answer.status_code < 600
    if answer.status_code >= 400 and path.startswith("/api/"):
        assert answer.headers["content-type"] == "application/problem+json", (path, answer.text)
        told = answer.json()
        assert {"type", "title", "status", "detail", "code"} <= set(told)
        assert told["status"] == answer.status_code
    seen = answer.text
    assert not any(leak in seen for leak in _LEAKS), (path, seen)
    if not private:
        assert not any(marker in seen for marker in MARKERS), (path, seen)


@pytest.mark.parametrize(("method", "path"), _operations())
async def test_no_input_breaks_an_operation_or_shows_what_is_private(
    target: Target, method: str, path: str
) -> None:
    place = st.one_of(st.sampled_from(target.ids()), text.filter(bool))

    @seed(7)
    @_BOUNDED
    @given(data=st.data())
    def attempt(data: st.DataObject) -> None:
        address = path
        for name in re.findall(r"{(\w+)}", path):
            # Whoever holds an invitation's link may read what it leads to; here nobody holds it.
            found = data.draw(text.filter(bool) if name == "token" else place)
            address = address.replace(f"{{{name}}}", _quoted(found))
        asked = data.draw(query)
        given_headers: dict[str, bytes] = {}
        if data.draw(st.booleans()):
            given_headers["Cookie"] = target.world.cookie(Persona.OTHER_FAMILY).encode()
        given_headers |= data.draw(headers)
        if method != "GET":
            given_headers.setdefault("Content-Type", b"application/json")
        requests.append(
            (
                f"{address}?{'&'.join(f'{name}={_quoted(word)}' for name, word in asked)}",
                given_headers,
                data.draw(body) if method != "GET" else b"",
            )
        )

    requests: list[tuple[str, dict[str, bytes], bytes]] = []
    attempt()
    assert len(requests) >= 20
    for address, given_headers, content in requests:
        answer = await target.client.request(
            method,
            address,
            headers=[(name.encode(), word) for name, word in given_headers.items()],
            content=content,
        )
        check(answer, path, private=False)


_STRANGE_QUERIES: list[dict[str, Any]] = [
    {"q": "q" * 10_000},
    {"q": "ん" * 7_000},
    *({"q": sign} for sign in "%_\\\"';"),
    {"q": "\x00"},
    {"near": "35.66,139.70", "radius_m": "0"},
    {"near": "35.66,139.70", "radius_m": "1e9"},
    {"near": "35.66,139.70", "radius_m": "1000000000"},
    {"near": "-89.9,-179.9"},
    {"near": "0,0", "sort": "distance"},
    {"near": "91,181"},
    {"near": "1e308,1e308"},
    {"date": "0001-01-01"},
    {"date": "9999-12-31"},
    {"age": "-1"},
    {"age": "99999999999999999999"},
    {"limit": "0"},
    {"limit": "51"},
    {"limit": "99999999999999999999"},
    {"cursor": "x" * 601},
    {"cursor": "WyIwMDAwMDAwMCIsMV0"},
]


@pytest.mark.parametrize("path", ["/schools", "/classes", "/schools/{school}/reviews", "/me/bookings"])
@pytest.mark.parametrize("persona", [Persona.ANONYMOUS, Persona.GUARDIAN])
async def test_strange_filters_are_answered_or_refused(target: Target, path: str, persona: Persona) -> None:
    address = f"/api/v1{path.format_map(target.world)}"
    cookie = {"Cookie": target.world.cookie(persona)}
    for params in _STRANGE_QUERIES:
        answer = await target.client.get(address, params=params, headers=cookie)
        assert answer.status_code in {200, 401, 422}, (params, answer.text)
        check(answer, address, private=persona is Persona.GUARDIAN)


async def test_a_cursor_of_another_list_is_refused(target: Target) -> None:
    client, cookie = target.client, {"Cookie": target.world.cookie(Persona.GUARDIAN)}
    mine = await client.get("/api/v1/me/bookings?limit=1", headers=cookie)
    cursor = mine.json()["next_cursor"]
    assert cursor
    for address in (
        "/api/v1/schools?",
        "/api/v1/classes?",
        f"/api/v1/schools/{target.world['school']}/reviews?",
        "/api/v1/me/bookings?status=attended&",
    ):
        answer = await client.get(f"{address}cursor={cursor}", headers=cookie)
        assert answer.status_code == 422, (address, answer.text)
        assert set(answer.json()["errors"]) == {"cursor"}
    # The same list of another family: the position tells nothing, and only their own rows come.
    theirs = {"Cookie": target.world.cookie(Persona.OTHER_FAMILY)}
    foreign = await client.get("/api/v1/me/bookings", params={"cursor": cursor}, headers=theirs)
    assert foreign.status_code in {200, 422}
    assert not foreign.json().get("items")


def _quoted(words: str) -> str:
    return quote(words.encode("utf-8", "surrogatepass"), safe="")[:12_000] or "x"
