"""/dev/kit: every part of the kit in every state. Registered outside production only."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.pages.kit_samples import (
    buttons,
    cards,
    colours,
    feedback,
    forms,
    kids,
    lists,
    loading,
    pages,
    sent_form,
    voices,
)
from naraigoto.state.kit import KitState
from naraigoto.texts import kit
from naraigoto.texts import ui as words


def kit_page(viewer: Any) -> rx.Component:
    """The whole sample book on one page."""
    sections = (
        (kit.COLOURS, colours()),
        (kit.BUTTONS, buttons()),
        (kit.FORMS, forms()),
        (kit.SENT_FORM, rx.el.div(sent_form(), class_name="max-w-xl")),
        (kit.CHIPS, _chips()),
        (kit.CARDS, cards()),
        (kit.VOICES, voices()),
        (kit.FEEDBACK, feedback(KitState.say)),
        (kit.LISTS, rx.fragment(_tabs(), lists())),
        (kit.DIALOG, _dialog()),
        (kit.MAP, _map()),
        (kit.KIDS, kids()),
        (kit.LOADING, loading()),
        (kit.PAGES, pages()),
    )
    return ui.page(
        ui.page_heading(kit.TITLE, lead=kit.LEAD, action=rx.el.div(ui.theme_choice(), class_name="w-64")),
        *[_section(title, content) for title, content in sections],
        viewer=viewer,
        message=KitState.message,
        on_message_done=KitState.said,
    )


def _section(title: str, content: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.h2(title, class_name="mb-3"), content, class_name="mb-10")


def _chips() -> rx.Component:
    toggles = [
        ui.chip(words, icon_name=name, pressed=KitState.chip_on, on_click=KitState.toggle_chip)
        for words, name in kit.GENRES[:2]
    ]
    links = [
        ui.link_chip(words, href="/dev/kit", icon_name=name, current=at == 0)
        for at, (words, name) in enumerate(kit.GENRES[2:])
    ]
    return ui.chips(*toggles, *links, ui.chip(kit.DISABLED, disabled=True), label=kit.CHIPS)


def _tabs() -> rx.Component:
    return rx.el.div(
        ui.tabs(kit.TABS, KitState.tab, KitState.turn, label=kit.LISTS),
        *[ui.tab_panel(key, KitState.tab, rx.el.p(kit.TAB_TEXT[key])) for key, _ in kit.TABS],
        class_name="mb-6",
    )


def _dialog() -> rx.Component:
    return rx.fragment(
        ui.button(kit.OPEN_DIALOG, look="secondary", on_click=KitState.open_dialog),
        ui.dialog(
            ui.facts(*kit.FACTS),
            id_="kit-dialog",
            title=kit.DIALOG_TITLE,
            open_=KitState.dialog_open,
            on_close=KitState.close_dialog,
            footer=[
                ui.button(words.CANCEL, look="secondary", on_click=KitState.close_dialog),
                ui.button(kit.PRIMARY, on_click=KitState.confirm),
            ],
        ),
    )


def _map() -> rx.Component:
    picked = rx.cond(KitState.pressed != "", kit.PRESSED + KitState.pressed, kit.NOTHING_PRESSED)
    return rx.el.div(
        ui.school_map(
            list(kit.PINS),
            areas=list(kit.MAP_AREAS),
            selected=KitState.pressed,
            on_select=KitState.press,
            on_move=KitState.move,
            class_name="h-80",
        ),
        rx.el.p(picked, rx.cond(KitState.moved, " / " + kit.MOVED, ""), class_name="np-muted np-small mt-2"),
    )
