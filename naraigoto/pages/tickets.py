"""/tickets: what is left and until when, the plan, what moved, what was paid."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.pages.guarded import guarded
from naraigoto.state.tickets import TicketsState
from naraigoto.texts import tickets as texts

# Small words, a target big enough for a finger.
_SMALL_LINK = "np-small inline-flex min-h-7 items-center"


def tickets_page(viewer: Any) -> rx.Component:
    """Notices first; then balance and plan side by side; then both histories."""
    state: Any = TicketsState
    body = rx.fragment(
        ui.page_heading(texts.HEADING),
        rx.el.div(
            rx.foreach(state.notices, lambda notice: _notice(notice, state)),
            ui.alert_if(state.error),
            class_name="flex flex-col gap-3 mb-6 empty:hidden",
        ),
        rx.el.div(_balance(state), _plan(state), class_name="grid items-stretch gap-6 lg:grid-cols-2"),
        _history(state),
        ui.when(state.plan.can_manage, _payments(state)),
        _cancel_dialog(state),
        ui.leave(state.go),
        ui.ask_again(state.settling, TicketsState.settle, seconds=2),
    )
    return ui.page(
        guarded(state.access, body, path="/tickets"),
        viewer=viewer,
        section="tickets",
        message=state.message,
        on_message_done=TicketsState.said,
    )


def _notice(notice: Any, state: Any) -> rx.Component:
    card = ui.button(texts.ON_HOLD_ACTION, look="secondary", on_click=TicketsState.manage, busy=state.busy)
    undo = ui.button(texts.UNDO, look="secondary", on_click=TicketsState.undo, busy=state.busy)
    words = rx.el.div(
        rx.el.p(notice.text),
        rx.match(notice.action, ("card", card), ("undo", undo), rx.fragment()),
        class_name="flex flex-col items-start gap-3",
    )
    return rx.cond(notice.tone == "error", ui.alert(words), ui.alert(words, tone="info"))


def _balance(state: Any) -> rx.Component:
    some = rx.fragment(
        rx.el.p(
            rx.el.span(texts.LEFT),
            rx.el.b(state.left, class_name="np-round text-6xl leading-none tabular-nums"),
            rx.el.span(texts.UNIT, class_name="font-bold"),
            class_name="flex items-baseline gap-2 text-(--accent)",
        ),
        rx.el.h2(texts.BY_MONTH, class_name="np-small np-muted pt-3"),
        rx.el.ul(rx.foreach(state.buckets, _bucket), class_name="flex flex-col"),
    )
    none = rx.fragment(
        rx.el.h2(texts.NONE),
        rx.el.p(rx.cond(state.plan.live, texts.NONE_WITH_PLAN, texts.NONE_TEXT), class_name="np-muted"),
    )
    return ui.card(
        rx.cond(state.left > 0, some, none),
        class_name="flex flex-col gap-2 !bg-(--accent-soft) !border-transparent",
    )


def _bucket(bucket: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(bucket.month, class_name="font-bold"),
        rx.el.span(
            bucket.until,
            ui.when(bucket.soon, ui.badge(texts.SOON, tone="danger", icon_name="clock")),
            class_name="flex flex-1 flex-wrap items-center gap-x-2 np-small",
        ),
        rx.el.b(bucket.count, class_name="tabular-nums"),
        class_name="flex items-center gap-3 border-t border-(--line) py-2.5 first:border-t-0",
        key=bucket.month,
    )


def _plan(state: Any) -> rx.Component:
    return ui.card(
        rx.el.h2(texts.PLAN, class_name="np-small np-muted"),
        rx.cond(state.plan.live, _live(state), _none(state)),
        class_name="flex flex-col gap-2",
    )


def _live(state: Any) -> rx.Component:
    plan = state.plan
    owner = rx.el.div(
        ui.button(
            texts.MANAGE,
            look="secondary",
            icon_name="external-link",
            on_click=TicketsState.manage,
            busy=state.busy,
        ),
        rx.cond(
            plan.ending,
            rx.fragment(),
            ui.button(texts.CANCEL, look="quiet", on_click=TicketsState.ask, disabled=state.busy),
        ),
        class_name="flex flex-wrap gap-3 pt-3 mt-auto",
    )
    return rx.fragment(
        rx.el.div(
            rx.el.p(plan.name, class_name="np-round text-2xl"),
            ui.badge(plan.status, tone="accent"),
            class_name="flex flex-wrap items-center gap-3",
        ),
        rx.el.p(plan.line),
        ui.when(plan.renews != "", rx.el.p(plan.renews)),
        ui.when(plan.next_plan != "", rx.el.p(plan.next_plan, class_name="np-muted")),
        rx.cond(plan.can_manage, owner, rx.el.p(texts.FOR_OWNER, class_name="np-muted")),
    )


def _none(state: Any) -> rx.Component:
    way = rx.el.div(
        ui.link_button(texts.CHOOSE_PLAN, href="/plans", icon_name="ticket"), class_name="pt-3 mt-auto"
    )
    return rx.fragment(
        rx.el.p(texts.NO_PLAN, class_name="font-bold"),
        rx.el.p(texts.NO_PLAN_TEXT, class_name="np-muted"),
        rx.cond(state.plan.can_manage, way, rx.el.p(texts.FOR_OWNER, class_name="np-muted")),
    )


def _history(state: Any) -> rx.Component:
    rows = rx.el.ul(rx.foreach(state.lines, _line), class_name="np-card !py-1")
    none = ui.card(rx.el.p(texts.NO_HISTORY, class_name="np-muted"))
    return rx.el.section(
        rx.el.h2(texts.HISTORY, class_name="mt-10 mb-3"),
        rx.cond(state.lines.length() > 0, rows, none),
        ui.pager(state.more_lines, TicketsState.earlier),
    )


def _line(line: Any) -> rx.Component:
    see = ui.text_link(texts.SEE_BOOKING, href=line.href, class_name=_SMALL_LINK)
    look = "text-lg whitespace-nowrap tabular-nums"
    return _entry(
        rx.el.p(line.what),
        ui.when(line.note != "", rx.el.p(line.note, class_name="np-small np-muted")),
        rx.el.p(
            rx.el.span(line.day, class_name="np-small np-muted"),
            ui.when(line.href != "", see),
            class_name="flex flex-wrap items-center gap-x-3",
        ),
        figure=rx.el.b(line.moved, class_name=rx.cond(line.plus, f"{look} text-(--success)", look)),
        key=line.id,
    )


def _payments(state: Any) -> rx.Component:
    rows = rx.el.ul(rx.foreach(state.payments, _payment), class_name="np-card !py-1")
    none = ui.card(rx.el.p(texts.NO_PAYMENTS, class_name="np-muted"))
    return rx.el.section(
        rx.el.h2(texts.PAYMENTS, class_name="mt-10 mb-3"),
        rx.cond(state.payments.length() > 0, rows, none),
        ui.pager(state.more_payments, TicketsState.earlier_payments),
    )


def _payment(paid: Any) -> rx.Component:
    receipt = ui.text_link(
        texts.RECEIPT,
        href=paid.receipt,
        reload_document=True,
        class_name=_SMALL_LINK,
        custom_attrs={"aria-label": paid.receipt_label},
    )
    below = rx.fragment(
        rx.el.span(paid.day),
        rx.el.span(paid.status, class_name=rx.cond(paid.failed, "font-bold text-(--danger)", "")),
    )
    return _entry(
        rx.el.p(paid.what),
        rx.el.p(
            rx.el.span(below, class_name="np-small np-muted flex flex-wrap gap-x-3"),
            ui.when(paid.receipt != "", receipt),
            class_name="flex flex-wrap items-center gap-x-3",
        ),
        figure=rx.el.b(paid.amount, class_name="text-lg whitespace-nowrap tabular-nums"),
        key=paid.id,
    )


def _entry(*words: rx.Component, figure: rx.Component, key: Any) -> rx.Component:
    """A line of either history: words at the left, the figure at the right."""
    return rx.el.li(
        rx.el.div(*words, class_name="min-w-0 flex-1"),
        figure,
        class_name="flex items-center gap-4 border-t border-(--line) py-3 first:border-t-0",
        key=key,
    )


def _cancel_dialog(state: Any) -> rx.Component:
    return ui.dialog(
        rx.el.div(
            rx.el.p(state.plan.cancel_text),
            ui.alert_if(state.error),
            class_name="flex flex-col gap-4",
        ),
        id_="cancel",
        title=texts.CANCEL_TITLE,
        open_=state.asking,
        on_close=TicketsState.keep,
        footer=[
            ui.button(texts.KEEP, look="secondary", on_click=TicketsState.keep),
            ui.button(texts.CANCEL_NOW, look="danger", on_click=TicketsState.cancel, busy=state.busy),
        ],
    )
