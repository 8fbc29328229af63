"""Many schools: a stream of rows, sorted by area because search reads neighbours (postgres.md §2)."""

import hashlib
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from naraigoto.clock import jst_date, jst_midnight
from naraigoto.demo.content import ClassText, Genre, common, genres
from naraigoto.demo.pictures import Gallery
from naraigoto.reference import AreaRecord, areas, categories
from naraigoto.rules import (
    RANK_NEW_DAYS,
    RANK_POINTS_NEW,
    RANK_POINTS_PER_SEAT,
    RANK_SEATS_COUNTED,
    RATING_PRIOR_MEAN,
)

# Ids count up from here, one step per school, whenever the schools are added.
_FIRST = datetime(2025, 7, 1, tzinfo=jst_midnight(datetime(2025, 7, 1).date()).tzinfo)  # noqa: DTZ001
_STEP_MS = 1000
SLOTS = 4
_WEEKS = 6
_SEATS_DAYS = timedelta(days=14)
_HOURS = ("9:30", "10:40", "13:00", "14:20", "15:30", "16:40", "17:50")
# How often each genre is met; the rest of the genres once.
_COMMON = {
    "swim": 7,
    "piano": 9,
    "english": 9,
    "soccer": 7,
    "gym": 6,
    "dance": 6,
    "ballet": 5,
    "programming": 6,
}
_COMMON |= {"juku": 8, "calligraphy": 5, "abacus": 5, "art": 4, "karate": 4, "tennis": 4, "baseball": 3}
_PERSONAL = {"piano", "calligraphy", "abacus", "juku", "violin", "guitar", "tea", "art", "shogi"}


@dataclass(frozen=True)
class Made:
    """The lines of one school for COPY, table by table."""

    school: str
    stats: str
    norm: str
    classes: list[str]
    slots: list[str]


def tag(seed: int, kind: str) -> tuple[str, str, str]:
    """The parts of every id of a kind that tell its seed; the rest is moment and number."""
    digest = hashlib.blake2b(f"{seed}/bulk/{kind}".encode(), digest_size=6).hexdigest()
    return f"7{digest[:3]}", f"8{digest[3:6]}", digest[6:11]


class Mill:
    """Makes the schools `first` … `first + count - 1` of a seed, area by area."""

    def __init__(
        self,
        seed: int,
        first: int,
        count: int,
        now: datetime,
        gallery: Gallery,
        letters: dict[int, str | None],
    ) -> None:
        self._dice = random.Random(f"{seed}/{first}/{count}")
        self._first, self._count, self._now = first, count, now
        self._gallery, self._letters = gallery, letters
        self._tags = {kind: tag(seed, kind) for kind in ("school", "class", "slot")}
        self._genres = list(genres().values())
        self._weights = [_COMMON.get(genre.code, 2) for genre in self._genres]
        self._suffix = {c.code: f"\\n{self._norm(c.name)}\\n{self._norm(c.kana)}" for c in categories()}
        self._today = jst_midnight(jst_date(now))
        self._when = cache(self._moment)

    def schools(self) -> Iterator[Made]:
        """Every school with its classes and slots."""
        number = self._first
        for area, share in self._shares():
            ending = "\\n" + self._norm(area.name)
            for _ in range(share):
                yield self._school(number, area, ending)
                number += 1

    def _shares(self) -> Iterator[tuple[AreaRecord, int]]:
        """How many schools each area gets: by its people, together exactly `count`."""
        everywhere = areas()
        total, seen, given = sum(area.weight for area in everywhere), 0, 0
        for area in everywhere:
            seen += area.weight
            upto = self._count * seen // total
            yield area, upto - given
            given = upto

    def _school(self, number: int, area: AreaRecord, ending: str) -> Made:
        dice = self._dice
        genre = dice.choices(self._genres, self._weights)[0]
        town, town_kana = dice.choice(common().towns)
        name, kana = self._name(genre, town, town_kana)
        summary, description = self._words(genre)
        minutes_walk, block = dice.randint(2, 15), dice.randint(1, 6)
        where = f"{area.prefecture}{area.name}{town}{block}丁目{dice.randint(1, 28)}-{dice.randint(1, 20)}"
        lat, lng = self._spot(area)
        published = self._now - timedelta(seconds=dice.randrange(86400, 86400 * 700))
        school = self._id("school", number, 1)
        pictures = ",".join(self._gallery.of_school(genre.code, dice.randrange(64)))
        line = (
            f"{school}\t{name}\t{kana}\t{area.code}\t{genre.code}\t{summary}\t{description}\t{where}"
            f"\t最寄り駅から徒歩{minutes_walk}分\tSRID=4326;POINT({lng:.6f} {lat:.6f})\t{{{pictures}}}"
            f"\tpublished\t2\tday_before_20\tnone\t{published.isoformat()}\t{published.isoformat()}\n"
        )
        classes, slots, soon = self._lessons(genre, school, number)
        norm = "\\n".join(self._norm(text) for text in (name, kana, summary, description))
        stats = self._stats(school, area.code, genre.code, published, soon)
        return Made(line, stats, f"{school}\t{norm}{ending}{self._suffix[genre.code]}\n", classes, slots)

    def _name(self, genre: Genre, town: str, town_kana: str) -> tuple[str, str]:
        dice, words = self._dice, common()
        kind, kind_kana = dice.choice(genre.kinds)
        brand, brand_kana = dice.choice(words.brands)
        turn = dice.random()
        if turn < 0.45:
            return f"{brand}{kind} {town}校", f"{brand_kana}{kind_kana} {town_kana}こう"
        if turn < 0.7:
            return f"{town}{kind}", f"{town_kana}{kind_kana}"
        if turn < 0.85 and genre.code in _PERSONAL:
            surname, surname_kana = dice.choice(words.surnames)
            return f"{surname}{kind}", f"{surname_kana}{kind_kana}"
        return f"{brand}{kind}", f"{brand_kana}{kind_kana}"

    def _words(self, genre: Genre) -> tuple[str, str]:
        dice = self._dice
        first, second = dice.sample(genre.lessons, 2)
        parts = (
            dice.choice(genre.opens),
            first,
            second,
            dice.choice(genre.people),
            dice.choice(common().notes),
        )
        return dice.choice(genre.summaries), "".join(parts)

    def _spot(self, area: AreaRecord) -> tuple[float, float]:
        reach = area.radius_km * math.sqrt(self._dice.random())
        angle = self._dice.random() * math.tau
        lat = area.lat + reach * math.sin(angle) / 111.2
        return lat, area.lng + reach * math.cos(angle) / (111.2 * math.cos(math.radians(area.lat)))

    def _lessons(self, genre: Genre, school: str, number: int) -> tuple[list[str], list[str], int]:
        dice = self._dice
        texts = genre.classes[: 1 + (dice.random() < 0.5)]
        classes, slots, soon = [], [], 0
        for place, text in enumerate(texts):
            class_id = self._id("class", number, 2, place)
            classes.append(self._class(class_id, school, text))
            day, hour = dice.randrange(1, 8), dice.choice(_HOURS)
            for week in dice.sample(range(_WEEKS), SLOTS // len(texts)):
                start, end, is_soon = self._when(day + 7 * week, hour, text.minutes)
                slot = self._id("slot", number, SLOTS, len(slots))
                slots.append(f"{slot}\t{class_id}\t{school}\t{start}\t{end}\t{text.capacity}\t1\n")
                soon += is_soon
        return classes, slots, soon

    def _class(self, class_id: str, school: str, text: ClassText) -> str:
        return (
            f"{class_id}\t{school}\t{text.title}\t{text.description}\t{text.belongings}\t{text.capacity}"
            f"\t{text.minutes}\t{text.cost}\t{text.age[0]}\t{text.age[1]}\t{'t' if text.choice else 'f'}\n"
        )

    def _moment(self, day: int, hour: str, minutes: int) -> tuple[str, str, bool]:
        """Start and end of a lesson, and whether its seats count for the ranking now."""
        hours, past = hour.split(":")
        start = self._today + timedelta(days=day, hours=int(hours), minutes=int(past))
        end = start + timedelta(minutes=minutes)
        return start.isoformat(), end.isoformat(), self._now <= start <= self._now + _SEATS_DAYS

    def _stats(self, school: str, area: str, genre: str, published: datetime, soon: int) -> str:
        """What refresh_school_stats() would say of a school without reviews."""
        mean = int(RATING_PRIOR_MEAN * 1000)
        new = published > self._now - timedelta(days=RANK_NEW_DAYS)
        score = mean + RANK_POINTS_PER_SEAT * min(soon, RANK_SEATS_COUNTED) + RANK_POINTS_NEW * new
        moment = self._now.isoformat()
        return (
            f"{school}\t{area}\t{genre}\t{score}\t{mean * 10000 + mean}\t{published.isoformat()}\t{moment}\n"
        )

    def _id(self, kind: str, number: int, per_school: int, place: int = 0) -> str:
        version, variant, rest = self._tags[kind]
        milliseconds = int(_FIRST.timestamp() * 1000) + number * _STEP_MS
        return f"{milliseconds:012x}{version}{variant}{rest}{number * per_school + place:07x}"

    def _norm(self, text: str) -> str:
        return text.translate(self._letters)
