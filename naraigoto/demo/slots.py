"""Lesson slots: the same hours each week, as a school keeps them; no instructor twice at a time."""

from datetime import datetime, time, timedelta

from naraigoto.clock import JST
from naraigoto.demo.schools import FIRST_OWNER
from naraigoto.demo.world import Course, Place, Slot, Teacher, World

WEEKS_BACK = 4
WEEKS_AHEAD = 4
_AFTER_SCHOOL = ("15:30", "16:40", "17:50")
_MORNING = ("10:00", "11:00")
_WEEKEND = ("9:30", "10:40", "13:00", "14:20", "15:40")
_SATURDAY = 5
# The hours of the school that the demo walks through: something every day, whenever the demo is loaded.
_EVERY_WEEKDAY = {0: ("15:00", "16:00"), 1: ("17:10",), 2: ("10:00",)}
_EVERY_WEEKEND_DAY = {0: ("10:00", "14:00"), 1: ("11:10",), 2: ("9:00",)}

Pattern = tuple[int, time, Teacher | None]


def build(world: World) -> None:
    """Slots of every class for the weeks around today."""
    for place in world.places:
        taken: list[tuple[int, time, time, Teacher]] = []
        for index, course in enumerate(place.courses):
            for pattern in _patterns(world, place, index, course, taken):
                for week in range(-WEEKS_BACK, WEEKS_AHEAD):
                    _add(world, place, course, pattern, week)
            course.slots.sort(key=lambda slot: slot.start)


def _patterns(
    world: World, place: Place, index: int, course: Course, taken: list[tuple[int, time, time, Teacher]]
) -> list[Pattern]:
    """Weekday (counted from today's), hour and instructor of each weekly lesson."""
    chosen: list[Pattern] = []
    for offset, hour in _hours(world, place, index, course):
        if course.text.choice:
            # The family chooses its instructor, so the slot has none of its own.
            chosen.append((offset, hour, None))
            continue
        free = [teacher for teacher in place.teachers if _is_free(taken, offset, hour, course, teacher)]
        if not free:
            continue
        teacher = free[(offset + index) % len(free)]
        taken.append((offset, hour, _later(hour, course.text.minutes), teacher))
        chosen.append((offset, hour, teacher))
    return chosen


def _hours(world: World, place: Place, index: int, course: Course) -> list[tuple[int, time]]:
    weekend = [offset for offset in range(7) if world.day(offset).weekday() >= _SATURDAY]
    weekdays = [offset for offset in range(7) if offset not in weekend]
    if place.text.name == FIRST_OWNER:
        return [(day, _clock(hour)) for day in weekdays for hour in _EVERY_WEEKDAY[index]] + [
            (day, _clock(hour)) for day in weekend for hour in _EVERY_WEEKEND_DAY[index]
        ]
    toddlers = course.text.age[1] < 5
    hours = _MORNING if toddlers else _AFTER_SCHOOL
    picked = [(day, _clock(world.dice.choice(hours))) for day in world.dice.sample(weekdays, 2)]
    day = world.dice.choice(weekend)
    # 10:40 in most places: lessons at the same hour are what makes a choice a choice.
    first = "10:40" if index == 0 else world.dice.choice(_WEEKEND)
    picked.append((day, _clock(first)))
    if index == 0:
        picked.append((day, _clock("13:00")))
    return picked


def _is_free(
    taken: list[tuple[int, time, time, Teacher]], offset: int, hour: time, course: Course, teacher: Teacher
) -> bool:
    end = _later(hour, course.text.minutes)
    return not any(
        day == offset and busy.id == teacher.id and hour < ended and begun < end
        for day, begun, ended, busy in taken
    )


def _add(world: World, place: Place, course: Course, pattern: Pattern, week: int) -> None:
    offset, hour, teacher = pattern
    # No school rests, not even at New Year: whenever the demo is loaded, the next days have lessons.
    start = datetime.combine(world.day(offset + 7 * week), hour, JST)
    end = start + timedelta(minutes=course.text.minutes)
    made = min(start - timedelta(days=40), world.now - timedelta(days=2))
    row = world.rows.add(
        "lesson_schedules",
        id=world.id("slot", f"{course.id}/{start.isoformat()}", made),
        class_id=course.id,
        school_id=place.id,
        instructor_id=teacher.id if teacher else None,
        start_at=start,
        end_at=end,
        capacity=course.text.capacity,
        booked_count=0,
        version=1,
        created_at=made,
    )
    course.slots.append(Slot(row, start, end, course.text.capacity))


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def _later(hour: time, minutes: int) -> time:
    total = hour.hour * 60 + hour.minute + minutes
    return time(total // 60, total % 60)
