"""Areas and genres: what every database needs before anybody can search, production included."""

import csv
from pathlib import Path
from typing import NamedTuple

import psycopg

_DATA = Path(__file__).parent / "data"


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


def load_reference(url: str) -> None:
    """Bring areas and categories to the committed lists; repeat as often as you like (after each migrate)."""
    with psycopg.connect(plain_url(url)) as connection, connection.cursor() as cursor:
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


def plain_url(url: str) -> str:
    """The same database for psycopg itself: without SQLAlchemy's driver name."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
