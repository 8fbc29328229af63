"""Scenes in water, on grass and in the hall."""

import math
import random

from naraigoto.demo.pictures.canvas import (
    CORAL,
    CORAL_DEEP,
    HEIGHT,
    INK,
    LEAF,
    LEAF_DEEP,
    LEAF_SOFT,
    SKY,
    STONE,
    SUN,
    SUN_SOFT,
    TEAL,
    WHITE,
    WIDTH,
    WOOD,
    WOOD_DEEP,
    Canvas,
)
from naraigoto.demo.pictures.people import Look, head, look, person


def swim(c: Canvas, dice: random.Random) -> None:
    """A pool with lanes, swimmers and light on the water."""
    c.rect(0, 0, WIDTH, 210, c.mood.wall)
    for number in range(5):
        c.rect(70 + number * 225, 40, 160, 120, WHITE, 14)
        c.rect(82 + number * 225, 52, 136, 96, SKY, 8)
    c.rect(0, 196, WIDTH, 40, c.mood.shade)
    c.rect(0, 232, WIDTH, HEIGHT, "#5fb9c4")
    for row, tone in enumerate(("#6cc3cc", "#5fb9c4", "#54aebb", "#49a3b1")):
        c.wave(250 + row * 140, 8, 170 + row * 20, tone, shift=dice.randrange(200))
    for rope in range(4):
        y = 300 + rope * 142
        for x in range(-20, WIDTH, 44):
            c.rect(x + dice.randrange(3), y - 6, 34, 12, (c.mood.lead, WHITE)[(x // 44 + rope) % 2], 6)
    for _ in range(14):
        x, y = dice.randrange(WIDTH), dice.randrange(330, HEIGHT)
        c.line([(x, y), (x + 40, y), (x + 60, y - 6)], 5, "#8fd3d8")
    _swimmer(c, 230 + dice.randrange(150), 372, look(dice), CORAL)
    _swimmer(c, 700 + dice.randrange(200), 515, look(dice, 1), SUN)
    _swimmer(c, 330 + dice.randrange(200), 660, look(dice, 2), WHITE)


def _swimmer(c: Canvas, x: float, y: float, who: Look, cap: str) -> None:
    c.rect(x - 178, y + 18, 108, 40, SUN_SOFT, 18)
    c.line([(x - 30, y + 30), (x - 120, y + 36)], 24, who.skin)
    c.line([(x + 30, y + 34), (x + 92, y - 20), (x + 140, y + 22)], 24, who.skin)
    head(c, x, y, 54, who, cap=cap)
    c.oval(x, y + 62, 84, 18, "#49a3b1")
    for spot in (-96, -20, 60, 108):
        c.oval(x + spot, y + 56, 26, 8, "#c8ecec")


def soccer(c: Canvas, dice: random.Random) -> None:
    """A pitch, a goal and children after the ball."""
    c.rect(0, 0, WIDTH, 330, SKY)
    _trees(c, dice, 300)
    for stripe in range(6):
        c.rect(0, 310 + stripe * 90, WIDTH, 90, (LEAF, "#83ab7f")[stripe % 2])
    c.line([(60, 420), (WIDTH - 60, 420)], 7, WHITE)
    gx = dice.choice((120, 740))
    c.rect(gx - 6, 180, 12, 240, WHITE, 4)
    c.rect(gx + 330, 180, 12, 240, WHITE, 4)
    c.rect(gx - 6, 174, 348, 14, WHITE, 4)
    for step in range(1, 11):
        c.line([(gx + step * 30, 190), (gx + step * 30, 416)], 2, "#eef3f2")
        c.line([(gx, 190 + step * 20), (gx + 336, 190 + step * 20)], 2, "#eef3f2")
    left = 1 if gx > 600 else -1
    base = 430 if gx > 600 else 640
    person(
        c, base - 170, 420, 120, look(dice), arms=((-0.75, 0.3), (0.7, 0.5)), legs=((-0.55, 1.5), (0.45, 1.4))
    )
    person(
        c,
        base + 170,
        390,
        108,
        look(dice, 1),
        arms=((-0.7, 0.5), (0.75, 0.2)),
        legs=((-0.5, 1.45), (0.3, 1.5)),
    )
    _ball(c, base + left * 40, 640, 52)


def _ball(c: Canvas, x: float, y: float, r: float) -> None:
    c.oval(x, y + r, r, r * 0.22, LEAF_DEEP)
    c.disc(x, y, r, WHITE)
    patches = [(0.0, 0.0)] + [
        (0.82 * math.cos(angle), 0.82 * math.sin(angle)) for angle in (0.3, 1.56, 2.8, 4.1, 5.3)
    ]
    for dx, dy in patches:
        size = r * (0.3 if (dx, dy) == (0.0, 0.0) else 0.18)
        c.poly(
            [
                (x + dx * r + size * math.cos(a), y + dy * r + size * math.sin(a))
                for a in (math.pi * 2 * n / 5 - 1.57 for n in range(5))
            ],
            INK,
        )


def _trees(c: Canvas, dice: random.Random, ground: float) -> None:
    for x in range(-20, WIDTH + 60, 120):
        r = 60 + dice.randrange(40)
        c.disc(x + dice.randrange(40), ground - r * 0.4, r, (LEAF_SOFT, "#bcd3b4")[x // 120 % 2])
    c.rect(0, ground - 20, WIDTH, 40, LEAF_SOFT)


def gym(c: Canvas, dice: random.Random) -> None:
    """Bar, vaulting box and mats in a hall."""
    c.rect(0, 0, WIDTH, 520, c.mood.wall)
    for number in range(12):
        c.rect(number * 104, 60, 8, 460, c.mood.shade)
    for number in range(7):
        c.rect(0, 90 + number * 62, WIDTH, 10, c.mood.shade)
    c.floor(520)
    bx = dice.choice((120, 700))
    c.rect(bx, 215, 14, 400, STONE, 6)
    c.rect(bx + 330, 215, 14, 400, STONE, 6)
    c.line([(bx, 225), (bx + 344, 225)], 14, INK)
    c.rect(bx - 50, 600, 450, 34, c.mood.second, 14)
    who = look(dice)
    person(c, bx + 170, 350, 105, who, arms=((-0.45, -1.12), (0.45, -1.12)), legs=((-0.34, 1.5), (0.3, 1.6)))
    sx = 620 if bx == 120 else 130
    for layer, tone in enumerate((CORAL, WHITE, WOOD, WHITE, WOOD)):
        width = 220 + layer * 26
        c.rect(sx + 170 - width / 2, 415 + layer * 42, width, 38, tone, 8)
    c.rect(sx - 110, 625, 560, 44, TEAL, 18)
    person(c, sx + 380, 430, 96, look(dice, 1), arms=((-0.7, 0.1), (0.72, -0.1)))


def karate(c: Canvas, dice: random.Random) -> None:
    """Two children in white on the mats of a hall."""
    _dojo(c, dice)
    belts = (SUN, CORAL, TEAL, INK)
    for number, x in enumerate((360, 790)):
        who = look(dice, number)
        white = Look(who.skin, who.hair, WHITE, who.long_hair)
        arms = ((-0.8, 0.25), (0.45, 0.6)) if number else ((-0.45, 0.6), (0.85, 0.25))
        person(c, x, 330, 150, white, arms=arms, legs=((-0.55, 1.6), (0.5, 1.6)), trousers="#f3ede2")
        c.rect(x - 62, 438, 124, 24, belts[dice.randrange(4)], 6)
        c.poly([(x - 10, 455), (x + 12, 455), (x + 30, 515), (x + 8, 515)], belts[number])


def judo(c: Canvas, dice: random.Random) -> None:
    """A bow before practice."""
    _dojo(c, dice)
    for number, x in enumerate((330, 600, 870)):
        who = look(dice, number)
        white = Look(who.skin, who.hair, (WHITE, "#dfe7ee", WHITE)[number], who.long_hair)
        person(c, x, 360, 128, white, arms=((-0.3, 0.85), (0.3, 0.85)), trousers="#f3ede2")
        c.rect(x - 52, 452, 104, 20, (INK, CORAL, SUN, TEAL)[dice.randrange(4)], 6)
        c.line([(x - 38, 372), (x + 8, 430)], 8, STONE)
        c.line([(x + 38, 372), (x - 4, 420)], 8, STONE)


def kendo(c: Canvas, dice: random.Random) -> None:
    """Masks and bamboo swords."""
    _dojo(c, dice)
    for number, x in enumerate((360, 830)):
        side = 1 if number == 0 else -1
        who = look(dice, number)
        navy = Look(who.skin, "#2d3550", "#39456b", False)
        person(
            c,
            x,
            350,
            140,
            navy,
            arms=((-0.2, 0.5), (0.2, 0.5)),
            legs=((-0.32, 1.6), (0.36, 1.6)),
            trousers="#2d3550",
        )
        c.disc(x, 292, 66, "#2d3550")
        c.oval(x, 302, 42, 46, "#4b557c")
        for bar in range(5):
            c.line([(x - 38, 268 + bar * 17), (x + 38, 268 + bar * 17)], 5, "#c9cfe0")
        c.rect(x - 66, 372, 132, 70, "#5a2f2f", 16)
        c.line([(x + side * 10, 430), (x + side * 60, 380), (x + side * 190, 205)], 13, WOOD)
        c.line([(x + side * 10, 430), (x + side * 42, 398)], 15, WHITE)


def _dojo(c: Canvas, dice: random.Random) -> None:
    c.rect(0, 0, WIDTH, 560, c.mood.wall)
    for number in range(6):
        x = 40 + number * 196
        c.rect(x, 70, 160, 300, WHITE)
        for step in range(1, 4):
            c.rect(x + step * 40 - 3, 70, 6, 300, c.mood.shade)
        for step in range(1, 5):
            c.rect(x, 70 + step * 60 - 3, 160, 6, c.mood.shade)
        c.rect(x - 6, 64, 172, 10, WOOD_DEEP)
    c.rect(0, 380, WIDTH, 18, WOOD_DEEP)
    c.floor(560, "#d7d0a0")
    for x in range(0, WIDTH, 400):
        c.line([(x - 100 + dice.randrange(20), HEIGHT), (x + 60, 560)], 10, "#8a8a52")
    c.rect(0, 556, WIDTH, 12, "#8a8a52")


def tennis(c: Canvas, dice: random.Random) -> None:
    """A court, a net and a long rally."""
    c.rect(0, 0, WIDTH, 290, SKY)
    _trees(c, dice, 270)
    c.rect(0, 280, WIDTH, HEIGHT, ("#d98b63", "#7fb08a", "#d98b63", "#6fa4b5")[dice.randrange(4)])
    c.poly([(190, 340), (1010, 340), (1190, 780), (10, 780)], "#e6a27c")
    for a, b in (
        ((190, 340), (10, 780)),
        ((1010, 340), (1190, 780)),
        ((190, 340), (1010, 340)),
        ((600, 340), (600, 640)),
    ):
        c.line([a, b], 7, WHITE)
    c.rect(40, 470, 1120, 110, "#f3f6f6")
    for x in range(40, 1161, 28):
        c.rect(x, 474, 2, 106, "#9fb0b6")
    for y in range(486, 580, 20):
        c.rect(40, y, 1120, 2, "#9fb0b6")
    c.rect(40, 462, 1120, 16, WHITE, 6)
    who = look(dice)
    x = 330 + dice.randrange(120)
    person(c, x, 430, 130, who, arms=((-0.6, 0.5), (0.85, 0.05)), legs=((-0.45, 1.6), (0.4, 1.55)))
    _racket(c, x + 112, 436)
    person(c, 850, 350, 84, look(dice, 1), arms=((-0.8, 0.0), (0.6, 0.5)))
    for number in range(3):
        c.disc(620 + number * 74, 300 - number * 42 + number * number * 16, 20 - number * 3, "#d9e85a")


def _racket(c: Canvas, x: float, y: float) -> None:
    c.line([(x, y), (x + 52, y - 60)], 12, WOOD_DEEP)
    c.oval(x + 86, y - 110, 48, 64, c.mood.lead)
    c.oval(x + 86, y - 110, 37, 52, "#f4efe5")
    for step in range(-2, 3):
        c.line([(x + 86 + step * 13, y - 156), (x + 86 + step * 13, y - 64)], 2, STONE)
        c.line([(x + 54, y - 110 + step * 18), (x + 118, y - 110 + step * 18)], 2, STONE)


def baseball(c: Canvas, dice: random.Random) -> None:
    """The diamond, a bat and a ball that flies."""
    c.rect(0, 0, WIDTH, 320, SKY)
    c.disc(150 + dice.randrange(900), 110, 56, SUN)
    _trees(c, dice, 320)
    c.rect(0, 320, WIDTH, HEIGHT, LEAF)
    c.poly([(600, 380), (1130, 640), (600, 860), (70, 640)], "#d9b285")
    c.poly([(600, 460), (930, 630), (600, 760), (270, 630)], LEAF)
    for x, y in ((600, 404), (1060, 636), (140, 636)):
        c.poly([(x, y - 20), (x + 30, y), (x, y + 20), (x - 30, y)], WHITE)
    who = look(dice)
    person(
        c,
        470,
        440,
        140,
        who,
        arms=((0.35, 0.0), (0.45, 0.1)),
        legs=((-0.45, 1.6), (0.4, 1.6)),
        trousers="#f3ede2",
    )
    c.pie(470, 374, 68, 62, 180, 360, c.mood.lead)
    c.rect(462, 366, 100, 14, c.mood.lead, 7)
    c.line([(520, 446), (584, 388), (690, 250)], 22, WOOD)
    x, y = 850 + dice.randrange(120), 200 + dice.randrange(60)
    for step in range(3):
        c.line([(x - 60 - step * 56, y + 24 + step * 22), (x - 92 - step * 56, y + 36 + step * 22)], 7, WHITE)
    c.disc(x, y, 36, WHITE)
    c.arc(x - 30, y, 34, -50, 50, 4, CORAL_DEEP)
    c.arc(x + 30, y, 34, 130, 230, 4, CORAL_DEEP)
