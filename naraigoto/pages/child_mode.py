"""/kids/guardian: the guardian takes the device back from 「子どもモード」."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.fetch_form import FormField, FormTexts, Goes, fetch_form
from naraigoto.pages.guarded import guarded
from naraigoto.state.child_mode import ChildModeState
from naraigoto.texts import families as texts
from naraigoto.texts import login
from naraigoto.texts import ui as words


def guardian_page(viewer: Any) -> rx.Component:
    """The password, or the provider's sign-in, of whoever lent the device."""
    state: Any = ChildModeState
    way = rx.match(
        state.way,
        ("password", _password(state.whose)),
        ("provider", _provider()),
        _nobody(),
    )
    body = rx.fragment(
        ui.page_heading(_line(words.CHILD_MODE_BACK)),
        ui.card(way, class_name="flex flex-col gap-5 p-5 md:p-7"),
    )
    return ui.kids_page(
        guarded(state.access, body, path="/kids/guardian", child=True), viewer=viewer, section="guardian"
    )


def _line(parts: Any) -> rx.Component:
    return rx.fragment(*[ui.ruby(*part) if isinstance(part, tuple) else rx.el.span(part) for part in parts])


def _password(whose: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(_line(texts.BACK_LEAD)),
        rx.el.p(whose, class_name="np-muted"),
        fetch_form(
            FormField(
                "password",
                texts.BACK_PASSWORD,
                type="password",
                auto_complete="current-password",
                show=login.SHOW,
                hide=login.HIDE,
            ),
            action="/api/v1/auth/child-mode/leave",
            texts=FormTexts(
                texts.BACK_SUBMIT, texts.BACK_REQUIRED, wrong=texts.BACK_WRONG, failed=texts.BACK_FAILED
            ),
            done=Goes(to="/family"),
        ),
    )


def _provider() -> rx.Component:
    return rx.fragment(
        rx.el.p(_line(texts.BACK_LEAD)),
        ui.link_button(
            texts.BACK_PROVIDER,
            href="/auth/login?prompt=login&next=/family",
            icon_name="log-in",
            block=True,
            reload_document=True,
        ),
    )


def _nobody() -> rx.Component:
    return rx.fragment(
        rx.el.p(_line(texts.BACK_NOT_LENT)),
        ui.link_button(_line(texts.BACK_TO_KIDS), href="/kids", look="child", block=True),
    )
