"""Buttons and links that look like buttons."""

from typing import Any, Literal

import reflex as rx

from naraigoto.components.base import Content, Flag, Text, classes
from naraigoto.components.icons import icon

Look = Literal["primary", "secondary", "quiet", "danger", "child"]


def _look(look: Look, block: bool, class_name: str) -> str:
    return classes("np-btn", f"np-btn-{look}", "np-btn-block" if block else "", class_name)


def button(
    *children: Content,
    look: Look = "primary",
    icon_name: str = "",
    busy: Flag = False,
    disabled: Flag = False,
    block: bool = False,
    type_: Literal["button", "submit"] = "button",
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A button; while `busy` it turns and takes no second click."""
    attrs = {"aria-busy": busy, **props.pop("custom_attrs", {})}
    return rx.el.button(
        *([icon(icon_name)] if icon_name else []),
        *children,
        type=type_,
        disabled=rx.Var.create(disabled) | busy,  # pyright: ignore
        class_name=_look(look, block, class_name),
        custom_attrs=attrs,
        **props,
    )


def submit_button(*children: Content, **props: Any) -> rx.Component:
    """The button that sends the form around it."""
    return button(*children, type_="submit", **props)


def link_button(
    *children: Content,
    href: Text,
    look: Look = "primary",
    icon_name: str = "",
    block: bool = False,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A link that looks like a button (pass reload_document=True for an address outside the app)."""
    return rx.el.a(
        *([icon(icon_name)] if icon_name else []),
        *children,
        href=href,
        class_name=_look(look, block, class_name),
        **props,
    )


def icon_button(
    name: Text,
    *,
    label: Text,
    look: Look = "quiet",
    disabled: Flag = False,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A round button with only an icon; `label` is its name."""
    attrs = {"aria-label": label, **props.pop("custom_attrs", {})}
    return rx.el.button(
        icon(name),
        type="button",
        title=label,
        disabled=disabled,
        class_name=_look(look, False, classes("np-btn-icon", class_name)),
        custom_attrs=attrs,
        **props,
    )


def text_link(*children: Content, href: Text, **props: Any) -> rx.Component:
    """A link inside text."""
    return rx.el.a(*children, href=href, class_name=classes("np-link", props.pop("class_name", "")), **props)
