"""Lucide icons from one cached sprite (assets/icons.svg, written by scripts/vendor_assets.py)."""

import reflex as rx

from naraigoto.components.base import Text, classes


def icon(
    name: Text, *, size: int = 20, label: str = "", fill: bool = False, class_name: str = ""
) -> rx.Component:
    """One icon by its Lucide name; silent for screen readers unless it has a label."""
    spoken = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return rx.el.svg(
        rx.el.svg.use(href=f"/icons.svg#{name}"),
        width=size,
        height=size,
        class_name=classes("np-icon", "np-icon-filled" if fill else "", class_name),
        custom_attrs={**spoken, "focusable": "false"},
    )
