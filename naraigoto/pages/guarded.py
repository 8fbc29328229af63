"""What a page for members shows to everybody else."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.texts import families, login
from naraigoto.texts import ui as words


def guarded(access: Any, body: rx.Component, *, path: str, child: bool = False) -> rx.Component:
    """The body when `access` is "ok"; else a way in or to a family, a 404, a 429, a 503 or a skeleton."""
    missing = ui.error_page(
        words.NOT_FOUND_TITLE,
        words.NOT_FOUND_TEXT,
        icon_name="map",
        action=ui.link_button(words.TO_HOME, href="/"),
    )
    return rx.match(  # pyright: ignore[reportReturnType]  # components only
        access,
        ("ok", body),
        ("login", _way_in(path, child)),
        ("family", _family_first()),
        ("missing", missing),
        ("limited", ui.limited()),
        ("away", ui.unavailable()),
        ui.skeleton_rows(4),
    )


def _family_first() -> rx.Component:
    return ui.empty_state(
        families.FAMILY_NEEDED_TITLE,
        text=families.FAMILY_NEEDED_TEXT,
        icon_name="users",
        action=ui.link_button(families.FAMILY_NEEDED_ACTION, href="/family"),
        level=1,
    )


def _way_in(path: str, child: bool) -> rx.Component:
    who = "&who=child" if child else ""
    return ui.empty_state(
        login.KIDS_NEEDED_TITLE if child else login.NEEDED_TITLE,
        text=login.KIDS_NEEDED_TEXT if child else login.NEEDED_TEXT,
        icon_name="log-in",
        action=ui.link_button(
            login.NEEDED_ACTION, href=f"/login?next={path}{who}", look="child" if child else "primary"
        ),
        level=1,
    )
