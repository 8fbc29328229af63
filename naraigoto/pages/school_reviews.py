"""/school/reviews: reviews that wait for an answer, and the answer's dialog."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.rating_inputs import words_input
from naraigoto.components.review_list import reply
from naraigoto.pages.guarded import guarded
from naraigoto.pages.review_reports import report_dialog
from naraigoto.state.review_reports import ReviewReportState
from naraigoto.state.school_reviews import SchoolReviewsState
from naraigoto.texts import reviews
from naraigoto.texts import school_reviews as texts
from naraigoto.texts import ui as words


def school_reviews_page(viewer: Any) -> rx.Component:
    """Two tabs of reviews; each can be answered once, or reported."""
    state: Any = SchoolReviewsState
    school = ui.select_field(
        "school", texts.SCHOOL, state.schools, value=state.school, on_change=SchoolReviewsState.choose
    )
    body = rx.fragment(
        ui.page_heading(texts.TITLE, lead=texts.LEAD),
        ui.when(state.schools.length() > 1, rx.el.div(school, class_name="mb-4 max-w-sm")),
        ui.tabs(texts.TABS, state.tab, state.turn, label=texts.SECTIONS),
        *[
            ui.tab_panel(key, state.tab, rx.cond(state.tab == key, _rows(state, key), ""))
            for key, _words in texts.TABS
        ],
        _dialog(state),
        report_dialog(login_href="/login?next=/school/reviews"),
    )
    return ui.staff_page(
        guarded(state.access, body, path="/school/reviews"),
        viewer=viewer,
        section="school-reviews",
        message=rx.cond(state.said != "", state.said, ReviewReportState.said),
        on_message_done=[SchoolReviewsState.spoken, ReviewReportState.spoken],
    )


def _rows(state: Any, key: str) -> rx.Component:
    rows = rx.el.ul(rx.foreach(state.rows, _row), class_name="grid gap-4 lg:grid-cols-2 items-start")
    none = ui.card(
        ui.empty_state(
            texts.NONE_WAITING if key == "waiting" else texts.NONE,
            text="" if key == "waiting" else texts.NONE_TEXT,
            icon_name="message-circle",
        )
    )
    return rx.cond(
        state.rows.length() > 0, rx.fragment(rows, ui.pager(state.has_more, SchoolReviewsState.more)), none
    )


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(row.review.child, _voice(row, child=True), _voice(row, child=False)), key=row.review.id
    )


def _voice(row: Any, *, child: bool) -> rx.Component:
    review = row.review
    answer = ui.button(
        rx.cond(row.can == "reply", texts.REPLY, texts.CHANGE),
        look="secondary",
        icon_name="message-circle",
        on_click=SchoolReviewsState.ask(review.id),
        custom_attrs={"aria-haspopup": "dialog"},
    )
    foot = rx.el.div(
        ui.when(row.can != "", answer),
        ui.button(
            reviews.REPORT,
            look="quiet",
            icon_name="triangle-alert",
            on_click=ReviewReportState.ask("child" if child else "parent", review.id),
            custom_attrs={"aria-haspopup": "dialog", "aria-label": review.report_label},
        ),
        ui.when(ui.filled(row.until), rx.el.span(row.until, class_name="np-small np-muted")),
        class_name="np-voice-foot",
    )
    return ui.voice(
        review.comment,
        child=child,
        author=review.author,
        date=review.date,
        rating=ui.faces(review.rating) if child else ui.stars(review.rating),
        footer=rx.fragment(reply(review), foot),
    )


def _dialog(state: Any) -> rx.Component:
    review = state.answering.review
    form = rx.el.form(
        rx.el.blockquote(
            rx.el.p(review.author, class_name="np-small np-muted"),
            rx.el.p(review.comment, class_name="whitespace-pre-line"),
            class_name="border-l-4 border-(--line) pl-4",
        ),
        words_input(
            "body", texts.LABEL, hint=texts.HINT, value=review.reply, limit=texts.LONGEST, error=state.error
        ),
        ui.submit_button(texts.SEND, busy=state.busy, block=True),
        ui.button(words.CANCEL, look="secondary", on_click=SchoolReviewsState.close, block=True),
        key=state.form_key,
        on_submit=SchoolReviewsState.reply,
        reset_on_submit=False,
        class_name="flex flex-col gap-4",
    )
    return ui.dialog(
        form,
        id_="reply",
        title=rx.cond(state.answering.can == "change", texts.CHANGE, texts.REPLY),
        open_=state.open,
        on_close=SchoolReviewsState.close,
    )
