"""/dev/mailbox: what would have been sent. Registered outside production only."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.state.mailbox import MailboxState
from naraigoto.texts import mailbox as texts


def mailbox_page(viewer: Any) -> rx.Component:
    """The list of letters, or the open one."""
    state: Any = MailboxState
    refresh = ui.button(texts.REFRESH, look="secondary", icon_name="refresh-cw", on_click=MailboxState.load)
    none = ui.card(ui.empty_state(texts.EMPTY, text=texts.EMPTY_TEXT, icon_name="mail"))
    rows = rx.el.ul(rx.foreach(state.letters, _row), class_name="flex flex-col gap-2")
    listed = rx.cond(state.letters.length() > 0, rows, none)
    return ui.page(
        ui.page_heading(texts.TITLE, lead=texts.LEAD, action=refresh),
        ui.ask_again(state.loaded & (state.opened.id == ""), MailboxState.look),
        rx.cond(
            state.opened.id != "",
            _letter(state.opened, state.view),
            rx.cond(state.loaded, listed, ui.skeleton_rows(3)),
        ),
        viewer=viewer,
        width="text",
    )


def _row(letter: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(letter.subject, class_name="font-bold"),
            rx.el.span(
                rx.el.span(letter.recipient),
                rx.el.span(letter.at),
                class_name="np-muted np-small flex flex-wrap gap-x-4",
            ),
            type="button",
            on_click=MailboxState.show(letter.id),
            class_name="np-card flex flex-col items-start w-full text-left hover:bg-(--soft)",
        ),
        key=letter.id,
    )


def _letter(letter: Any, view: Any) -> rx.Component:
    frame = rx.el.iframe(
        src=letter.html_src,
        title=texts.FRAME,
        sandbox="allow-popups allow-popups-to-escape-sandbox",
        class_name="w-full h-[44rem] border border-(--line) rounded-xl bg-(--surface)",
    )
    words = rx.el.pre(letter.text, class_name="np-card whitespace-pre-wrap font-[inherit]")
    return rx.el.article(
        ui.button(texts.BACK, look="quiet", icon_name="arrow-left", on_click=MailboxState.close),
        rx.el.h2(letter.subject, class_name="my-3"),
        ui.facts((texts.TO, letter.recipient), (texts.AT, letter.at), class_name="mb-4"),
        ui.tabs(texts.VIEWS, view, MailboxState.turn, label=texts.VIEW),
        ui.tab_panel("html", view, frame),
        ui.tab_panel("text", view, words),
    )
