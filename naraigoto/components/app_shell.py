"""Parts that wrap the whole app: connection banner, error boundary, what stands in <head>."""

from typing import Any

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary
from reflex_components_core.core.banner import has_too_many_connection_errors

from naraigoto.components.feedback import crash_page, reload_button, skeleton_cards
from naraigoto.components.icons import icon
from naraigoto.texts import ui

STYLESHEETS = ["/app.css", "/fonts.css"]


def connection_banner() -> rx.Component:
    """A line at the top while the websocket is away; it goes when the connection is back."""
    banner = rx.el.div(
        icon("wifi-off"), ui.CONNECTION_LOST, reload_button(class_name=""), role="alert", class_name="np-lost"
    )
    return rx.cond(has_too_many_connection_errors, banner, rx.fragment())


def error_boundary(*children: Any) -> rx.Component:
    """Shows a calm Japanese page when the screen breaks; the error itself goes to the log only."""
    return ErrorBoundary.create(*children, fallback_render=rx.Var.create(crash_page()))


def app_wraps() -> dict[tuple[int, str], Any]:
    """For rx.App(app_wraps=…): our error boundary and connection banner instead of Reflex's."""
    return {
        (55, "ErrorBoundary"): lambda stateful: error_boundary(),
        (5, "Overlay"): lambda stateful: connection_banner() if stateful else None,
    }


def head_components() -> list[rx.Component]:
    """For rx.App(head_components=…): icon and colour of the browser's frame."""
    return [
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.meta(name="theme-color", content="#fbf7f2", media="(prefers-color-scheme: light)"),
        rx.el.meta(name="theme-color", content="#1b1715", media="(prefers-color-scheme: dark)"),
    ]


def hydrate_fallback() -> rx.Component:
    """What a page with a dynamic address shows until its scripts have run."""
    return rx.el.div(skeleton_cards(3), class_name="np-body np-main")
