"""Children and grown-ups as flat figures: a round head, a body, arms where the scene wants them."""

import random
from dataclasses import dataclass

from naraigoto.demo.pictures.canvas import (
    CORAL,
    INK,
    LEAF,
    SUN,
    TEAL,
    WHITE,
    Canvas,
    Point,
)

SKINS = ("#f6d2b3", "#f2c6a0", "#eebb92")
HAIRS = ("#3b2f2f", "#4a3728", "#2e2a33", "#5a4030")
SHIRTS = (CORAL, TEAL, SUN, LEAF, "#5b86a8", "#d98e9c")


@dataclass(frozen=True)
class Look:
    """How somebody looks."""

    skin: str
    hair: str
    shirt: str
    long_hair: bool


def look(dice: random.Random, turn: int = 0) -> Look:
    """Somebody; `turn` keeps neighbours apart."""
    return Look(
        dice.choice(SKINS),
        dice.choice(HAIRS),
        SHIRTS[(dice.randrange(len(SHIRTS)) + turn * 2) % len(SHIRTS)],
        dice.random() < 0.5,
    )


def head(
    c: Canvas, x: float, y: float, r: float, who: Look, *, tilt: float = 0, cap: str | None = None
) -> None:
    """A face that looks at us; `cap` is a swimming cap instead of hair."""
    c.disc(x - r * 0.98, y + r * 0.12, r * 0.2, who.skin)
    c.disc(x + r * 0.98, y + r * 0.12, r * 0.2, who.skin)
    c.disc(x, y, r, who.skin)
    c.pie(x, y - r * 0.05, r * 1.06, r * 1.06, 180, 360, cap or who.hair)
    if cap is None:
        c.pie(x - r * 0.42, y - r * 0.1, r * 0.64, r * 0.2, 0, 180, who.hair)
        c.pie(x + r * 0.56, y - r * 0.1, r * 0.48, r * 0.14, 0, 180, who.hair)
    else:
        c.rect(x - r * 1.06, y - r * 0.16, r * 2.12, r * 0.16, WHITE)
    for side in (-1, 1):
        c.oval(x + side * r * 0.36 + tilt, y + r * 0.26, r * 0.085, r * 0.115, INK)
        c.oval(x + side * r * 0.62 + tilt, y + r * 0.5, r * 0.17, r * 0.1, "#f0a58d")
    c.arc(x + tilt, y + r * 0.36, r * 0.28, 20, 160, r * 0.09, "#a5473a")


def person(
    c: Canvas,
    x: float,
    y: float,
    size: float,
    who: Look,
    *,
    arms: tuple[Point, Point] = ((-0.62, 0.55), (0.62, 0.55)),
    legs: tuple[Point, Point] | None = ((-0.24, 1.55), (0.24, 1.55)),
    trousers: str = INK,
    cap: str | None = None,
) -> None:
    """Somebody whose neck is at x, y; hands and feet are given in units of `size` from there."""
    arm, leg = size * 0.2, size * 0.25
    if legs:
        for foot in legs:
            hip = (x + size * 0.15 * (1 if foot[0] > 0 else -1), y + size * 0.85)
            c.line([hip, (x + foot[0] * size, y + foot[1] * size)], leg, trousers)
            c.oval(
                x + foot[0] * size + size * 0.04, y + foot[1] * size + size * 0.1, size * 0.2, size * 0.1, INK
            )
    if who.long_hair and cap is None:
        c.rect(x - size * 0.46, y - size * 0.5, size * 0.92, size * 0.78, who.hair, size * 0.26)
    c.poly(
        [
            (x - size * 0.3, y + size * 0.06),
            (x + size * 0.3, y + size * 0.06),
            (x + size * 0.4, y + size * 0.95),
            (x - size * 0.4, y + size * 0.95),
        ],
        who.shirt,
    )
    c.rect(x - size * 0.34, y + size * 0.02, size * 0.68, size * 0.4, who.shirt, size * 0.16)
    for side, hand in zip((-1, 1), arms, strict=True):
        shoulder = (x + side * size * 0.28, y + size * 0.18)
        elbow = ((shoulder[0] + x + hand[0] * size) / 2, (shoulder[1] + y + hand[1] * size) / 2)
        c.line([shoulder, elbow], arm, who.shirt)
        c.line([elbow, (x + hand[0] * size, y + hand[1] * size)], arm * 0.8, who.skin)
    c.rect(x - size * 0.1, y - size * 0.1, size * 0.2, size * 0.22, who.skin, size * 0.05)
    head(c, x, y - size * 0.42, size * 0.44, who, cap=cap)
