"""/undo: the button behind the link of the mail that a closed account got."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.fetch_form import FormField, FormTexts, Says, fetch_form
from naraigoto.texts import undo as texts


def undo_page(viewer: Any) -> rx.Component:
    """Looking changes nothing; the button does."""
    form = fetch_form(
        FormField("token", type="hidden", query="token"),
        action="/api/v1/auth/undo-deletion",
        texts=FormTexts(
            texts.SUBMIT,
            texts.UNUSABLE,
            failed=texts.FAILED,
            refusals={"not_found": texts.UNUSABLE, "validation_failed": texts.UNUSABLE},
        ),
        done=Says(texts.DONE, closes=True),
    )
    return ui.page(
        ui.page_heading(texts.TITLE),
        ui.card(
            rx.el.p(texts.LEAD),
            rx.el.p(texts.LOSSES, class_name="np-muted np-small"),
            form,
            rx.el.p(ui.text_link(texts.LOGIN, href="/login")),
            class_name="p-5 md:p-7 flex flex-col gap-4",
        ),
        viewer=viewer,
        width="narrow",
    )
