"""A button that opens the search around the place where the person is."""

import reflex as rx

from naraigoto.components.base import Text


class Here(rx.Component):
    """Asks the browser for the position and opens `base&near=lat,lng`; says so when it may not."""

    library = "$/public/np_search.js"
    tag = "NpHere"

    base: rx.Var[str]
    label: rx.Var[str]
    busy_label: rx.Var[str]
    denied_text: rx.Var[str]


def here_button(base: Text, *, label: str, busy: str, denied: str) -> rx.Component:
    """The button; `base` is the address without the place."""
    return Here.create(
        base=base, label=label, busy_label=busy, denied_text=denied, class_name="np-btn np-btn-quiet"
    )
