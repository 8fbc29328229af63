"""/signup, and where links of mails lead: /verify and /reset."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.fetch_form import Done, FormField, FormTexts, Goes, Link, Says, fetch_form
from naraigoto.components.passwords import new_password
from naraigoto.homes import FIRST_HOMES
from naraigoto.pages.door import door
from naraigoto.pages.signed_in import already_signed_in
from naraigoto.state.session import SessionState
from naraigoto.state.sign_up import MailedLinkState, SignUpState
from naraigoto.texts import login
from naraigoto.texts import sign_up as texts

_CARD = "p-5 md:p-7"


def sign_up_page(viewer: Any) -> rx.Component:
    """One form for guardians and schools, a shorter one for who was invited into a family."""
    heading = rx.cond(SignUpState.invited, texts.INVITED_HEADING, texts.HEADING)
    lead = rx.cond(SignUpState.invited, texts.INVITED_LEAD, texts.LEAD)
    forms = door(rx.cond(SignUpState.invited, _invited(), _newcomer()))
    return ui.page(
        ui.page_heading(heading, lead=lead),
        ui.card(rx.cond(viewer.signed_in, already_signed_in(viewer), forms), class_name=_CARD),
        rx.cond(viewer.signed_in, rx.fragment(), _have_account()),
        viewer=viewer,
        width="narrow",
    )


def verify_page(viewer: Any) -> rx.Component:
    """A button, since opening a link changes nothing: mail programs open links by themselves."""
    body = rx.el.div(
        rx.el.p(texts.VERIFY_LEAD),
        _form(
            FormField("token", type="hidden", query="token"),
            action="/api/v1/auth/verify",
            submit=texts.VERIFY_SUBMIT,
            done=Says(texts.VERIFIED, closes=True),
            refusals={"not_found": texts.LINK_USED},
            on_done=SessionState.load,
        ),
        class_name="flex flex-col gap-4",
    )
    home = ui.link_button(texts.TO_HOME, href="/home", look="secondary", icon_name="house", block=True)
    return ui.page(
        ui.page_heading(texts.VERIFY_TITLE),
        ui.card(_by_link(body, rx.el.p(texts.VERIFY_NO_TOKEN)), class_name=_CARD),
        rx.el.div(home, class_name="mt-4"),
        viewer=viewer,
        width="narrow",
    )


def reset_page(viewer: Any) -> rx.Component:
    """Asking for the link, or choosing the new password."""
    return ui.page(
        ui.page_heading(texts.RESET_TITLE),
        ui.card(_by_link(_choose(), _ask()), class_name=_CARD),
        viewer=viewer,
        width="narrow",
    )


def _by_link(given: rx.Component, none: rx.Component) -> rx.Component:
    return rx.match(  # pyright: ignore[reportReturnType]  # components only
        MailedLinkState.link, ("given", given), ("none", none), ui.skeleton_text()
    )


def _newcomer() -> rx.Component:
    return _sign_up(
        FormField("type", texts.KIND, type="choice", options=texts.KINDS, value="parent", query="type"),
        *_person(),
        FormField(
            "referral_code",
            texts.REFERRAL,
            hint=texts.REFERRAL_HINT,
            query="ref",
            required=False,
            optional=texts.OPTIONAL,
            max_length=20,
            codes=("referral_invalid",),
        ),
        _agree(),
    )


def _invited() -> rx.Component:
    return _sign_up(
        *_person(),
        _agree(),
        FormField("type", type="hidden", value="parent"),
        FormField("invitation", type="hidden", query="invitation"),
    )


def _sign_up(*fields: FormField) -> rx.Component:
    return _form(*fields, action="/api/v1/auth/signup", submit=texts.SUBMIT, done=Goes(homes=FIRST_HOMES))


def _person() -> tuple[FormField, ...]:
    return (
        FormField("name", texts.NAME, auto_complete="nickname", hint=texts.NAME_HINT, max_length=40),
        FormField(
            "email",
            login.EMAIL,
            type="email",
            auto_complete="email",
            input_mode="email",
            hint=texts.EMAIL_HINT,
            codes=("email_taken",),
        ),
        new_password(label=login.PASSWORD),
    )


def _agree() -> FormField:
    return FormField(
        "agree",
        texts.AGREE,
        type="checkbox",
        missing=texts.AGREE_MISSING,
        links=(Link(texts.TERMS, "/legal/terms"), Link(texts.PRIVACY, "/legal/privacy")),
    )


def _have_account() -> rx.Component:
    return rx.el.p(
        texts.HAVE_ACCOUNT, " ", ui.text_link(texts.TO_LOGIN, href="/login"), class_name="mt-5 text-center"
    )


def _ask() -> rx.Component:
    return rx.el.div(
        rx.el.p(texts.RESET_LEAD),
        _form(
            FormField("email", login.EMAIL, type="email", auto_complete="username", input_mode="email"),
            action="/api/v1/auth/reset",
            submit=texts.RESET_SUBMIT,
            done=Says(texts.RESET_SENT),
        ),
        class_name="flex flex-col gap-4",
    )


def _choose() -> rx.Component:
    again = ui.text_link(texts.RESET_AGAIN, href="/reset", reload_document=True)
    return rx.el.div(
        rx.el.p(texts.CHOOSE_LEAD),
        _form(
            new_password(),
            FormField("token", type="hidden", query="token"),
            action="/api/v1/auth/reset/confirm",
            submit=texts.CHOOSE_SUBMIT,
            done=Goes("/login?reset=done"),
            refusals={"not_found": texts.RESET_USED},
        ),
        rx.el.p(again, class_name="text-center"),
        class_name="flex flex-col gap-4",
    )


def _form(
    *fields: FormField,
    action: str,
    submit: str,
    done: Done,
    refusals: dict[str, str] | None = None,
    on_done: Any = None,
) -> rx.Component:
    words = FormTexts(submit, texts.REQUIRED, failed=texts.FAILED, refusals=refusals or {})
    return fetch_form(*fields, action=action, texts=words, done=done, on_done=on_done)
