"""Many schools come quickly and are just as the site itself would have written them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from naraigoto import clock, demo
from naraigoto.demo import adding
from naraigoto.demo.checking import broken_rules
from naraigoto.reference import plain_url
from tests.database import cluster, throwaway

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=clock.JST)
SEED = 7


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture
def url(template: str) -> Iterator[str]:
    with throwaway(cluster(), template) as url:
        yield url


def add(url: str, count: int, media: Path, **more: object) -> int:
    return demo.add_schools(url, count, now=NOW, seed=SEED, media=media, picture_width=90, **more)  # pyright: ignore[reportArgumentType]


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(plain_url(url)) as db:
        return db.execute(query).fetchall()  # pyright: ignore[reportCallIssue, reportArgumentType]


def test_a_second_call_counts_on_where_the_first_ended(url: str, media: Path) -> None:
    assert add(url, 500, media) == 500
    assert add(url, 500, media) == 1000
    assert rows(url, "SELECT count(*), count(DISTINCT id) FROM schools") == [(1000, 1000)]
    assert rows(
        url, "SELECT min(n), max(n) FROM (SELECT count(*) n FROM lesson_schedules GROUP BY school_id) s"
    ) == [(4, 4)]
    with psycopg.connect(plain_url(url)) as db:
        assert broken_rules(db, now=NOW) == {}


def test_text_and_figures_are_what_the_database_itself_would_write(url: str, media: Path) -> None:
    add(url, 600, media)
    before = "SELECT school_id, norm FROM school_search ORDER BY 1"
    streamed = rows(url, before)
    with psycopg.connect(plain_url(url)) as db:
        assert db.execute("SELECT refresh_school_stats(NULL, %s)", [NOW]).fetchone() == (0,)
        db.execute("DELETE FROM school_search")
        db.execute("SELECT index_schools(ARRAY(SELECT id FROM schools))")
    assert rows(url, before) == streamed
    assert rows(url, "SELECT count(*) FROM pg_indexes WHERE indexname = 'ix_school_search_grams'") == [(1,)]


def test_the_same_seed_gives_the_same_schools(template: str, url: str, media: Path) -> None:
    query = "SELECT s.*, t.norm FROM schools s JOIN school_search t ON t.school_id = s.id ORDER BY s.id"
    add(url, 200, media)
    with throwaway(cluster(), template) as other:
        add(other, 200, media)
        assert rows(other, query) == rows(url, query)


def test_without_the_right_to_skip_checks_the_triggers_do_the_work(
    url: str, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "_skip_checks", lambda _connection: False)
    add(url, 200, media)
    assert rows(url, "SELECT count(*) FROM school_search JOIN schools_stats USING (school_id)") == [(200,)]
    with psycopg.connect(plain_url(url)) as db:
        assert db.execute("SELECT refresh_school_stats(NULL, %s)", [NOW]).fetchone() is not None
        assert broken_rules(db, now=NOW) == {}


def test_a_failure_leaves_nothing_behind(url: str, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "_SLOTS", "lesson_schedules (nonsense)")
    with pytest.raises(psycopg.errors.UndefinedColumn):
        add(url, 50, media)
    assert rows(url, "SELECT count(*) FROM schools") == [(0,)]


def test_progress_ends_at_the_whole(url: str, media: Path) -> None:
    heard: list[tuple[int, int]] = []
    add(url, 50, media, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (50, 50)
    assert all(done < total for done, total in heard[:-1])
