"""「親子の口コミ」 on /family: both voices of the family on each lesson, side by side."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.own_reviews import own_pair
from naraigoto.components.rating_inputs import words_input
from naraigoto.state.family_reviews import FamilyReviewsState
from naraigoto.texts import reviews as texts
from naraigoto.texts import ui as words


def family_reviews() -> rx.Component:
    """The section; for who has a family."""
    state: Any = FamilyReviewsState
    some = rx.fragment(
        rx.el.div(rx.foreach(state.lessons, _lesson), class_name="flex flex-col gap-8"),
        ui.pager(state.has_more, FamilyReviewsState.more),
    )
    none = ui.card(
        ui.empty_state(
            texts.NO_FAMILY_REVIEWS, text=texts.NO_FAMILY_REVIEWS_TEXT, icon_name="message-circle", level=3
        )
    )
    return ui.when(
        state.shown,
        rx.el.section(
            rx.el.h2(texts.BOTH),
            rx.el.p(texts.BOTH_LEAD, class_name="np-muted mb-4"),
            ui.alert_if(state.error, class_name="mb-4"),
            rx.cond(state.lessons.length() > 0, some, none),
            _appeal_dialog(state),
            id="reviews",
            class_name="mt-10",
        ),
    )


def _lesson(lesson: Any) -> rx.Component:
    return rx.el.article(
        rx.el.div(
            rx.el.h3(lesson.title, "　", rx.el.span(lesson.school, class_name="font-normal np-small")),
            rx.el.p(
                rx.el.span(lesson.child, "　", lesson.when, class_name="np-small np-muted"),
                ui.text_link(
                    texts.SEE_OWN, href=lesson.href, class_name="np-small inline-flex min-h-11 items-center"
                ),
                class_name="flex flex-wrap items-center gap-x-4",
            ),
            class_name="mb-2",
        ),
        rx.el.div(rx.foreach(lesson.pairs, _pair), class_name="flex flex-col gap-3"),
        key=lesson.id,
    )


def _pair(pair: Any) -> rx.Component:
    return rx.el.div(
        own_pair(
            pair,
            parent_foot=_appeal("parent", pair.parent),
            child_foot=rx.fragment(_hide(pair.child), _appeal("child", pair.child)),
            level=4,
        ),
        key=pair.key,
    )


def _hide(child: Any) -> rx.Component:
    hide = ui.button(texts.HIDE_CHILD, look="quiet", on_click=FamilyReviewsState.hide(child.id))
    show = ui.button(texts.SHOW_CHILD, look="secondary", on_click=FamilyReviewsState.show(child.id))
    return rx.el.div(
        ui.when(child.can_hide, hide), ui.when(child.hidden_by_guardian, show), class_name="np-voice-foot"
    )


def _appeal(kind: str, own: Any) -> rx.Component:
    button = ui.button(texts.APPEAL, look="secondary", on_click=FamilyReviewsState.ask_appeal(kind, own.id))
    return ui.when(own.can_appeal, rx.el.div(button, class_name="np-voice-foot"))


def _appeal_dialog(state: Any) -> rx.Component:
    form = rx.el.form(
        words_input(
            "body",
            texts.APPEAL_LABEL,
            hint=texts.APPEAL_HINT,
            limit=texts.APPEAL_LONGEST,
            error=state.appeal_error,
        ),
        ui.submit_button(texts.APPEAL, block=True),
        ui.button(words.CANCEL, look="secondary", on_click=FamilyReviewsState.close, block=True),
        on_submit=FamilyReviewsState.appeal,
        reset_on_submit=False,
        class_name="flex flex-col gap-4",
    )
    return ui.dialog(
        form,
        id_="appeal",
        title=texts.APPEAL,
        open_=state.appealing,
        on_close=FamilyReviewsState.close,
    )
