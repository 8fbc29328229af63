"""「操作の記録」: the part of /admin/operations that shows who did and saw what."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.state.audit import AuditState
from naraigoto.texts import audit as texts


def audit_section() -> rx.Component:
    """A filter by person, and the lines, the newest first."""
    state: Any = AuditState
    headers = (texts.AT, texts.ACTOR, texts.ACTION, texts.THING, texts.FACTS)
    found = rx.fragment(
        ui.table(headers, rx.foreach(state.rows, _row), caption=texts.TITLE),  # pyright: ignore[reportArgumentType]
        ui.pager(state.has_more, AuditState.more),
    )
    hint = rx.cond(state.shown != "", texts.NONE_TEXT, texts.NONE_YET)
    none = ui.card(ui.empty_state(texts.NONE, text=hint, icon_name="clipboard-list", level=3))
    return rx.el.section(
        rx.el.h2(texts.TITLE, class_name="mb-3"),
        rx.el.p(texts.LEAD, class_name="np-muted mb-4"),
        _filter(state),
        rx.cond(state.rows.length() > 0, found, none),
        class_name="mt-10",
    )


def _filter(state: Any) -> rx.Component:
    form = rx.el.form(
        ui.text_field("who", texts.WHO, kind="search", id_="audit-who", max_length=254),
        ui.submit_button(texts.FIND, look="secondary", icon_name="search"),
        on_submit=AuditState.ask,
        reset_on_submit=False,
        class_name="flex flex-wrap items-end gap-3",
    )
    shown = rx.el.p(
        rx.el.span(state.shown),
        ui.button(texts.EVERYBODY, look="quiet", icon_name="x", on_click=AuditState.everybody),
        class_name="flex flex-wrap items-center gap-3",
        role="status",
    )
    return rx.el.div(
        form, rx.cond(state.shown != "", shown, rx.fragment()), class_name="flex flex-col gap-3 mb-4"
    )


def _row(row: Any) -> rx.Component:
    person = rx.el.span(
        rx.cond(
            row.actor != "",
            rx.el.button(
                row.actor,
                type="button",
                on_click=AuditState.only(row.actor),
                class_name="np-link min-h-11 text-left",
                custom_attrs={"aria-label": row.label},
            ),
            rx.fragment(),
        ),
        rx.el.span(row.kind, class_name="np-small np-muted"),
        class_name="flex flex-wrap items-center gap-x-2",
    )
    return ui.table_row(
        (texts.AT, row.at),
        (texts.ACTOR, person),
        (texts.ACTION, row.action),
        (texts.THING, rx.el.span(row.thing, class_name="np-small")),
        (texts.FACTS, rx.el.span(row.facts, class_name="np-small break-all")),
        key=row.id,
    )
