"""Pictures drawn by the project itself: a scene for each genre in several lights, and portraits."""

import hashlib
import io
import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PIL import Image, ImageOps

from naraigoto.demo.pictures import desk, portraits, sports, stage, table
from naraigoto.demo.pictures.canvas import MOODS, WIDTH, Canvas
from naraigoto.services.media import variant_key

FOLDER = "public/demo"
PORTRAITS = 40
# Raise it when a drawing changes, so that folders with older pictures draw anew.
_EDITION = 1
_SCENES: dict[str, Callable[[Canvas, random.Random], None]] = {
    scene.__name__: scene
    for scene in (
        *(sports.swim, sports.soccer, sports.gym, sports.karate, sports.judo, sports.kendo),
        *(sports.tennis, sports.baseball, stage.piano, stage.violin, stage.guitar, stage.dance, stage.ballet),
        *(
            desk.english,
            desk.programming,
            desk.art,
            desk.calligraphy,
            table.abacus,
            table.juku,
            table.cooking,
        ),
        *(table.shogi, table.tea),
    )
}

# Letters and hands that write have a right side.
_NEVER_MIRRORED = {"english", "calligraphy", "programming", "violin", "guitar", "abacus"}


@dataclass(frozen=True)
class Gallery:
    """Keys of drawn pictures."""

    schools: dict[str, list[str]] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)

    def of_school(self, genre: str, number: int) -> list[str]:
        """Keys of the pictures of one school, the first one leads."""
        keys = self.schools[genre]
        return [keys[(number + turn) % len(keys)] for turn in range(3)]

    def of_person(self, number: int) -> str:
        """Key of a portrait."""
        return self.people[number % len(self.people)]


def draw(media: Path, seed: int, *, width: int = WIDTH) -> Gallery:
    """Draw every picture below `media` unless this edition already stands there; narrower is quicker."""
    folder = media / FOLDER
    index = folder / f"index-{_EDITION}-{seed}-{width}.json"
    if index.is_file():
        return Gallery(**json.loads(index.read_text()))
    folder.mkdir(parents=True, exist_ok=True)
    jobs: list[Callable[[], Image.Image]] = [
        partial(scene, genre, seed, variant, width) for genre in _SCENES for variant in range(len(MOODS))
    ]
    jobs += [partial(portraits.portrait, seed, number, width // 3) for number in range(PORTRAITS)]
    with ThreadPoolExecutor(2) as pool:
        keys = list(pool.map(partial(_store, media), jobs))
    scenes = {genre: keys[at * len(MOODS) : (at + 1) * len(MOODS)] for at, genre in enumerate(_SCENES)}
    gallery = Gallery(scenes, keys[-PORTRAITS:])
    index.write_text(json.dumps({"schools": gallery.schools, "people": gallery.people}))
    return gallery


def scene(genre: str, seed: int, variant: int, width: int = WIDTH) -> Image.Image:
    """One illustration of a genre."""
    canvas = Canvas(MOODS[variant], width)
    _SCENES[genre](canvas, random.Random(f"{seed}/{genre}/{variant}"))
    picture = canvas.finished()
    return ImageOps.mirror(picture) if variant % 2 and genre not in _NEVER_MIRRORED else picture


def _store(media: Path, job: Callable[[], Image.Image]) -> str:
    """Write a picture and its small variant; the key carries the hash of the content."""
    picture = job()
    data = _webp(picture)
    key = f"{FOLDER}/{hashlib.blake2b(data, digest_size=12).hexdigest()}.webp"
    small = picture.resize((picture.width * 2 // 5, picture.height * 2 // 5), Image.Resampling.LANCZOS)
    for name, content in ((key, data), (variant_key(key, 480), _webp(small))):
        (media / name).write_bytes(content)
    return key


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82, method=3)
    return out.getvalue()
