"""The websocket of the running site, spoken to by a client of our own: who may open it, what it survives."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

import httpx
import pytest
from simple_websocket import Client, ConnectionClosed
from simple_websocket import ConnectionError as Refused

from naraigoto.state.binding import EVENTS_AT_MOST
from tests.authz.screen import handlers
from tests.browser.site import PASSWORD, Site

_ROOT = "reflex___state____state"
_GREETING = "session_state.load"
_PATIENCE = 30.0
# Events of a flood are dropped without a word, so only silence tells that all are handled.
_SILENCE = 1.0


@pytest.fixture(scope="module")
def parent(site: Site) -> str:
    """The session cookie of the first family's guardian."""
    body = {"email": "parent@example.com", "password": PASSWORD}
    answer = httpx.post(f"{site.url}/api/v1/auth/login", json=body)
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
        """The next frame, pings aside; "" when none comes."""
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

    def answers(self) -> list[str]:
        """Frames up to the whole state, asked for last: a tab's events are answered in their order."""
        self.fire(f"{_ROOT}.hydrate")
        found = [self.receive()]
        while found[-1] and not self._is_whole(found[-1]):
            found.append(self.receive())
        return found

    def _is_whole(self, frame: str) -> bool:
        return all(state in frame for state in ("session_state", "mailbox_state", "is_hydrated"))


@contextmanager
def tab(site: Site, **how: str) -> Iterator[Tab]:
    """A tab that is closed afterwards."""
    opened = Tab(site, **how)
    try:
        yield opened
    finally:
        with suppress(ConnectionClosed):
            opened.socket.close()


def _family_name(site: Site, cookie: str) -> str:
    answer = httpx.get(f"{site.url}/api/v1/me", headers={"Cookie": f"naraigoto_session={cookie}"})
    return answer.json()["name"]


def test_a_foreign_page_opens_no_socket(site: Site, parent: str) -> None:
    for origin in ("http://evil.example", "null", "http://[", "http://localhost:1"):
        for cookie in ("", parent):
            with pytest.raises((Refused, ConnectionClosed)):
                Tab(site, origin=origin, cookie=cookie)


def test_our_own_page_is_greeted_and_a_guest_gets_nothing_private(site: Site, parent: str) -> None:
    name = _family_name(site, parent)
    assert name
    with tab(site, cookie=parent) as mine:
        mine.fire(handlers()[_GREETING])
        assert name in _unescaped(mine.answers())
    with tab(site) as guest:
        guest.fire(handlers()[_GREETING])
        told = _unescaped(guest.answers())
    assert "session_state" in told
    assert not any(word in told for word in (name, "parent@example.com", "DEMO01", parent))


def test_a_stolen_tab_token_shows_an_empty_state(site: Site, parent: str) -> None:
    name = _family_name(site, parent)
    with tab(site, cookie=parent) as mine:
        mine.fire(handlers()[_GREETING])
        assert name in _unescaped(mine.answers())
        with tab(site, token=mine.token) as beside:
            assert name not in _unescaped(beside.answers())
    with tab(site, token=mine.token) as thief:
        assert name not in _unescaped(thief.answers())


def test_what_cannot_be_read_closes_at_most_its_own_socket_and_tells_the_log_no_secret(
    site: Site, parent: str
) -> None:
    with tab(site, cookie=parent) as other:
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
            with tab(site, cookie=parent) as strange, suppress(ConnectionClosed):
                strange.socket.send(frame)
                strange.answers()  # those that stay open still answer
        other.fire(handlers()[_GREETING])
        assert _family_name(site, parent) in _unescaped(other.answers())
    written = site.log.read_text(errors="replace")
    assert "event.refused" in written
    assert parent not in written
    assert "parent@example.com" not in written


def test_a_flood_is_throttled_and_others_go_on(site: Site, parent: str) -> None:
    with tab(site, cookie=parent) as loud, tab(site) as quiet:
        for _ in range(1_000):
            loud.fire(handlers()[_GREETING])
        assert "session_state" in _unescaped(quiet.answers())
        told = [frame for frame in iter(lambda: loud.receive(_SILENCE), "") if "session_state" in frame]
        assert 0 < len(told) <= EVENTS_AT_MOST + 50


def _unescaped(frames: list[str]) -> str:
    return "\n".join(frames).encode().decode("unicode_escape", errors="replace") + "\n".join(frames)
