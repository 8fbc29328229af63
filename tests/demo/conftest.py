from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from naraigoto import clock, demo
from naraigoto.reference import plain_url
from tests.database import cluster, throwaway

EVENING = datetime(2026, 11, 24, 19, 30, tzinfo=clock.JST)
SMALL = 90


@pytest.fixture(scope="package")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="package")
def loaded(template: str, media: Path) -> Iterator[str]:
    """URL of a database with the demo as of EVENING."""
    with throwaway(cluster(), template) as url:
        demo.load(url, now=EVENING, media=media, picture_width=SMALL)
        yield plain_url(url)


@pytest.fixture
def db(loaded: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(loaded) as connection:
        yield connection


def one(db: psycopg.Connection, query: str, *values: object) -> object:
    row = db.execute(query, values).fetchone()  # pyright: ignore[reportArgumentType]
    assert row
    return row[0]
