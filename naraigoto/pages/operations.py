"""/admin/operations: how many notices stand where, the dead letters, and what money needs an eye for."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.pages import money_operations
from naraigoto.pages.audit import audit_section
from naraigoto.pages.guarded import guarded
from naraigoto.state.money_operations import MoneyOperationsState
from naraigoto.state.operations import OperationsState
from naraigoto.texts import outbox as texts


def operations_page(viewer: Any) -> rx.Component:
    """Counts above, dead letters below, then money."""
    state: Any = OperationsState
    refresh = ui.button(
        texts.REFRESH,
        look="secondary",
        icon_name="refresh-cw",
        on_click=[OperationsState.load, MoneyOperationsState.load],
    )
    body = rx.fragment(
        ui.page_heading(texts.TITLE, lead=texts.LEAD, action=refresh),
        ui.alert_if(state.error, class_name="mb-4"),
        rx.el.section(
            rx.el.h2(texts.COUNTS, class_name="mb-3"),
            rx.el.dl(
                rx.foreach(state.counts, _count),
                class_name="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5",
            ),
            class_name="mb-10",
        ),
        _dead(state.dead),
        money_operations.money_sections(),
        audit_section(),
    )
    money: Any = MoneyOperationsState
    return ui.staff_page(
        guarded(state.access, body, path="/admin/operations"),
        viewer=viewer,
        section="operations",
        message=rx.cond(state.message != "", state.message, money.message),
        on_message_done=[OperationsState.said, MoneyOperationsState.said],
    )


def _count(count: Any) -> rx.Component:
    alarming = (count.status == "dead") & (count.count > 0)
    return rx.el.div(
        rx.el.dt(count.name, class_name="np-muted np-small"),
        rx.el.dd(
            rx.el.b(count.count, class_name="np-round text-2xl"),
            " ",
            texts.UNIT,
            class_name=rx.cond(alarming, "text-(--danger) text-right", "text-right"),
        ),
        class_name="np-card p-4",
        key=count.status,
    )


def _dead(dead: Any) -> rx.Component:
    headers = (texts.KIND, texts.CREATED, texts.ATTEMPTS, texts.ERROR, texts.ACTION)
    found = rx.fragment(
        rx.el.p(texts.DEAD_LEAD, class_name="np-muted mb-4"),
        ui.table(headers, rx.foreach(dead, _row), caption=texts.DEAD),  # pyright: ignore[reportArgumentType]
    )
    none = ui.card(ui.empty_state(texts.NO_DEAD, text=texts.NO_DEAD_TEXT, icon_name="circle-check", level=3))
    return rx.el.section(rx.el.h2(texts.DEAD, class_name="mb-3"), rx.cond(dead.length() > 0, found, none))


def _row(letter: Any) -> rx.Component:
    again = ui.button(
        texts.RETRY,
        look="secondary",
        icon_name="refresh-cw",
        on_click=OperationsState.retry(letter.id),
        custom_attrs={"aria-label": letter.label},
    )
    return ui.table_row(
        (texts.KIND, letter.kind),
        (texts.CREATED, letter.created),
        (texts.ATTEMPTS, letter.attempts),
        (texts.ERROR, rx.el.code(letter.error, class_name="np-small break-all")),
        (texts.ACTION, again),
        key=letter.id,
    )
