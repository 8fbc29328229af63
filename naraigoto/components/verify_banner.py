"""A quiet line for people whose address is not proved yet, with the way to the mail."""

from typing import Any

import reflex as rx

from naraigoto.components.fetch_form import FormTexts, Says, fetch_form
from naraigoto.components.icons import icon
from naraigoto.texts import sign_up


def verify_banner(viewer: Any) -> rx.Component:
    """Shown while the viewer's address is unproved."""
    again = fetch_form(
        action="/api/v1/auth/verify/resend",
        texts=FormTexts(sign_up.SEND_AGAIN, sign_up.REQUIRED, failed=sign_up.FAILED),
        done=Says(sign_up.SENT_AGAIN, closes=True),
        look="secondary",
    )
    banner = rx.el.aside(
        rx.el.p(icon("mail"), rx.el.span(sign_up.UNVERIFIED)),
        rx.el.div(again, class_name="w-full sm:w-auto"),
        class_name="np-verify",
        custom_attrs={"aria-label": sign_up.VERIFY_TITLE},
    )
    return rx.cond(viewer.unverified, banner, rx.fragment())
