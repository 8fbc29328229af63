"""What families say afterwards: two voices per lesson, replies, points, likes and messages."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from naraigoto.clock import month_of
from naraigoto.demo import moderation
from naraigoto.demo.content import Voice, common
from naraigoto.demo.world import Household, Lesson, World

# Nobody believes a sentence that stands everywhere.
TOLD_MOST = 4
POINTS_SCHOOL, POINTS_INSTRUCTOR, POINTS_MONTH_MAX = 50, 20, 300


class Said:
    """Remembers what was said, so that nobody repeats another at one school and few do elsewhere."""

    def __init__(self) -> None:
        self._anywhere: Counter[str] = Counter()
        self._there: set[tuple[UUID, str]] = set()

    def next(
        self, world: World, school: UUID, pool: tuple[Voice, ...], *, most: int = TOLD_MOST
    ) -> Voice | None:
        """A comment that is new at this school, of those used least."""
        fresh = [voice for voice in pool if (school, voice.text) not in self._there]
        if not fresh:
            return None
        rare = min(self._anywhere[voice.text] for voice in fresh)
        if rare >= most:
            return None
        chosen = world.dice.choice([voice for voice in fresh if self._anywhere[voice.text] == rare])
        self._anywhere[chosen.text] += 1
        self._there.add((school, chosen.text))
        return chosen


def build(world: World) -> None:
    """Everything people say and like."""
    said = Said()
    for lesson in sorted(world.lessons, key=lambda lesson: lesson.slot.end):
        if lesson.row["status"] == "attended":
            _review(world, said, lesson)
    moderation.build(world)
    _likes(world)
    for number, lesson in enumerate(sorted(world.lessons, key=lambda lesson: str(lesson.id))):
        if number % 6 == 0 or lesson.household is world.households[0]:
            _talk(world, lesson, number)


def _review(world: World, said: Said, lesson: Lesson) -> None:
    wanted = lesson.reviewed if lesson.reviewed is not None else world.dice.random() < 0.8
    after = timedelta(hours=2 + 70 * world.dice.random() ** 2)
    at = min(lesson.slot.end + after, world.now - timedelta(minutes=20))
    if not wanted:
        return
    genre, pools = lesson.place.genre, common()
    certain = lesson.reviewed is True
    most = TOLD_MOST * 2 if certain else TOLD_MOST
    parent = said.next(world, lesson.place.id, _mixed(world, lesson, genre.parent, pools.parent), most=most)
    if parent:
        review = _write(world, lesson, "parent", "school", lesson.place.id, parent, at)
        if parent.rating <= 3 or world.dice.random() < 0.4:
            _reply(world, said, lesson, parent, review, at)
    if certain or world.dice.random() < 0.85:
        pool = _mixed(world, lesson, genre.child, pools.child)
        child = said.next(world, lesson.place.id, pool, most=most)
        if certain and child is None:
            child = said.next(world, lesson.place.id, genre.child + pools.child, most=2 * most)
        if child:
            _write(world, lesson, "child", "school", lesson.place.id, child, at + timedelta(minutes=7))
    # The first family has spoken of schools only, so that its next reviews stay below the month's points.
    if lesson.teacher and not certain and world.dice.random() < 0.35:
        voice = said.next(world, lesson.teacher, _fitting(lesson, pools.instructor))
        if voice:
            _write(world, lesson, "parent", "instructor", lesson.teacher, voice, at + timedelta(minutes=3))


def _mixed(
    world: World, lesson: Lesson, own: tuple[Voice, ...], shared: tuple[Voice, ...]
) -> tuple[Voice, ...]:
    # Mostly about the lesson itself, now and then about what people notice anywhere.
    return own if world.dice.random() < 0.6 else own + _fitting(lesson, shared)


def _fitting(lesson: Lesson, shared: tuple[Voice, ...]) -> tuple[Voice, ...]:
    """Nobody speaks of the other children where there are none."""
    return shared if lesson.slot.capacity > 3 else tuple(voice for voice in shared if voice.solo)


def _write(
    world: World, lesson: Lesson, kind: str, target: str, target_id: UUID, voice: Voice, at: datetime
) -> UUID:
    author = lesson.household.parent if kind == "parent" else lesson.child.id
    number = world.id(f"review_{kind}", f"{lesson.id}/{target}", at)
    world.rows.add(
        f"reviews_{kind}",
        id=number,
        booking_id=lesson.id,
        author_user_id=author,
        family_id=lesson.household.id,
        school_id=lesson.place.id,
        target_type=target,
        target_id=target_id,
        rating=voice.rating,
        comment=voice.text,
        helpful_count=0,
        status="published",
        hold_reason="",
        published_at=at,
        created_at=at,
    )
    points = POINTS_SCHOOL if target == "school" else POINTS_INSTRUCTOR
    _earn(world, lesson.household, author, points, f"review:{kind}:{number}", at)
    return number


def _earn(world: World, home: Household, user: UUID, points: int, key: str, at: datetime) -> None:
    month = month_of(at)
    if home.points.get(month, 0) + points > POINTS_MONTH_MAX:
        return
    home.points[month] = home.points.get(month, 0) + points
    world.rows.add(
        "points_transactions",
        id=world.id("points", key, at),
        family_id=home.id,
        user_id=user,
        delta=points,
        reason="review",
        source_key=key,
        created_at=at,
    )


def _reply(world: World, said: Said, lesson: Lesson, voice: Voice, review: UUID, at: datetime) -> None:
    answered = at + timedelta(hours=3 + 30 * world.dice.random())
    words = common().sorries if voice.rating <= 3 else lesson.place.genre.replies + common().thanks
    reply = said.next(world, lesson.place.owner, tuple(Voice(5, text) for text in words), most=12)
    if answered > world.now or reply is None:
        return
    world.rows.add(
        "review_replies",
        id=world.id("reply", review, answered),
        parent_review_id=review,
        child_review_id=None,
        school_id=lesson.place.id,
        author_user_id=lesson.place.owner,
        body=reply.text,
        created_at=answered,
    )


def _likes(world: World) -> None:
    for home in world.households:
        near = [place for place in world.places if place.region == home.region]
        favourites = world.dice.sample(near, min(len(near), 5))
        for turn, person in enumerate([home.parent, *(child.id for child in home.children)]):
            mine = favourites[: 2 + turn % 2] + favourites[3 + turn % 2 :]
            for place in mine:
                at = world.now - timedelta(hours=5 + world.dice.randrange(24 * 60))
                world.rows.add("likes", user_id=person, school_id=place.id, family_id=home.id, created_at=at)


def _talk(world: World, lesson: Lesson, number: int) -> None:
    """A short exchange before the lesson, told as far as its time has come."""
    talks = common().talks
    at = lesson.row["created_at"]
    assert isinstance(at, datetime)
    conversation = next(c for c in world.rows.of("conversations") if c["id"] == lesson.conversation)
    for turn, (side, body) in enumerate(talks[number % len(talks)].lines):
        at += timedelta(minutes=25 + world.dice.randrange(240))
        if at > world.now:
            return
        read = at + timedelta(minutes=10 + world.dice.randrange(200))
        sender = lesson.household.parent if side == "family" else lesson.place.owner
        world.rows.add(
            "messages",
            id=world.id("message", f"{lesson.id}/{turn}", at),
            conversation_id=lesson.conversation,
            sender_user_id=sender,
            body=body,
            read_at=read if read <= world.now else None,
            created_at=at,
        )
        conversation["last_message_at"] = at
