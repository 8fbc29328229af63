"""Scenes of music and dance."""

import math
import random

from naraigoto.demo.pictures.canvas import (
    CORAL_SOFT,
    HEIGHT,
    INK,
    LEAF,
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
from naraigoto.demo.pictures.people import Look, look, person


def piano(c: Canvas, dice: random.Random) -> None:
    """A grand piano, its keys and a child who plays."""
    _window(c, 80 + dice.randrange(60), 70)
    c.floor(610)
    c.oval(640, 690, 470, 60, c.mood.shade)
    body = INK if dice.random() < 0.5 else "#5b3a2e"
    c.poly([(470, 120), (1010, 190), (1080, 350), (500, 350)], body)
    c.poly([(500, 150), (985, 212), (1040, 330), (522, 330)], WOOD_DEEP)
    for step in range(12):
        c.line([(540 + step * 40, 178 + step * 5), (560 + step * 40, 326)], 2, SUN_SOFT)
    c.line([(900, 200), (980, 400)], 8, WOOD)
    c.rect(440, 350, 660, 120, body, 30)
    for x, foot in ((520, 500), (1030, 1050), (760, 760)):
        c.line([(x, 460), (foot, 690)], 24, body)
    c.rect(400, 392, 130, 40, WHITE, 6)
    c.rect(380, 430, 160, 26, body, 8)
    for key in range(8):
        c.rect(402 + key * 16, 392, 2, 40, STONE)
        if key % 7 not in (2, 6):
            c.rect(412 + key * 16, 392, 9, 24, INK)
    who = look(dice)
    c.rect(150, 560, 190, 26, WOOD_DEEP, 10)
    for leg in (170, 310):
        c.rect(leg, 580, 16, 130, WOOD_DEEP)
    person(c, 245, 370, 140, who, arms=((0.9, 0.42), (1.1, 0.36)), legs=((0.6, 1.5), (0.75, 1.7)))
    _notes(c, dice, 560, 70)


def _notes(c: Canvas, dice: random.Random, x: float, y: float, count: int = 5) -> None:
    for number in range(count):
        nx, ny = x + number * 105 + dice.randrange(40), y + dice.randrange(60)
        tone = (c.mood.lead, c.mood.second, SUN)[number % 3]
        c.oval(nx, ny + 56, 19, 14, tone)
        c.line([(nx + 16, ny + 54), (nx + 16, ny)], 6, tone)
        c.line([(nx + 16, ny), (nx + 38, ny + 16)], 8, tone)


def _window(c: Canvas, x: float, y: float) -> None:
    c.rect(x, y, 230, 260, WHITE, 12)
    c.rect(x + 14, y + 14, 202, 232, c.mood.shade, 6)
    c.pie(x + 80, y + 246, 62, 90, 180, 360, LEAF)
    c.pie(x + 154, y + 246, 60, 62, 180, 360, "#a9c79f")
    c.rect(x + 110, y + 10, 10, 240, WHITE)
    c.rect(x + 10, y + 120, 210, 10, WHITE)


def _outline(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Half widths of a body by height: a smooth curve through the given ones (Catmull-Rom)."""
    smooth: list[tuple[float, float]] = []
    for at in range(len(points) - 1):
        p0, p1, p2, p3 = (points[min(max(at + turn, 0), len(points) - 1)] for turn in (-1, 0, 1, 2))
        smooth += [
            (_curve(p0[0], p1[0], p2[0], p3[0], t / 12), _curve(p0[1], p1[1], p2[1], p3[1], t / 12))
            for t in range(12)
        ]
    return [*smooth, points[-1]]


def _curve(a: float, b: float, c: float, d: float, t: float) -> float:
    return b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))


_FIDDLE = _outline(
    [
        *((-192, 0), (-184, 54), (-150, 90), (-110, 92), (-72, 76), (-30, 60), (6, 62)),
        *((44, 84), (88, 112), (132, 114), (168, 88), (186, 48), (190, 0)),
    ]
)


def violin(c: Canvas, dice: random.Random) -> None:
    """A violin and its bow, large, with notes around."""
    c.rect(0, 0, WIDTH, HEIGHT, c.mood.wall)
    c.disc(600, 410, 330, c.mood.shade)
    turn = -0.62 + dice.random() * 0.2

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            600 + x * math.cos(turn) - y * math.sin(turn),
            430 + x * math.sin(turn) + y * math.cos(turn),
        )

    edge = [at(side * half, y) for side in (1, -1) for y, half in _FIDDLE[:: int(side)]]
    c.poly([(x + 10, y + 14) for x, y in edge], c.mood.floor)
    c.poly(edge, "#b5602f")
    c.poly([((x - 600) * 0.93 + 600, (y - 430) * 0.95 + 430) for x, y in edge], "#cf7a3f")
    c.bar(at(0, 40), at(0, -330), 34, "#3f2c26")
    c.disc(*at(0, -346), 30, "#b5602f")
    c.disc(*at(0, -346), 12, "#3f2c26")
    for peg in (-300, -326):
        c.line([at(-42, peg), at(42, peg)], 11, "#3f2c26")
    c.bar(at(-36, 78), at(36, 78), 14, WOOD_SOFT)
    c.bar(at(0, 100), at(0, 172), 40, "#3f2c26")
    for string in (-9, -3, 3, 9):
        c.line([at(string, -320), at(string, 110)], 2, WHITE)
    for side in (-1, 1):
        c.line([at(side * 52, 10), at(side * 58, 40), at(side * 50, 74)], 7, "#3f2c26")
    c.line([(220, 640), (960, 250)], 12, WOOD_DEEP)
    c.line([(232, 660), (968, 272)], 5, WHITE)
    c.rect(206, 630, 44, 34, "#3f2c26", 6)
    _notes(c, dice, 70, 70, count=3)


def guitar(c: Canvas, dice: random.Random) -> None:
    """A small guitar on a child's knee."""
    _window(c, 860, 80)
    c.floor(600)
    c.oval(560, 690, 400, 60, c.mood.shade)
    c.rect(400, 560, 260, 150, c.mood.second, 30)
    who = look(dice)
    person(c, 530, 320, 190, who, arms=((-0.5, 0.75), (0.85, 0.5)), legs=((-0.5, 1.75), (0.55, 1.8)))
    wood = WOOD if dice.random() < 0.5 else "#c96a45"
    c.disc(470, 520, 118, wood)
    c.disc(596, 480, 88, wood)
    c.bar((470, 520), (600, 478), 150, wood)
    c.disc(540, 500, 42, "#4a2f25")
    c.ring(540, 500, 50, 6, SUN_SOFT)
    c.bar((600, 478), (880, 384), 34, "#4a2f25")
    c.bar((870, 388), (944, 362), 52, WOOD_DEEP)
    c.bar((424, 520), (450, 555), 18, "#4a2f25")
    for string in range(4):
        c.line([(438 + string * 3, 548 - string * 8), (920, 378 - string * 7)], 2, WHITE)
    c.disc(436, 470, 22, who.skin)
    c.disc(692, 448, 22, who.skin)
    _notes(c, dice, 90, 90, count=3)


def dance(c: Canvas, dice: random.Random) -> None:
    """Children dancing in front of the mirror."""
    c.rect(0, 0, WIDTH, 560, c.mood.wall)
    c.rect(70, 60, 1060, 420, WHITE, 12)
    c.rect(86, 76, 1028, 388, c.mood.shade, 8)
    for slant in range(4):
        x = 160 + slant * 270
        c.poly([(x, 464), (x + 150, 76), (x + 190, 76), (x + 40, 464)], c.mood.wall)
    c.floor(560)
    for plank in range(7):
        c.line([(plank * 230 - 160, HEIGHT), (plank * 170 + 90, 560)], 4, c.mood.shade)
    poses = (
        (((-0.85, -0.35), (0.7, 0.45)), ((-0.5, 1.5), (0.3, 1.55))),
        (((-0.7, -0.6), (0.75, -0.55)), ((-0.35, 1.5), (0.55, 1.4))),
        (((-0.75, 0.4), (0.85, -0.3)), ((-0.25, 1.55), (0.5, 1.5))),
    )
    order = dice.sample(range(3), 3)
    for number, pose in enumerate(order):
        arms, legs = poses[pose]
        person(c, 290 + number * 310, 400 + (number % 2) * 30, 150, look(dice, number), arms=arms, legs=legs)
    c.rect(1010, 560, 130, 100, INK, 14)
    for x in (1042, 1108):
        c.disc(x, 610, 26, STONE)
        c.disc(x, 610, 12, INK)


def ballet(c: Canvas, dice: random.Random) -> None:
    """The barre, a tutu and an open arm."""
    _window(c, 90, 60)
    _window(c, 870, 60)
    c.floor(600)
    c.rect(0, 396, WIDTH, 16, WOOD)
    for x in (180, 600, 1020):
        c.rect(x, 400, 12, 200, WOOD_DEEP)
    for number, x in enumerate((400, 760)):
        who = look(dice, number)
        tutu = (CORAL_SOFT, "#cfe3e0", SUN_SOFT)[(number + dice.randrange(3)) % 3]
        dancer = Look(who.skin, who.hair, ("#e79b86", TEAL, "#d98e9c")[dice.randrange(3)], False)
        arms = ((-0.75, -0.45), (0.75, 0.2)) if number == 0 else ((-0.5, -0.85), (0.5, -0.85))
        person(c, x, 330, 140, dancer, arms=arms, legs=((-0.2, 1.75), (0.52, 1.5)), trousers=who.skin)
        c.disc(x, 212, 26, who.hair)
        c.oval(x, 462, 132, 34, tutu)
        c.oval(x, 450, 108, 26, WHITE)
        c.oval(x, 446, 62, 18, dancer.shirt)
    _sparkles(c, dice)


def _sparkles(c: Canvas, dice: random.Random) -> None:
    for _ in range(9):
        x, y, r = dice.randrange(WIDTH), dice.randrange(40, 300), 5 + dice.randrange(7)
        c.poly([(x, y - r * 2), (x + r, y), (x, y + r * 2), (x - r, y)], SUN)
