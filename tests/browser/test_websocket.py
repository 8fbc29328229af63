"""The websocket of the running site, spoken to by a client of our own: who may open it, what it survives."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from simple_websocket import Client, ConnectionClosed
from simple_websocket import ConnectionError as Refused

from naraigoto import serving
from tests.authz.screen import handlers
from tests.browser.site import PASSWORD, Site, free_port

_ROOT = "reflex___state____state"
_GREETING = "session_state.load"
_PATIENCE = 8.0


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the recorded server writes its log."""
    return tmp_path_factory.mktemp("websocket") / "server.log"


@pytest.fixture(scope="module")
def recorded(site: Site, record: Path) -> Iterator[Site]:
    """A second server on the site's database whose log can be read."""
    port = free_port()
    before = os.dup(2)
    with record.open("wb") as log:
        os.dup2(log.fileno(), 2)
        try:
            running = serving.server("127.0.0.1", port, site.database_url)
            running.__enter__()
        finally:
            os.dup2(before, 2)
            os.close(before)
    try:
        yield Site(f"http://localhost:{port}", site.data, site.database_url)
    finally:
        running.__exit__(None, None, None)


@pytest.fixture(scope="module")
def parent(recorded: Site) -> str:
    """The session cookie of the first family's guardian."""
    body = {"email": "parent@example.com", "password": PASSWORD}
    answer = httpx.post(f"{recorded.url}/api/v1/auth/login", json=body)
    assert answer.status_code == 200, answer.text
    return answer.cookies["naraigoto_session"]


class Tab:
    """One socket as a browser's tab would open it."""

    def __init__(self, site: Site, *, token: str = "", cookie: str = "", origin: str = "") -> None:
        self.token = token or str(uuid4())
        address = site.url.replace("http", "ws", 1)
        headers = [(b"Origin", (origin or site.url).encode())]
        if cookie:
            headers.append((b"Cookie", f"naraigoto_session={cookie}".encode()))
        query = f"token={self.token}&EIO=4&transport=websocket"
        self.socket = Client(f"{address}/_event/?{query}", headers=headers)
        # Sent at once: the client reads a greeting that came with the handshake only when more comes.
        self.socket.send("40/_event,")
        assert self.receive().startswith("0")
        joined = self.receive()
        if '["new_token"' in joined:  # the token is in use: the server gives this tab another one
            joined = self.receive()
        assert joined.startswith("40/_event")

    def receive(self, timeout: float = _PATIENCE) -> str:
        """The next frame, pings aside."""
        while True:
            frame = self.socket.receive(timeout)
            if frame is None:
                return ""
            if frame == "2":
                self.socket.send("3")
                continue
            return str(frame)

    def fire(self, name: str, payload: dict[str, Any] | None = None) -> None:
        """Send an event from the first page."""
        event = {"name": name, "payload": payload or {}, "router_data": {"pathname": "/", "asPath": "/"}}
        self.socket.send(f"42/_event,{json.dumps(['event', event])}")

    def answers(self, *, quiet: float = 1.0) -> list[str]:
        """Frames until nothing comes for a while."""
        found = [self.receive()]
        while frame := self.receive(quiet):
            found.append(frame)
        return found


@contextmanager
def tab(site: Site, **how: str) -> Iterator[Tab]:
    """A tab that is closed afterwards."""
    opened = Tab(site, **how)
    try:
        yield opened
    finally:
        with suppress(ConnectionClosed):
            opened.socket.close()


def _family_name(recorded: Site, cookie: str) -> str:
    answer = httpx.get(f"{recorded.url}/api/v1/me", headers={"Cookie": f"naraigoto_session={cookie}"})
    return answer.json()["name"]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://[", "http://localhost:1"])
def test_a_foreign_page_opens_no_socket(recorded: Site, parent: str, origin: str) -> None:
    for cookie in ("", parent):
        with pytest.raises((Refused, ConnectionClosed)):
            Tab(recorded, origin=origin, cookie=cookie)


def test_our_own_page_is_greeted_and_a_guest_gets_nothing_private(recorded: Site, parent: str) -> None:
    name = _family_name(recorded, parent)
    assert name
    with tab(recorded, cookie=parent) as mine:
        mine.fire(handlers()[_GREETING])
        assert name in _unescaped(mine.answers())
    with tab(recorded) as guest:
        guest.fire(f"{_ROOT}.hydrate")
        guest.fire(handlers()[_GREETING])
        told = _unescaped(guest.answers())
    assert "session_state" in told
    assert not any(word in told for word in (name, "parent@example.com", "DEMO01", parent))


def test_a_stolen_tab_token_shows_an_empty_state(recorded: Site, parent: str) -> None:
    name = _family_name(recorded, parent)
    with tab(recorded, cookie=parent) as mine:
        mine.fire(handlers()[_GREETING])
        assert name in _unescaped(mine.answers())
        with tab(recorded, token=mine.token) as beside:
            beside.fire(f"{_ROOT}.hydrate")
            assert name not in _unescaped(beside.answers())
    with tab(recorded, token=mine.token) as thief:
        thief.fire(f"{_ROOT}.hydrate")
        assert name not in _unescaped(thief.answers())


def test_what_cannot_be_read_closes_at_most_its_own_socket_and_tells_the_log_no_secret(
    recorded: Site, record: Path, parent: str
) -> None:
    with tab(recorded, cookie=parent) as other:
        for frame in (
            '42/_event,["event",{"name":"nobody.knows.this","payload":{}}]',
            '42/_event,["event","no json"]',
            '42/_event,["event",[1,2]]',
            '42/_event,["event",{"name":7}]',
            '42/_event,["nothing"]',
            '42/_event,{"a":',
            "9",
            "x" * 3_000_000,
        ):
            with tab(recorded, cookie=parent) as strange:
                strange.socket.send(frame)
                with suppress(ConnectionClosed):
                    strange.receive(0.5)
        other.fire(handlers()[_GREETING])
        assert _family_name(recorded, parent) in _unescaped(other.answers())
    written = record.read_text(errors="replace")
    assert parent not in written
    assert "parent@example.com" not in written


def test_a_flood_is_throttled_and_others_go_on(recorded: Site, parent: str) -> None:
    with tab(recorded, cookie=parent) as loud, tab(recorded) as quiet:
        for _ in range(1_000):
            loud.fire(handlers()[_GREETING])
        began = time.monotonic()
        quiet.fire(handlers()[_GREETING])
        assert "session_state" in quiet.receive()
        assert time.monotonic() - began < _PATIENCE
        told = [frame for frame in loud.answers() if "session_state" in frame]
        assert len(told) <= 250


def _unescaped(frames: list[str]) -> str:
    return "\n".join(frames).encode().decode("unicode_escape", errors="replace") + "\n".join(frames)
