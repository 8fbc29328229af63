"""Words for search engines, for previews of links and for people without scripts."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from naraigoto.texts import dates, schools, search, ui, units

_LONGEST = 120

_templates = Environment(
    loader=PackageLoader("naraigoto.texts", "plain"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "moment": dates.moment_label,
    "ages": lambda thing: schools.ages(thing.age_min, thing.age_max),
    "rating": units.rating,
    "distance": units.distance,
    "tickets": schools.tickets,
    "minutes": schools.minutes,
}


def plain(name: str, facts: Mapping[str, Any]) -> str:
    """The page as plain HTML."""
    return _templates.get_template(f"{name}.html").render(dict(facts) | {"ui": ui, "words": schools})


def school_title(name: str, area: str, genre: str) -> str:
    """スマイル水泳（渋谷区・水泳）| 習い事Prime."""
    return ui.titled(f"{name}（{area}・{genre}）")


def school_description(summary: str, area: str, genre: str, rating_parent: str, rating_child: str) -> str:
    """The summary, and what both voices say."""
    voices = [
        f"{who}の評価{rating}"
        for who, rating in ((ui.PARENT_SHORT, rating_parent), (ui.CHILD_SHORT, rating_child))
        if rating
    ]
    return _cut(f"{summary or genre}。{area}の{genre}の体験を、チケットで予約できます。{'、'.join(voices)}")


def instructor_title(name: str, school: str) -> str:
    """鈴木 恵先生（スマイル水泳）| 習い事Prime."""
    return ui.titled(f"{name}先生（{school}）")


def instructor_description(profile: str, school: str, area: str, genre: str) -> str:
    """Who teaches what where."""
    return _cut(f"{area}の{school}で{genre}を教えています。{profile}")


def search_description(about: str, count: int, *, more: bool) -> str:
    """What a search shows."""
    return _cut(f"{about}: {search.shown(count, more=more)}。{search.DESCRIPTION}")


def _cut(text: str) -> str:
    """One line that previews show whole."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
