"""`make dev` on one address: Vite serves the screens and hands everything else to the backend."""

import os
from collections.abc import Callable
from typing import Any

import reflex as rx

from naraigoto.web.bundle_patches import ReflexChanged

BACKEND_PORT = "NARAIGOTO_DEV_BACKEND_PORT"
_SERVER = "  server: {\n"
_BACKEND = (
    "api|auth|media|webhooks|_event|healthz|readyz|metrics|robots.txt|sitemap.xml|dev/mailbox|dev/stripe"
)


class DevProxyPlugin(rx.plugins.Plugin):
    """Adds the proxy to Vite's development server; does nothing in a build."""

    def pre_compile(self, **context: Any) -> None:
        """Extend .web/vite.config.js when `make dev` named a backend."""
        if port := os.environ.get(BACKEND_PORT):
            add: Callable[[str, Callable[[str], str]], None] = context["add_modify_task"]
            add("vite.config.js", lambda source: with_proxy(source, port))


def with_proxy(source: str, port: str) -> str:
    """The configuration with a proxy to the backend.

    Raises: ReflexChanged when Reflex's file no longer has the line we extend.
    """
    if source.count(_SERVER) != 1:
        raise ReflexChanged(_SERVER)
    target = f'{{ target: "http://127.0.0.1:{port}", ws: true }}'
    return source.replace(_SERVER, f'{_SERVER}    proxy: {{ "^/({_BACKEND})": {target} }},\n')
