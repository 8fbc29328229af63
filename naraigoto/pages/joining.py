"""/join/[code]: who invites, and one button."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.pages.guarded import guarded
from naraigoto.state.joining import JoinState
from naraigoto.texts import families as texts
from naraigoto.texts import ui as words


def join_page(viewer: Any) -> rx.Component:
    """The invitation for whoever holds the link; nothing happens before the button is pressed."""
    state: Any = JoinState
    refused = ui.empty_state(
        state.refused,
        text=texts.REFUSED_TEXT,
        icon_name="mail",
        action=ui.link_button(words.TO_HOME, href="/"),
        level=1,
    )
    body = rx.cond(state.refused != "", refused, _invitation(state, viewer))
    return ui.page(guarded(state.access, body, path="/"), viewer=viewer, width="narrow")


def _invitation(state: Any, viewer: Any) -> rx.Component:
    return rx.fragment(
        ui.page_heading(texts.JOIN_TITLE),
        ui.card(
            rx.el.div(
                ui.icon("users", size=36, class_name="text-(--accent)"),
                rx.el.p(state.invitation, class_name="np-round text-xl"),
                class_name="flex items-center gap-4",
            ),
            rx.cond(state.joined, _joined(), _ways_in(state, viewer)),
            class_name="flex flex-col gap-5 p-5 md:p-7",
        ),
    )


def _joined() -> rx.Component:
    return rx.fragment(
        rx.el.p(ui.icon("circle-check", class_name="text-(--success)"), " ", texts.JOINED),
        ui.link_button(texts.TO_FAMILY, href="/family", block=True),
    )


def _ways_in(state: Any, viewer: Any) -> rx.Component:
    guest = rx.el.div(
        ui.link_button(texts.JOIN_LOGIN, href=state.login_href, icon_name="log-in", block=True),
        ui.link_button(texts.JOIN_SIGN_UP, href=state.sign_up_href, look="secondary", block=True),
        class_name="flex flex-col gap-3",
    )
    guardian = rx.fragment(
        ui.alert_if(state.error), ui.button(texts.JOIN, on_click=JoinState.accept, block=True)
    )
    return rx.fragment(
        rx.el.p(texts.JOIN_TEXT),
        rx.el.p(ui.icon("clock", size=16), " ", state.until, class_name="np-small np-muted"),
        rx.match(
            viewer.type,
            ("parent", guardian),
            ("", guest),
            ui.alert(texts.NOT_FOR_YOU, tone="info", live=False),
        ),
    )
