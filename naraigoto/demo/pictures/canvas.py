"""A sheet of 1200 × 800 to draw on with flat shapes, smooth because it is drawn twice as large."""

import math
from dataclasses import dataclass

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 800
Point = tuple[float, float]

CORAL, CORAL_DEEP, CORAL_SOFT = "#e4704f", "#b93c28", "#f6c3b0"
TEAL, TEAL_DEEP = "#3ba39b", "#0c6b66"
SUN, SUN_SOFT = "#efb64f", "#f9dfa6"
INK, STONE = "#3a3a45", "#d8cdc0"
WHITE = "#fffdf9"
WOOD, WOOD_DEEP, WOOD_SOFT = "#d7a574", "#a46f42", "#ecd0ab"
LEAF, LEAF_DEEP, LEAF_SOFT = "#8fb58a", "#5b8a63", "#cfe0c4"
SKY = "#cfe4ec"


@dataclass(frozen=True)
class Mood:
    """The light of one variant: wall, a second wall, floor and the colour that stands out."""

    wall: str
    shade: str
    floor: str
    lead: str
    second: str


MOODS = (
    Mood("#fcefdf", "#f8e0c6", "#ecd2b2", CORAL, TEAL),
    Mood("#e2f0ed", "#cce4df", "#b5d6cf", TEAL, CORAL),
    Mood("#fde8e0", "#f9d5c8", "#eebfae", CORAL_DEEP, SUN),
    Mood("#e9f0f5", "#d5e2ec", "#bfd1df", "#4d83a8", SUN),
)


class Canvas:
    """Shapes in the sheet's own units."""

    def __init__(self, mood: Mood, width: int = WIDTH) -> None:
        self._k = 2 * width / WIDTH
        self.mood = mood
        self.image = Image.new("RGB", (round(WIDTH * self._k), round(HEIGHT * self._k)), mood.wall)
        self._pen = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """The picture at its true size."""
        return self.image.reduce(2)

    def rect(self, x: float, y: float, w: float, h: float, fill: str, radius: float = 0) -> None:
        """A box with its upper left corner at x, y."""
        box = self._all(x, y, x + w, y + h)
        self._pen.rounded_rectangle(box, radius=radius * self._k, fill=fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str) -> None:
        """An ellipse around x, y."""
        self._pen.ellipse(self._all(x - rx, y - ry, x + rx, y + ry), fill=fill)

    def disc(self, x: float, y: float, r: float, fill: str) -> None:
        """A circle around x, y."""
        self.oval(x, y, r, r, fill)

    def ring(self, x: float, y: float, r: float, width: float, fill: str) -> None:
        """The rim of a circle."""
        self._pen.ellipse(
            self._all(x - r, y - r, x + r, y + r), outline=fill, width=max(1, round(width * self._k))
        )

    def poly(self, points: list[Point], fill: str) -> None:
        """A filled shape."""
        self._pen.polygon([(x * self._k, y * self._k) for x, y in points], fill=fill)

    def line(self, points: list[Point], width: float, fill: str) -> None:
        """A stroke with round ends and joints."""
        scaled = [(x * self._k, y * self._k) for x, y in points]
        self._pen.line(scaled, fill=fill, width=max(1, round(width * self._k)), joint="curve")
        r = width * self._k / 2
        for x, y in scaled:
            self._pen.ellipse((x - r, y - r, x + r, y + r), fill=fill)

    def arc(self, x: float, y: float, r: float, begin: float, end: float, width: float, fill: str) -> None:
        """A part of a circle's rim, degrees clockwise from the right."""
        box = self._all(x - r, y - r, x + r, y + r)
        self._pen.arc(box, begin, end, fill=fill, width=max(1, round(width * self._k)))

    def pie(self, x: float, y: float, rx: float, ry: float, begin: float, end: float, fill: str) -> None:
        """A slice of an ellipse, degrees clockwise from the right."""
        self._pen.pieslice(self._all(x - rx, y - ry, x + rx, y + ry), begin, end, fill=fill)

    def bar(self, a: Point, b: Point, width: float, fill: str) -> None:
        """A straight piece with square ends."""
        angle = math.atan2(b[1] - a[1], b[0] - a[0]) + math.pi / 2
        dx, dy = math.cos(angle) * width / 2, math.sin(angle) * width / 2
        self.poly(
            [(a[0] + dx, a[1] + dy), (b[0] + dx, b[1] + dy), (b[0] - dx, b[1] - dy), (a[0] - dx, a[1] - dy)],
            fill,
        )

    def wave(self, y: float, height: float, length: float, fill: str, *, shift: float = 0) -> None:
        """Everything below a wavy line."""
        steps = range(-40, WIDTH + 41, 10)
        top = [(x, y + height * math.sin((x + shift) * 2 * math.pi / length)) for x in steps]
        self.poly([*top, (WIDTH + 40, HEIGHT + 10), (-40, HEIGHT + 10)], fill)

    def floor(self, y: float, fill: str | None = None) -> None:
        """The ground from y down."""
        self.rect(0, y, WIDTH, HEIGHT - y + 2, fill or self.mood.floor)

    def _all(self, *numbers: float) -> tuple[float, float, float, float]:
        x0, y0, x1, y1 = (number * self._k for number in numbers)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
