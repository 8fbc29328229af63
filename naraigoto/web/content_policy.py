"""The Content-Security-Policy: our own files, and exactly the inline scripts that the build wrote."""

import base64
import hashlib
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

# Types that a browser runs; data blocks such as JSON-LD need no leave.
_RUN = {"", "module", "text/javascript", "application/javascript", "importmap", "speculationrules"}


class _InlineScripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "src" not in given and (given.get("type") or "") in _RUN:
            self._inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def inline_hashes(html: str) -> set[str]:
    """The sources that allow each inline script of a page."""
    parser = _InlineScripts()
    parser.feed(html)
    parser.close()
    return {f"'sha256-{_digest(script)}'" for script in parser.found}


def policy(origins: Iterable[str], bundle: Path, *, map_host: str = "") -> str:
    """The policy for every answer; reads the built pages once."""
    pages = bundle.rglob("*.html") if bundle.is_dir() else ()
    hashes = {source for page in pages for source in inline_hashes(page.read_text(encoding="utf-8"))}
    # 'self' covers the websocket except in older Safari.
    sockets = [origin.replace("http", "ws", 1) for origin in origins]
    directives = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *sorted(hashes)],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:", *([map_host] if map_host else [])],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *sockets],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
