"""/admin/operations: how many notices stand where, the dead letters, and what money needs an eye for."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.queues import queue_counts, waiting_list
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
        queue_counts(texts.COUNTS, state.counts, wide="lg:grid-cols-5"),
        waiting_list(
            texts.DEAD,
            state.dead,
            _row,
            headers=(texts.KIND, texts.CREATED, texts.ATTEMPTS, texts.ERROR, texts.ACTION),
            lead=texts.DEAD_LEAD,
            none=texts.NO_DEAD,
            none_text=texts.NO_DEAD_TEXT,
        ),
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
