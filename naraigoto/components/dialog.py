"""A modal dialog on the browser's own <dialog>: focus, Esc and the inert background come with it."""

from typing import Any

import reflex as rx

from naraigoto.components.base import Content, Flag
from naraigoto.components.buttons import icon_button
from naraigoto.texts import ui


class Dialog(rx.Component):
    """<dialog> opened and closed by a bool; `on_close` fires on Esc, the backdrop and the cross."""

    library = "$/public/np_shell.js"
    tag = "NpDialog"

    open: rx.Var[bool]
    labelled_by: rx.Var[str]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def dialog(
    *children: Content,
    id_: str,
    title: Content,
    open_: Flag,
    on_close: Any,
    footer: list[rx.Component] | None = None,
) -> rx.Component:
    """A dialog driven by a state's bool; `on_close` must set that bool to False."""
    close = icon_button("x", label=ui.CLOSE, on_click=on_close)
    foot = [rx.el.div(*footer, class_name="np-dialog-foot")] if footer else []
    return Dialog.create(
        rx.el.div(rx.el.h2(title, id=f"{id_}-title"), close, class_name="np-dialog-head"),
        rx.el.div(*children, class_name="np-dialog-body"),
        *foot,
        id=id_,
        open=open_,
        labelled_by=f"{id_}-title",
        on_close=on_close,
        class_name="np-dialog",
    )
