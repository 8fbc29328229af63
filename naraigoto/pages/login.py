"""/login: guardians, schools and admins by e-mail, children by family code."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.fetch_form import Example, FormField, FormTexts, Goes, fetch_form
from naraigoto.state.login import LoginState
from naraigoto.texts import login
from naraigoto.texts import ui as words

_ACTION = "/api/v1/auth/login"
# Where each kind of person begins.
HOMES = {"parent": "/home", "child": "/kids", "school_owner": "/school", "admin": "/admin/operations"}


def login_page(viewer: Any, *, examples: bool) -> rx.Component:
    """Two forms, or the way home for who is signed in already; `examples` offers the demo accounts."""
    forms = rx.fragment(
        ui.tabs(login.TABS, LoginState.tab, LoginState.turn, label=login.WHO),
        ui.tab_panel("adult", LoginState.tab, _adult(examples), class_name="pt-6"),
        ui.tab_panel("child", LoginState.tab, _child(examples), class_name="pt-6 np-kids"),
    )
    return ui.page(
        ui.page_heading(login.HEADING),
        ui.card(rx.cond(viewer.signed_in, _already(viewer), forms), class_name="p-5 md:p-7"),
        viewer=viewer,
        section="login",
        width="narrow",
    )


def _adult(examples: bool) -> rx.Component:
    return fetch_form(
        FormField("email", login.EMAIL, type="email", auto_complete="username", input_mode="email"),
        FormField(
            "password",
            login.PASSWORD,
            type="password",
            auto_complete="current-password",
            show=login.SHOW,
            hide=login.HIDE,
        ),
        action=_ACTION,
        texts=FormTexts(login.SUBMIT, login.REQUIRED, login.WRONG, login.FAILED, login.EXAMPLES),
        done=Goes(homes=HOMES),
        examples=_adult_examples() if examples else (),
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


def _already(viewer: Any) -> rx.Component:
    home: Any = rx.match(viewer.type, *HOMES.items(), "/")
    return rx.el.div(
        rx.el.p(rx.el.b(viewer.name), login.SIGNED_IN),
        ui.link_button(login.MY_PAGE, href=home, icon_name="house", block=True),
        rx.el.p(login.OTHER, class_name="np-muted np-small"),
        ui.native_form(
            ui.submit_button(words.LOGOUT, look="secondary", icon_name="log-out", block=True),
            action="/auth/logout",
            method="post",
        ),
        class_name="flex flex-col gap-4",
    )
