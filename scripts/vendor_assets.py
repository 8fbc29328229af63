"""Copy the font slices and icons we use from npm packages into assets/ (run again to add an icon).

Usage: .venv/bin/python scripts/vendor_assets.py   (needs the npm registry and npm from the venv)
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
PACKAGES = (
    "@fontsource-variable/noto-sans-jp@5",
    "@fontsource/zen-maru-gothic@5",
    "lucide-static@1.62.0",
)
ICONS = [
    "annoyed",
    "arrow-left",
    "arrow-right",
    "baby",
    "bell",
    "book-open",
    "calculator",
    "calendar",
    "calendar-check",
    "calendar-days",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-alert",
    "circle-check",
    "circle-user",
    "clipboard-list",
    "clock",
    "code",
    "download",
    "dumbbell",
    "external-link",
    "frown",
    "heart",
    "house",
    "image",
    "info",
    "languages",
    "laugh",
    "list",
    "log-in",
    "log-out",
    "mail",
    "map",
    "map-pin",
    "menu",
    "meh",
    "message-circle",
    "monitor",
    "moon",
    "music",
    "palette",
    "pencil",
    "phone",
    "refresh-cw",
    "school",
    "search",
    "search-x",
    "settings",
    "sliders-horizontal",
    "smile",
    "sparkles",
    "star",
    "sun",
    "swords",
    "ticket",
    "trash-2",
    "triangle-alert",
    "user",
    "users",
    "volleyball",
    "waves-ladder",
    "wifi-off",
    "x",
]

GENRES = {  # code of naraigoto/data/categories.csv -> icon; the sprite calls it genre-<code>
    "swim": "waves-ladder",
    "piano": "piano",
    "english": "languages",
    "soccer": "goal",
    "gym": "person-standing",
    "dance": "drama",
    "ballet": "ribbon",
    "programming": "code",
    "art": "palette",
    "calligraphy": "brush",
    "abacus": "calculator",
    "juku": "book-open",
    "karate": "hand-fist",
    "tennis": "circle-dot",
    "baseball": "trophy",
    "violin": "music-2",
    "guitar": "guitar",
    "judo": "shield",
    "kendo": "swords",
    "cooking": "chef-hat",
    "shogi": "grid-3x3",
    "tea": "leaf",
}


@dataclass(frozen=True)
class Face:
    """One font of fontsource: which slices to keep and how @font-face names it."""

    package: str
    file: str
    family: str
    weight: str
    keep: int


FACES = (
    Face(
        "@fontsource-variable/noto-sans-jp",
        "noto-sans-jp-{}-wght-normal",
        "Noto Sans JP Variable",
        "100 900",
        78,
    ),
    Face("@fontsource/zen-maru-gothic", "zen-maru-gothic-{}-700-normal", "Zen Maru Gothic", "700", 64),
)


def main() -> None:
    """Fetch the packages into a temporary folder and write fonts, fonts.css and icons.svg."""
    with tempfile.TemporaryDirectory() as folder:
        npm = Path(sys.executable).parent / "npm"
        subprocess.run([npm, "install", "--no-save", "--prefix", folder, *PACKAGES], check=True)
        modules = Path(folder) / "node_modules"
        _write_icons(modules / "lucide-static")
        _write_fonts(modules)


def _write_icons(package: Path) -> None:
    symbols = []
    names = {name: name for name in ICONS} | {f"genre-{code}": name for code, name in GENRES.items()}
    for name, file in names.items():
        svg = (package / "icons" / f"{file}.svg").read_text()
        body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
        if body is None:
            raise ValueError(name)
        inner = re.sub(r"\s+", " ", body[1]).replace("> <", "><").strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (ASSETS / "icons.svg").write_text(sprite)
    shutil.copy(package / "LICENSE", ASSETS / "icons.LICENSE")


def _write_fonts(modules: Path) -> None:
    fonts = ASSETS / "fonts"
    shutil.rmtree(fonts, ignore_errors=True)
    fonts.mkdir()
    rules = [
        "/* Written by scripts/vendor_assets.py. Characters outside these slices use the system's font. */"
    ]
    for face in FACES:
        package = modules / face.package
        ranges = json.loads((package / "unicode.json").read_text())
        kept = _most_useful(package / "files", face, ranges)
        for key in kept:
            name = face.file.format(key.strip("[]")) + ".woff2"
            shutil.copy(package / "files" / name, fonts / name)
            rules.append(
                f"@font-face{{font-family:'{face.family}';font-style:normal;font-display:swap;"
                f"font-weight:{face.weight};src:url(/fonts/{name}) format('woff2');"
                f"unicode-range:{ranges[key]}}}"
            )
        shutil.copy(package / "LICENSE", fonts / f"{face.file.split('-{}')[0]}.LICENSE")
    (ASSETS / "fonts.css").write_text("\n".join(rules) + "\n")


def _most_useful(files: Path, face: Face, ranges: dict[str, str]) -> list[str]:
    """Slices with the most everyday characters (kana, symbols, JIS level 1 kanji) per byte."""
    everyday = _everyday()

    def worth(key: str) -> float:
        path = files / (face.file.format(key.strip("[]")) + ".woff2")
        return len(_characters(ranges[key]) & everyday) / path.stat().st_size if path.exists() else 0.0

    best = sorted(ranges, key=worth, reverse=True)[: face.keep]
    return [key for key in ranges if key in best]


def _everyday() -> set[int]:
    rows = [*range(1, 9), *range(16, 48)]
    found = set(range(0x20, 0x7F))
    for row in rows:
        for cell in range(1, 95):
            try:
                found.add(ord(bytes((0xA0 + row, 0xA0 + cell)).decode("euc_jp")))
            except (UnicodeDecodeError, TypeError):
                continue
    return found


def _characters(ranges: str) -> set[int]:
    found: set[int] = set()
    for part in ranges.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


if __name__ == "__main__":
    main()
