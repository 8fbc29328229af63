"""Makes the built bundle find its server at whatever address it was opened from."""

from collections.abc import Callable
from typing import Any

import reflex as rx

_BUILT_IN = "  const endpoint = new URL(url_str);\n"
_SAME_ORIGIN = """  const built = new URL(url_str);
  if (typeof window !== "undefined" && !env.MOUNT_TARGET)
    return new URL(built.pathname, window.location.origin);
  const endpoint = built;
"""


class ReflexChangedError(Exception):
    """Reflex's state.js no longer has the line we replace; look at getBackendURL again."""


class SameOriginPlugin(rx.plugins.Plugin):
    """Reflex writes api_url into the bundle at build time, port included.

    UI, API and websocket share one origin here (contract.md §1), so the page's own origin is the
    right answer: one build serves every PORT, PUBLIC_URL, localhost and 127.0.0.1 alike.
    """

    def pre_compile(self, **context: Any) -> None:
        """Replace the address in getBackendURL of .web/utils/state.js."""
        add: Callable[[str, Callable[[str], str]], None] = context["add_modify_task"]
        add("utils/state.js", _use_own_origin)


def _use_own_origin(source: str) -> str:
    if _SAME_ORIGIN in source:
        return source
    if source.count(_BUILT_IN) != 1:
        raise ReflexChangedError
    return source.replace(_BUILT_IN, _SAME_ORIGIN)
