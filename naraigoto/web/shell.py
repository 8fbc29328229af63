"""The built pages as shells, into which goes what machines and people without scripts read."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.responses import HTMLResponse

from naraigoto.bundle import client_folder
from naraigoto.errors import NotFound
from naraigoto.texts import ui

FOLDER = client_folder()
ANY_PAGE = "__spa-fallback.html"
# What the build says of a page itself; ours takes its place.
_OWN_WORDS = re.compile(
    r"<title>.*?</title>|<meta(?=[^>]*(?:name=\"description\"|property=\"og:))[^>]*/?>", re.DOTALL
)
# Grey boxes, the empty rest of the page and the bar at the bottom are for scripts; lists get room.
_PLAIN = (
    "[aria-busy=true],.np-skel,.np-tabbar,.np-foot{display:none!important}.np-page{min-height:0!important}"
    ".np-plain h1,.np-plain h2{margin:1.25rem 0 .4rem}.np-plain p,.np-plain li{margin-bottom:.75rem}"
    ".np-plain img{border-radius:12px}"
)
_STYLE = re.compile(r'<link as="style" href="([^"]+)" rel="preload"/>')


@dataclass(frozen=True)
class Head:
    """What stands in <head> of a page; `image` is an absolute address."""

    title: str
    description: str
    url: str
    image: str
    kind: str = "website"
    indexed: bool = True
    data: list[Mapping[str, Any]] = field(default_factory=list)  # JSON-LD

    def html(self) -> str:
        """As HTML; nothing in it can end its element."""
        named = {"description": self.description, "twitter:card": "summary_large_image"}
        if not self.indexed:
            named["robots"] = "noindex,follow"
        shared = {
            "og:type": self.kind,
            "og:site_name": ui.BRAND,
            "og:locale": "ja_JP",
            "og:title": self.title,
            "og:description": self.description,
            "og:url": self.url,
            "og:image": self.image,
        }
        parts = [f"<title>{html.escape(self.title)}</title>"]
        parts += [f'<meta name="{name}" content="{html.escape(said)}"/>' for name, said in named.items()]
        parts += [f'<meta property="{name}" content="{html.escape(said)}"/>' for name, said in shared.items()]
        if self.indexed:
            parts.append(f'<link rel="canonical" href="{html.escape(self.url)}"/>')
        if self.data:
            graph = {"@context": "https://schema.org", "@graph": self.data}
            parts.append(f'<script type="application/ld+json">{_json(graph)}</script>')
        return "".join(parts)


def page(name: str, head: Head, body: str, status: int = 200) -> HTMLResponse:
    """The built page `name` with this head, and `body` (HTML) for who runs no scripts.

    Raises: NotFound while nothing has been built (then the development server serves the pages).
    """
    before, after = _halves(FOLDER / name)
    plain = f'<div class="np-body np-main"><div class="np-text np-plain">{body}</div></div>'
    after = after.replace("</body>", f"<noscript>{plain}</noscript></body>", 1)
    return HTMLResponse(before + head.html() + after, status)


@lru_cache(maxsize=16)
def _halves(file: Path) -> tuple[str, str]:
    """The page up to the end of its head, without its own words, and the rest."""
    if not file.is_file():
        raise NotFound
    before, end, after = file.read_text(encoding="utf-8").partition("</head>")
    before = _OWN_WORDS.sub("", before)
    # Scripts would put the sheet in and take the grey boxes away.
    sheets = "".join(f'<link rel="stylesheet" href="{sheet}"/>' for sheet in _STYLE.findall(before))
    return f"{before}<noscript>{sheets}<style>{_PLAIN}</style></noscript>", end + after


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
