"""/school/check-in/[checked_id]: the child at the door, and one big button."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.pages.guarded import guarded
from naraigoto.state.check_in import CheckInState
from naraigoto.texts import attendance as texts


def check_in_page(viewer: Any) -> rx.Component:
    """Who it is, and 「出席にする」."""
    state: Any = CheckInState
    who = state.arrival
    done = rx.el.p(
        ui.icon("circle-check", size=40, class_name="text-(--success)"),
        rx.el.b(texts.CHECK_IN_DONE),
        role="status",
        class_name="flex items-center gap-3",
    )
    press = ui.button(
        texts.MARK_ATTENDED, icon_name="check", busy=state.busy, block=True, on_click=CheckInState.record
    )
    body = rx.fragment(
        ui.page_heading(texts.CHECK_IN, lead=texts.CHECK_IN_TEXT),
        ui.card(
            rx.el.p(
                ui.avatar(who.child, child=True),
                rx.el.b(who.child, class_name="np-round text-2xl"),
                rx.el.span(who.age, class_name="np-muted"),
                class_name="flex items-center gap-3",
            ),
            rx.el.div(rx.el.p(who.when, class_name="np-round text-lg"), rx.el.p(who.title)),
            ui.alert_if(state.error),
            rx.cond(who.status == "attended", done, press),
            ui.link_button(texts.TO_ROSTER, href="/school", look="secondary", icon_name="list", block=True),
            class_name="flex max-w-md flex-col gap-5",
        ),
    )
    return ui.staff_page(guarded(state.access, body, path=state.path), viewer=viewer, section="school")
