"""A search field that suggests while somebody types: a combobox over GET /schools/suggest."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from naraigoto.components.base import Text
from naraigoto.texts import search


class Suggest(rx.Component):
    """The input in assets/np_suggest.js; without scripts it is a plain search field."""

    library = "$/public/np_suggest.js"
    tag = "NpSuggest"

    field_id: rx.Var[str]
    name: rx.Var[str]
    value: rx.Var[str]
    placeholder: rx.Var[str]
    kept: rx.Var[str]
    words: rx.Var[dict[str, Any]]


def suggest_field(*, id_: str, placeholder: str, value: Text = "", kept: Text = "") -> rx.Component:
    """The field named `q`; a choice leaves the other filters as they stand in the query string `kept`."""
    words: Mapping[str, Any] = {
        "list": search.SUGGESTIONS,
        "kinds": search.SUGGESTION_KINDS,
        "found": search.SUGGESTIONS_FOUND,
    }
    return Suggest.create(
        field_id=id_, name="q", value=value, placeholder=placeholder, kept=kept, words=dict(words)
    )
