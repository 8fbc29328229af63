"""What /admin/operations shows of money: matters that wait, Stripe's webhooks, dead ones to replay."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.queues import queue_counts, waiting_list
from naraigoto.state.money_operations import MoneyOperationsState
from naraigoto.texts import money_operations as texts
from naraigoto.texts import outbox as outbox_texts
from naraigoto.texts import ui as words


def money_sections() -> rx.Component:
    """The sections, and the dialog that settles a matter."""
    state: Any = MoneyOperationsState
    return rx.fragment(
        ui.alert_if(state.error, class_name="mb-4"),
        waiting_list(
            texts.ISSUES,
            state.issues,
            _issue,
            headers=(texts.WHAT, texts.DETAILS, texts.FAMILY, texts.FOUND, outbox_texts.ACTION),
            lead=texts.ISSUES_LEAD,
            none=texts.NO_ISSUES,
            none_text=texts.NO_ISSUES_TEXT,
            class_name="mt-10",
        ),
        queue_counts(texts.WEBHOOKS, state.counts, class_name="mt-10"),
        waiting_list(
            texts.WEBHOOKS_DEAD,
            state.dead,
            _event,
            headers=(
                outbox_texts.KIND,
                texts.RECEIVED,
                outbox_texts.ATTEMPTS,
                outbox_texts.ERROR,
                outbox_texts.ACTION,
            ),
            lead=texts.WEBHOOKS_DEAD_LEAD,
            none=texts.NO_WEBHOOKS_DEAD,
            none_text=texts.NO_WEBHOOKS_DEAD_TEXT,
        ),
        _dialog(state),
    )


def _issue(issue: Any) -> rx.Component:
    settle = ui.button(
        texts.SETTLE,
        look="secondary",
        icon_name="check",
        on_click=MoneyOperationsState.ask(issue.id),
        class_name="whitespace-nowrap",
        custom_attrs={"aria-label": issue.label},
    )
    return ui.table_row(
        (texts.WHAT, issue.kind),
        (texts.DETAILS, rx.el.span(issue.details, class_name="np-small break-all")),
        (texts.FAMILY, rx.el.span(issue.family, class_name="whitespace-nowrap")),
        (texts.FOUND, rx.el.span(issue.found, class_name="whitespace-nowrap")),
        (outbox_texts.ACTION, settle),
        key=issue.id,
    )


def _event(event: Any) -> rx.Component:
    again = ui.button(
        texts.REPLAY,
        look="secondary",
        icon_name="refresh-cw",
        on_click=MoneyOperationsState.replay(event.id),
        class_name="whitespace-nowrap",
        custom_attrs={"aria-label": event.label},
    )
    return ui.table_row(
        (outbox_texts.KIND, rx.el.code(event.kind, class_name="np-small break-all")),
        (texts.RECEIVED, event.received),
        (outbox_texts.ATTEMPTS, event.attempts),
        (outbox_texts.ERROR, rx.el.code(event.error, class_name="np-small break-all")),
        (outbox_texts.ACTION, again),
        key=event.id,
    )


def _dialog(state: Any) -> rx.Component:
    form = rx.el.form(
        rx.el.p(state.asked, class_name="mb-4"),
        ui.text_field("note", texts.NOTE, error=state.note_error, required=True),
        rx.el.div(
            ui.button(words.CANCEL, look="secondary", on_click=MoneyOperationsState.close),
            ui.submit_button(texts.SETTLE),
            class_name="mt-4 flex flex-wrap justify-end gap-3",
        ),
        on_submit=MoneyOperationsState.settle,
        key=state.asked,
    )
    return ui.dialog(
        form,
        id_="settle-issue",
        title=texts.SETTLE_TITLE,
        open_=state.asking,
        on_close=MoneyOperationsState.close,
    )
