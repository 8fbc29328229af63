"""The dialog on /family in which a child is added or changed."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.state.child_form import ChildFormState
from naraigoto.state.families import FamilyState
from naraigoto.texts import families as texts
from naraigoto.texts import ui as words

_MONTHS = [("", texts.MONTH), *[(str(number), texts.month(number)) for number in range(1, 13)]]


def child_dialog() -> rx.Component:
    """The form, then what the child types to come in."""
    state: Any = ChildFormState
    title = rx.cond(
        state.step == "done",
        state.way_in.title,
        rx.cond(state.draft.id != "", texts.CHANGE_TITLE, texts.ADD_CHILD),
    )
    return ui.dialog(
        rx.match(state.step, ("form", _form(state)), ("done", _done(state.way_in)), rx.fragment()),
        id_="child",
        title=title,
        open_=state.step != "",
        on_close=ChildFormState.close,
    )


def _form(state: Any) -> rx.Component:
    draft, errors = state.draft, state.errors
    new = draft.id == ""
    return rx.el.form(
        ui.alert_if(errors.form),
        ui.text_field(
            "name",
            texts.NAME,
            hint=texts.NAME_HINT,
            error=errors.name,
            default_value=draft.name,
            auto_complete="off",
            id_="child-name",
        ),
        _birth(state),
        ui.text_field(
            "login_name",
            texts.LOGIN_NAME,
            hint=texts.LOGIN_NAME_HINT,
            error=errors.login_name,
            default_value=draft.login_name,
            auto_complete="off",
            id_="child-login-name",
            custom_attrs={"autoCapitalize": "none", "spellCheck": False},
        ),
        ui.text_field(
            "passcode",
            texts.PASSCODE,
            hint=rx.cond(new, texts.PASSCODE_HINT, texts.PASSCODE_NEW_HINT),
            error=errors.passcode,
            auto_complete="off",
            id_="child-passcode",
            custom_attrs={"autoCapitalize": "none", "spellCheck": False, "inputMode": "numeric"},
        ),
        ui.text_field(
            "interests",
            rx.fragment(texts.INTERESTS, rx.el.span(texts.OPTIONAL, class_name="np-optional")),
            error=errors.interests,
            default_value=draft.interests,
            placeholder=texts.INTERESTS_EXAMPLE,
            auto_complete="off",
            id_="child-interests",
        ),
        ui.when(state.ask_consent, _consent(errors)),
        ui.submit_button(rx.cond(new, texts.SAVE_NEW, texts.SAVE), busy=state.busy, block=True),
        ui.when(~new, _remove(draft)),
        key=state.turn.to_string(),
        on_submit=ChildFormState.save,
        no_validate=True,
        class_name="flex flex-col gap-5",
        custom_attrs={"aria-labelledby": "child-title"},
    )


def _remove(draft: Any) -> rx.Component:
    """Rarely wanted, so it stands at the end; the page asks once more."""
    return ui.button(
        texts.REMOVE_CHILD,
        look="danger",
        block=True,
        on_click=[ChildFormState.close, FamilyState.ask(draft.id)],
    )


def _birth(state: Any) -> rx.Component:
    """Year and month: the day is nobody's business."""
    draft, error = state.draft, state.errors.birth_date
    years = rx.foreach(state.years, lambda year: rx.el.option(year[1], value=year[0], key=year[0]))
    months = [rx.el.option(name, value=value) for value, name in _MONTHS]
    told = rx.cond(error != "", "child-birth-error child-birth-hint", "child-birth-hint")
    attrs = {"aria-describedby": told, "aria-invalid": rx.cond(error != "", "true", "false")}
    year = rx.el.select(
        rx.el.option(texts.YEAR, value=""),
        years,
        id="child-year",
        name="year",
        default_value=draft.year,
        class_name="np-input",
        custom_attrs={"aria-label": texts.YEAR, **attrs},
    )
    month = rx.el.select(
        *months,
        id="child-month",
        name="month",
        default_value=draft.month,
        class_name="np-input",
        custom_attrs={"aria-label": texts.MONTH, **attrs},
    )
    return rx.el.fieldset(
        rx.el.legend(
            texts.BIRTH, rx.el.span(texts.OPTIONAL, class_name="np-optional"), class_name="np-label mb-1"
        ),
        rx.el.div(year, month, class_name="grid grid-cols-2 gap-3"),
        rx.el.p(texts.BIRTH_HINT, id="child-birth-hint", class_name="np-hint mt-1"),
        ui.field_error(error, id_="child-birth-error"),
    )


def _consent(errors: Any) -> rx.Component:
    return rx.el.div(
        ui.checkbox(
            "consent",
            texts.CONSENT,
            id="child-consent",
            custom_attrs={
                "aria-describedby": "child-consent-hint",
                "aria-invalid": rx.cond(errors.consent != "", "true", "false"),
            },
        ),
        rx.el.p(texts.CONSENT_HINT, id="child-consent-hint", class_name="np-hint"),
        rx.el.p(
            rx.el.a(
                texts.CONSENT_LINK,
                href="/legal/privacy",
                target="_blank",
                rel="noopener",
                class_name="np-link",
            ),
            class_name="np-hint",
        ),
        ui.field_error(errors.consent, id_="child-consent-error"),
        class_name="flex flex-col gap-1 rounded-xl bg-(--soft) p-4",
    )


def _done(way_in: Any) -> rx.Component:
    """To be noted down: the passcode is shown this once."""

    def line(name: str, value: Any) -> tuple[rx.Component, rx.Component]:
        big = rx.el.b(value, class_name="np-round text-xl tracking-wider")
        return rx.el.span(name, class_name="np-small"), big

    return rx.el.div(
        rx.el.div(
            ui.facts(
                line(texts.FAMILY_CODE, way_in.family_code),
                line(texts.LOGIN_NAME, way_in.login_name),
                line(texts.PASSCODE, way_in.passcode),
                class_name="rounded-xl bg-(--child-soft) p-4",
            ),
            rx.el.p(texts.ADDED_NOTE, class_name="np-small mt-3"),
            role="status",
        ),
        ui.button(
            texts.ADD_ANOTHER, icon_name="baby", look="secondary", block=True, on_click=ChildFormState.add
        ),
        ui.button(words.CLOSE, block=True, on_click=ChildFormState.close),
        class_name="flex flex-col gap-3",
    )
