"""What /admin/operations shows of money: matters that wait, Stripe's webhooks, dead ones to replay."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.state.money_operations import MoneyOperationsState
from naraigoto.texts import money_operations as texts
from naraigoto.texts import outbox as outbox_texts
from naraigoto.texts import ui as words


def money_sections() -> rx.Component:
    """The sections, and the dialog that settles a matter."""
    state: Any = MoneyOperationsState
    return rx.fragment(
        ui.alert_if(state.error, class_name="mb-4"),
        _issues(state.issues),
        rx.el.section(
            rx.el.h2(texts.WEBHOOKS, class_name="mb-3"),
            rx.el.dl(rx.foreach(state.counts, _count), class_name="grid grid-cols-2 gap-3 sm:grid-cols-3"),
            class_name="mt-10 mb-10",
        ),
        _dead(state.dead),
        _dialog(state),
    )


def _count(count: Any) -> rx.Component:
    alarming = (count.status == "dead") & (count.count > 0)
    return rx.el.div(
        rx.el.dt(count.name, class_name="np-muted np-small"),
        rx.el.dd(
            rx.el.b(count.count, class_name="np-round text-2xl"),
            " ",
            outbox_texts.UNIT,
            class_name=rx.cond(alarming, "text-(--danger) text-right", "text-right"),
        ),
        class_name="np-card p-4",
        key=count.status,
    )


def _issues(issues: Any) -> rx.Component:
    headers = (texts.WHAT, texts.DETAILS, texts.FAMILY, texts.FOUND, outbox_texts.ACTION)
    found = rx.fragment(
        rx.el.p(texts.ISSUES_LEAD, class_name="np-muted mb-4"),
        ui.table(headers, rx.foreach(issues, _issue), caption=texts.ISSUES),  # pyright: ignore[reportArgumentType]
    )
    none = ui.card(
        ui.empty_state(texts.NO_ISSUES, text=texts.NO_ISSUES_TEXT, icon_name="circle-check", level=3)
    )
    return rx.el.section(
        rx.el.h2(texts.ISSUES, class_name="mb-3"),
        rx.cond(issues.length() > 0, found, none),
        class_name="mt-10",
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


def _dead(dead: Any) -> rx.Component:
    headers = (
        outbox_texts.KIND,
        texts.RECEIVED,
        outbox_texts.ATTEMPTS,
        outbox_texts.ERROR,
        outbox_texts.ACTION,
    )
    found = rx.fragment(
        rx.el.p(texts.WEBHOOKS_DEAD_LEAD, class_name="np-muted mb-4"),
        ui.table(headers, rx.foreach(dead, _event), caption=texts.WEBHOOKS_DEAD),  # pyright: ignore[reportArgumentType]
    )
    none = ui.card(
        ui.empty_state(
            texts.NO_WEBHOOKS_DEAD, text=texts.NO_WEBHOOKS_DEAD_TEXT, icon_name="circle-check", level=3
        )
    )
    return rx.el.section(
        rx.el.h2(texts.WEBHOOKS_DEAD, class_name="mb-3"), rx.cond(dead.length() > 0, found, none)
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
