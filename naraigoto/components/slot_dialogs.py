"""The dialogs with which a school changes a slot, drawn from Vars."""

from typing import Any

import reflex as rx

from naraigoto.components.buttons import button, submit_button
from naraigoto.components.dialog import dialog
from naraigoto.components.feedback import alert_if
from naraigoto.components.forms import select_field, text_field
from naraigoto.texts import attendance as texts


def slot_dialogs(view: Any, *, on_close: Any, on_move: Any, on_teach: Any, on_cancel: Any) -> rx.Component:
    """`view` has the Vars of SlotChangeState; each handler gets its form."""
    move = _form(
        view,
        on_move,
        on_close,
        texts.MOVE_TEXT,
        submit_button(texts.MOVE_YES, busy=view.busy, block=True),
        text_field("date", texts.NEW_DATE, kind="date", required=True, default_value=view.slot.date),
        text_field("time", texts.NEW_TIME, kind="time", required=True, default_value=view.slot.time),
    )
    teach = _form(
        view,
        on_teach,
        on_close,
        texts.TEACH_TEXT,
        submit_button(texts.TEACH_YES, busy=view.busy, block=True),
        select_field("instructor_id", texts.NEW_TEACHER, view.teachers, default_value=view.slot.instructor),
    )
    cancel = _form(
        view,
        on_cancel,
        on_close,
        texts.CANCEL_TEXT,
        submit_button(texts.CANCEL_YES, look="danger", busy=view.busy, block=True),
        text_field("reason", texts.REASON, hint=texts.REASON_HINT, max_length=200),
    )
    return dialog(
        rx.match(view.what, ("move", move), ("teach", teach), ("cancel", cancel), rx.fragment()),  # pyright: ignore
        id_="slot",
        title=rx.match(
            view.what, ("move", texts.MOVE_TITLE), ("teach", texts.TEACH_TITLE), texts.CANCEL_TITLE
        ),
        open_=view.what != "",
        on_close=on_close,
    )


def _form(
    view: Any, on_submit: Any, on_close: Any, text: str, submit: rx.Component, *fields: rx.Component
) -> rx.Component:
    return rx.el.form(
        rx.el.div(
            rx.el.p(view.slot.when, class_name="np-round text-xl leading-snug"),
            rx.el.p(view.slot.title, class_name="font-bold"),
            rx.el.p(view.slot.booked, class_name="np-small np-muted"),
            class_name="flex flex-col gap-0.5 rounded-xl bg-(--soft) px-4 py-3.5",
        ),
        rx.el.p(text),
        *fields,
        alert_if(view.error),
        rx.el.div(
            submit,
            button(texts.KEEP, look="secondary", on_click=on_close, block=True),
            class_name="flex flex-col gap-2.5",
        ),
        key=view.form_key,
        on_submit=on_submit,
        class_name="flex flex-col gap-5",
        custom_attrs={"aria-labelledby": "slot-title"},
    )
