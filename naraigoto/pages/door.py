"""What stands where the forms for grown-ups stand, when an identity provider signs them in."""

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.fetch_form import FormTexts, Goes, fetch_form
from naraigoto.components.passwords import current_password
from naraigoto.homes import HOMES
from naraigoto.state.door import DoorState
from naraigoto.texts import identity, login, sign_up


def door(form: rx.Component) -> rx.Component:
    """Our own form, the provider's button, or the proof that an account here is one's own."""
    inside = rx.match(
        DoorState.door, ("form", form), ("provider", _provider()), ("link", _link()), ui.skeleton_text()
    )
    return rx.el.div(ui.alert_if(DoorState.problem), inside, class_name="flex flex-col gap-5")


def _provider() -> rx.Component:
    return rx.el.div(
        rx.el.p(identity.LEAD),
        ui.link_button(
            DoorState.button, href=DoorState.href, icon_name="log-in", block=True, reload_document=True
        ),
        ui.link_button(
            identity.AS_SCHOOL,
            href=DoorState.school_href,
            look="secondary",
            block=True,
            reload_document=True,
        ),
        _agree(),
        class_name="flex flex-col gap-4",
    )


def _agree() -> rx.Component:
    before, terms, between, privacy, after = identity.AGREE
    return rx.el.p(
        before,
        ui.text_link(terms, href="/legal/terms"),
        between,
        ui.text_link(privacy, href="/legal/privacy"),
        after,
        class_name="np-small np-muted",
    )


def _link() -> rx.Component:
    form = fetch_form(
        current_password(),
        action="/api/v1/auth/link",
        texts=FormTexts(
            identity.LINK_SUBMIT,
            login.REQUIRED,
            identity.LINK_WRONG,
            login.FAILED,
            refusals={"not_found": identity.PROBLEMS["expired"]},
        ),
        done=Goes(homes=HOMES),
    )
    return rx.el.div(
        rx.el.h2(identity.LINK_HEADING),
        rx.el.p(DoorState.offer),
        form,
        rx.el.p(ui.text_link(sign_up.FORGOTTEN, href="/reset"), class_name="text-center"),
        rx.el.p(
            ui.text_link(identity.LINK_OTHER, href="/auth/login?prompt=login", reload_document=True),
            class_name="text-center",
        ),
        class_name="flex flex-col gap-4",
    )
