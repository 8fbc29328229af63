"""Mails in words: one text and one HTML template for each kind and side, rendered from the facts of the moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from naraigoto import clock
from naraigoto.texts import dates, search, ui

SUBJECTS: Final[Mapping[str, str]] = {
    "booking_confirmed": "予約が完了しました",
    "saved_search_digest": "新しい枠のお知らせ",
}
_TODAY = "本日のレッスンです"
_TOMORROW = "明日のレッスンです"

_templates = Environment(
    loader=PackageLoader("naraigoto.texts", "mails"),
    autoescape=select_autoescape(enabled_extensions=["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_templates.filters |= {
    "moment": dates.moment_label,
    "about": lambda found: search.about(q=found["q"], areas=found["areas"], genre=found["genre"]),
}
_inliner = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail in words."""

    subject: str
    text: str
    html: str


def render(kind: str, side: str, facts: Mapping[str, Any], *, public_url: str, now: datetime) -> Rendered:
    """The mail of this kind for this side, read at `now`.

    Raises: KeyError for a kind without words.
    """
    subject = f"【{ui.BRAND}】{SUBJECTS[kind]}"
    words = dict(facts) | {"subject": subject, "public_url": public_url, "brand": ui.BRAND}
    if "start_at" in facts:
        words |= {
            "slot": dates.slot_label(facts["start_at"], facts["end_at"]),
            "soon": _soon(facts["start_at"], now),
        }
    text = _templates.get_template(f"{kind}.{side}.txt").render(words)
    html = _templates.get_template(f"{kind}.{side}.html").render(words)
    return Rendered(subject, text, _inliner.inline(html))


def _soon(start: datetime, now: datetime) -> str:
    """The reminder inside a confirmation that comes too late for a reminder of its own (D16)."""
    today, day = clock.jst_date(now), clock.jst_date(start)
    if day == today:
        return _TODAY
    return _TOMORROW if day == today + timedelta(days=1) else ""
