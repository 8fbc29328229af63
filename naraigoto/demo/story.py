"""The first family's own story: lessons taken, reviewed or not, and what it looks forward to."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from naraigoto.demo.bookings import Wish
from naraigoto.demo.schools import FIRST_OWNER
from naraigoto.demo.world import Child, Course, Household, Lesson, Place, Slot, World

_NEAR = {"13110", "13112", "13113", "13115"}


def script(world: World) -> list[Wish]:
    """What 田中家 has booked and will attend; `tell` says afterwards which lessons it has reviewed."""
    home = world.households[0]
    hana, sota = home.children
    pool = next(place for place in world.places if place.text.name == FIRST_OWNER)
    near = [p for p in world.places if p.text.area in _NEAR and p is not pool]
    by_genre = {place.genre.code: place for place in reversed(near)}
    wishes: list[Wish] = []
    # Took part: はな swam twice and tried the piano, そうた played football and did gymnastics.
    past = ((hana, pool, 19), (hana, by_genre["piano"], 15), (sota, by_genre["soccer"], 12))
    for child, place, days in (*past, (sota, by_genre["gym"], 9), (hana, pool, 5)):
        wishes += _one(world, home, child, place, world.now - timedelta(days=days), wishes)
    # Looks forward to: そうた swims today, はな dances soon; one more is cancelled again.
    wishes += _today(world, home, sota, pool)
    wishes += _one(world, home, hana, by_genre["dance"], world.now + timedelta(days=3), wishes)
    wishes += _one(world, home, sota, by_genre["art"], world.now + timedelta(days=8), wishes)
    return wishes


def tell(world: World) -> None:
    """The two oldest lessons are reviewed by both voices; the later ones wait to be, and still bring points (D13)."""
    mine = [lesson for lesson in world.lessons if lesson.household is world.households[0]]
    past = sorted((x for x in mine if x.row["status"] == "attended"), key=lambda x: x.slot.start)
    for number, lesson in enumerate(past):
        lesson.reviewed = number < 2


def cancelled(world: World) -> tuple[Lesson, datetime]:
    """The booking that was cancelled in time, and when."""
    mine = [lesson for lesson in world.lessons if lesson.household is world.households[0]]
    last = max(mine, key=lambda lesson: lesson.slot.start)
    return last, world.now - timedelta(hours=3)


def _one(
    world: World, home: Household, child: Child, place: Place, around: datetime, made: list[Wish]
) -> Iterator[Wish]:
    """The nearest fitting lesson around a moment, on the same side of now."""
    fitting = [
        (course, slot)
        for course, slot in _slots(place, child)
        if (slot.start > world.now) == (around > world.now) and _is_free(child, slot, made)
    ]
    if fitting:
        course, slot = min(fitting, key=lambda pair: (abs(pair[1].start - around), pair[1].start))
        at = min(slot.start - timedelta(days=4), world.now - timedelta(days=1, hours=2))
        yield Wish(at.replace(second=0, microsecond=0), place, course, slot, child, home)


def _today(world: World, home: Household, child: Child, place: Place) -> Iterator[Wish]:
    """The last lesson of today, so that it stands on today's roster."""
    todays = [pair for pair in _slots(place, child) if pair[1].start.date() == world.today]
    course, slot = max(todays, key=lambda pair: pair[1].start)
    yield Wish(world.now - timedelta(days=3), place, course, slot, child, home)


def _is_free(child: Child, slot: Slot, made: list[Wish]) -> bool:
    return all(
        wish.child is not child or slot.end <= wish.slot.start or wish.slot.end <= slot.start for wish in made
    )


def _slots(place: Place, child: Child) -> list[tuple[Course, Slot]]:
    return [
        (course, slot)
        for course in place.courses
        for slot in course.slots
        if course.text.age[0] <= child.age_on(slot.start.date()) <= course.text.age[1]
        and course.text.cost == 1
    ]
