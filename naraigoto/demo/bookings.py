"""Who booked what, who came: played through in the order in which people would have booked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from naraigoto.demo import tickets
from naraigoto.demo.schools import FIRST_OWNER
from naraigoto.demo.world import Child, Course, Household, Lesson, Place, Slot, World
from naraigoto.rules import BOOKING_HORIZON, MAX_ACTIVE_BOOKINGS, MESSAGES_AFTER_LESSON
from naraigoto.services.bookings.making import cancel_deadline

# Attendance stands this long after a lesson; younger ones still wait for the school, as today's do.
RECORDED_AFTER = timedelta(hours=36)


@dataclass
class Wish:
    """Somebody will book a seat at a moment; without a child, whoever of the region can."""

    at: datetime
    place: Place
    course: Course
    slot: Slot
    child: Child | None = None
    home: Household | None = None


def play(world: World, scripted: list[Wish]) -> None:
    """Make every booking: the scripted ones for certain, the neighbours' as tickets allow."""
    reserved = {id(wish.slot) for wish in scripted}
    wishes = scripted + [wish for wish in _crowd(world) if id(wish.slot) not in reserved]
    for wish in sorted(wishes, key=lambda wish: wish.at):
        found = (wish.home, wish.child) if wish.home and wish.child else _somebody(world, wish)
        if found[0] and found[1]:
            _book(world, wish, found[0], found[1])
    for home in world.households:
        tickets.advance(world, home, world.now)
    for lesson in world.lessons:
        _record(world, lesson)


def cancel(world: World, lesson: Lesson, at: datetime) -> None:
    """Cancel in time: the seat is free again, the tickets are back."""
    lesson.row |= {
        "status": "cancelled",
        "cancel_kind": "in_time",
        "cancelled_at": at,
        "cancelled_by": lesson.household.parent,
    }
    _move_seats(lesson.slot, -1)
    lesson.slot.children.discard(lesson.child.id)
    lesson.child.busy.remove((lesson.slot.start, lesson.slot.end))
    tickets.give_back(world, lesson.household, lesson.id, at)


def _crowd(world: World) -> list[Wish]:
    """What the neighbours would like: popular places fill, some lessons to the last seat."""
    wishes: list[Wish] = []
    for place in world.places:
        popular = 0.25 + 0.35 * world.dice.random()
        for course in place.courses:
            for slot in course.slots:
                seats = _seats_wanted(world, place, slot, popular)
                # What must come true is booked early, while families still have their tickets.
                early = place.text.name == FIRST_OWNER or seats == slot.capacity
                wishes += [Wish(_moment(world, slot, early=early), place, course, slot) for _ in range(seats)]
    return [wish for wish in wishes if wish.at < world.now - timedelta(minutes=5)]


def _seats_wanted(world: World, place: Place, slot: Slot, popular: float) -> int:
    ahead = (slot.start - world.now) / timedelta(days=1)
    if place.text.name == FIRST_OWNER and ahead > -1.2:
        # Always a free seat here, and always somebody on the roster.
        return 2 if ahead < 2 else 1
    if slot.capacity == 1:
        return int(world.dice.random() < 0.2)
    if 0 < ahead < 10 and world.dice.random() < 0.2 and 1 < slot.capacity <= 8:
        return slot.capacity
    # Most people book the week before; tickets are kept for it.
    popular *= 0.15 if ahead < -1 else 0.45 if ahead < 8 else 0.06
    return sum(world.dice.random() < popular for _ in range(min(slot.capacity, 6)))


def _moment(world: World, slot: Slot, *, early: bool) -> datetime:
    days = 12 + 4 * world.dice.random() if early else 9 * world.dice.random() ** 1.5
    lead = timedelta(days=days, hours=20)
    if slot.start - lead > world.now:
        lead = slot.start - world.now + timedelta(hours=1 + 70 * world.dice.random())
    return (slot.start - lead).replace(second=0, microsecond=0)


def _somebody(world: World, wish: Wish) -> tuple[Household | None, Child | None]:
    """A neighbour's child of the right age who is free and whose family has tickets."""
    young, old = wish.course.text.age
    homes = [home for home in world.households[2:] if home.region == wish.place.region]
    for home in world.dice.sample(homes, len(homes)):
        if home.upcoming >= MAX_ACTIVE_BOOKINGS - 2 or home.since > wish.at:
            continue
        for child in home.children:
            fits = young <= child.age_on(wish.slot.start.date()) <= old and child.id not in wish.slot.children
            if fits and child.is_free(wish.slot.start, wish.slot.end) and _affords(world, home, wish):
                return home, child
    return None, None


def _affords(world: World, home: Household, wish: Wish) -> bool:
    return tickets.can_spend(world, home, wish.course.text.cost, wish.at)


def _book(world: World, wish: Wish, home: Household, child: Child) -> None:
    slot, cost = wish.slot, wish.course.text.cost
    allowed = (
        len(slot.children) < slot.capacity
        and child.is_free(slot.start, slot.end)
        and slot.start - wish.at < BOOKING_HORIZON
        and tickets.can_spend(world, home, cost, wish.at)
    )
    if not allowed:
        return
    number = world.id("booking", f"{slot.row['id']}/{child.id}", wish.at)
    tickets.spend(world, home, cost, wish.at, number)
    slot.children.add(child.id)
    _move_seats(slot, 1)
    child.busy.append((slot.start, slot.end))
    home.upcoming += slot.start > world.now
    teacher = slot.row["instructor_id"] or _chosen_teacher(world, wish)
    row = world.rows.add(
        "bookings",
        id=number,
        user_id=child.id,
        family_id=home.id,
        schedule_id=slot.row["id"],
        instructor_id=teacher,
        booked_by=home.parent,
        period=f"[{slot.start.isoformat()},{slot.end.isoformat()})",
        status="reserved",
        consumed_tickets=cost,
        cancel_until=cancel_deadline(wish.place.policy, slot.start),
        cancel_kind=None,
        cancelled_at=None,
        cancelled_by=None,
        created_at=wish.at,
    )
    conversation = _thread(world, wish, home, number)
    world.lessons.append(
        Lesson(number, wish.place, wish.course, slot, home, child, teacher, row, conversation)  # pyright: ignore[reportArgumentType]
    )


def _thread(world: World, wish: Wish, home: Household, booking: UUID) -> UUID:
    conversation = world.id("conversation", booking, wish.at)
    world.rows.add(
        "conversations",
        id=conversation,
        booking_id=booking,
        family_id=home.id,
        school_id=wish.place.id,
        status="open",
        writable_until=wish.slot.end + MESSAGES_AFTER_LESSON,
        last_message_at=None,
        created_at=wish.at,
    )
    return conversation


def _chosen_teacher(world: World, wish: Wish) -> object:
    """One of the instructors who teach nothing else at that time; or none when all do."""
    engaged = {
        other.row["instructor_id"]
        for course in wish.place.courses
        for other in course.slots
        if other.start < wish.slot.end and wish.slot.start < other.end
    }
    free = [teacher.id for teacher in wish.place.teachers if teacher.id not in engaged]
    return world.dice.choice(free) if free else None


def _record(world: World, lesson: Lesson) -> None:
    ended = lesson.slot.end
    if lesson.row["status"] != "reserved" or ended > world.now - RECORDED_AFTER:
        return
    came = lesson.household is world.households[0] or world.dice.random() < 0.95
    status = "attended" if came else "absent"
    lesson.row["status"] = status
    at = ended + timedelta(minutes=5 + world.dice.randrange(120))
    world.rows.add(
        "attendances",
        id=world.id("attendance", lesson.id, at),
        booking_id=lesson.id,
        status=status,
        recorded_by=lesson.place.owner,
        automatic=False,
        recorded_at=at,
        created_at=at,
    )


def _move_seats(slot: Slot, count: int) -> None:
    booked = slot.row["booked_count"]
    assert isinstance(booked, int)
    slot.row["booked_count"] = booked + count
