"""A form that sends JSON to the API; afterwards it leaves by a full navigation, or stays and says so.

The websocket keeps the cookie it came with: whatever changes the session must leave (`Goes`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import reflex as rx

from naraigoto.components.base import Text
from naraigoto.components.buttons import Look

# A text, or parts of which some carry their reading: ("家族", "かぞく").
Words = str | tuple[str | tuple[str, str], ...]
FieldType = Literal["text", "email", "password", "date", "month", "checkbox", "choice", "hidden"]


@dataclass(frozen=True)
class Strength:
    """What is said below a new password as it grows; `short` may hold {n}, how many characters lack."""

    least: int
    good: int
    short: str
    fair: str
    strong: str


@dataclass(frozen=True)
class Link:
    """A link after the words of a checkbox; it opens beside the form, so nothing typed is lost."""

    words: str
    href: str


@dataclass(frozen=True)
class FormField:
    """One input. `show` and `hide` are the words of the button beside a secret.

    `value` fills it in at first, `query` from that parameter of the address. A checkbox is sent as true or
    false, an optional field without content as null. `options` of a choice are (value, words, note).
    Refusals whose code is in `codes` are told beside this field.
    """

    name: str
    label: Words = ""
    type: FieldType = "text"
    auto_complete: str = "off"
    input_mode: Literal["text", "email", "numeric"] = "text"
    hint: Words = ""
    show: str = ""
    hide: str = ""
    value: Text = ""
    query: str = ""
    required: bool = True
    optional: str = ""
    missing: str = ""
    max_length: int = 0
    options: tuple[tuple[str, str, str], ...] = ()
    strength: Strength | None = None
    links: tuple[Link, ...] = ()
    codes: tuple[str, ...] = ()

    def props(self) -> dict[str, Any]:
        """As the script reads it."""
        return {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "autoComplete": self.auto_complete,
            "inputMode": self.input_mode,
            "hint": self.hint,
            "show": self.show,
            "hide": self.hide,
            "value": self.value,
            "query": self.query,
            "required": self.required,
            "optional": self.optional,
            "missing": self.missing,
            "maxLength": self.max_length,
            "options": [list(option) for option in self.options],
            "strength": asdict(self.strength) if self.strength else None,
            "links": [asdict(link) for link in self.links],
            "codes": list(self.codes),
        }


@dataclass(frozen=True)
class Example:
    """A button that fills the form in."""

    label: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class FormTexts:
    """The words of a form: its button, an empty field, a wrong secret (401), no answer, the examples.

    `refusals` maps a code of the API to words of this form's own; the API's words are said otherwise.
    """

    submit: Words
    required: str
    wrong: str = ""
    failed: str = ""
    examples: str = ""
    refusals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Goes:
    """Done: leave by a full navigation to `to`, else to ?next= or to the home of the answered user's type."""

    to: Text = ""
    homes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Says:
    """Done: say so in a live region; secrets are emptied, with `clears` everything that was typed."""

    words: Text
    clears: bool = False
    closes: bool = False  # nothing more can be sent: only the words stay


Done = Goes | Says


class FetchForm(rx.Component):
    """The form in assets/fetch_form.js."""

    library = "$/public/fetch_form.js"
    tag = "NpFetchForm"

    action: rx.Var[str]
    http_method: rx.Var[str]
    fields: rx.Var[list[dict[str, Any]]]
    texts: rx.Var[dict[str, Any]]
    done: rx.Var[dict[str, Any]]
    look: rx.Var[str]
    examples: rx.Var[list[dict[str, Any]]]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]


def fetch_form(
    *fields: FormField,
    action: Text,
    texts: FormTexts,
    done: Done,
    method: Literal["POST", "PUT", "PATCH", "DELETE"] = "POST",
    look: Look = "primary",
    examples: Sequence[Example] = (),
    on_done: Any = None,
) -> rx.Component:
    """Fields and a button; `on_done` is an event for the screen, for what stays on the page."""
    return FetchForm.create(
        action=action,
        http_method=method,
        fields=[field.props() for field in fields],
        texts=asdict(texts),
        done=_after(done),
        look=look,
        examples=[{"label": example.label, "values": dict(example.values)} for example in examples],
        **({} if on_done is None else {"on_done": on_done}),
    )


def _after(done: Done) -> dict[str, Any]:
    if isinstance(done, Goes):
        return {"goes": True, "to": done.to, "homes": dict(done.homes)}
    return {"goes": False, "says": done.words, "clears": done.clears, "closes": done.closes}
