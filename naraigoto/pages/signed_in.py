"""What the doors (/login, /signup) show to somebody who is inside already."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.homes import HOMES
from naraigoto.texts import login
from naraigoto.texts import ui as words


def already_signed_in(viewer: Any) -> rx.Component:
    """The way to one's own first page, and the way out."""
    home: Any = rx.match(viewer.type, *HOMES.items(), "/")
    return rx.el.div(
        rx.el.p(rx.el.b(viewer.name), login.SIGNED_IN),
        ui.link_button(login.MY_PAGE, href=home, icon_name="house", block=True),
        rx.el.p(login.OTHER, class_name="np-muted np-small"),
        ui.native_form(
            ui.submit_button(words.LOGOUT, look="secondary", icon_name="log-out", block=True),
            action="/auth/logout",
            method="post",
        ),
        class_name="flex flex-col gap-4",
    )
