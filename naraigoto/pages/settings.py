"""/settings: one's own account, section by section; children see what is theirs."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.download import download_link
from naraigoto.components.fetch_form import FormField, FormTexts, Goes, Says, fetch_form
from naraigoto.components.passwords import current_password, new_password
from naraigoto.pages import settings_children, settings_closing
from naraigoto.pages.guarded import guarded
from naraigoto.state.settings import SettingsState
from naraigoto.texts import settings as texts


def settings_page(viewer: Any) -> rx.Component:
    """Everything at once, below each other."""
    state: Any = SettingsState
    body = rx.cond(state.account.kind == "child", settings_children.body(state), _body(state))
    return ui.page(
        guarded(state.access, body, path="/settings"),
        viewer=viewer,
        section="settings",
        width="text",
        message=state.message,
        on_message_done=SettingsState.said,
    )


def goodbye_page(viewer: Any) -> rx.Component:
    """Where a closed account ends."""
    end = ui.empty_state(texts.GOODBYE_TITLE, text=texts.GOODBYE_TEXT, icon_name="mail", level=1)
    return ui.page(end, viewer=viewer, width="narrow")


def _body(state: Any) -> rx.Component:
    return rx.fragment(
        ui.page_heading(texts.TITLE, lead=texts.LEAD),
        ui.alert_if(state.error, class_name="mb-4"),
        rx.el.div(
            _name(state),
            _section("email", texts.EMAIL, _email(state)),
            rx.cond(
                state.account.has_password,
                _section("password", texts.PASSWORD, _password()),
                rx.fragment(),
            ),
            _devices(state),
            _notices(state),
            _export(state),
            _consents(state.consents),
            settings_closing.closing(state),
            class_name="flex flex-col gap-8",
        ),
    )


def _section(key: str, title: Any, *children: Any) -> rx.Component:
    """One part of the page."""
    return rx.el.section(
        rx.el.h2(title, id=key, class_name="mb-3 scroll-mt-20"),
        ui.card(*children, class_name="flex flex-col gap-4"),
        custom_attrs={"aria-labelledby": key},
    )


def _name(state: Any) -> rx.Component:
    form = rx.el.form(
        ui.text_field(
            "name",
            texts.NAME_LABEL,
            hint=texts.NAME_HINT,
            error=state.name_error,
            default_value=state.account.name,
            max_length=40,
            auto_complete="name",
        ),
        ui.submit_button(texts.SAVE, look="secondary"),
        on_submit=SettingsState.rename,
        no_validate=True,
        class_name="flex flex-col items-start gap-4 [&>.np-field]:w-full",
    )
    return _section("name", texts.NAME, form)


def _email(state: Any) -> rx.Component:
    account = state.account
    mark = rx.cond(
        account.verified,
        ui.badge(texts.VERIFIED, tone="success", icon_name="circle-check"),
        ui.badge(texts.UNVERIFIED, tone="danger", icon_name="circle-alert"),
    )
    address = rx.el.p(
        rx.el.b(account.email, class_name="break-all"), mark, class_name="flex flex-wrap items-center gap-3"
    )
    waiting = rx.el.p(
        ui.badge(texts.PENDING, tone="info"),
        rx.el.span(account.pending_email, class_name="break-all"),
        class_name="flex flex-wrap items-center gap-3",
    )
    resend = rx.fragment(
        rx.el.p(texts.UNVERIFIED_TEXT, class_name="np-small"),
        fetch_form(
            action="/api/v1/auth/verify/resend",
            texts=FormTexts(texts.RESEND, texts.REQUIRED, failed=texts.FAILED),
            done=Says(texts.RESENT),
            look="secondary",
        ),
    )
    return rx.fragment(
        address,
        rx.cond(account.pending_email != "", waiting, rx.fragment()),
        rx.cond(account.verified, rx.fragment(), resend),
        rx.cond(
            account.has_password,
            _folded(texts.EMAIL_CHANGE, _email_form()),
            rx.el.p(texts.ELSEWHERE, class_name="np-muted"),
        ),
    )


def _email_form() -> rx.Component:
    return fetch_form(
        FormField("email", texts.EMAIL_NEW, type="email", auto_complete="email", input_mode="email"),
        current_password(label=texts.EMAIL_PASSWORD),
        action="/api/v1/me/email",
        texts=FormTexts(texts.EMAIL_SUBMIT, texts.REQUIRED, failed=texts.FAILED),
        done=Says(texts.EMAIL_SENT, clears=True),
        on_done=SettingsState.refresh,
    )


def _password() -> rx.Component:
    return rx.fragment(
        rx.el.p(texts.PASSWORD_NOTE, class_name="np-muted"),
        fetch_form(
            current_password("current", texts.PASSWORD_CURRENT),
            new_password(),
            action="/api/v1/me/password",
            texts=FormTexts(texts.PASSWORD_SUBMIT, texts.REQUIRED, failed=texts.FAILED),
            done=Goes("/settings?done=password"),
            look="secondary",
        ),
    )


def _folded(words: str, inside: rx.Component) -> rx.Component:
    return rx.el.details(
        rx.el.summary(words, class_name="np-link cursor-pointer min-h-11 inline-flex items-center"),
        rx.el.div(inside, class_name="pt-4"),
    )


def _devices(state: Any) -> rx.Component:
    others = ui.button(
        texts.END_OTHERS, look="secondary", icon_name="log-out", on_click=SettingsState.end_others
    )
    return _section(
        "devices",
        texts.DEVICES,
        rx.el.p(texts.DEVICES_LEAD, class_name="np-muted"),
        rx.el.ul(rx.foreach(state.devices, _device), class_name="flex flex-col divide-y divide-(--line)"),
        rx.cond(state.others, rx.el.div(others), rx.el.p(texts.NO_OTHERS, class_name="np-muted np-small")),
    )


def _device(device: Any) -> rx.Component:
    button = ui.button(
        texts.END,
        look="secondary",
        on_click=SettingsState.end_device(device.id),
        custom_attrs={"aria-label": device.label},
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.b(device.name)),
            rx.cond(device.whose != "", rx.el.p(device.whose, class_name="np-small"), rx.fragment()),
            rx.el.p(device.seen, class_name="np-small np-muted"),
            class_name="min-w-0 flex-1",
        ),
        rx.cond(device.current, ui.badge(texts.THIS_DEVICE, tone="success"), button),
        class_name="flex flex-wrap items-center gap-3 py-3",
        key=device.id,
    )


def _notices(state: Any) -> rx.Component:
    def flag(row: Any) -> rx.Component:
        words = rx.el.span(
            rx.el.b(row.name, class_name="block"),
            rx.el.span(row.note, class_name="np-small np-muted"),
        )
        return rx.el.li(
            ui.checkbox(row.key, words, checked=row.on, on_change=lambda _: SettingsState.flip(row.key)),
            key=row.key,
        )

    always = rx.el.p(
        rx.el.b(texts.NOTICES_ALWAYS, class_name="block"),
        rx.el.span(texts.NOTICES_ALWAYS_TEXT, class_name="np-small"),
        class_name="rounded-xl bg-(--soft) px-4 py-3",
    )
    choosing = rx.fragment(rx.el.ul(rx.foreach(state.flags, flag), class_name="flex flex-col gap-3"), always)
    nothing = rx.el.p(texts.NOTICES_SCHOOL)
    return _section("notices", texts.NOTICES, rx.cond(state.account.kind == "parent", choosing, nothing))


def _export(state: Any) -> rx.Component:
    family = rx.fragment(rx.el.span(texts.EXPORT_OWNER), rx.el.span(texts.EXPORT_LOOKS))
    return _section(
        "export",
        texts.EXPORT,
        rx.el.p(
            rx.el.span(texts.EXPORT_TEXT),
            rx.cond(state.account.owns_family, family, rx.fragment()),
            rx.el.span(texts.EXPORT_LIMIT, class_name="np-muted"),
        ),
        download_link(texts.EXPORT_SUBMIT, href="/api/v1/me/export", failed=texts.FAILED),
    )


def _consents(consents: Any) -> rx.Component:
    def row(consent: Any) -> rx.Component:
        return rx.el.li(
            ui.text_link(consent.name, href=consent.href, class_name="inline-flex items-center min-h-11"),
            rx.el.p(consent.said, class_name="np-small np-muted"),
            key=consent.name + consent.said,
        )

    rows = rx.el.ul(rx.foreach(consents, row), class_name="flex flex-col gap-2")
    none = rx.el.p(texts.CONSENTS_NONE, class_name="np-muted")
    return _section("consents", texts.CONSENTS, rx.cond(consents.length() > 0, rows, none))
