"""Small tools of the kit: values that may be Vars, and components without a state."""

from typing import Any

import reflex as rx

Text = str | rx.Var[str]
Flag = bool | rx.Var[bool]
Content = rx.Component | rx.Var | str


def filled(value: Any) -> rx.Var[bool]:
    """True when a text is not empty, for plain texts and Vars alike."""
    return rx.Var.create(value) != ""


def when(condition: Flag, shown: Content, otherwise: Content | None = None) -> rx.Component:
    """Show a part only under a condition, for plain bools and Vars alike."""
    return rx.cond(condition, shown, rx.fragment() if otherwise is None else otherwise)  # pyright: ignore


def classes(*names: str) -> str:
    """Join class names, leaving empty ones out."""
    return " ".join(name for name in names if name)


class NativeForm(rx.Component):
    """A plain <form>: the browser sends it itself (rx.el.form would prevent that)."""

    tag = "form"
    _is_tag_in_global_scope = True

    action: rx.Var[str]
    method: rx.Var[str]


class RouterForm(rx.Component):
    """A GET form that navigates inside the app, and works as a plain form before scripts run."""

    library = "react-router"
    tag = "Form"

    action: rx.Var[str]
    method: rx.Var[str]
    role: rx.Var[str]


native_form = NativeForm.create
router_form = RouterForm.create


def screen_reader(*children: Content) -> rx.Component:
    """Words only for screen readers."""
    return rx.el.span(*children, class_name="np-sr")


def ruby(text: Text, reading: Text) -> rx.Component:
    """Kanji with its reading above (furigana)."""
    return rx.el.ruby(text, rx.el.rp("（"), rx.el.rt(reading), rx.el.rp("）"))
