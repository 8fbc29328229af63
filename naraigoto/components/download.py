"""A link to a file that may be refused: the refusal is said beside it."""

from collections.abc import Mapping

import reflex as rx

from naraigoto.components.base import Text
from naraigoto.components.buttons import Look


class Download(rx.Component):
    """The link in assets/np_download.js."""

    library = "$/public/np_download.js"
    tag = "NpDownload"

    href: rx.Var[str]
    label: rx.Var[str]
    look: rx.Var[str]
    refusals: rx.Var[dict[str, str]]
    failed: rx.Var[str]


def download_link(
    label: Text,
    *,
    href: Text,
    failed: str,
    refusals: Mapping[str, str] | None = None,
    look: Look = "secondary",
) -> rx.Component:
    """A link that looks like a button; `refusals` by code take the place of the server's own words."""
    own = {} if refusals is None else {"refusals": dict(refusals)}
    return Download.create(label=label, href=href, failed=failed, look=look, **own)
