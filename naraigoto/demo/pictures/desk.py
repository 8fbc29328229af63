"""Scenes at a table: letters, numbers, brushes, pots and boards."""

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
    TEAL_DEEP,
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
