"""What the pages of a school and of an instructor share: slots day by day, reviews of both voices."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from secrets import token_hex
from typing import Literal
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError
from naraigoto.rules import BOOKING_HORIZON, SLOT_DAYS_SHOWN
from naraigoto.services import reviews, schedules, schools
from naraigoto.state.session import edge
from naraigoto.state.watching import changes
from naraigoto.texts import dates, units
from naraigoto.texts import schools as words
from naraigoto.texts.errors import refusal as worded

_REVIEWS = 6
Kind = Literal["parent", "child", "family"]


@dataclass(frozen=True)
class SlotView:
    """A slot in words."""

    id: str
    time: str
    title: str
    teacher: str
    seats: str
    tickets: str
    ages: str
    bookable: bool
    waitable: bool
    name: str


@dataclass(frozen=True)
class DayView:
    """One Japanese day that has slots; `date` is ISO 8601."""

    date: str
    label: str
    seats: str


@dataclass(frozen=True)
class Bar:
    """How many people gave so many points; `width` is a share of the most frequent."""

    label: str
    count: int
    width: str


@dataclass(frozen=True)
class VoiceView:
    """One voice in figures."""

    rating: str = ""
    count: str = ""
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True)
class ReviewView:
    """One review in words; `child` decides colour and mark."""

    id: str
    child: bool
    rating: int
    comment: str
    author: str
    date: str
    reply: str


@dataclass(frozen=True)
class PairView:
    """Both voices of one family."""

    id: str
    author: str
    parent: ReviewView
    child: ReviewView


class PlaceMixin(rx.State, mixin=True):
    """Slots of one day at a time and reviews by voice; a page's state says whose by its ids."""

    days: list[DayView] = []
    day: str = ""
    slots: list[SlotView] = []
    more_days: bool = False
    parent: VoiceView = VoiceView()
    child: VoiceView = VoiceView()
    tab: Kind = "family"
    reviews: list[ReviewView] = []
    pairs: list[PairView] = []
    review_cursor: str = ""
    problem: str = ""
    _spans: int = 1
    _by_day: dict[str, list[SlotView]] = {}
    _watch: str = ""
    _school_id: UUID | None = None
    _instructor_id: UUID | None = None

    @rx.event
    def choose_day(self, day: str):
        """Show the slots of another day."""
        if isinstance(day, str) and day in self._by_day:
            self.day, self.slots = day, self._by_day[day]

    @rx.event
    async def later_days(self):
        """Two more weeks of days."""
        self._spans = min(self._spans + 1, 1 + BOOKING_HORIZON // SLOT_DAYS_SHOWN)
        await self._show_slots()

    @rx.event
    async def refresh_slots(self):
        """Show the seats as they are now, after the booking dialog was closed."""
        await self._show_slots()

    @rx.event(background=True)
    async def watch(self):
        """Show the seats as they are whenever they change, for as long as this page is open."""
        async with self:
            mine, school_id = token_hex(8), self._school_id
            self._watch = mine
        if school_id is None:
            return
        # Another visit, even of the same page, has a watch of its own.
        async for _ in changes(self, f"school:{school_id}", wanted=lambda: self._watch == mine):
            async with self:
                if self._watch == mine:
                    await self._show_slots()

    @rx.event
    async def turn(self, tab: str):
        """Show another voice."""
        if tab in ("family", "parent", "child"):
            self.tab, self.review_cursor = tab, ""
            await self._show_reviews()

    @rx.event
    async def more_reviews(self):
        """Append older reviews."""
        if self.review_cursor:
            await self._show_reviews()

    @rx.event
    def leave(self) -> None:
        """Forget everything: this state outlives its visitor."""
        self.reset()

    async def _show_slots(self) -> None:
        try:
            async with edge(self) as (session, actor):
                await self._fetch_slots(session, actor)
        except DomainError as refusal:
            self.problem = worded(refusal)

    async def _show_reviews(self) -> None:
        try:
            async with edge(self) as (session, actor):
                await self._fetch_reviews(session, actor)
        except DomainError as refusal:
            self.problem = worded(refusal)

    async def _fetch_place(
        self, session: AsyncSession, actor: Actor, parent: schools.Voice, child: schools.Voice
    ) -> None:
        """The figures, the first slots and the first reviews: pairs, or else a voice that has spoken."""
        self.parent, self.child = voice_view(parent), voice_view(child)
        await self._fetch_slots(session, actor)
        await self._fetch_reviews(session, actor)
        if not self.pairs and parent.count + child.count:
            self.tab = "parent" if parent.count else "child"
            await self._fetch_reviews(session, actor)

    async def _fetch_slots(self, session: AsyncSession, actor: Actor) -> None:
        if self._school_id is None:
            return
        now = clock.now()
        span = min(SLOT_DAYS_SHOWN * self._spans, BOOKING_HORIZON)
        whose = (
            {"instructor_id": self._instructor_id} if self._instructor_id else {"school_id": self._school_id}
        )
        coming = await schedules.coming(
            session, actor, first=clock.jst_date(now), days=span, now=now, **whose
        )
        days = groupby(coming, key=lambda slot: clock.jst_date(slot.start_at))
        listed = [(day, list(slots)) for day, slots in days]
        self.days = [_day(day, slots) for day, slots in listed]
        self._by_day = {day.isoformat(): [_slot(slot) for slot in slots] for day, slots in listed}
        if self.day not in self._by_day:
            self.day = _first_open(listed)
        self.slots = self._by_day.get(self.day, [])
        self.more_days, self.problem = span < BOOKING_HORIZON, ""

    async def _fetch_reviews(self, session: AsyncSession, actor: Actor) -> None:
        if self._school_id is None:
            return
        page = await reviews.of_school(
            session,
            actor,
            school_id=self._school_id,
            kind=reviews.Kind(self.tab),
            instructor_id=self._instructor_id,
            target=None if self._instructor_id else reviews.ReviewTarget.SCHOOL,
            cursor=self.review_cursor or None,
            limit=_REVIEWS,
        )
        if not self.review_cursor:
            self.reviews, self.pairs = [], []
        self.pairs += [_pair(row) for row in page.items if isinstance(row, reviews.PairRow)]
        self.reviews += [_review(row) for row in page.items if isinstance(row, reviews.ReviewRow)]
        self.review_cursor, self.problem = page.next_cursor or "", ""


def voice_view(voice: schools.Voice) -> VoiceView:
    """A voice in words; the highest points stand first."""
    most = max(voice.spread) or 1
    bars = [
        Bar(words.stars_row(stars), count, f"{round(100 * count / most)}%")
        for stars, count in reversed(list(enumerate(voice.spread, start=1)))
    ]
    return VoiceView(units.rating(voice.rating), words.number_of_reviews(voice.count), bars)


def id_in(path: str) -> UUID | None:
    """The id at the end of an address such as /schools/<id>; None when it is none."""
    try:
        return UUID(path.rstrip("/").rsplit("/", 1)[-1])
    except ValueError:
        return None


def _day(day: date, slots: list[schedules.Slot]) -> DayView:
    return DayView(day.isoformat(), dates.day_label(day), words.open_slots(sum(s.bookable for s in slots)))


def _first_open(days: list[tuple[date, list[schedules.Slot]]]) -> str:
    """The first day on which a seat is free, else the first day at all."""
    free = [day for day, slots in days if any(slot.bookable for slot in slots)]
    return next((day.isoformat() for day in [*free, *(day for day, _ in days)]), "")


def _slot(slot: schedules.Slot) -> SlotView:
    time = dates.time_range(slot.start_at, slot.end_at)
    return SlotView(
        id=str(slot.id),
        time=time,
        title=slot.title,
        teacher=slot.instructor.name if slot.instructor else words.ANY_TEACHER,
        seats=words.seats(slot.seats_left, closed=slot.closed),
        tickets=words.tickets(slot.ticket_cost),
        ages=words.ages(slot.age_min, slot.age_max),
        bookable=slot.bookable,
        waitable=slot.waitable,
        name=f"{dates.day_label(clock.jst_date(slot.start_at))} {time} {slot.title}",
    )


def _review(row: reviews.ReviewRow) -> ReviewView:
    return ReviewView(
        id=str(row.id),
        child=row.kind is reviews.Kind.CHILD,
        rating=row.rating,
        comment=row.comment,
        author=words.author_label(row.kind, row.grade.stage, row.grade.number),
        date=dates.full_date(clock.jst_date(row.created_at)),
        reply=row.reply.body if row.reply else "",
    )


def _pair(row: reviews.PairRow) -> PairView:
    grade = row.parent.grade
    author = words.author_label(reviews.Kind.FAMILY, grade.stage, grade.number)
    return PairView(str(row.parent.id), author, _review(row.parent), _review(row.child))
