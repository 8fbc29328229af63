"""What the family has said of its lessons, both voices side by side; a guardian may hide a child's."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError
from naraigoto.services import moderation, reviews
from naraigoto.state.places import id_in
from naraigoto.state.review_words import OwnPair, pairs_of
from naraigoto.state.session import edge, retrying_edge
from naraigoto.texts import dates
from naraigoto.texts import reviews as texts
from naraigoto.texts.errors import refusal as worded


@dataclass(frozen=True)
class ReviewedLesson:
    """A lesson of a child with what was said of it."""

    id: str
    title: str
    school: str
    child: str
    when: str
    href: str
    pairs: list[OwnPair]


class FamilyReviewsState(rx.State):
    """Filled on every visit of /family, empty for everybody else."""

    lessons: list[ReviewedLesson] = []
    shown: bool = False
    has_more: bool = False
    error: str = ""
    said: str = ""
    appealing: bool = False
    appeal_error: str = ""
    _appeal: tuple[str, UUID] | None = None
    _cursor: str | None = None

    @rx.event
    async def load(self):
        """The newest lessons with reviews."""
        self.reset()
        await self._turn_to(None)

    @rx.event
    async def more(self):
        """Older lessons below."""
        if self._cursor is not None:
            await self._turn_to(self._cursor)

    @rx.event
    async def hide(self, review_id: str):
        """Nobody outside the family sees this review of the child any more."""
        await self._turn(review_id, reviews.hide, texts.HID)

    @rx.event
    async def show(self, review_id: str):
        """Everybody sees it again."""
        await self._turn(review_id, reviews.show, texts.SHOWN_AGAIN)

    @rx.event
    def ask_appeal(self, kind: str, review_id: str):
        """Open the dialog of an objection."""
        number = id_in(review_id) if isinstance(review_id, str) else None
        if number is not None and kind in ("parent", "child"):
            self._appeal, self.appealing, self.appeal_error = (kind, number), True, ""

    @rx.event
    async def appeal(self, form: dict[str, Any]):
        """Object to a decision; what was written stays until it was accepted."""
        asked = self._appeal
        if asked is None or not isinstance(form, dict):
            return
        kind, number = asked
        body = str(form.get("body") or "")

        async def work(session: AsyncSession, actor: Actor) -> None:
            await moderation.appeal(
                session, actor, kind=reviews.Kind(kind), review_id=number, body=body, now=clock.now()
            )

        try:
            await retrying_edge(self, work)
        except DomainError as refusal:
            self.appeal_error = worded(refusal)
            return
        self._appeal, self.appealing, self.said = None, False, texts.APPEAL_SENT
        await self._turn_to(None)

    @rx.event
    def close(self):
        """Put the dialog away."""
        self._appeal, self.appealing, self.appeal_error = None, False, ""

    @rx.event
    def spoken(self):
        """What was said has been read."""
        self.said = ""

    async def _turn(self, review_id: str, act: Any, words: str) -> None:
        self.error = ""
        number = id_in(review_id) if isinstance(review_id, str) else None
        if number is None:
            return

        async def work(session: AsyncSession, actor: Actor) -> None:
            await act(session, actor, review_id=number, now=clock.now())

        try:
            await retrying_edge(self, work)
        except DomainError as refusal:
            self.error = worded(refusal)
            return
        self.said = words
        await self._turn_to(None)

    async def _turn_to(self, cursor: str | None) -> None:
        now = clock.now()
        try:
            async with edge(self) as (session, actor):
                page = await reviews.of_family(session, actor, cursor=cursor, now=now)
        except DomainError:
            self.reset()
            return
        found = [
            ReviewedLesson(
                id=str(one.booking_id),
                title=one.lesson,
                school=one.school.name,
                child=one.child,
                when=dates.day_label(clock.jst_date(one.start_at)),
                href=f"/bookings/{one.booking_id}/review",
                pairs=pairs_of(one.reviews, now),
            )
            for one in page.items
        ]
        self.lessons = [*self.lessons, *found] if cursor else found
        self._cursor, self.has_more, self.shown = page.next_cursor, page.next_cursor is not None, True
