"""The form of the search page, and a field that suggests while somebody types (GET /schools/suggest)."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from naraigoto.components.base import Text
from naraigoto.texts import search


class SearchForm(rx.Component):
    """The GET form in assets/np_search.js: its fields follow `version`, but keep what is not sent yet.

    A select tells what was asked for as `data-asked`.
    """

    library = "$/public/np_search.js"
    tag = "NpSearchForm"

    action: rx.Var[str]
    method: rx.Var[str]
    role: rx.Var[str]
    version: rx.Var[str]


search_form = SearchForm.create


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
