"""What a page is to the app: its address, what draws it, its title, what it loads."""

from collections.abc import Callable
from typing import Any, NamedTuple

import reflex as rx


class Route(NamedTuple):
    """A page: where it lies, what draws it, what the browser's tab says, what it loads after the viewer."""

    path: str
    draw: Callable[[], rx.Component]
    title: Any
    on_load: tuple[Any, ...] = ()
    description: str | None = None
