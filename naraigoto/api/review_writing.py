"""Writing, changing and answering reviews, and reporting them (contract.md §5)."""

from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StrictInt
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.api.deps import Now, Retrying
from naraigoto.api.problems import refusals
from naraigoto.api.reviews import ReplyRead
from naraigoto.api.schemas import JstTime
from naraigoto.errors import (
    AppealMade,
    BookingNotActive,
    Forbidden,
    InvalidInput,
    NotAttendedYet,
    NotFound,
    RateLimited,
    ReviewExists,
    ReviewWindowClosed,
    Unauthenticated,
)
from naraigoto.services import moderation, reviews

router = APIRouter(tags=["reviews"])
_WHO = (Unauthenticated, Forbidden, NotFound, InvalidInput)
_POST = (*_WHO, BookingNotActive, NotAttendedYet, ReviewExists, ReviewWindowClosed)
Voice = Literal["parent", "child"]
Words = Annotated[str, Field(max_length=20_000)]


class ReviewWrite(BaseModel):
    """What is said; pictures come later, so `image_keys` must be empty."""

    model_config = ConfigDict(extra="forbid")

    booking_id: UUID
    target_type: reviews.ReviewTarget
    target_id: UUID
    rating: Annotated[StrictInt, Field(ge=1, le=5)]
    comment: Words = ""
    image_keys: Annotated[list[str], Field(max_length=0)] = []


class ReviewPatch(BaseModel):
    """What changes."""

    model_config = ConfigDict(extra="forbid")

    rating: Annotated[StrictInt, Field(ge=1, le=5)] | None = None
    comment: Words | None = None


class TextWrite(BaseModel):
    """A reply or an objection."""

    model_config = ConfigDict(extra="forbid")

    body: Words


class ReportWrite(BaseModel):
    """Why a review should not stand."""

    model_config = ConfigDict(extra="forbid")

    reason: moderation.ReportReason
    comment: Words = ""


class WrittenRead(BaseModel):
    """A review as its author sees it; `findings` say why a text is held, `points` what came with it."""

    id: UUID
    kind: Voice
    booking_id: UUID
    rating: int
    comment: str
    target_type: reviews.ReviewTarget
    target_id: UUID
    author_label: str
    status: reviews.ReviewStatus
    findings: list[reviews.Finding]
    points: int
    created_at: JstTime
    editable_until: JstTime | None
    reply: ReplyRead | None

    @classmethod
    def of(cls, posted: reviews.Posted) -> Self:
        """The wire shape of what was posted."""
        said = posted.review
        return cls(
            id=said.id,
            kind="child" if said.kind is reviews.Kind.CHILD else "parent",
            booking_id=said.booking_id,
            rating=said.rating,
            comment=said.comment,
            target_type=said.target_type,
            target_id=said.target_id,
            author_label=said.author,
            status=said.status,
            findings=said.findings,
            points=posted.points,
            created_at=said.created_at,
            editable_until=said.editable_until,
            reply=ReplyRead.of(said.reply),
        )


class ReportRead(BaseModel):
    """The report, and whether the review is hidden now."""

    id: UUID
    hidden: bool


class HelpfulRead(BaseModel):
    """How many people found a review helpful."""

    helpful_count: int


@router.post("/reviews/{kind}", status_code=201, responses=refusals(*_POST))
async def post_review(kind: Voice, body: ReviewWrite, retrying: Retrying, now: Now) -> WrittenRead:
    """Say how it was: once per booking and target, for 30 days after the attendance was recorded."""

    async def work(session: AsyncSession, actor: Actor) -> reviews.Posted:
        return await reviews.post(
            session,
            actor,
            kind=reviews.Kind(kind),
            booking_id=body.booking_id,
            target_type=body.target_type,
            target_id=body.target_id,
            rating=body.rating,
            comment=body.comment,
            now=now,
        )

    return WrittenRead.of(await retrying.run(work))


@router.patch("/reviews/{kind}/{review_id}", responses=refusals(*_WHO, ReviewWindowClosed))
async def edit_review(
    kind: Voice, review_id: UUID, body: ReviewPatch, retrying: Retrying, now: Now
) -> WrittenRead:
    """Change stars or words, for 48 hours and until the school replies."""

    async def work(session: AsyncSession, actor: Actor) -> reviews.Posted:
        return await reviews.edit(
            session,
            actor,
            kind=reviews.Kind(kind),
            review_id=review_id,
            rating=body.rating,
            comment=body.comment,
            now=now,
        )

    return WrittenRead.of(await retrying.run(work))


@router.delete("/reviews/{kind}/{review_id}", status_code=204, responses=refusals(*_WHO, ReviewWindowClosed))
async def delete_review(kind: Voice, review_id: UUID, retrying: Retrying, now: Now) -> None:
    """Take it back for good; its points go with it."""
    await retrying.run(
        lambda session, actor: reviews.delete(
            session, actor, kind=reviews.Kind(kind), review_id=review_id, now=now
        )
    )


@router.post("/reviews/{kind}/{review_id}/reports", status_code=201, responses=refusals(*_WHO, RateLimited))
async def report_review(
    kind: Voice, review_id: UUID, body: ReportWrite, retrying: Retrying, now: Now
) -> ReportRead:
    """Say that a review should not stand; again gives the first report back."""

    async def work(session: AsyncSession, actor: Actor) -> moderation.Reported:
        return await moderation.report(
            session,
            actor,
            kind=reviews.Kind(kind),
            review_id=review_id,
            reason=body.reason,
            comment=body.comment,
            now=now,
        )

    made = await retrying.run(work)
    return ReportRead(id=made.id, hidden=made.hidden)


@router.post("/reviews/{kind}/{review_id}/appeal", status_code=204, responses=refusals(*_WHO, AppealMade))
async def appeal_review(kind: Voice, review_id: UUID, body: TextWrite, retrying: Retrying, now: Now) -> None:
    """The author's one objection to a decision."""
    await retrying.run(
        lambda session, actor: moderation.appeal(
            session, actor, kind=reviews.Kind(kind), review_id=review_id, body=body.body, now=now
        )
    )


@router.post("/reviews/{kind}/{review_id}/reply", status_code=201, responses=refusals(*_WHO, ReviewExists))
async def reply_to_review(
    kind: Voice, review_id: UUID, body: TextWrite, retrying: Retrying, now: Now
) -> ReplyRead | None:
    """The school's one public answer."""
    return ReplyRead.of(
        await retrying.run(
            lambda session, actor: reviews.reply(
                session, actor, kind=reviews.Kind(kind), review_id=review_id, body=body.body, now=now
            )
        )
    )


@router.patch("/reviews/{kind}/{review_id}/reply", responses=refusals(*_WHO, ReviewWindowClosed))
async def edit_reply(
    kind: Voice, review_id: UUID, body: TextWrite, retrying: Retrying, now: Now
) -> ReplyRead | None:
    """The answer in other words, for 48 hours."""
    return ReplyRead.of(
        await retrying.run(
            lambda session, actor: reviews.edit_reply(
                session, actor, kind=reviews.Kind(kind), review_id=review_id, body=body.body, now=now
            )
        )
    )


@router.post("/reviews/{kind}/{review_id}/helpful", responses=refusals(*_WHO))
async def find_helpful(kind: Voice, review_id: UUID, retrying: Retrying, now: Now) -> HelpfulRead:
    """「役に立った」, once per person."""
    return await _vote(retrying, kind, review_id, now, wanted=True)


@router.delete("/reviews/{kind}/{review_id}/helpful", responses=refusals(*_WHO))
async def find_helpful_no_more(kind: Voice, review_id: UUID, retrying: Retrying, now: Now) -> HelpfulRead:
    """Take 「役に立った」 back."""
    return await _vote(retrying, kind, review_id, now, wanted=False)


@router.post(
    "/reviews/child/{review_id}/hide", status_code=204, responses=refusals(*_WHO, ReviewWindowClosed)
)
async def hide_review(review_id: UUID, retrying: Retrying, now: Now) -> None:
    """A guardian takes the child's review from the public pages."""
    await retrying.run(lambda session, actor: reviews.hide(session, actor, review_id=review_id, now=now))


@router.post(
    "/reviews/child/{review_id}/show", status_code=204, responses=refusals(*_WHO, ReviewWindowClosed)
)
async def show_review(review_id: UUID, retrying: Retrying, now: Now) -> None:
    """The guardian lets it be seen again."""
    await retrying.run(lambda session, actor: reviews.show(session, actor, review_id=review_id, now=now))


async def _vote(retrying: Retrying, kind: Voice, review_id: UUID, now: Now, *, wanted: bool) -> HelpfulRead:
    count = await retrying.run(
        lambda session, actor: reviews.helpful(
            session, actor, kind=reviews.Kind(kind), review_id=review_id, wanted=wanted, now=now
        )
    )
    return HelpfulRead(helpful_count=count)
