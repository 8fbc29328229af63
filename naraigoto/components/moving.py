"""Parts without a look: leave for an address outside the app, and ask again while one waits."""

from typing import Any

import reflex as rx

from naraigoto.components.base import Flag, Text


class Leave(rx.Component):
    """Goes to an address by a full navigation: the router would look for a page of ours there."""

    library = "$/public/np_money.js"
    tag = "NpLeave"

    to: rx.Var[str]


class Tick(rx.Component):
    """Fires again and again while it is active and somebody can see the page."""

    library = "$/public/np_money.js"
    tag = "NpTick"

    active: rx.Var[bool]
    seconds: rx.Var[float]
    on_tick: rx.EventHandler[rx.event.no_args_event_spec]


def leave(to: Text) -> rx.Component:
    """Leave the app as soon as the text is an address."""
    return Leave.create(to=to)


def ask_again(active: Flag, on_tick: Any, *, seconds: float = 1.5) -> rx.Component:
    """Fire `on_tick` while `active`."""
    return Tick.create(active=active, seconds=seconds, on_tick=on_tick)
