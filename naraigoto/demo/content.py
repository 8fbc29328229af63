"""The words of the demo: one file of texts per genre, read once."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "content"


@dataclass(frozen=True)
class Voice:
    """One comment and the stars that go with it; `solo` ones also fit a lesson for one."""

    rating: int
    text: str
    solo: bool = False


@dataclass(frozen=True)
class ClassText:
    """A kind of lesson."""

    title: str
    description: str
    belongings: str
    age: tuple[int, int]
    capacity: int
    minutes: int
    cost: int
    choice: bool


@dataclass(frozen=True)
class SchoolText:
    """A school written by hand; `at` is latitude and longitude."""

    name: str
    kana: str
    area: str
    at: tuple[float, float]
    address: str
    access: str
    summary: str
    description: str


@dataclass(frozen=True)
class Genre:
    """Everything that is said about one genre; opens, lessons and people make up descriptions in bulk."""

    code: str
    kinds: tuple[tuple[str, str], ...]
    summaries: tuple[str, ...]
    opens: tuple[str, ...]
    lessons: tuple[str, ...]
    people: tuple[str, ...]
    profiles: tuple[str, ...]
    replies: tuple[str, ...]
    parent: tuple[Voice, ...]
    child: tuple[Voice, ...]
    classes: tuple[ClassText, ...]
    schools: tuple[SchoolText, ...]


@dataclass(frozen=True)
class Talk:
    """A short exchange about a booking: who speaks ("family" or "school") and what."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Common:
    """What fits every genre, and the names of people."""

    parent: tuple[Voice, ...]
    child: tuple[Voice, ...]
    instructor: tuple[Voice, ...]
    thanks: tuple[str, ...]
    sorries: tuple[str, ...]
    talks: tuple[Talk, ...]
    surnames: tuple[tuple[str, str], ...]
    given: tuple[tuple[str, str], ...]
    children: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    brands: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


@lru_cache
def genres() -> dict[str, Genre]:
    """Every genre by its code, in the order of the file names."""
    found = (_genre(file) for file in sorted(_FOLDER.glob("*.toml")) if not file.name.startswith("_"))
    return {genre.code: genre for genre in found}


@lru_cache
def common() -> Common:
    """Names, comments and talks for all genres."""
    raw = _read(_FOLDER / "_common.toml")
    return Common(
        parent=_voices(raw["parent"]),
        child=_voices(raw["child"]),
        instructor=_voices(raw["instructor"]),
        talks=tuple(Talk(tuple((line[0], line[1]) for line in talk)) for talk in raw["talks"]),
        children=tuple(raw["children"]),
        notes=tuple(raw["notes"]),
        thanks=tuple(raw["thanks"]),
        sorries=tuple(raw["sorries"]),
        **{name: _pairs(raw[name]) for name in ("surnames", "given", "towns", "brands")},
    )


def _genre(file: Path) -> Genre:
    raw = _read(file)
    plain = ("summaries", "opens", "lessons", "people", "profiles", "replies")
    return Genre(
        code=raw["code"],
        kinds=_pairs(raw["kinds"]),
        parent=_voices(raw["parent"]),
        child=_voices(raw["child"]),
        classes=tuple(_class(entry) for entry in raw["classes"]),
        schools=tuple(SchoolText(**{**entry, "at": tuple(entry["at"])}) for entry in raw["schools"]),
        **{name: tuple(raw[name]) for name in plain},
    )


def _class(entry: dict[str, Any]) -> ClassText:
    return ClassText(**{"choice": False, **entry, "age": tuple(entry["age"])})


def _voices(entries: list[dict[str, Any]]) -> tuple[Voice, ...]:
    return tuple(Voice(entry["r"], entry["t"], entry.get("solo", False)) for entry in entries)


def _pairs(entries: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((entry[0], entry[1]) for entry in entries)


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
