"""/settings as a child sees it: its name, its way in, where it is signed in, its own data."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components.download import download_link
from naraigoto.state.settings import SettingsState
from naraigoto.texts import settings as texts


def body(state: Any) -> rx.Component:
    """Few words and big targets."""
    account = state.account
    return rx.el.div(
        ui.page_heading(rx.fragment(*[ui.ruby(*part) for part in texts.KIDS_TITLE])),
        ui.alert_if(state.error, class_name="mb-4"),
        rx.el.div(
            _part(
                texts.KIDS_NAME,
                rx.el.p(rx.el.b(account.name, class_name="np-round text-2xl")),
                ui.facts(
                    (texts.KIDS_LOGIN_NAME, account.login_name), (texts.KIDS_FAMILY_CODE, account.family_code)
                ),
                rx.el.p(texts.KIDS_NAME_NOTE),
            ),
            _part(texts.KIDS_DEVICES, rx.el.ul(rx.foreach(state.devices, _device))),
            _part(
                texts.KIDS_EXPORT,
                rx.el.p(texts.KIDS_EXPORT_TEXT),
                download_link(
                    texts.KIDS_EXPORT_SUBMIT,
                    href="/api/v1/me/export",
                    failed=texts.KIDS_EXPORT_FAILED,
                    refusals=texts.KIDS_EXPORT_REFUSALS,
                    look="child",
                ),
            ),
            rx.el.p(texts.KIDS_LEGAL),
            class_name="flex flex-col gap-8",
        ),
        class_name="np-kids",
    )


def _part(title: str, *children: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="mb-3"), ui.card(*children, class_name="flex flex-col gap-4")
    )


def _device(device: Any) -> rx.Component:
    button = ui.button(
        texts.KIDS_END,
        look="secondary",
        on_click=SettingsState.end_device(device.id),
        custom_attrs={"aria-label": device.label},
    )
    return rx.el.li(
        rx.el.b(device.name, class_name="flex-1 min-w-0"),
        rx.cond(device.current, ui.badge(texts.KIDS_THIS_DEVICE, tone="child"), button),
        class_name="flex flex-wrap items-center gap-3 py-3",
        key=device.id,
    )
