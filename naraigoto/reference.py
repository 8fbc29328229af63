"""Areas, genres and words for them: what every database needs before anybody can search."""

import csv
from pathlib import Path
from typing import NamedTuple

import psycopg

_DATA = Path(__file__).parent / "data"
_AT_A_TIME = 500
_SYNONYMS = """
    SELECT md5(string_agg(concat_ws(E'\\t', kind, code, norm, kana), E'\\n' ORDER BY kind, code, text))
    FROM search_terms WHERE kind IN ('genre', 'word')
"""


class AreaRecord(NamedTuple):
    """A municipality; homes lie within `radius_km` of its centre, `weight` is its people in ten thousands."""

    code: str
    prefecture: str
    name: str
    kana: str
    lat: float
    lng: float
    radius_km: float
    weight: int


class CategoryRecord(NamedTuple):
    """A genre in the order people see it."""

    code: str
    name: str
    kana: str
    position: int


def areas() -> list[AreaRecord]:
    """Every municipality of the launch regions, by code."""
    return [
        AreaRecord(
            row["code"],
            row["prefecture"],
            row["name"],
            row["kana"],
            float(row["lat"]),
            float(row["lng"]),
            float(row["radius_km"]),
            int(row["weight"]),
        )
        for row in _rows("areas.csv")
    ]


def categories() -> list[CategoryRecord]:
    """Every genre in its order."""
    return [
        CategoryRecord(row["code"], row["name"], row["kana"], int(row["position"]))
        for row in _rows("categories.csv")
    ]


class TermRecord(NamedTuple):
    """A word people type, and how it is read; stations know where they are."""

    kind: str
    code: str
    text: str
    kana: str
    place: str | None = None


def terms() -> list[TermRecord]:
    """Genres with their synonyms, other synonyms, areas and stations."""
    return [
        *(TermRecord(**row) for row in _rows("terms.csv")),
        *(TermRecord("area", area.code, area.name, area.kana) for area in areas()),
        *(
            TermRecord(
                "station",
                row["code"],
                row["name"],
                row["kana"],
                f"SRID=4326;POINT({row['lng']} {row['lat']})",
            )
            for row in _rows("stations.csv")
        ),
    ]


def load_reference(url: str) -> None:
    """Bring areas, categories and terms to the committed lists, as often as you like (after each migrate)."""
    with psycopg.connect(plain_url(url)) as connection:
        _load_places_and_genres(connection)
        changed = _load_terms(connection)
    if changed:
        _index_again(url)


def _load_places_and_genres(connection: psycopg.Connection) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO areas (code, prefecture, name, kana, centre)"
            " VALUES (%s, %s, %s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography)"
            " ON CONFLICT (code) DO UPDATE SET prefecture = excluded.prefecture, name = excluded.name,"
            " kana = excluded.kana, centre = excluded.centre",
            [(a.code, a.prefecture, a.name, a.kana, a.lng, a.lat) for a in areas()],
        )
        cursor.executemany(
            "INSERT INTO categories (code, name, kana, position) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (code) DO UPDATE SET name = excluded.name, kana = excluded.kana,"
            " position = excluded.position",
            [tuple(c) for c in categories()],
        )


def _load_terms(connection: psycopg.Connection) -> bool:
    """True when synonyms changed, which stand in the text of every school."""
    with connection.cursor() as cursor:
        before = cursor.execute(_SYNONYMS).fetchone()
        cursor.execute("DELETE FROM search_terms")
        cursor.executemany(
            "INSERT INTO search_terms (kind, code, text, norm, kana, location)"
            " VALUES (%(kind)s, %(code)s, %(text)s, ng_norm(%(text)s), ng_norm(%(kana)s),"
            " %(place)s::geography)",
            [term._asdict() for term in terms()],
        )
        return cursor.execute(_SYNONYMS).fetchone() != before


def _index_again(url: str) -> None:
    """Write the text of every school anew, some at a time, so that nobody waits for long."""
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        ids = connection.execute("SELECT id FROM schools ORDER BY id").fetchall()
        for first in range(0, len(ids), _AT_A_TIME):
            batch = [row[0] for row in ids[first : first + _AT_A_TIME]]
            connection.execute("SELECT index_schools(%s)", [batch])


def plain_url(url: str) -> str:
    """The same database for psycopg itself: without SQLAlchemy's driver name."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
