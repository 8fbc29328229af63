"""Scenes of words, screens, paints and brushes."""

import math
import random

from naraigoto.demo.pictures.canvas import (
    CORAL,
    CORAL_DEEP,
    HEIGHT,
    INK,
    LEAF,
    LEAF_DEEP,
    MOODS,
    STONE,
    SUN,
    SUN_SOFT,
    TEAL,
    WHITE,
    WIDTH,
    WOOD,
    WOOD_DEEP,
    WOOD_SOFT,
    Canvas,
)
from naraigoto.demo.pictures.people import look, person


def english(c: Canvas, dice: random.Random) -> None:
    """Picture books, letter cards and children who talk."""
    c.rect(0, 0, WIDTH, 560, c.mood.wall)
    for shelf in range(2):
        y = 90 + shelf * 150
        x = 60.0
        while x < 1130:
            w, h = 22 + dice.randrange(26), 80 + dice.randrange(40)
            c.rect(x, y + 120 - h, w, h, dice.choice((CORAL, TEAL, SUN, WHITE, LEAF, c.mood.floor)), 3)
            x += w + 3 + (60 if dice.random() < 0.06 else 0)
        c.rect(40, y + 120, 1120, 14, WOOD)
    c.floor(560)
    c.oval(600, 690, 520, 90, c.mood.shade)
    for number, x in enumerate((250, 600, 950)):
        person(
            c,
            x,
            440 + (number == 1) * 20,
            124,
            look(dice, number),
            arms=((-0.7, -0.15), (0.6, 0.55)) if number != 1 else ((-0.4, 0.7), (0.4, 0.7)),
        )
    _speech(c, 390, 330, c.mood.lead, "abc")
    _speech(c, 800, 320, c.mood.second, "dots")
    c.poly([(520, 540), (600, 560), (600, 610), (520, 590)], WHITE)
    c.poly([(680, 540), (600, 560), (600, 610), (680, 590)], "#f3ebdd")


def _speech(c: Canvas, x: float, y: float, fill: str, inside: str) -> None:
    c.rect(x - 78, y - 52, 156, 92, fill, 30)
    c.poly([(x - 24, y + 32), (x + 18, y + 32), (x - 30, y + 66)], fill)
    if inside == "dots":
        for spot in (-36, 0, 36):
            c.disc(x + spot, y - 6, 11, WHITE)
        return
    c.line([(x - 58, y + 18), (x - 42, y - 30), (x - 26, y + 18)], 8, WHITE)
    c.line([(x - 51, y + 2), (x - 33, y + 2)], 7, WHITE)
    c.line([(x - 8, y - 28), (x - 8, y + 18)], 8, WHITE)
    c.arc(x - 6, y - 17, 13, -95, 95, 8, WHITE)
    c.arc(x - 6, y + 7, 14, -95, 95, 8, WHITE)
    c.arc(x + 46, y - 5, 23, 45, 315, 8, WHITE)


def programming(c: Canvas, dice: random.Random) -> None:
    """A screen with blocks of a program and a robot."""
    c.floor(590)
    c.rect(120, 110, 640, 400, INK, 22)
    c.rect(142, 132, 596, 356, "#f4f7f9", 10)
    c.rect(390, 510, 100, 50, STONE)
    c.rect(310, 552, 260, 22, STONE, 10)
    tones = (CORAL, SUN, TEAL, "#7a8fc0", LEAF)
    y = 160
    for row in range(6):
        indent = 30 * (row in (2, 3, 4))
        w = 150 + dice.randrange(110)
        tone = tones[(row + dice.randrange(2)) % 5]
        c.rect(168 + indent, y, w, 40, tone, 10)
        c.rect(188 + indent, y + 34, 26, 12, tone, 4)
        c.rect(186 + indent, y + 13, w * 0.4, 12, WHITE, 6)
        y += 48
    c.rect(500, 156, 214, 308, c.mood.shade, 12)
    c.disc(606, 270, 54, SUN)
    for ear in (-1, 1):
        c.poly([(606 + ear * 52, 268), (606 + ear * 42, 196), (606 + ear * 10, 226)], SUN)
    for eye in (-20, 20):
        c.disc(606 + eye, 262, 9, INK)
    c.arc(606, 280, 18, 10, 170, 5, INK)
    c.rect(560, 328, 92, 100, SUN, 30)
    _robot(c, 940, 330, c.mood.lead)
    c.rect(60, 586, 1080, 30, WOOD, 8)


def _robot(c: Canvas, x: float, y: float, tone: str) -> None:
    c.line([(x, y - 160), (x, y - 110)], 10, INK)
    c.disc(x, y - 172, 20, SUN)
    c.rect(x - 96, y - 110, 192, 136, tone, 34)
    c.rect(x - 72, y - 78, 144, 74, WHITE, 26)
    for eye in (-34, 34):
        c.disc(x + eye, y - 42, 17, INK)
        c.disc(x + eye + 5, y - 47, 5, WHITE)
    c.rect(x - 80, y + 40, 160, 150, tone, 26)
    c.rect(x - 46, y + 66, 92, 54, WHITE, 12)
    for dot, colour in zip((-24, 0, 24), (CORAL, SUN, TEAL), strict=True):
        c.disc(x + dot, y + 93, 9, colour)
    c.line([(x - 86, y + 60), (x - 140, y + 110), (x - 120, y + 160)], 22, STONE)
    c.line([(x + 86, y + 60), (x + 140, y + 20), (x + 130, y - 36)], 22, STONE)
    for wheel in (-50, 50):
        c.disc(x + wheel, y + 214, 42, INK)
        c.disc(x + wheel, y + 214, 18, STONE)


def art(c: Canvas, dice: random.Random) -> None:
    """An easel, paints and whatever came into a child's mind."""
    c.floor(600)
    for x in (540, 900):
        c.line([(720, 90), (x, 720)], 18, WOOD_DEEP)
    c.rect(500, 110, 440, 400, WOOD, 8)
    c.rect(516, 126, 408, 368, WHITE)
    _drawing(c, dice)
    c.rect(480, 508, 480, 22, WOOD_DEEP, 6)
    person(c, 330, 400, 150, look(dice), arms=((-0.5, 0.75), (1.15, 0.05)))
    c.line([(500, 410), (572, 360)], 9, WOOD_DEEP)
    c.disc(574, 358, 13, CORAL)
    for number, tone in enumerate((CORAL, SUN, TEAL, LEAF, "#7a8fc0")):
        x = 90 + number * 62
        c.rect(x, 640 + dice.randrange(20), 46, 76, WHITE, 8)
        c.rect(x + 4, 664, 38, 46, tone, 6)
    c.oval(1060, 680, 110, 60, WOOD_SOFT)
    for angle, tone in enumerate((CORAL, SUN, TEAL, LEAF)):
        c.disc(1010 + angle * 34, 662 + (angle % 2) * 30, 17, tone)


def _drawing(c: Canvas, dice: random.Random) -> None:
    kind = dice.randrange(3)
    c.disc(840, 190, 40, SUN)
    for ray in range(10):
        angle = ray * math.tau / 10
        c.line(
            [
                (840 + 52 * math.cos(angle), 190 + 52 * math.sin(angle)),
                (840 + 70 * math.cos(angle), 190 + 70 * math.sin(angle)),
            ],
            6,
            SUN,
        )
    c.rect(516, 430, 408, 64, LEAF)
    if kind == 0:
        c.poly([(600, 330), (700, 240), (800, 330)], CORAL)
        c.rect(624, 330, 152, 110, SUN_SOFT)
        c.rect(680, 370, 40, 70, WOOD_DEEP)
    elif kind == 1:
        c.oval(700, 360, 100, 62, TEAL)
        c.disc(596, 330, 44, TEAL)
        for leg in (640, 690, 740):
            c.rect(leg, 400, 22, 54, TEAL)
        for spike in range(5):
            x = 630 + spike * 36
            c.poly([(x, 308), (x + 18, 270), (x + 36, 308)], SUN)
        c.disc(584, 322, 6, INK)
    else:
        for number in range(4):
            x = 580 + number * 84
            c.line([(x, 440), (x, 350)], 8, LEAF_DEEP)
            for petal in range(6):
                angle = petal * math.tau / 6
                c.disc(
                    x + 22 * math.cos(angle),
                    330 + 22 * math.sin(angle),
                    16,
                    (CORAL, "#d98e9c", "#7a8fc0", SUN)[number],
                )
            c.disc(x, 330, 12, WHITE)


def calligraphy(c: Canvas, dice: random.Random) -> None:
    """Brush, ink and one great stroke."""
    c.rect(0, 0, WIDTH, HEIGHT, c.mood.floor)
    for y in range(60, HEIGHT, 110):
        c.line([(0, y), (WIDTH, y + dice.randrange(-8, 8))], 3, c.mood.shade)
    c.rect(300, 60, 470, 690, c.mood.lead, 6)
    c.rect(330, 80, 410, 650, WHITE, 2)
    _strokes(c, MOODS.index(c.mood))
    c.rect(676, 630, 40, 40, CORAL_DEEP, 4)
    c.rect(90, 420, 150, 240, INK, 16)
    c.rect(108, 470, 114, 170, "#23232b", 12)
    c.rect(108, 440, 114, 60, "#15151b", 8)
    bx = 880 + dice.randrange(60)
    c.line([(bx, 620), (bx + 120, 130)], 26, WOOD)
    c.line([(bx + 4, 600), (bx + 24, 520)], 30, WOOD_DEEP)
    c.poly([(bx - 18, 610), (bx + 24, 622), (bx - 10, 720)], INK)
    c.rect(1060, 560, 60, 120, "#1d1d24", 4)


def _strokes(c: Canvas, kind: int) -> None:
    ink = "#22222a"
    if kind == 0:  # 水
        c.line([(536, 190), (536, 560), (500, 530)], 34, ink)
        c.line([(400, 330), (490, 324), (410, 500)], 24, ink)
        c.line([(650, 290), (560, 370), (674, 520)], 26, ink)
    elif kind == 1:  # 大
        c.line([(390, 340), (680, 322)], 32, ink)
        c.line([(536, 180), (526, 380), (400, 590)], 32, ink)
        c.line([(540, 380), (600, 500), (684, 580)], 34, ink)
    elif kind == 2:  # 木
        c.line([(400, 320), (670, 308)], 30, ink)
        c.line([(536, 180), (536, 610)], 32, ink)
        c.line([(528, 330), (400, 510)], 26, ink)
        c.line([(544, 330), (676, 500)], 32, ink)
    else:  # 山
        c.line([(536, 200), (536, 520)], 34, ink)
        c.line([(410, 330), (414, 530), (664, 520)], 30, ink)
        c.line([(664, 310), (664, 540)], 32, ink)
