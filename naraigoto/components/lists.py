"""Lists: tabs, facts, tables that turn into cards on phones, the pager."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from naraigoto.components.base import Content, Flag, Text, classes, when
from naraigoto.components.buttons import button
from naraigoto.texts import ui

Tab = tuple[str, str]


class TabList(rx.Component):
    """role=tablist with arrow keys."""

    library = "$/public/np_shell.js"
    tag = "NpTabList"

    label: rx.Var[str]


class FocusFollows(rx.Component):
    """Moves the focus with what the screen shows."""

    library = "$/public/np_shell.js"
    tag = "NpFocusFollows"

    shown: rx.Var[str]
    inside: rx.Var[str]
    row: rx.Var[str]


def focus_follows(shown: Text, *, inside: str, row: str) -> rx.Component:
    """Where one thing takes the place of its list: to the heading `inside`, and back to `row` + its id."""
    return FocusFollows.create(shown=shown, inside=inside, row=row)


def tabs(items: Sequence[Tab], current: Text, on_change: Any, *, label: str) -> rx.Component:
    """Tabs driven by a state's text; `on_change` gets the key. Pair with tab_panel()."""
    return TabList.create(
        *[_tab(key, words, current, on_change) for key, words in items], label=label, class_name="np-tabs"
    )


def _tab(key: str, words: str, current: Text, on_change: Any) -> rx.Component:
    chosen = rx.Var.create(current) == key
    return rx.el.button(
        words,
        id=f"tab-{key}",
        type="button",
        role="tab",
        on_click=on_change(key),
        tab_index=rx.cond(chosen, 0, -1),
        custom_attrs={"aria-selected": rx.cond(chosen, "true", "false"), "aria-controls": f"panel-{key}"},
    )


def tab_panel(key: str, current: Text, *children: Content, class_name: str = "pt-4") -> rx.Component:
    """The part that belongs to one tab."""
    return rx.el.div(
        *children,
        id=f"panel-{key}",
        role="tabpanel",
        class_name=class_name,
        hidden=rx.Var.create(current) != key,
        custom_attrs={"aria-labelledby": f"tab-{key}"},
    )


def facts(*pairs: tuple[Content, Content], class_name: str = "") -> rx.Component:
    """Names and values, one under the other."""
    rows = [part for name, value in pairs for part in (rx.el.dt(name), rx.el.dd(value))]
    return rx.el.dl(*rows, class_name=classes("np-facts", class_name))


def table(headers: Sequence[str], *rows: rx.Component, caption: str) -> rx.Component:
    """A table on wide screens, cards on phones; build its rows with table_row()."""
    head = [rx.el.th(words, scope="col", custom_attrs={"role": "columnheader"}) for words in headers]
    return rx.el.table(
        rx.el.caption(caption, class_name="np-sr"),
        rx.el.thead(rx.el.tr(*head, custom_attrs={"role": "row"}), custom_attrs={"role": "rowgroup"}),
        rx.el.tbody(*rows, custom_attrs={"role": "rowgroup"}),
        class_name="np-table",
        custom_attrs={"role": "table"},
    )


def table_row(*cells: tuple[str, Content], **props: Any) -> rx.Component:
    """One row of (header, content); the header is the label on phones, "" for none."""
    parts = [
        rx.el.td(
            content if isinstance(content, rx.Component) else rx.el.span(content),
            custom_attrs={"role": "cell", "data-label": header},
        )
        for header, content in cells
    ]
    return rx.el.tr(*parts, custom_attrs={"role": "row"}, **props)


def pager(has_more: Flag, on_more: Any, *, busy: Flag = False) -> rx.Component:
    """もっと見る below a list, while there is more."""
    more = button(ui.MORE, look="secondary", icon_name="chevron-down", on_click=on_more, busy=busy)
    return when(has_more, rx.el.div(more, class_name="flex justify-center pt-6"))
