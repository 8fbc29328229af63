"""The two things in Reflex's own browser code that cannot be set: the server's address, and English words."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from naraigoto.texts import ui

# Reflex writes api_url into the bundle at build time, port included. UI, API and websocket share one origin
# here (contract.md §1), so the page's own origin is the right answer: one build serves every PORT and
# PUBLIC_URL, localhost and 127.0.0.1 alike.
_OWN_ORIGIN = (
    "  const endpoint = new URL(url_str);\n",
    """  const built = new URL(url_str);
  if (typeof window !== "undefined" && !env.MOUNT_TARGET)
    return new URL(built.pathname, window.location.origin);
  const endpoint = built;
""",
)
_NEW_VERSION = ('"A new version of this app is available."', f'"{ui.NEW_VERSION}"')
_RELOAD = ('button.textContent = "Reload";', f'button.textContent = "{ui.RELOAD}";')
_PATCHES = (_OWN_ORIGIN, _NEW_VERSION, _RELOAD)


class ReflexChanged(Exception):
    """A file of Reflex's no longer has a line we replace; the message is that line."""


class BundlePatches(rx.plugins.Plugin):
    """Replaces lines of .web/utils/state.js before the build."""

    def pre_compile(self, **context: Any) -> None:
        """Hand the replacement to Reflex's compiler."""
        add: Callable[[str, Callable[[str], str]], None] = context["add_modify_task"]
        add("utils/state.js", patched)


def patched(source: str) -> str:
    """The source with every patch applied once.

    Raises: ReflexChanged when a line to replace is not there exactly once.
    """
    for theirs, ours in _PATCHES:
        if ours in source:
            continue
        if source.count(theirs) != 1:
            raise ReflexChanged(theirs)
        source = source.replace(theirs, ours)
    return source
