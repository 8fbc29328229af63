"""Portraits of instructors: a face before a soft colour, all of them different."""

import random

from PIL import Image

from naraigoto.demo.pictures.canvas import CORAL, HEIGHT, INK, LEAF, MOODS, SUN, TEAL, WHITE, WIDTH, Canvas
from naraigoto.demo.pictures.people import HAIRS, SKINS

_BACKS = ("#fbe3d6", "#dcefeb", "#f6ead0", "#e3ebf3", "#efe3ef", "#e2eed9")
_SHIRTS = (CORAL, TEAL, "#54799c", LEAF, SUN, "#8b6f9c", "#d0806a", "#4f5b6b")


def portrait(seed: int, number: int, width: int) -> Image.Image:
    """A square portrait, `width` pixels wide."""
    dice = random.Random(f"{seed}/portrait/{number}")
    c = Canvas(MOODS[0], width * WIDTH // HEIGHT)
    x, y, r = 400.0, 360.0, 170.0
    back, skin, hair = _BACKS[number % len(_BACKS)], dice.choice(SKINS), dice.choice((*HAIRS, "#6b5140"))
    c.rect(0, 0, WIDTH, HEIGHT, back)
    c.disc(x, 420, 330, WHITE if number % 3 == 0 else back)
    style = number % 5
    if style in (0, 3):
        c.rect(x - r * 1.14, y - r * 0.7, r * 2.28, r * (2.5 if style == 0 else 1.9), hair, r * 0.8)
    if style == 4:
        c.disc(x, y - r * 1.18, r * 0.42, hair)
    c.rect(x - 270, 610, 540, 400, _SHIRTS[dice.randrange(len(_SHIRTS))], 150)
    c.poly([(x - 80, 606), (x + 80, 606), (x, 700)], WHITE if dice.random() < 0.5 else skin)
    c.rect(x - 62, 470, 124, 170, skin, 56)
    for side in (-1, 1):
        c.disc(x + side * r * 0.98, y + 26, r * 0.19, skin)
    c.oval(x, y, r, r * 1.08, skin)
    _hair(c, x, y, r, hair, style)
    _face(c, x, y, r, dice)
    return c.finished().crop((0, 0, width, width))


def _hair(c: Canvas, x: float, y: float, r: float, hair: str, style: int) -> None:
    c.pie(x, y - r * 0.1, r * 1.07, r * 1.12, 180, 360, hair)
    if style in (0, 4):
        c.pie(x, y - r * 0.14, r * 1.0, r * 0.22, 0, 180, hair)
    elif style == 1:
        c.pie(x - r * 0.5, y - r * 0.14, r * 0.57, r * 0.22, 0, 180, hair)
        c.pie(x + r * 0.52, y - r * 0.14, r * 0.55, r * 0.12, 0, 180, hair)
    elif style == 2:
        for side in (-1, 1):
            c.rect(x + side * r * 0.96 - r * 0.11, y - r * 0.3, r * 0.22, r * 0.44, hair, r * 0.1)
        c.pie(x, y - r * 0.14, r * 0.95, r * 0.14, 0, 180, hair)
    else:
        c.poly(
            [
                (x - r, y - r * 0.16),
                (x + r, y - r * 0.16),
                (x + r * 0.96, y + r * 0.2),
                (x + r * 0.1, y - r * 0.42),
            ],
            hair,
        )
        c.poly([(x - r, y - r * 0.16), (x + r * 0.14, y - r * 0.44), (x - r * 0.96, y + r * 0.3)], hair)


def _face(c: Canvas, x: float, y: float, r: float, dice: random.Random) -> None:
    for side in (-1, 1):
        c.oval(x + side * r * 0.38, y + r * 0.24, r * 0.075, r * 0.1, INK)
        c.line(
            [(x + side * r * 0.52, y + r * 0.02), (x + side * r * 0.26, y - r * 0.01)], r * 0.06, "#5a463c"
        )
        c.oval(x + side * r * 0.6, y + r * 0.5, r * 0.16, r * 0.09, "#eeab94")
    c.arc(x, y + r * 0.28, r * 0.4, 35, 145, r * 0.07, "#9c4437")
    if dice.random() < 0.3:
        for side in (-1, 1):
            c.ring(x + side * r * 0.38, y + r * 0.24, r * 0.27, r * 0.05, INK)
        c.line([(x - r * 0.12, y + r * 0.22), (x + r * 0.12, y + r * 0.22)], r * 0.05, INK)
