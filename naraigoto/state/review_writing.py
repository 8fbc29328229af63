"""「口コミを書く」: a guardian's school and instructor on one screen, and a child's faces and stamps."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, InvalidInput, NotFound
from naraigoto.services import reviews, text_checks
from naraigoto.state.access import Access, access_of
from naraigoto.state.places import id_in
from naraigoto.state.review_sheet import (
    LessonView,
    Outcome,
    Said,
    TargetView,
    lesson_view,
    target_view,
    typed,
    write,
)
from naraigoto.state.session import edge, retrying_edge
from naraigoto.texts import kids_review
from naraigoto.texts import reviews as texts
from naraigoto.texts.errors import field_problem
from naraigoto.texts.errors import refusal as worded


class WritingMixin(rx.State, mixin=True):
    """One lesson and its targets; what was typed stays in the page's own fields until it was accepted."""

    access: Access = ""
    path: str = ""
    lesson: LessonView = LessonView()
    school: TargetView = TargetView()
    teacher: TargetView = TargetView()
    outcome: Outcome = Outcome()
    error: str = ""
    busy: bool = False
    said: str = ""
    form_key: int = 0
    editing: bool = False
    deleting: str = ""

    @rx.event
    async def load(self):
        """Look the lesson of the address up, and what was said of it."""
        self.reset()
        yield
        await self._read()

    @rx.event
    def edit(self):
        """Open the fields again, filled with what stands there."""
        if not (self.school.open or self.teacher.open):
            return
        self.editing, self.outcome, self.error = True, Outcome(), ""
        self.form_key += 1

    @rx.event
    def stop(self):
        """Leave what was written as it is."""
        self.editing, self.error, self.deleting = False, "", ""

    @rx.event
    def ask_delete(self, review_id: str):
        """Ask before deleting."""
        if isinstance(review_id, str):
            self.deleting = review_id

    @rx.event
    async def delete(self):
        """Delete the review that was asked about."""
        wanted, kind = id_in(self.deleting), self._kind()
        self.deleting = ""
        if wanted is None:
            return

        async def work(session: AsyncSession, actor: Actor) -> None:
            await reviews.delete(session, actor, kind=kind, review_id=wanted, now=clock.now())

        try:
            await retrying_edge(self, work)
        except DomainError as refusal:
            self.error = self._worded(refusal)
            return
        self.outcome = Outcome()
        self.said = texts.DELETED if kind is reviews.Kind.PARENT else kids_review.DELETED
        await self._read()

    @rx.event
    async def send(self, form: dict[str, Any]):
        """Publish, or change, what the form says of both targets; all or nothing."""
        if self.access != "ok" or self.busy or not isinstance(form, dict):
            return
        self.error = ""
        wanted = [said for target in (self.school, self.teacher) if (said := self._said(target, form))]
        if not wanted:
            self.error = self._nothing()
            return
        if self.school.rating_error or self.teacher.rating_error:
            return
        self.busy = True
        yield
        await self._publish(wanted)
        self.busy = False

    @rx.event
    def spoken(self):
        """What was said has been read."""
        self.said = ""

    def _kind(self) -> reviews.Kind:
        return reviews.Kind.PARENT

    def _nothing(self) -> str:
        return texts.UNCHANGED if self._written() else texts.NOTHING

    def _written(self) -> bool:
        return bool(self.school.own.id or self.teacher.own.id)

    def _worded(self, refusal: DomainError) -> str:
        return worded(refusal, child=self._kind() is reviews.Kind.CHILD)

    def _comment(self, target: TargetView, form: dict[str, Any]) -> str:
        return typed(form, f"{target.type}-comment")

    def _said(self, target: TargetView, form: dict[str, Any]) -> Said | None:
        """What the form says of a target; None where nothing new was said."""
        if not target.open:
            return None
        given, comment = typed(form, f"{target.type}-rating"), self._comment(target, form)
        silent = not given and not comment.strip()
        missing = not given and not silent
        self._mark(target.type, rating_error=self._rating_missing() if missing else "", comment_error="")
        same = (given, text_checks.clean(comment)) == (str(target.own.rating), target.own.comment)
        return None if silent or same else Said(target, given, comment)

    def _rating_missing(self) -> str:
        return texts.RATING_MISSING

    def _mark(self, kind: str, *, rating_error: str, comment_error: str) -> None:
        attribute = "school" if kind == "school" else "teacher"
        seen: TargetView = getattr(self, attribute)
        setattr(self, attribute, replace(seen, rating_error=rating_error, comment_error=comment_error))

    async def _publish(self, wanted: list[Said]) -> None:
        number, kind = id_in(self.path.removesuffix("/review")), self._kind()
        failed = wanted[0]

        async def work(session: AsyncSession, actor: Actor) -> list[reviews.Posted]:
            nonlocal failed
            posted = []
            for said in wanted:
                failed = said
                posted.append(await write(session, actor, number or UUID(int=0), kind, said))
            return posted

        try:
            posted = await retrying_edge(self, work)
        except InvalidInput as refusal:
            self._explain(failed, refusal)
            return
        except DomainError as refusal:
            self.error = self._worded(refusal)
            return
        held = [
            finding.value
            for one in posted
            if one.review.status is reviews.ReviewStatus.HELD
            for finding in one.review.findings
        ]
        points = sum(one.points for one in posted)
        await self._read()
        self.outcome = Outcome(True, self._points(points), self._held(held))

    def _points(self, points: int) -> str:
        return texts.points_earned(points)

    def _held(self, reasons: list[str]) -> str:
        return texts.held(reasons)

    def _explain(self, said: Said, refusal: InvalidInput) -> None:
        fields = refusal.facts["fields"]
        problems = fields if isinstance(fields, dict) else {}
        self._mark(
            said.target.type,
            rating_error=field_problem(problems["rating"]) if "rating" in problems else "",
            comment_error=field_problem(problems["comment"]) if "comment" in problems else "",
        )
        if not {"rating", "comment"} & set(problems):
            self.error = self._worded(refusal)

    async def _read(self) -> None:
        now = clock.now()
        try:
            number = id_in(self.router.url.path.rstrip("/").removesuffix("/review"))
            async with edge(self) as (session, actor):
                sheet = await reviews.sheet(session, actor, booking_id=number or UUID(int=0), now=now)
                if sheet.kind is not self._kind():
                    raise NotFound
        except DomainError as refusal:
            self.access = access_of(refusal)
            return
        self.path = self.router.url.path
        self.lesson = lesson_view(sheet)
        child = sheet.kind is reviews.Kind.CHILD
        found = {one.target_type.value: target_view(one, now, child=child) for one in sheet.targets}
        self.school, self.teacher = found.get("school", TargetView()), found.get("instructor", TargetView())
        self.editing = not self._written() and (self.school.open or self.teacher.open)
        self.access, self.form_key = "ok", self.form_key + 1


class ReviewWritingState(WritingMixin, rx.State):
    """A guardian's screen."""


class KidsReviewState(WritingMixin, rx.State):
    """A child's screen: the school only in faces and stamps, the instructor as well where there is one."""

    def _kind(self) -> reviews.Kind:
        return reviews.Kind.CHILD

    def _nothing(self) -> str:
        return kids_review.UNCHANGED if self._written() else kids_review.CHOOSE_FACE

    def _rating_missing(self) -> str:
        return kids_review.CHOOSE_FACE

    def _comment(self, target: TargetView, form: dict[str, Any]) -> str:
        tapped = [
            words
            for number, words in enumerate(kids_review.kept())
            if form.get(f"{target.type}-stamp-{number}")
        ]
        return kids_review.compose(tapped, typed(form, f"{target.type}-comment"))

    def _points(self, points: int) -> str:
        return kids_review.points(points)

    def _held(self, reasons: list[str]) -> str:
        return kids_review.held(reasons)
