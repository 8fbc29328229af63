"""The screen of one lesson in words: its targets, what was said of them, what came of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import ReviewWindowClosed
from naraigoto.services import reviews
from naraigoto.state.review_words import OwnView, own_view, own_view_of_child
from naraigoto.texts import dates, kids, kids_review
from naraigoto.texts import reviews as texts
from naraigoto.texts.errors import refusal as worded


@dataclass(frozen=True)
class TargetView:
    """A part of the screen: what can be said of the school or of the instructor.

    Only an `open` one has fields; `closed` says why there are none where nothing stands.
    `stamps` and `words` are a child's comment taken apart again.
    """

    type: str = ""
    id: str = ""
    name: str = ""
    own: OwnView = field(default_factory=OwnView)
    open: bool = False
    closed: str = ""
    stamps: list[str] = field(default_factory=list)
    words: str = ""
    rating_error: str = ""
    comment_error: str = ""


@dataclass(frozen=True)
class LessonView:
    """The lesson that is spoken of; `school_line` has the school's reading, for children."""

    booking_href: str = ""
    when: str = ""
    title: str = ""
    school: str = ""
    school_line: kids.Line = field(default_factory=list)
    school_href: str = ""
    child: str = ""
    closes: str = ""
    points: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of it: published, or kindly why not yet."""

    done: bool = False
    points: str = ""
    held: str = ""


@dataclass(frozen=True)
class Said:
    """What somebody says of one target."""

    target: TargetView
    rating: str
    comment: str


_STARS = tuple("12345")


def typed(form: dict[str, Any], name: str) -> str:
    """What stands in a field of the form."""
    return str(form.get(name) or "")


async def write(
    session: AsyncSession, actor: Actor, booking_id: UUID, kind: reviews.Kind, said: Said
) -> reviews.Posted:
    """Publish what is said of a target, or change what stood there.

    Raises: what posting and editing raise.
    """
    rating = int(said.rating) if said.rating in _STARS else 0
    if said.target.own.id:
        return await reviews.edit(
            session,
            actor,
            kind=kind,
            review_id=UUID(said.target.own.id),
            rating=rating,
            comment=said.comment,
            now=clock.now(),
        )
    return await reviews.post(
        session,
        actor,
        kind=kind,
        booking_id=booking_id,
        target_type=reviews.ReviewTarget(said.target.type),
        target_id=UUID(said.target.id),
        rating=rating,
        comment=said.comment,
        now=clock.now(),
    )


def lesson_view(sheet: reviews.Sheet) -> LessonView:
    """The lesson in words."""
    free = [target for target in sheet.targets if target.open and target.written is None]
    offered = {target.target_type.value: target.points for target in free}
    return LessonView(
        booking_href=f"/bookings/{sheet.booking_id}",
        when=dates.slot_label(sheet.start_at, sheet.end_at),
        title=sheet.lesson,
        school=sheet.school.name,
        school_line=kids.with_reading(sheet.school.name, sheet.school_kana),
        school_href=f"/schools/{sheet.school.id}#reviews",
        child=sheet.child,
        closes=texts.closes(sheet.closes_at),
        points=texts.points_offer(offered.get("school"), offered.get("instructor")),
    )


def target_view(target: reviews.SheetTarget, now: datetime, *, child: bool) -> TargetView:
    """A target in words, with what was said of it."""
    own, tapped, words, closed = OwnView(), [], "", ""
    if not target.open and not target.written:
        spent = kids_review.SPENT if child else texts.SPENT
        closed = spent if target.spent else worded(ReviewWindowClosed(), child=child)
    if target.written:
        own = (own_view_of_child if child else own_view)(target.written, now)
        tapped, words = kids_review.take_apart(own.comment)
    return TargetView(
        type=target.target_type.value,
        id=str(target.target_id),
        name=target.name,
        own=own,
        open=target.open,
        closed=closed,
        stamps=tapped,
        words=words,
    )
