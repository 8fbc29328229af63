"""A text to take along: shown in a field, copied by a button."""

import reflex as rx

from naraigoto.components.base import Text


class Copy(rx.Component):
    """The field and the button in assets/np_copy.js."""

    library = "$/public/np_copy.js"
    tag = "NpCopy"

    text: rx.Var[str]
    label: rx.Var[str]
    copy_label: rx.Var[str]
    done_label: rx.Var[str]


def copy_field(text: Text, *, label: str, copy: str, done: str) -> rx.Component:
    """`label` names the field, `copy` is on the button, `done` after it was pressed."""
    return Copy.create(text=text, label=label, copy_label=copy, done_label=done)
