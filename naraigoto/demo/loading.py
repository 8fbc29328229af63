"""Puts the demo together and into an empty, migrated database."""

import random
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from naraigoto.demo import bookings, families, schools, slots, story, tickets, voices
from naraigoto.demo.families import Secrets
from naraigoto.demo.pictures import Gallery, draw
from naraigoto.demo.pictures.canvas import WIDTH
from naraigoto.demo.world import World
from naraigoto.reference import load_reference, plain_url
from naraigoto.services.passwords import hash_secret
from naraigoto.settings import get_settings

SEED = 20261124
PASSWORD, PASSCODE = "naraigoto-demo", "2580"  # public by design (contract.md §3)


class DemoRefused(RuntimeError):
    """The demo may not be loaded here; the message says why in one line."""


@dataclass(frozen=True)
class Summary:
    """How much was loaded."""

    schools: int
    slots: int
    families: int
    bookings: int
    reviews: int


def load(
    url: str, *, now: datetime, seed: int = SEED, media: Path | None = None, picture_width: int = WIDTH
) -> Summary:
    """Load the demo of contract.md §3; the same seed and moment give the same rows.

    Raises: DemoRefused in production and where people already have accounts.
    """
    refuse_production()
    load_reference(url)
    gallery = draw(media or get_settings().data_dir / "media", seed, width=picture_width)
    with psycopg.connect(plain_url(url)) as connection:
        if connection.execute("SELECT EXISTS (SELECT FROM users)").fetchone() == (True,):
            raise DemoRefused("利用者のいるデータベースには見本データを入れません")
        world = build(now, seed, gallery)
        world.rows.write(connection)
        connection.execute("SELECT refresh_school_stats(NULL, %s)", [now])
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        connection.execute("ANALYZE")
    return Summary(
        schools=len(world.places),
        slots=len(world.rows.of("lesson_schedules")),
        families=len(world.households),
        bookings=len(world.lessons),
        reviews=len(world.rows.of("reviews_parent")) + len(world.rows.of("reviews_child")),
    )


def build(now: datetime, seed: int, gallery: Gallery) -> World:
    """The whole demo in memory."""
    world = World(seed, now, random.Random(seed))
    secrets = Secrets(hash_secret(PASSWORD), hash_secret(PASSCODE))
    owners = {
        schools.FIRST_OWNER: families.account(
            world, "owner", "school_owner", "owner@example.com", "伊藤 亮", secrets
        ),
        schools.SECOND_OWNER: families.account(
            world, "owner2", "school_owner", "owner2@example.com", "森 志保", secrets
        ),
    }
    families.account(world, "admin", "admin", "admin@example.com", "運営 事務局", secrets)
    for household in (families.first_family(world, secrets), families.second_family(world, secrets)):
        families.sign_in(world, household.parent, secrets)
    families.neighbours(world, secrets)
    for household in world.households:
        tickets.subscribe(world, household)
    schools.build(world, gallery, owners)
    slots.build(world)
    bookings.play(world, story.script(world))
    bookings.cancel(world, *story.cancelled(world))
    story.tell(world)
    voices.build(world)
    return world


def refuse_production() -> None:
    """Demo data never gets near real people.

    Raises: DemoRefused.
    """
    if get_settings().production:
        raise DemoRefused("NARAIGOTO_ENV=production では見本データを入れません")
