"""How a rating is given: five stars for a parent, five faces and stamps for a child."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from naraigoto.components.base import Content, Flag, Text, filled
from naraigoto.components.forms import field_error
from naraigoto.components.icons import icon
from naraigoto.components.voices import FACE_ICONS
from naraigoto.texts import reviews as texts
from naraigoto.texts import ui


def star_input(
    name: str, legend: Content, *, value: rx.Var[int] | int = 0, error: Text = "", required: bool = True
) -> rx.Component:
    """Five stars under one question; those up to the chosen one are lit. 0 is none yet."""

    def star(number: int) -> rx.Component:
        spoken = f"{number}{texts.POINTS}（{texts.STARS[number - 1]}）"
        return rx.el.label(
            _radio(name, number, value, spoken),
            icon("star", size=34),
            rx.el.span(
                texts.STARS[number - 1], class_name="np-rate-word", custom_attrs={"aria-hidden": "true"}
            ),
        )

    need = [rx.el.span(ui.REQUIRED, class_name="np-need")] if required else []
    return rx.el.fieldset(
        rx.el.legend(legend, *need, class_name="np-label"),
        rx.el.div(*[star(number) for number in range(1, 6)], class_name="np-rate"),
        field_error(error, id_=f"{name}-error"),
        class_name="min-w-0",
        custom_attrs=_explained(name, error),
    )


def face_input(name: str, legend: Content, *, value: rx.Var[int] | int = 0, error: Text = "") -> rx.Component:
    """Five faces from ざんねん to さいこう under one question, the chosen one's word below."""

    def face(number: int) -> rx.Component:
        return rx.el.label(
            _radio(name, number, value, ui.FACES[number - 1]),
            icon(FACE_ICONS[number - 1], size=40),
            rx.el.span(ui.FACES[number - 1], class_name="np-rate-word", custom_attrs={"aria-hidden": "true"}),
        )

    return rx.el.fieldset(
        rx.el.legend(legend, class_name="np-label"),
        rx.el.div(*[face(number) for number in range(1, 6)], class_name="np-rate np-feel"),
        field_error(error, id_=f"{name}-error"),
        class_name="min-w-0",
        custom_attrs=_explained(name, error),
    )


def stamps(
    legend: Content, words: Sequence[tuple[str, rx.Component]], *, chosen: Any, name: str
) -> rx.Component:
    """Short sentences to tap, any number of them: (what is kept, how it is shown)."""
    chips = [
        rx.el.label(
            rx.el.input(
                type="checkbox",
                name=f"{name}-{number}",
                default_checked=chosen.contains(kept),
                class_name="np-sr",
            ),
            rx.el.span(shown),
            class_name="np-chip np-stamp",
        )
        for number, (kept, shown) in enumerate(words)
    ]
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="np-label mb-2"),
        rx.el.div(*chips, class_name="np-chips"),
        class_name="min-w-0",
    )


def words_input(
    name: str,
    label: Content,
    *,
    hint: Text = "",
    error: Text = "",
    value: Text = "",
    limit: int,
    rows: int = 5,
    required: Flag = False,
) -> rx.Component:
    """A text of several lines with its label, a hint and its own error."""
    told = f"{name}-hint"
    return rx.el.div(
        rx.el.label(label, html_for=f"field-{name}", class_name="np-label"),
        rx.el.textarea(
            id=f"field-{name}",
            name=name,
            default_value=value,
            max_length=limit,
            rows=rows,
            required=required,
            class_name="np-input",
            custom_attrs={
                "aria-describedby": rx.cond(error != "", f"{name}-error {told}", told),
                "aria-invalid": rx.cond(error != "", "true", "false"),
            },
        ),
        rx.el.p(hint, id=told, class_name="np-hint"),
        field_error(error, id_=f"{name}-error"),
        class_name="np-field",
    )


def _explained(name: str, error: Text) -> dict[str, Any]:
    return {"aria-describedby": rx.cond(filled(error), f"{name}-error", rx.Var("undefined"))}


def _radio(name: str, number: int, value: rx.Var[int] | int, spoken: str) -> rx.Component:
    return rx.el.input(
        type="radio",
        name=name,
        value=str(number),
        default_checked=rx.Var.create(value) == number,
        custom_attrs={"aria-label": spoken},
    )
