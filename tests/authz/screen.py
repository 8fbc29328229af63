"""Fires event handlers as any websocket client can: no page, no browser, any arguments (reflex.md §3)."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import uuid4

from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext

from naraigoto.naraigoto import app

_GREETING = "session_state"
Step = tuple[str, dict[str, Any]]


class Crashed(AssertionError):
    """A handler let an exception out instead of answering."""


@cache
def handlers() -> dict[str, str]:
    """Short name (`state.handler`) and full name of every handler of ours."""
    ours = [
        name
        for name in RegistrationContext.get().event_handlers
        if ".naraigoto___" in name and not name.endswith(".setvar")
    ]
    return {_short(name): name for name in ours}


async def fire(steps: Sequence[Step], *, cookie: str, path: str = "/", query: str = "") -> str:
    """Everything the server sends back to a client that fires the steps one after another.

    Left out is the frame's greeting, which every page sends to whoever is signed in, unless it is asked for.

    Raises: Crashed when a handler raised.
    """
    crashes: list[Exception] = []
    token, sent = f"authz-{uuid4()}", []
    processor = BaseStateEventProcessor(middleware=app, backend_exception_handler=_collector(crashes))
    processor.configure(state_manager=app.state_manager)
    address = f"{path}?{query}" if query else path
    seen = {"headers": {"cookie": cookie}, "pathname": path, "asPath": address, "query": {}, "token": token}
    with app.set_contexts():
        async with processor:
            for name, payload in steps:
                event = Event(name=handlers()[name], payload=payload, router_data=dict(seen))
                sent += [dict(delta) async for delta in processor.enqueue_stream_delta(token, event)]
    if crashes:
        raise Crashed(repr(crashes[0])) from crashes[0]
    if not any(name.startswith(_GREETING) for name, _ in steps):
        sent = [
            {state: told for state, told in delta.items() if not state.endswith(_GREETING)} for delta in sent
        ]
    return json.dumps(sent, ensure_ascii=False, default=_plain)


def _collector(crashes: list[Exception]) -> Any:
    def collect(exception: Exception) -> None:
        crashes.append(exception)

    return collect


def _plain(value: Any) -> Any:
    return getattr(value, "__dict__", None) or repr(value)


def _short(name: str) -> str:
    state, handler = name.rsplit(".", 1)
    return f"{state.rsplit('____', 1)[1]}.{handler}"
