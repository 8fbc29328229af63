"""The last part of /settings: closing the account, with what it means said before."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.fetch_form import FormField, FormTexts, Goes, fetch_form
from naraigoto.state.settings import SettingsState
from naraigoto.texts import settings as texts


def closing(state: Any) -> rx.Component:
    """A way in to the dialog, or why it cannot be now."""
    way_in = rx.el.div(
        ui.button(texts.CLOSE_OPEN, look="danger", on_click=SettingsState.ask_closing), _dialog(state.closing)
    )
    stopped = ui.alert(state.closing.stopped, tone="info", live=False)
    return rx.el.section(
        rx.el.h2(texts.CLOSE, id="close", class_name="mb-3 scroll-mt-20"),
        ui.card(
            rx.el.p(texts.CLOSE_LEAD),
            rx.cond(state.closing.possible, way_in, stopped),
            class_name="flex flex-col gap-4",
        ),
        custom_attrs={"aria-labelledby": "close"},
    )


def _dialog(view: Any) -> rx.Component:
    points = rx.el.ul(
        rx.foreach(view.notes, lambda note: rx.el.li(rx.el.b(note))),
        *[rx.el.li(point) for point in texts.CLOSE_POINTS],
        class_name="list-disc pl-5 flex flex-col gap-1",
    )
    form = fetch_form(
        FormField("understood", texts.CLOSE_AGREE, type="checkbox", missing=texts.CLOSE_AGREE_MISSING),
        action="/api/v1/me",
        method="DELETE",
        texts=FormTexts(texts.CLOSE_SUBMIT, texts.CLOSE_AGREE_MISSING, failed=texts.FAILED),
        done=Goes("/goodbye"),
        look="danger",
    )
    return ui.dialog(
        rx.el.div(points, form, class_name="flex flex-col gap-5"),
        id_="closing",
        title=texts.CLOSE_TITLE,
        open_=view.open,
        on_close=SettingsState.stay,
    )
