"""The dialog with which anybody who is signed in reports a review; any page with reviews carries it."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.rating_inputs import words_input
from naraigoto.state.review_reports import ReviewReportState
from naraigoto.texts import login
from naraigoto.texts import reviews as texts
from naraigoto.texts import ui as words


def report_dialog(*, login_href: Any) -> rx.Component:
    """Reasons as choices, a few words; open it with ReviewReportState.ask(kind, review_id)."""
    state: Any = ReviewReportState
    reasons = [ui.choice("reason", key, said) for key, said in texts.REASONS]
    form = rx.el.form(
        rx.el.p(texts.REPORT_LEAD, class_name="np-small np-muted"),
        ui.choices(texts.REASON, *reasons, error=state.reason_error, id_="report-reason"),
        words_input("comment", texts.REPORT_COMMENT, hint=texts.REPORT_HINT, limit=texts.REPORT_MAX, rows=3),
        ui.alert_if(state.error),
        ui.when(
            state.login,
            ui.link_button(
                login.NEEDED_ACTION, href=login_href, look="secondary", icon_name="log-in", block=True
            ),
        ),
        rx.el.div(
            ui.submit_button(texts.REPORT_SEND, look="danger", busy=state.busy, block=True),
            ui.button(words.CANCEL, look="secondary", on_click=ReviewReportState.close, block=True),
            class_name="flex flex-col gap-2.5",
        ),
        key=state.form_key,
        on_submit=ReviewReportState.send,
        reset_on_submit=False,
        class_name="flex flex-col gap-5",
    )
    return ui.dialog(
        form,
        id_="report",
        title=texts.REPORT_TITLE,
        open_=state.open,
        on_close=ReviewReportState.close,
    )
