"""Form fields: a label, a hint, an inline error, tied together for screen readers."""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

from naraigoto.components.base import Content, Flag, Text, classes, filled, when
from naraigoto.components.icons import icon
from naraigoto.texts import ui

Option = tuple[str, str]
Options = Sequence[Option] | rx.Var


def field(
    control: rx.Component,
    *,
    id_: str,
    label: Content,
    hint: Text = "",
    error: Text = "",
    required: bool = False,
) -> rx.Component:
    """The frame of one field: label above, hint and error below."""
    need = [rx.el.span(ui.REQUIRED, class_name="np-need")] if required else []
    return rx.el.div(
        rx.el.label(label, *need, html_for=id_, class_name="np-label"),
        control,
        when(filled(hint), rx.el.p(hint, id=f"{id_}-hint", class_name="np-hint")),
        field_error(error, id_=f"{id_}-error"),
        class_name="np-field",
    )


def field_error(error: Text, *, id_: str) -> rx.Component:
    """The inline error of a field, announced when it appears."""
    words = rx.el.p(
        icon("circle-alert", size=16), rx.el.span(error), id=id_, role="alert", class_name="np-error"
    )
    return when(filled(error), words)


def _described(id_: str, hint: Text, error: Text, custom_attrs: dict[str, Any]) -> dict[str, Any]:
    told = f"{id_}-hint" if isinstance(hint, rx.Var) or hint else ""
    return {
        "aria-invalid": rx.cond(filled(error), "true", "false"),
        "aria-describedby": rx.cond(
            filled(error), f"{id_}-error {told}".strip(), told or rx.Var("undefined")
        ),
        **custom_attrs,
    }


def text_field(
    name: str,
    label: Content,
    *,
    hint: Text = "",
    error: Text = "",
    kind: Literal["text", "email", "password", "search", "date", "time", "tel", "number"] = "text",
    required: bool = False,
    id_: str = "",
    **props: Any,
) -> rx.Component:
    """A one-line input of any kind; props go to <input>."""
    id_ = id_ or f"field-{name}"
    control = rx.el.input(
        id=id_,
        name=name,
        type=kind,
        required=required,
        class_name="np-input",
        custom_attrs=_described(id_, hint, error, props.pop("custom_attrs", {})),
        **props,
    )
    return field(control, id_=id_, label=label, hint=hint, error=error, required=required)


def select_field(
    name: str,
    label: Content,
    options: Options,
    *,
    hint: Text = "",
    error: Text = "",
    required: bool = False,
    id_: str = "",
    **props: Any,
) -> rx.Component:
    """The browser's own select; options are (value, words) pairs or a Var list of such pairs."""
    id_ = id_ or f"field-{name}"
    control = rx.el.select(
        _options(options),
        id=id_,
        name=name,
        required=required,
        class_name="np-input",
        custom_attrs=_described(id_, hint, error, props.pop("custom_attrs", {})),
        **props,
    )
    return field(control, id_=id_, label=label, hint=hint, error=error, required=required)


def _options(options: Options) -> rx.Component:
    if isinstance(options, rx.Var):
        return rx.foreach(options, lambda option: rx.el.option(option[1], value=option[0], key=option[0]))
    return rx.fragment(*[rx.el.option(words, value=value) for value, words in options])


def checkbox(name: str, label: Content, *, disabled: Flag = False, **props: Any) -> rx.Component:
    """A checkbox with its words; the words are part of the target."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, disabled=disabled, **props),
        rx.el.span(label),
        class_name="np-check",
    )


def chip(
    label: Content, *, pressed: Flag = False, disabled: Flag = False, icon_name: Text = "", **props: Any
) -> rx.Component:
    """A filter chip that is on or off."""
    return rx.el.button(
        *_chip_icon(icon_name),
        label,
        type="button",
        disabled=disabled,
        class_name="np-chip",
        custom_attrs={"aria-pressed": rx.cond(pressed, "true", "false")},
        **props,
    )


def link_chip(
    label: Content, *, href: Text, current: Flag = False, icon_name: Text = "", **props: Any
) -> rx.Component:
    """A filter chip that is a link, so the filter lives in the address."""
    return rx.el.a(
        *_chip_icon(icon_name),
        label,
        href=href,
        class_name="np-chip",
        custom_attrs={"aria-current": rx.cond(current, "true", "false")},
        **props,
    )


def _chip_icon(name: Text) -> list[rx.Component]:
    return [] if isinstance(name, str) and not name else [icon(name, size=18)]


def chips(*children: rx.Component, label: str, class_name: str = "") -> rx.Component:
    """A named row of chips."""
    return rx.el.div(
        *children,
        role="group",
        class_name=classes("np-chips", class_name),
        custom_attrs={"aria-label": label},
    )


def choices(legend: Content, *children: rx.Component, error: Text = "", id_: str = "choices") -> rx.Component:
    """A group of radio choices under one question."""
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="np-label mb-2"),
        *children,
        field_error(error, id_=f"{id_}-error"),
        class_name="np-choices",
    )


def choice(
    name: str,
    value: Text,
    *children: Content,
    disabled: Flag = False,
    checked: Flag | None = None,
    **props: Any,
) -> rx.Component:
    """One radio choice as a wide row (a child to book for, a person of the family)."""
    if checked is not None:
        props["checked"] = checked
    return rx.el.label(
        rx.el.input(type="radio", name=name, value=value, disabled=disabled, **props),
        rx.el.span(*children, class_name="flex-1 min-w-0"),
        class_name="np-choice",
    )
