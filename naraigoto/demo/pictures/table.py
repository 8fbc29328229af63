"""Scenes at a table: beads, figures, pots, pieces and bowls."""

import math
import random

from naraigoto.demo.pictures.canvas import (
    CORAL,
    HEIGHT,
    INK,
    LEAF,
    LEAF_DEEP,
    STONE,
    SUN,
    SUN_SOFT,
    TEAL,
    TEAL_DEEP,
    WHITE,
    WIDTH,
    WOOD,
    WOOD_DEEP,
    WOOD_SOFT,
    Canvas,
)
from naraigoto.demo.pictures.people import look, person


def abacus(c: Canvas, dice: random.Random) -> None:
    """A frame, rods and beads."""
    c.rect(0, 0, WIDTH, HEIGHT, c.mood.wall)
    c.disc(180, 140, 90, c.mood.shade)
    c.disc(1080, 680, 130, c.mood.shade)
    c.rect(120, 230, 960, 380, c.mood.floor, 20)
    c.rect(110, 215, 960, 380, WOOD_DEEP, 20)
    c.rect(146, 250, 888, 310, "#f4e7d2", 8)
    for rod in range(13):
        x = 182 + rod * 68
        c.rect(x - 3, 250, 6, 310, "#8a6340")
        up = dice.random() < 0.5
        _bead(c, x, 276 if up else 312, c.mood.lead)
        lift = dice.randrange(5)
        for number in range(4):
            y = 372 + number * 36 + (0 if number < lift else 30)
            _bead(c, x, y, c.mood.second if rod % 3 == 0 else "#7a4a2c")
    c.rect(146, 336, 888, 16, WOOD_DEEP)
    for rod in (3, 6, 9, 12):
        c.disc(182 + rod * 68, 344, 5, WHITE)
    c.line([(840, 690), (1000, 650)], 20, SUN)
    c.poly([(830, 682), (840, 702), (806, 700)], WOOD_SOFT)
    c.rect(180, 650, 260, 110, WHITE, 6)
    for y in (680, 708, 736):
        c.line([(206, y), (206 + 90 + dice.randrange(110), y)], 7, STONE)


def _bead(c: Canvas, x: float, y: float, tone: str) -> None:
    c.poly(
        [(x - 30, y), (x - 12, y - 17), (x + 12, y - 17), (x + 30, y), (x + 12, y + 17), (x - 12, y + 17)],
        tone,
    )
    c.line([(x - 24, y), (x + 24, y)], 3, "#f6e7d2")


def juku(c: Canvas, dice: random.Random) -> None:
    """Two at a desk over a figure to puzzle out."""
    c.rect(110, 70, 980, 300, WOOD, 12)
    c.rect(128, 88, 944, 264, "#3f6b5c", 6)
    c.line([(220, 300), (330, 130), (440, 300), (220, 300)], 6, WHITE)
    c.line([(330, 130), (330, 300)], 5, SUN_SOFT)
    c.ring(600, 220, 76, 6, WHITE)
    c.line([(600, 220), (660, 172)], 5, CORAL)
    for bar, h in enumerate((70, 120, 96, 160)):
        c.rect(780 + bar * 56, 310 - h, 36, h, (SUN_SOFT, "#e9a08b", "#b7dcd5", WHITE)[bar])
    c.floor(520)
    for number, x in enumerate((370, 800)):
        person(
            c,
            x,
            440,
            150,
            look(dice, number + dice.randrange(2)),
            arms=((-0.55, 0.85), (0.5, 0.9)),
            legs=None,
        )
    c.rect(130, 570, 940, 60, WOOD, 14)
    for leg in (180, 980):
        c.rect(leg, 620, 40, 190, WOOD_DEEP)
    for x in (300, 730):
        c.poly([(x, 540), (x + 140, 540), (x + 164, 576), (x - 24, 576)], WHITE)
        c.line([(x + 20, 552), (x + 110, 552)], 4, STONE)
        c.line([(x + 14, 564), (x + 80, 564)], 4, STONE)
    c.line([(940, 548), (1000, 520)], 11, CORAL)


def cooking(c: Canvas, dice: random.Random) -> None:
    """A kitchen table with vegetables, a pot and small cooks."""
    for row in range(5):
        for column in range(12):
            c.rect(
                column * 104 + 4, row * 84 + 4, 96, 76, c.mood.shade if (row + column) % 2 else c.mood.wall, 6
            )
    c.floor(420, c.mood.wall)
    for number, x in enumerate((330, 905)):
        person(c, x, 360, 160, look(dice, number), arms=((-0.6, 0.9), (0.6, 0.95)), legs=None)
        c.rect(x - 44, 420, 88, 110, WHITE, 16)
        c.pie(x, 268, 74, 76, 180, 360, (CORAL, SUN, TEAL)[(number + dice.randrange(3)) % 3])
        c.disc(x + 70, 266, 15, (CORAL, SUN, TEAL)[number])
    c.rect(40, 520, 1120, 70, WOOD, 18)
    c.rect(40, 580, 1120, 240, WOOD_DEEP)
    c.rect(190, 486, 230, 46, WOOD_SOFT, 10)
    for slice_ in range(4):
        c.oval(230 + slice_ * 40, 490, 20, 14, "#e8833a")
    c.poly([(390, 500), (530, 470), (536, 486), (400, 514)], "#e8833a")
    c.line([(530, 476), (580, 452)], 9, LEAF_DEEP)
    c.line([(530, 480), (584, 474)], 9, LEAF)
    c.rect(620, 420, 210, 116, c.mood.lead, 22)
    c.rect(600, 410, 250, 24, c.mood.lead, 12)
    c.rect(705, 388, 40, 26, INK, 8)
    for steam in range(3):
        x = 660 + steam * 60
        c.line([(x, 372), (x + 14, 344), (x, 316), (x + 12, 290)], 8, WHITE)
    c.disc(960, 490, 40, CORAL)
    c.poly([(940, 456), (960, 470), (982, 452), (970, 474)], LEAF_DEEP)
    c.disc(1050, 496, 34, "#e9d9a8")
    c.oval(1110, 506, 28, 24, LEAF)


def shogi(c: Canvas, dice: random.Random) -> None:
    """A board with pieces in thought."""
    c.rect(0, 0, WIDTH, HEIGHT, "#dfe3c4" if dice.random() < 0.5 else c.mood.wall)
    c.rect(0, 620, WIDTH, 8, c.mood.shade)
    c.poly([(270, 180), (930, 180), (1060, 640), (140, 640)], "#e3b876")
    c.poly([(140, 640), (1060, 640), (1040, 720), (160, 720)], "#b98846")
    for step in range(1, 9):
        t = step / 9
        c.line([(270 + 660 * t, 180), (140 + 920 * t, 640)], 3, "#7d5a2c")
        y = 180 + 460 * (t**1.12)
        c.line([(270 - 130 * (y - 180) / 460, y), (930 + 130 * (y - 180) / 460, y)], 3, "#7d5a2c")
    for row, y in ((0.08, 0), (0.3, 1), (0.62, 2), (0.92, 3)):
        for column in dice.sample(range(9), 5 + y % 2):
            level = 180 + 460 * (row**1.05)
            spread = 660 + 260 * row
            x = 600 + (column - 4) * spread / 9
            _piece(c, x, level + 18, 30 + 14 * row, "#f4dfb0", up=y >= 2)


def _piece(c: Canvas, x: float, y: float, r: float, tone: str, *, up: bool) -> None:
    way = -1 if up else 1
    shape = [(-0.8, -0.9), (0.8, -0.9), (0.66, 0.55), (0.0, 1.0), (-0.66, 0.55)]
    c.poly([(x + dx * r + 4, y + way * dy * r + 7) for dx, dy in shape], "#a5773a")
    c.poly([(x + dx * r, y + way * dy * r) for dx, dy in shape], tone)
    c.line([(x, y - r * 0.5), (x, y + r * 0.35)], r * 0.14, "#5b3a21")
    c.line([(x - r * 0.35, y - way * r * 0.1), (x + r * 0.35, y - way * r * 0.1)], r * 0.14, "#5b3a21")


def tea(c: Canvas, dice: random.Random) -> None:
    """A bowl of tea, a sweet and a flower in the alcove."""
    c.rect(0, 0, WIDTH, 540, c.mood.wall)
    c.rect(80, 50, 300, 440, "#d9c7a0")
    c.rect(100, 70, 260, 400, "#efe6d2")
    c.rect(196, 100, 70, 250, WHITE)
    c.line([(214, 150), (244, 150)], 10, INK)
    c.line([(228, 130), (228, 230), (212, 320)], 10, INK)
    c.rect(206, 400, 50, 70, TEAL_DEEP, 14)
    for stem in range(3):
        c.line([(230, 404), (200 + stem * 32, 330 - stem * 14)], 6, LEAF_DEEP)
        c.disc(200 + stem * 32, 328 - stem * 14, 15, (CORAL, WHITE, "#d98e9c")[stem])
    c.floor(540, "#cfd1a4")
    c.rect(0, 536, WIDTH, 12, "#8a8a52")
    for x in (300, 760):
        c.line([(x - 120, HEIGHT), (x, 548)], 10, "#8a8a52")
    c.oval(720, 660, 330, 60, "#b9bb8e")
    c.pie(720, 560, 170, 190, 0, 180, ("#6b4a3a", "#4d6b66", "#8a4b38", "#39456b")[dice.randrange(4)])
    c.oval(720, 560, 170, 46, "#f1e6d4")
    c.oval(720, 562, 150, 36, "#8fae55")
    for bubble in range(7):
        c.disc(650 + bubble * 24, 556 + (bubble % 3) * 9, 6 + bubble % 3, "#b4cb7d")
    c.oval(1010, 650, 110, 34, WHITE)
    tones = dice.sample([CORAL, "#e9a9b4", LEAF, SUN_SOFT, WHITE], 2)
    for number, tone in enumerate(tones):
        x = 975 + number * 70
        for petal in range(5):
            angle = petal * math.tau / 5 - 1.57
            c.disc(x + 16 * math.cos(angle), 630 + 14 * math.sin(angle), 15, tone)
        c.disc(x, 630, 9, SUN)
    c.rect(470, 460, 26, 130, WOOD_SOFT, 8)
    for tine in range(7):
        c.line([(483, 560), (450 + tine * 11, 650)], 4, WOOD)
