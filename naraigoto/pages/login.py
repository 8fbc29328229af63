"""/login: guardians, schools and admins by e-mail, children by family code."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.fetch_form import Example, FormField, FormTexts, Goes, fetch_form
from naraigoto.components.passwords import current_password
from naraigoto.homes import HOMES
from naraigoto.pages.door import door
from naraigoto.pages.signed_in import already_signed_in
from naraigoto.state.login import LoginState
from naraigoto.texts import login, sign_up

_ACTION = "/api/v1/auth/login"


def login_page(viewer: Any, *, examples: bool) -> rx.Component:
    """Two forms, or the way home for who is signed in already; `examples` offers the demo accounts."""
    forms = rx.fragment(
        ui.tabs(login.TABS, LoginState.tab, LoginState.turn, label=login.WHO),
        ui.tab_panel("adult", LoginState.tab, door(_adult(examples)), class_name="pt-6"),
        ui.tab_panel("child", LoginState.tab, _child(examples), class_name="pt-6 np-kids"),
    )
    return ui.page(
        ui.page_heading(login.HEADING),
        ui.card(rx.cond(viewer.signed_in, already_signed_in(viewer), forms), class_name="p-5 md:p-7"),
        viewer=viewer,
        section="login",
        width="narrow",
    )


def _adult(examples: bool) -> rx.Component:
    form = fetch_form(
        FormField("email", login.EMAIL, type="email", auto_complete="username", input_mode="email"),
        current_password(),
        action=_ACTION,
        texts=FormTexts(login.SUBMIT, login.REQUIRED, login.WRONG, login.FAILED, login.EXAMPLES),
        done=Goes(homes=HOMES),
        examples=_adult_examples() if examples else (),
    )
    return rx.el.div(
        ui.alert_if(LoginState.notice, tone="success"),
        form,
        rx.el.p(ui.text_link(sign_up.FORGOTTEN, href="/reset"), class_name="text-center"),
        rx.el.div(
            rx.el.p(sign_up.NEW_HERE, class_name="np-muted"),
            ui.link_button(sign_up.BEGIN, href="/signup", look="secondary", block=True),
            class_name="flex flex-col gap-2 pt-4 border-t border-(--line)",
        ),
        class_name="flex flex-col gap-5",
    )


def _child(examples: bool) -> rx.Component:
    form = fetch_form(
        FormField("family_code", login.FAMILY_CODE, hint=login.FAMILY_CODE_HINT),
        FormField("login_name", login.LOGIN_NAME, auto_complete="username"),
        FormField(
            "passcode",
            login.PASSCODE,
            type="password",
            auto_complete="current-password",
            input_mode="numeric",
            show=login.CHILD_SHOW,
            hide=login.CHILD_HIDE,
        ),
        action=_ACTION,
        texts=FormTexts(
            login.CHILD_SUBMIT,
            login.CHILD_REQUIRED,
            login.CHILD_WRONG,
            login.CHILD_FAILED,
            login.EXAMPLES,
            refusals=login.CHILD_REFUSALS,
        ),
        done=Goes(homes=HOMES),
        look="child",
        examples=_child_examples() if examples else (),
    )
    lead = [ui.ruby(*part) if isinstance(part, tuple) else part for part in login.CHILD_LEAD]
    return rx.el.div(rx.el.p(*lead), form, class_name="flex flex-col gap-4")


def _adult_examples() -> list[Example]:
    return [
        Example(who, {"email": email, "password": login.EXAMPLE_PASSWORD})
        for who, email in login.EXAMPLE_ADULTS
    ]


def _child_examples() -> list[Example]:
    family = {"family_code": login.EXAMPLE_FAMILY, "passcode": login.EXAMPLE_PASSCODE}
    return [Example(name, family | {"login_name": key}) for name, key in login.EXAMPLE_CHILDREN]
