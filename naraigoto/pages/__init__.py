"""Every page and its address; `register` is called by the composition root."""

from collections.abc import Callable
from typing import Any, NamedTuple

import reflex as rx

from naraigoto.pages import kit, not_found
from naraigoto.state.session import SessionState
from naraigoto.texts import ui


class Route(NamedTuple):
    """A page: where it lies, what draws it, what the browser's tab says, what it loads after the viewer."""

    path: str
    draw: Callable[[], rx.Component]
    title: Any
    on_load: tuple[Any, ...] = ()


def _routes() -> list[Route]:
    return []


def _developer_routes() -> list[Route]:
    return [Route("/dev/kit", lambda: kit.kit_page(SessionState.viewer), ui.titled(ui.KIT))]


def register(app: rx.App, *, production: bool) -> None:
    """Add every page to the app; the developers' pages only outside production."""
    for route in _routes() + ([] if production else _developer_routes()):
        app.add_page(
            route.draw,
            route=route.path,
            title=route.title,
            image="/favicon.svg",
            on_load=[SessionState.load, *route.on_load],
        )
    app.add_page(
        lambda: not_found.not_found_page(SessionState.viewer),
        route="404",
        title=ui.titled(ui.NOT_FOUND_TITLE),
        image="/favicon.svg",
        on_load=SessionState.load,
    )
