"""「最終確認」 before paying, and the page after it that waits for the news (D4, R37)."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.pages.guarded import guarded
from naraigoto.state.plans import ConfirmState, OrderedState
from naraigoto.texts import plans as texts


def confirm_page(viewer: Any) -> rx.Component:
    """The six items of the law, then the one button that orders."""
    state: Any = ConfirmState
    body = rx.fragment(
        ui.page_heading(texts.CONFIRM_TITLE, lead=texts.CONFIRM_LEAD),
        rx.cond(state.refused != "", _refused(state.refused), _order(state)),
    )
    return ui.page(guarded(state.access, body, path="/plans"), viewer=viewer, section="plans", width="text")


def _order(state: Any) -> rx.Component:
    def item(pair: Any) -> rx.Component:
        return rx.el.div(
            rx.el.dt(pair[0], class_name="np-muted np-small"),
            rx.el.dd(pair[1]),
            class_name="border-t border-(--line) py-3 first:border-t-0",
            key=pair[0],
        )

    return rx.fragment(
        ui.card(rx.el.dl(rx.foreach(state.items, item)), class_name="!py-2"),
        rx.el.p(
            *[
                ui.text_link(words, href=href, class_name="np-small inline-flex min-h-7 items-center")
                for href, words in texts.LEGAL
            ],
            class_name="flex flex-wrap gap-x-5 mt-4",
        ),
        rx.el.p(texts.NEXT_STEP, class_name="np-muted mt-2 mb-5"),
        ui.alert_if(state.error, class_name="mb-4"),
        rx.el.div(
            ui.button(state.button, on_click=ConfirmState.order, busy=state.busy, block=True),
            ui.link_button(texts.CHOOSE_AGAIN, href="/plans", look="secondary", block=True),
            class_name="flex flex-col gap-3",
        ),
        ui.leave(state.go),
    )


def _refused(words: Any) -> rx.Component:
    return rx.el.div(
        ui.alert(words, tone="info"),
        ui.link_button(texts.TO_MANAGE, href="/tickets", icon_name="ticket"),
        class_name="flex flex-col items-start gap-4",
    )


def ordered_page(viewer: Any) -> rx.Component:
    """Waits, and tells by itself how it came out."""
    state: Any = OrderedState
    waits = (state.stage == "waiting") | (state.stage == "slow")
    told = rx.match(
        state.stage,
        ("arrived", _arrived(state.headline)),
        ("slow", _told(texts.SLOW, texts.SLOW_TEXT, "clock", _button(texts.SEE_TICKETS, "/tickets"))),
        (
            "not_ordered",
            _told(texts.NOT_ORDERED, texts.NOT_ORDERED_TEXT, "info", _button(texts.TO_PLANS, "/plans")),
        ),
        _told(texts.WAITING, texts.WAITING_TEXT, "clock", rx.fragment()),
    )
    body = rx.fragment(
        rx.el.div(told, custom_attrs={"aria-live": "polite", "aria-atomic": "true"}),
        ui.ask_again((state.access == "ok") & waits, OrderedState.check),
    )
    return ui.page(
        guarded(state.access, body, path="/tickets"), viewer=viewer, section="tickets", width="text"
    )


def _arrived(headline: Any) -> rx.Component:
    actions = rx.el.div(
        ui.link_button(texts.TO_SEARCH, href="/search", icon_name="search"),
        ui.link_button(texts.SEE_TICKETS, href="/tickets", look="secondary", icon_name="ticket"),
        class_name="flex flex-wrap justify-center gap-3",
    )
    return _told(headline, texts.ARRIVED_TEXT, "ticket", actions)


def _told(title: Any, text: str, icon_name: str, action: rx.Component) -> rx.Component:
    return ui.empty_state(title, text=text, icon_name=icon_name, action=action, level=1)


def _button(words: str, href: str) -> rx.Component:
    return ui.link_button(words, href=href)
