"""Beside the search: the guardian's kept searches, and the schools seen last on this device."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.seen import seen_schools
from naraigoto.state.saved_searches import SavedSearchState
from naraigoto.texts import search


def saved(viewer: Any) -> rx.Component:
    """Kept searches for guardians; folded, because the list of schools is what people came for."""
    items: Any = SavedSearchState.items
    rows = rx.el.ul(rx.foreach(items, _row), class_name="flex flex-col")
    none = rx.el.p(search.SAVED_NONE, class_name="np-muted np-small")
    wish = ui.checkbox(
        "by_mail",
        search.BY_MAIL,
        checked=SavedSearchState.by_mail,
        on_change=SavedSearchState.turn_mail,
    )
    inside = rx.el.div(
        ui.alert_if(SavedSearchState.problem),
        rx.cond(items.length() > 0, rx.fragment(rows, wish), none),
        class_name="flex flex-col gap-2 pt-2",
    )
    count = rx.cond(items.length() > 0, rx.fragment("（", items.length(), "）"), rx.fragment())
    folded = rx.el.details(
        rx.el.summary(search.SAVED, count, class_name="np-link np-small w-fit py-2.5"),
        inside,
        class_name="min-w-0 flex-1 open:basis-full",
    )
    keep = ui.button(
        search.SAVE,
        look="secondary",
        icon_name="bell",
        on_click=SavedSearchState.save,
        class_name="flex-none",
    )
    guardian = rx.el.section(
        folded,
        keep,
        class_name="flex flex-wrap items-start justify-between gap-3 mb-4",
        custom_attrs={"aria-label": search.SAVED},
    )
    return rx.cond(viewer.type == "parent", guardian, rx.fragment())


def _row(kept: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            ui.text_link(kept.name, href=kept.href),
            ui.when(ui.filled(kept.details), rx.el.p(kept.details, class_name="np-muted np-small")),
            class_name="min-w-0 flex-1",
        ),
        ui.icon_button("x", label=kept.remove, on_click=SavedSearchState.forget(kept.id)),
        class_name="flex items-center gap-2 border-b border-(--line) py-1",
        key=kept.id,
    )


def seen() -> rx.Component:
    """The schools this device has looked at last."""
    return seen_schools()
