"""Binds the state of a browser tab to its session, and slows floods of events (architecture.md §3)."""

import hashlib
import time
from collections import deque

import reflex as rx
from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event

from naraigoto.web import session_cookie

EVENTS_AT_MOST = 200
EVENTS_WITHIN_SECONDS = 10.0
_TABS_REMEMBERED = 10_000


class BoundState(rx.State):
    """Which session filled the other states of this tab."""

    _session: str = ""


class SessionBind(Middleware):
    """A tab's token in other hands, or another sign-in in the same tab, finds an empty state."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[float]] = {}

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Reset the state when the session changed; an empty update drops the event of a flood."""
        root = state._get_root_state()
        if self._flooding(root.router.session.client_token):
            return StateUpdate()
        bound = await root.get_state(BoundState)
        session = _fingerprint(root.router.headers.cookie)
        if bound._session != session:
            if bound._session:
                await _forget(root)
            bound._session = session
        return None

    def _flooding(self, tab: str) -> bool:
        at = time.monotonic()
        times = self._seen.pop(tab, None) or deque(maxlen=EVENTS_AT_MOST)
        self._seen[tab] = times  # the most recent tab comes last, the idlest goes first
        while len(self._seen) > _TABS_REMEMBERED:
            self._seen.pop(next(iter(self._seen)))
        if len(times) == EVENTS_AT_MOST and at - times[0] < EVENTS_WITHIN_SECONDS:
            return True
        times.append(at)
        return False


async def _forget(root: BaseState) -> None:
    """Empty every state of the tab; with Redis they are not all in memory yet."""
    for kind in _all_states(type(root)):
        await root.get_state(kind)
    root.reset()


def _all_states(kind: type[BaseState]) -> list[type[BaseState]]:
    found: list[type[BaseState]] = []
    for child in kind.get_substates():
        found += [child, *_all_states(child)]
    return found


def _fingerprint(cookies: str) -> str:
    token = session_cookie.read(cookies)
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:16] if token else "anonymous"
