"""A sign-in form that posts JSON and ends with a full navigation (the websocket keeps old cookies)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import reflex as rx

from naraigoto.components.buttons import Look

# A text, or parts of which some carry their reading: ("家族", "かぞく").
Words = str | tuple[str | tuple[str, str], ...]


@dataclass(frozen=True)
class FormField:
    """One input; `show` and `hide` are the words of the button beside a secret."""

    name: str
    label: Words
    type: Literal["text", "email", "password"] = "text"
    auto_complete: str = "off"
    input_mode: Literal["text", "email", "numeric"] = "text"
    hint: Words = ""
    show: str = ""
    hide: str = ""

    def props(self) -> dict[str, Any]:
        """As the script reads it."""
        values = asdict(self)
        return values | {
            "autoComplete": values.pop("auto_complete"),
            "inputMode": values.pop("input_mode"),
        }


@dataclass(frozen=True)
class Example:
    """A button that fills the form in."""

    label: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class FormTexts:
    """The words of a form: its button, an empty field, a wrong answer, no answer, the examples."""

    submit: Words
    required: str
    wrong: str
    failed: str
    examples: str = ""


class FetchForm(rx.Component):
    """The form in assets/fetch_form.js."""

    library = "$/public/fetch_form.js"
    tag = "NpFetchForm"

    action: rx.Var[str]
    fields: rx.Var[list[dict[str, Any]]]
    texts: rx.Var[dict[str, Any]]
    homes: rx.Var[dict[str, str]]
    look: rx.Var[str]
    examples: rx.Var[list[dict[str, Any]]]


def fetch_form(
    *fields: FormField,
    action: str,
    texts: FormTexts,
    homes: Mapping[str, str],
    look: Look = "primary",
    examples: Sequence[Example] = (),
) -> rx.Component:
    """Fields and a button; who comes in goes to ?next= or to the home of their kind."""
    return FetchForm.create(
        action=action,
        fields=[field.props() for field in fields],
        texts=asdict(texts),
        homes=dict(homes),
        look=look,
        examples=[{"label": example.label, "values": dict(example.values)} for example in examples],
    )
