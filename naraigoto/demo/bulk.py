"""Many schools: a stream of rows, sorted by area because search reads neighbours (postgres.md §2)."""

import hashlib
import math
import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate

from naraigoto.clock import JST, jst_date, jst_midnight
from naraigoto.demo.content import ClassText, Genre, common, genres
from naraigoto.demo.pictures import Gallery
from naraigoto.reference import AreaRecord, areas, categories, terms
from naraigoto.rules import (
    RANK_NEW_DAYS,
    RANK_POINTS_NEW,
    RANK_POINTS_PER_SEAT,
    RATING_PRIOR_MEAN,
)

# Ids count up from here, one step per school, whenever the schools are added.
_FIRST = datetime(2025, 7, 1, tzinfo=JST)
_STEP_MS = 1000
SLOTS = 4
# Two of the four slots lie in the first two weeks, whose free seats count for the ranking.
_SOON_WEEKS, _LATER_WEEKS = (0, 1), (2, 3, 4, 5)
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
class SchoolLines:
    """The lines of one school for COPY."""

    school: str
    stats: str
    norm: str


@dataclass(frozen=True)
class LessonLines:
    """The lines of one school's classes and slots for COPY."""

    classes: list[str]
    slots: list[str]


def tag(seed: int, kind: str) -> tuple[str, str, str]:
    """The parts of every id of a kind that tell its seed; the rest is moment and number."""
    digest = hashlib.blake2b(f"{seed}/bulk/{kind}".encode(), digest_size=6).hexdigest()
    return f"7{digest[:3]}", f"8{digest[3:6]}", digest[6:11]


class Mill:
    """Makes the schools `first` … `first + count - 1` of a seed, area by area; then their lessons."""

    def __init__(
        self,
        seed: int,
        first: int,
        count: int,
        now: datetime,
        gallery: Gallery,
        letters: dict[int, str | None],
    ) -> None:
        self.count = count
        self._dice = random.Random(f"{seed}/{first}/{count}")
        self._first, self._now = first, now
        self._gallery, self._letters = gallery, letters
        self._tags = {kind: tag(seed, kind) for kind in ("school", "class", "slot")}
        self._genres = list(genres().values())
        self._weights = list(accumulate(_COMMON.get(genre.code, 2) for genre in self._genres))
        self._made: list[tuple[int, int]] = []
        self._norm = cache(self._normal)
        self._suffix = {c.code: f"\\n{self._norm(c.name)}\\n{self._norm(c.kana)}" for c in categories()}
        self._taught = cache(self._taught_text)
        self._synonyms = self._synonym_groups()
        self._today = jst_midnight(jst_date(now))
        self._when = cache(self._moment)

    def schools(self) -> Iterator[SchoolLines]:
        """Every school."""
        number = self._first
        for area, share in self._shares():
            ending = f"\\n{self._norm(area.prefecture)}{self._norm(area.name)}\\n{self._norm(area.kana)}"
            for _ in range(share):
                yield self._school(number, area, ending)
                number += 1

    def lessons(self) -> Iterator[LessonLines]:
        """The classes and slots of the schools made so far, in their order."""
        for place, (genre, kinds) in enumerate(self._made):
            number = self._first + place
            yield self._lessons(self._genres[genre], kinds, self._id("school", number, 1), number)

    def _shares(self) -> Iterator[tuple[AreaRecord, int]]:
        """How many schools each area gets: by its people, together exactly `count`."""
        everywhere = areas()
        total, seen, given = sum(area.weight for area in everywhere), 0, 0
        for area in everywhere:
            seen += area.weight
            upto = self.count * seen // total
            yield area, upto - given
            given = upto

    def _school(self, number: int, area: AreaRecord, ending: str) -> SchoolLines:
        dice = self._dice
        turn = bisect(self._weights, dice.random() * self._weights[-1])
        genre, kinds = self._genres[turn], 1 + (dice.random() < 0.5)
        self._made.append((turn, kinds))
        town, town_kana = dice.choice(common().towns)
        name, kana = self._name(genre, town, town_kana)
        summary, words = dice.choice(genre.summaries), self._words(genre)
        where = f"{area.prefecture}{area.name}{town}{dice.randint(1, 6)}丁目{dice.randint(1, 28)}-{dice.randint(1, 20)}"
        lat, lng = self._spot(area)
        published = self._now - timedelta(seconds=dice.randrange(86400, 86400 * 700))
        moment = published.isoformat()
        school = self._id("school", number, 1)
        pictures = ",".join(self._gallery.of_school(genre.code, dice.randrange(64)))
        access = f"最寄り駅から徒歩{dice.randint(2, 15)}分"
        line = (
            f"{school}\t{name}\t{kana}\t{area.code}\t{genre.code}\t{summary}\t{''.join(words)}\t{where}"
            f"\t{access}\tSRID=4326;POINT({lng:.6f} {lat:.6f})\t{{{pictures}}}"
            f"\tpublished\t2\tday_before_20\tnone\t{moment}\t{moment}\n"
        )
        norm = self._norm
        text = (
            f"{self._normal(name)}\\n{self._normal(kana)}\\n{norm(summary)}\\n{''.join(map(norm, words))}"
            f"{ending}\\n{self._normal(where)}\\n{norm(access)}{self._suffix[genre.code]}{self._taught(genre.code, kinds)}"
        )
        stats = self._stats(school, area.code, genre.code, published, moment)
        return SchoolLines(line, stats, f"{school}\t{text}{self._also(genre.code, text)}\n")

    def _taught_text(self, genre: str, kinds: int) -> str:
        """Titles and words of the first so many classes of a genre."""
        classes = next(known for known in self._genres if known.code == genre).classes[:kinds]
        return "".join(f"\\n{self._norm(c.title)}\\n{self._norm(c.description)}" for c in classes)

    def _synonym_groups(self) -> list[tuple[str, list[str], set[str]]]:
        """Of each code what is written, and all forms of it: as school_text() reads search_terms."""
        groups: dict[tuple[str, str], tuple[str, list[str], set[str]]] = {}
        for term in terms():
            if term.kind in ("genre", "word"):
                group = groups.setdefault((term.kind, term.code), (term.code, [], set()))
                group[1].append(self._norm(term.text))
                group[2].update((self._norm(term.text), self._norm(term.kana)))
        return list(groups.values())

    def _also(self, genre: str, text: str) -> str:
        """The synonyms of everything that is said."""
        forms: set[str] = set()
        for code, written, everything in self._synonyms:
            if code == genre or any(word in text for word in written):
                forms |= everything
        return "".join(f"\\n{form}" for form in sorted(forms))

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

    def _words(self, genre: Genre) -> tuple[str, ...]:
        parts = (genre.opens, genre.lessons, genre.people, common().notes)
        return tuple(self._dice.choice(sentences) for sentences in parts)

    def _spot(self, area: AreaRecord) -> tuple[float, float]:
        reach = area.radius_km * math.sqrt(self._dice.random())
        angle = self._dice.random() * math.tau
        lat = area.lat + reach * math.sin(angle) / 111.2
        return lat, area.lng + reach * math.cos(angle) / (111.2 * math.cos(math.radians(area.lat)))

    def _lessons(self, genre: Genre, kinds: int, school: str, number: int) -> LessonLines:
        dice = self._dice
        texts = genre.classes[:kinds]
        weeks = [*_SOON_WEEKS, *dice.sample(_LATER_WEEKS, SLOTS - len(_SOON_WEEKS))]
        classes, slots = [], []
        for place, text in enumerate(texts):
            class_id = self._id("class", number, 2, place)
            classes.append(self._class(class_id, school, text))
            day, hour = dice.randrange(1, 7), dice.choice(_HOURS)
            for week in weeks[place :: len(texts)]:
                start, end = self._when(day + 7 * week, hour, text.minutes)
                slot = self._id("slot", number, SLOTS, len(slots))
                slots.append(f"{slot}\t{class_id}\t{school}\t{start}\t{end}\t{text.capacity}\t1\n")
        return LessonLines(classes, slots)

    def _class(self, class_id: str, school: str, text: ClassText) -> str:
        return (
            f"{class_id}\t{school}\t{text.title}\t{text.description}\t{text.belongings}\t{text.capacity}"
            f"\t{text.minutes}\t{text.cost}\t{text.age[0]}\t{text.age[1]}\t{'t' if text.choice else 'f'}\n"
        )

    def _moment(self, day: int, hour: str, minutes: int) -> tuple[str, str]:
        """Start and end of a lesson."""
        hours, past = hour.split(":")
        start = self._today + timedelta(days=day, hours=int(hours), minutes=int(past))
        return start.isoformat(), (start + timedelta(minutes=minutes)).isoformat()

    def _stats(self, school: str, area: str, genre: str, published: datetime, moment: str) -> str:
        """What refresh_school_stats() would say of a school without reviews."""
        mean = int(RATING_PRIOR_MEAN * 1000)
        new = published > self._now - timedelta(days=RANK_NEW_DAYS)
        score = mean + RANK_POINTS_PER_SEAT * len(_SOON_WEEKS) + RANK_POINTS_NEW * new
        return (
            f"{school}\t{area}\t{genre}\t{score}\t{mean * 10000 + mean}\t{moment}\t{self._now.isoformat()}\n"
        )

    def _id(self, kind: str, number: int, per_school: int, place: int = 0) -> str:
        version, variant, rest = self._tags[kind]
        milliseconds = int(_FIRST.timestamp() * 1000) + number * _STEP_MS
        return f"{milliseconds:012x}{version}{variant}{rest}{number * per_school + place:07x}"

    def _normal(self, text: str) -> str:
        return text.translate(self._letters)
