"""The strip below the header while a guardian's device is in a child's hands (「子どもモード」)."""

import reflex as rx

from naraigoto.components.base import Content, ruby
from naraigoto.components.icons import icon
from naraigoto.texts import ui


def lent_device() -> rx.Component:
    """Whose screen it is now, and the way back."""
    return rx.el.div(
        rx.el.p(icon("smile"), rx.el.span(*_parts(ui.CHILD_MODE_NOW)), class_name="flex items-center gap-2"),
        rx.el.a(
            icon("arrow-left", size=18),
            rx.el.span(*_parts(ui.CHILD_MODE_BACK)),
            href="/kids/guardian",
            class_name="np-lent-back",
        ),
        class_name="np-lent",
    )


def _parts(words: tuple[str | tuple[str, str], ...]) -> list[Content]:
    return [ruby(*part) if isinstance(part, tuple) else part for part in words]
