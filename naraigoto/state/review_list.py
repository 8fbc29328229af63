"""Public reviews on the page of a school or an instructor: by voice, instructor and age, in two orders."""

from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, Unauthenticated
from naraigoto.rules import PAGE_MAX
from naraigoto.services import reviews, schools
from naraigoto.state.places import PlaceMixin, id_in
from naraigoto.state.session import edge, retrying_edge
from naraigoto.texts import dates, units
from naraigoto.texts import reviews as texts
from naraigoto.texts import schools as words
from naraigoto.texts.errors import refusal as worded

_REVIEWS = 6
Kind = Literal["parent", "child", "family"]


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

    id: str = ""
    child: bool = False
    rating: int = 0
    comment: str = ""
    author: str = ""
    date: str = ""
    reply: str = ""
    helpful: str = ""
    found_helpful: str = ""
    voted: bool = False
    report_label: str = ""


@dataclass(frozen=True)
class PairView:
    """Both voices of one family, and in words how they differ."""

    id: str
    author: str
    gap: str
    parent: ReviewView
    child: ReviewView


class ReviewListMixin(PlaceMixin, mixin=True):
    """Reviews by voice, of the place that the ids name."""

    parent: VoiceView = VoiceView()
    child: VoiceView = VoiceView()
    tab: Kind = "family"
    age: str = ""
    sort: str = "newest"
    teacher: str = ""
    review_teachers: list[tuple[str, str]] = []
    reviews: list[ReviewView] = []
    pairs: list[PairView] = []
    review_cursor: str = ""
    review_problem: str = ""
    filtered: bool = False
    votes: bool = True

    @rx.event
    async def turn(self, tab: str):
        """Show another voice."""
        if tab in ("family", "parent", "child"):
            self.tab = tab
            await self._show_reviews()

    @rx.event
    async def for_age(self, age: str):
        """Only what families with children of that age say."""
        if isinstance(age, str) and age in dict(texts.AGES):
            self.age = age
            await self._show_reviews()

    @rx.event
    async def sort_by(self, sort: str):
        """Newest or most helpful first."""
        if isinstance(sort, str) and sort in set(reviews.Sort):
            self.sort = sort
            await self._show_reviews()

    @rx.event
    async def for_teacher(self, teacher: str):
        """Reviews of one instructor of the school instead of the school's own."""
        if isinstance(teacher, str) and teacher in dict(self.review_teachers):
            self.teacher = teacher
            await self._show_reviews()

    @rx.event
    async def more_reviews(self):
        """Append older reviews."""
        if self.review_cursor:
            await self._show_reviews(self.review_cursor)

    @rx.event
    async def vote(self, kind: str, review_id: str):
        """Say that a review helped, or take it back."""
        number = id_in(review_id) if isinstance(review_id, str) else None
        if number is None or kind not in ("parent", "child"):
            return
        wanted = not any(view.voted for view in self._shown() if view.id == review_id)

        async def work(session: AsyncSession, actor: Actor) -> int:
            return await reviews.helpful(
                session, actor, kind=reviews.Kind(kind), review_id=number, wanted=wanted, now=clock.now()
            )

        try:
            count = await retrying_edge(self, work)
        except DomainError as refusal:
            login = isinstance(refusal, Unauthenticated)
            self.review_problem = texts.LOGIN_TO_VOTE if login else worded(refusal)
            return
        self.review_problem = ""
        self._show_vote(review_id, texts.helpful(count), wanted)

    def _shown(self) -> list[ReviewView]:
        return [*self.reviews, *(view for pair in self.pairs for view in (pair.parent, pair.child))]

    def _show_vote(self, review_id: str, words: str, voted: bool) -> None:
        def seen(view: ReviewView) -> ReviewView:
            return replace(view, helpful=words, voted=voted) if view.id == review_id else view

        self.reviews = [seen(view) for view in self.reviews]
        self.pairs = [replace(pair, parent=seen(pair.parent), child=seen(pair.child)) for pair in self.pairs]

    async def _show_anew(self) -> None:
        """The seats, and what may still be read: a hidden review leaves this page too (R85)."""
        await self._show_slots()
        try:
            async with edge(self) as (session, actor):
                await self._fetch_reviews(session, actor, limit=min(max(_REVIEWS, self._rows()), PAGE_MAX))
                await self._fetch_figures(session)
        except DomainError as refusal:
            self.review_problem = worded(refusal)

    async def _show_reviews(self, cursor: str = "") -> None:
        try:
            async with edge(self) as (session, actor):
                await self._fetch_reviews(session, actor, cursor)
        except DomainError as refusal:
            self.review_problem = worded(refusal)

    async def _fetch_voices(
        self, session: AsyncSession, actor: Actor, parent: schools.Voice, child: schools.Voice
    ) -> None:
        """The figures and the first reviews: pairs, or else a voice that has spoken."""
        self.parent, self.child = voice_view(parent), voice_view(child)
        await self._fetch_reviews(session, actor)
        if not self.pairs and parent.count + child.count:
            self.tab = "parent" if parent.count else "child"
            await self._fetch_reviews(session, actor)

    async def _fetch_figures(self, session: AsyncSession) -> None:
        target = self._instructor_id or self._school_id
        if target is not None:
            parent, child = await schools.voices(session, target_id=target)
            self._put(parent=voice_view(parent), child=voice_view(child))

    async def _fetch_reviews(
        self, session: AsyncSession, actor: Actor, cursor: str = "", limit: int = _REVIEWS
    ) -> None:
        if self._school_id is None:
            return
        about = self._instructor_id or (UUID(self.teacher) if self.teacher else None)
        page = await reviews.of_school(
            session,
            actor,
            school_id=self._school_id,
            kind=reviews.Kind(self.tab),
            instructor_id=about,
            target=None if about else reviews.ReviewTarget.SCHOOL,
            band=reviews.AgeBand(self.age) if self.age else None,
            sort=reviews.Sort(self.sort),
            cursor=cursor or None,
            limit=limit,
        )
        pairs = [_pair(row) for row in page.items if isinstance(row, reviews.PairRow)]
        singles = [review_view(row) for row in page.items if isinstance(row, reviews.ReviewRow)]
        self._put(
            pairs=[*self.pairs, *pairs] if cursor else pairs,
            reviews=[*self.reviews, *singles] if cursor else singles,
            review_cursor=page.next_cursor or "",
            review_problem="",
            filtered=bool(self.age or self.teacher),
            votes=page.votes,
        )

    def _rows(self) -> int:
        return len(self.pairs) or len(self.reviews)

    def _put(self, **values: object) -> None:
        """Only what is other than before goes to the browser: most changes of a place are of its seats."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


def voice_view(voice: schools.Voice) -> VoiceView:
    """A voice in words; the highest points stand first."""
    most = max(voice.spread) or 1
    bars = [
        Bar(words.stars_row(stars), count, f"{round(100 * count / most)}%")
        for stars, count in reversed(list(enumerate(voice.spread, start=1)))
    ]
    return VoiceView(units.rating(voice.rating), words.number_of_reviews(voice.count), bars)


def review_view(row: reviews.ReviewRow) -> ReviewView:
    """A public review in words, without anybody's name."""
    author = words.author_label(row.kind, row.grade.stage, row.grade.number)
    date = dates.full_date(clock.jst_date(row.created_at))
    return ReviewView(
        id=str(row.id),
        child=row.kind is reviews.Kind.CHILD,
        rating=row.rating,
        comment=row.comment,
        author=author,
        date=date,
        reply=row.reply.body if row.reply else "",
        helpful=texts.helpful(row.helpful_count),
        found_helpful=texts.helpful(row.helpful_count) if row.helpful_count else "",
        voted=row.voted,
        report_label=texts.report_label(author, date),
    )


def _pair(row: reviews.PairRow) -> PairView:
    grade = row.parent.grade
    author = words.author_label(reviews.Kind.FAMILY, grade.stage, grade.number)
    gap = texts.gap(row.parent.rating, row.child.rating)
    return PairView(str(row.parent.id), author, gap, review_view(row.parent), review_view(row.child))
