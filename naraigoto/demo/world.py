"""What the generator knows while it builds the demo: the moment, the dice and everything made so far."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from naraigoto.clock import JST
from naraigoto.demo.content import ClassText, Genre, SchoolText
from naraigoto.demo.ids import seeded_id
from naraigoto.demo.table import Rows
from naraigoto.rules import CancelPolicy

# Schools, people and classes keep their ids whenever the demo is loaded.
FOUNDED = datetime(2026, 4, 1, 9, tzinfo=JST)
BADGES = ("none", "none", "planned", "none", "applied")


@dataclass
class Teacher:
    """An instructor and the times already taken, so that nobody is in two slots at once."""

    id: UUID
    name: str


@dataclass
class Slot:
    """A lesson with the children who hold its seats."""

    row: dict[str, object]
    start: datetime
    end: datetime
    capacity: int
    wanted: int = 0
    children: set[UUID] = field(default_factory=set)


@dataclass
class Course:
    """A class of a school with its slots."""

    id: UUID
    text: ClassText
    slots: list[Slot] = field(default_factory=list)


@dataclass
class Place:
    """A school with everything that hangs on it."""

    id: UUID
    number: int
    text: SchoolText
    genre: Genre
    policy: CancelPolicy
    owner: UUID
    teachers: list[Teacher] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)

    @property
    def region(self) -> str:
        """People go to schools of their own region."""
        return REGIONS[self.text.area[:2]]


@dataclass
class Child:
    """A child, its birth month and the times it is already somewhere."""

    id: UUID
    name: str
    born: date
    busy: list[tuple[datetime, datetime]] = field(default_factory=list)

    def age_on(self, day: date) -> int:
        """Age in full years."""
        return day.year - self.born.year - (day.month < self.born.month)

    def is_free(self, start: datetime, end: datetime) -> bool:
        """True when nothing else overlaps."""
        return all(end <= begun or start >= ended for begun, ended in self.busy)


@dataclass
class Household:
    """A family with its people, its plan and the tickets it holds by month."""

    id: UUID
    parent: UUID
    region: str
    plan: str | None
    since: datetime
    children: list[Child] = field(default_factory=list)
    buckets: dict[date, dict[str, object]] = field(default_factory=dict)
    granted_until: date | None = None
    upcoming: int = 0
    points: dict[date, int] = field(default_factory=dict)


@dataclass
class Lesson:
    """One booking and what came of it."""

    id: UUID
    place: Place
    course: Course
    slot: Slot
    household: Household
    child: Child
    teacher: UUID | None
    row: dict[str, object]
    conversation: UUID
    reviewed: bool | None = None


REGIONS = {
    "01": "北海道",
    "04": "東北",
    "11": "関東",
    "12": "関東",
    "13": "関東",
    "14": "関東",
    "23": "東海",
    "26": "関西",
    "27": "関西",
    "28": "関西",
    "40": "九州",
}


@dataclass
class World:
    """The whole demo before it is written."""

    seed: int
    now: datetime
    dice: random.Random
    rows: Rows = field(default_factory=Rows)
    places: list[Place] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)

    def id(self, kind: str, key: object, at: datetime = FOUNDED) -> UUID:
        """The id of one thing."""
        return seeded_id(self.seed, kind, key, at)

    @property
    def today(self) -> date:
        """The Japanese day of the demo."""
        return self.now.astimezone(JST).date()

    def day(self, offset: int) -> date:
        """A day counted from today."""
        return self.today + timedelta(days=offset)
