"""The friendly 404."""

from typing import Any

import reflex as rx

from naraigoto.components import error_page, link_button, page
from naraigoto.texts import ui


def not_found_page(viewer: Any) -> rx.Component:
    """A page that says the address leads nowhere, and where to go instead."""
    body = error_page(
        ui.NOT_FOUND_TITLE,
        ui.NOT_FOUND_TEXT,
        icon_name="map",
        action=rx.el.div(
            link_button(ui.TO_SEARCH, href="/search", icon_name="search"),
            link_button(ui.TO_HOME, href="/", look="secondary"),
            class_name="flex flex-wrap justify-center gap-3",
        ),
    )
    return page(body, viewer=viewer, width="text")
