"""Mails in words: one text and one HTML template for each kind and side, rendered from the facts of the moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from naraigoto import clock
from naraigoto.texts import dates, plan_names, ui, units

SUBJECTS: Final[Mapping[str, str]] = {
    "booking_confirmed": "予約が完了しました",
}
# About plans and tickets; only the family reads these. Those with a mark of their own go without the brand's.
FAMILY_SUBJECTS: Final[Mapping[str, str]] = {
    "subscription_started": "チケット{tickets}枚をお届けしました",
    "subscription_renewed": "チケット{tickets}枚をお届けしました",
    "payment_failed": "【重要】お支払いができませんでした",
    "subscription_cancel_scheduled": "解約の手続きを受け付けました",
    "subscription_ended": "プランが終了しました",
    "tickets_low": "チケットが残り{left}枚です",
    "tickets_expiring": "まもなく期限のチケットがあります",
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
    "day": dates.full_date,
    "plan": plan_names.name,
    "yen": units.yen,
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
    subject = _subject(kind, facts)
    words = dict(facts) | {"subject": subject, "public_url": public_url, "brand": ui.BRAND}
    if "start_at" in facts:
        words |= {
            "slot": dates.slot_label(facts["start_at"], facts["end_at"]),
            "soon": _soon(facts["start_at"], now),
        }
    text = _templates.get_template(f"{kind}.{side}.txt").render(words)
    html = _templates.get_template(f"{kind}.{side}.html").render(words)
    return Rendered(subject, text, _inliner.inline(html))


def _subject(kind: str, facts: Mapping[str, Any]) -> str:
    words = (FAMILY_SUBJECTS.get(kind) or SUBJECTS[kind]).format_map(facts)
    return words if words.startswith("【") else f"【{ui.BRAND}】{words}"


def _soon(start: datetime, now: datetime) -> str:
    """The reminder inside a confirmation that comes too late for a reminder of its own (D16)."""
    today, day = clock.jst_date(now), clock.jst_date(start)
    if day == today:
        return _TODAY
    return _TOMORROW if day == today + timedelta(days=1) else ""
