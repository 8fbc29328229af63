"""/school/reviews: what families say of one's school, and its one public answer to each."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, InvalidInput, NotFound
from naraigoto.services import attendance, reviews
from naraigoto.state.access import Access, access_of
from naraigoto.state.places import id_in
from naraigoto.state.review_list import ReviewView, review_view
from naraigoto.state.session import edge, retrying_edge
from naraigoto.texts import school_reviews as texts
from naraigoto.texts.errors import field_problem
from naraigoto.texts.errors import refusal as worded


@dataclass(frozen=True)
class AnswerableReview:
    """A review with what the school may do: `can` is "" (nothing), reply or change."""

    review: ReviewView
    kind: str
    can: str
    until: str


class SchoolReviewsState(rx.State):
    """Filled on every visit of a member of the school, empty for everybody else."""

    access: Access = ""
    schools: list[tuple[str, str]] = []
    school: str = ""
    tab: str = "waiting"
    rows: list[AnswerableReview] = []
    has_more: bool = False
    answering: AnswerableReview = AnswerableReview(ReviewView(), "parent", "", "")
    open: bool = False
    error: str = ""
    busy: bool = False
    form_key: int = 0
    said: str = ""
    _cursor: str | None = None

    @rx.event
    async def load(self):
        """The unanswered reviews of the first of one's schools."""
        self.reset()
        yield
        try:
            async with edge(self) as (session, actor):
                own = await attendance.schools(session, actor)
        except DomainError as refusal:
            self.access = access_of(refusal)
            return
        if not own:
            self.access = access_of(NotFound())
            return
        self.schools = [(str(number), name) for number, name in own]
        self.school = self.schools[0][0]
        await self._turn_to(None)

    @rx.event
    async def choose(self, school_id: str):
        """Another of one's schools."""
        if isinstance(school_id, str) and school_id in dict(self.schools):
            self.school = school_id
            await self._turn_to(None)

    @rx.event
    async def turn(self, tab: str):
        """Those that wait for an answer, or all."""
        if tab in ("waiting", "all") and self.access == "ok":
            self.tab = tab
            await self._turn_to(None)

    @rx.event
    async def more(self):
        """Older reviews below."""
        if self._cursor is not None:
            await self._turn_to(self._cursor)

    @rx.event
    def ask(self, review_id: str):
        """Open the answer to one review of the list."""
        for row in self.rows:
            if row.review.id == review_id and row.can:
                self.answering, self.open, self.error = row, True, ""
                self.form_key += 1

    @rx.event
    async def reply(self, form: dict[str, Any]):
        """Publish or change the answer; what was written stays until it was accepted."""
        number = id_in(self.answering.review.id) if self.open else None
        if number is None or self.busy or not isinstance(form, dict):
            return
        self.busy, self.error = True, ""
        yield
        body, kind = str(form.get("body") or ""), reviews.Kind(self.answering.kind)
        say = reviews.edit_reply if self.answering.can == "change" else reviews.reply

        async def work(session: AsyncSession, actor: Actor) -> None:
            await say(session, actor, kind=kind, review_id=number, body=body, now=clock.now())

        try:
            await retrying_edge(self, work)
        except DomainError as refusal:
            self.busy, self.error = False, _problem(refusal)
            return
        self.busy = self.open = False
        self.said = texts.REPLIED
        await self._turn_to(None)

    @rx.event
    def close(self):
        """Put the answer away."""
        self.open, self.error, self.busy = False, "", False

    @rx.event
    def spoken(self):
        """What was said has been read."""
        self.said = ""

    async def _turn_to(self, cursor: str | None) -> None:
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                page = await reviews.of_school(
                    session,
                    actor,
                    school_id=UUID(self.school),
                    unanswered=self.tab == "waiting",
                    cursor=cursor,
                )
        except DomainError as refusal:
            self.reset()
            self.access = access_of(refusal)
            return
        found = [_row(row, now) for row in page.items if isinstance(row, reviews.ReviewRow)]
        self.rows = [*self.rows, *found] if cursor else found
        self._cursor, self.has_more = page.next_cursor, page.next_cursor is not None
        self.access = "ok"


def _row(row: reviews.ReviewRow, now: Any) -> AnswerableReview:
    reply = row.reply
    if reply is None:
        return AnswerableReview(review_view(row), row.kind.value, "reply", "")
    changeable = reply.editable_until is not None and reply.editable_until > now
    until = (
        texts.changeable(reply.editable_until, now) if changeable and reply.editable_until else texts.FIXED
    )
    return AnswerableReview(review_view(row), row.kind.value, "change" if changeable else "", until)


def _problem(refusal: DomainError) -> str:
    fields = refusal.facts.get("fields") if isinstance(refusal, InvalidInput) else None
    if isinstance(fields, dict) and "body" in fields:
        return field_problem(fields["body"])
    return worded(refusal)
