"""Which browser on which system, from what a browser says of itself; "" for what is not known."""

import re
from typing import Final, NamedTuple


class Agent(NamedTuple):
    """Names as people know them: ("Safari", "iPhone")."""

    browser: str
    system: str


# The first that fits: nearly every browser also claims to be Chrome, Safari or both.
_BROWSERS: Final = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|OPT/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"YJApp|Yahoo AppID", "Yahoo! JAPAN"),
    (r"\bLine/", "LINE"),
    (r"FxiOS/|Firefox/", "Firefox"),
    (r"CriOS/|Chrome/|Chromium/", "Chrome"),
    (r"Version/[\d.]+ .*Safari/", "Safari"),
)
_SYSTEMS: Final = (
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Macintosh|Mac OS X", "Mac"),
    (r"Linux|X11", "Linux"),
)


def read(user_agent: str) -> Agent:
    """What a User-Agent header tells."""
    return Agent(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, user_agent)), "")
