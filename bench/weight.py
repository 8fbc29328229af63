"""Compressed JavaScript and CSS that `/` loads, against a blank Reflex app with its default theme.

Usage: .venv/bin/python -m bench.weight   (our bundle must be built: make run, or naraigoto.bundle.build)
"""

import gzip
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from naraigoto.bundle import build, client_folder, reflex_environment

AIM = 0.8
_LINKED = re.compile(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"')
_IN_SCRIPT = re.compile(
    r'import\("(/assets/[^"]+\.js)"\)|from\s*"(/assets/[^"]+\.js)"|import\s*"(/assets/[^"]+\.js)"'
)
_IMPORTED = re.compile(r'(?:from|import)\s*"(\./[^"]+\.js)"')


@dataclass(frozen=True)
class Weight:
    """Bytes of one page after gzip -9, each file by itself as a server sends it."""

    javascript: int
    css: int

    @property
    def total(self) -> int:
        """Everything the browser must fetch before the page works."""
        return self.javascript + self.css


def weigh(client: Path) -> Weight:
    """The files index.html names, and all they import statically."""
    page = (client / "index.html").read_text()
    found = set(_LINKED.findall(page))
    found |= {name for names in _IN_SCRIPT.findall(page) for name in names if name}
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        if not name.endswith(".js"):
            continue
        folder = name.rsplit("/", 1)[0]
        for other in _IMPORTED.findall((client / name.lstrip("/")).read_text()):
            path = f"{folder}/{other.removeprefix('./')}"
            if path not in found:
                found.add(path)
                waiting.append(path)
    sizes = {name: len(gzip.compress((client / name.lstrip("/")).read_bytes(), 9)) for name in found}
    return Weight(
        javascript=sum(size for name, size in sizes.items() if name.endswith(".js")),
        css=sum(size for name, size in sizes.items() if name.endswith(".css")),
    )


def weigh_blank() -> Weight:
    """Make and build the app `reflex init` makes, in a folder of its own."""
    environment = reflex_environment()
    reflex = [sys.executable, "-m", "reflex"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "blank"
        folder.mkdir()
        for step in (["init", "--name", "blank", "--template", "blank"], ["export", "--no-zip"]):
            subprocess.run([*reflex, *step], cwd=folder, env=environment, check=True, capture_output=True)
        return weigh(client_folder(folder))


def measure() -> dict[str, float]:
    """Both weights and their ratio, in one run."""
    build()
    ours, blank = weigh(client_folder()), weigh_blank()
    return {
        "ours_js": ours.javascript,
        "ours_css": ours.css,
        "blank_js": blank.javascript,
        "blank_css": blank.css,
        "ratio": round(ours.total / blank.total, 3),
    }


if __name__ == "__main__":
    figures = measure()
    print(json.dumps(figures, indent=2))
    sys.exit(figures["ratio"] > AIM)
