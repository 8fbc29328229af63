"""The admin's desk of reviews, and the public numbers about it (contract.md §5)."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.api.deps import CurrentActor, Now, Retrying, Session
from naraigoto.api.paging import LIMIT_DEFAULT, Cursor, Limit, Page
from naraigoto.api.problems import refusals
from naraigoto.api.public import PUBLIC
from naraigoto.api.schemas import JstTime, Named
from naraigoto.errors import (
    AlreadyDecided,
    Forbidden,
    InvalidInput,
    NotFound,
    RateLimited,
    ReviewChanged,
    Unauthenticated,
)
from naraigoto.services import moderation, reviews

router = APIRouter(tags=["moderation"])
_ADMIN = (Unauthenticated, Forbidden, InvalidInput)
Note = Annotated[str, Field(max_length=20_000)]


class Resolution(BaseModel):
    """What is decided, and why; the author reads the note.

    With the `version` of the case that was read, a review that was rewritten meanwhile is refused.
    """

    model_config = ConfigDict(extra="forbid")

    action: moderation.Action
    note: Note
    version: Annotated[str, Field(max_length=64)] | None = None


class AppealAnswer(BaseModel):
    """Whether the author was right."""

    model_config = ConfigDict(extra="forbid")

    granted: bool
    note: Note


class AppealRead(BaseModel):
    """The author's objection."""

    id: UUID
    body: str
    status: reviews.AppealStatus
    created_at: JstTime


class CaseRead(BaseModel):
    """All reports of one review; `id` is the report by which they are resolved together."""

    id: UUID
    kind: reviews.Kind
    review_id: UUID
    school: Named
    target_type: reviews.ReviewTarget
    target_name: str
    author: str
    rating: int
    comment: str
    status: reviews.ReviewStatus
    held: bool
    findings: list[reviews.Finding]
    urgency: int
    reasons: dict[moderation.ReportReason, int]
    comments: list[str]
    reports: int
    created_at: JstTime
    decided_at: JstTime | None
    action: moderation.Action | None
    note: str
    version: str
    appeal: AppealRead | None

    @classmethod
    def of(cls, case: moderation.Case) -> Self:
        """The wire shape of a case."""
        said = case.appeal
        return cls(
            id=case.report_id,
            kind=case.kind,
            review_id=case.review_id,
            school=Named(id=case.school.id, name=case.school.name),
            target_type=case.target_type,
            target_name=case.target_name,
            author=case.author,
            rating=case.rating,
            comment=case.comment,
            status=case.status,
            held=case.held,
            findings=case.findings,
            urgency=int(case.urgency),
            reasons=case.reasons,
            comments=case.comments,
            reports=case.reports,
            created_at=case.first_at,
            decided_at=case.decided_at,
            action=case.action,
            note=case.note,
            version=case.version,
            appeal=said
            and AppealRead(id=said.id, body=said.body, status=said.status, created_at=said.created_at),
        )


class TransparencyRead(BaseModel):
    """One month in numbers."""

    month: date
    posted: int
    held: int
    reports: dict[moderation.ReportReason, int]
    dismissed: int
    upheld: int
    hidden: int
    removed: int
    appeals: int
    appeals_granted: int
    median_hours: float | None


@router.get("/admin/reports", responses=refusals(*_ADMIN))
async def list_reports(
    actor: CurrentActor,
    session: Session,
    state: moderation.QueueState = moderation.QueueState.OPEN,
    cursor: Cursor = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[CaseRead]:
    """What waits for a decision, the most urgent first; or what was decided."""
    page = await moderation.queue(session, actor, state=state, cursor=cursor, limit=limit)
    return Page(items=[CaseRead.of(case) for case in page.items], next_cursor=page.next_cursor)


@router.post(
    "/admin/reports/{report_id}/resolve",
    responses=refusals(*_ADMIN, NotFound, AlreadyDecided, ReviewChanged),
)
async def resolve_report(report_id: UUID, body: Resolution, retrying: Retrying, now: Now) -> CaseRead:
    """Settle every open report of the same review; author and reporters are told."""

    async def work(session: AsyncSession, actor: Actor) -> moderation.Case:
        return await moderation.decide(
            session,
            actor,
            report_id=report_id,
            action=body.action,
            note=body.note,
            version=body.version,
            now=now,
        )

    return CaseRead.of(await retrying.run(work))


@router.post(
    "/admin/appeals/{appeal_id}/resolve",
    status_code=204,
    responses=refusals(*_ADMIN, NotFound, AlreadyDecided),
)
async def resolve_appeal(appeal_id: UUID, body: AppealAnswer, retrying: Retrying, now: Now) -> None:
    """Answer the author's objection; granted, the review comes back with its points."""

    async def work(session: AsyncSession, actor: Actor) -> None:
        await moderation.decide_appeal(
            session, actor, appeal_id=appeal_id, granted=body.granted, note=body.note, now=now
        )

    await retrying.run(work)


@router.get("/transparency", dependencies=PUBLIC, responses=refusals(InvalidInput, RateLimited))
async def read_transparency(session: Session, now: Now, month: date | None = None) -> TransparencyRead:
    """How reviews were looked after in a month (this one by default): counts only."""
    found = await moderation.transparency(session, month=month or clock.month_of(now), now=now)
    return TransparencyRead.model_validate(found, from_attributes=True)
