"""Loading the demo: the same for the same seed, only where nobody lives, pictures and areas with it."""

from pathlib import Path

import psycopg
import pytest

from naraigoto import demo
from naraigoto.reference import areas, categories, load_reference, plain_url
from naraigoto.services.media import variant_key
from tests.database import cluster, throwaway
from tests.demo.conftest import EVENING, SMALL, one


def test_pictures_stand_where_their_keys_say(db: psycopg.Connection, media: Path) -> None:
    keys = {key for (key,) in db.execute("SELECT unnest(image_keys) FROM schools")}
    keys |= {key for (key,) in db.execute("SELECT image_key FROM instructors")}
    assert len(keys) > 100
    for key in keys:
        assert (media / key).is_file()
        assert (media / variant_key(key, 480)).is_file()


def test_the_same_seed_and_moment_give_the_same_rows(template: str, loaded: str, media: Path) -> None:
    with throwaway(cluster(), template) as url:
        demo.load(url, now=EVENING, media=media, picture_width=SMALL)
        with psycopg.connect(plain_url(url)) as again, psycopg.connect(loaded) as db:
            for table in (
                "schools",
                "lesson_schedules",
                "bookings",
                "ticket_entries",
                "reviews_child",
                "messages",
            ):
                query = f"SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM {table} t"
                assert one(again, query) == one(db, query), table


def test_a_database_with_people_is_left_alone(loaded: str, media: Path) -> None:
    with pytest.raises(demo.DemoRefused):
        demo.load(loaded, now=EVENING, media=media, picture_width=SMALL)


def test_production_gets_no_demo(loaded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from naraigoto.settings import get_settings

    monkeypatch.setenv("NARAIGOTO_ENV", "production")
    get_settings.cache_clear()
    try:
        with pytest.raises(demo.DemoRefused):
            demo.load(loaded, now=EVENING)
        with pytest.raises(demo.DemoRefused):
            demo.add_schools(loaded, 1, now=EVENING)
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


def test_reference_data_can_be_loaded_again_and_again(template: str) -> None:
    with throwaway(cluster(), template) as url:
        load_reference(url)
        load_reference(url)
        with psycopg.connect(plain_url(url)) as db:
            assert one(db, "SELECT count(*) FROM areas") == len(areas())
            assert one(db, "SELECT count(*) FROM categories") == len(categories())
