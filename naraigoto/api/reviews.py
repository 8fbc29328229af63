"""Published reviews of a school (contract.md §5). Public, and nobody's name in them (G41)."""

from typing import Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from naraigoto.api.deps import CurrentActor, Session
from naraigoto.api.paging import LIMIT_DEFAULT, Cursor, Limit, Page
from naraigoto.api.problems import refusals
from naraigoto.api.public import PUBLIC
from naraigoto.api.schemas import JstTime
from naraigoto.errors import InvalidInput, NotFound, RateLimited
from naraigoto.services import reviews
from naraigoto.texts.schools import author_label

router = APIRouter(tags=["reviews"], dependencies=PUBLIC, responses=refusals(RateLimited))


class ReplyRead(BaseModel):
    """The school's one public answer."""

    body: str
    created_at: JstTime
    edited_at: JstTime | None

    @classmethod
    def of(cls, reply: reviews.Reply | None) -> Self | None:
        """The wire shape of a reply, where there is one."""
        if reply is None:
            return None
        return cls(body=reply.body, created_at=reply.created_at, edited_at=reply.edited_at)


class ReviewRead(BaseModel):
    """One voice."""

    id: UUID
    kind: Literal["parent", "child"]
    rating: int
    comment: str
    target_type: str
    target_id: UUID
    author_label: str
    created_at: JstTime
    edited_at: JstTime | None
    helpful_count: int
    reply: ReplyRead | None

    @classmethod
    def of(cls, row: reviews.ReviewRow) -> Self:
        """The wire shape of a review."""
        return cls(
            id=row.id,
            kind="child" if row.kind is reviews.Kind.CHILD else "parent",
            rating=row.rating,
            comment=row.comment,
            target_type=row.target_type.value,
            target_id=row.target_id,
            author_label=author_label(row.kind, row.grade.stage, row.grade.number),
            created_at=row.created_at,
            edited_at=row.edited_at,
            helpful_count=row.helpful_count,
            reply=ReplyRead.of(row.reply),
        )


class PairRead(BaseModel):
    """Both voices of one family on one lesson."""

    id: UUID
    kind: Literal["family"] = "family"
    author_label: str
    created_at: JstTime
    gap: int
    parent: ReviewRead
    child: ReviewRead

    @classmethod
    def of(cls, pair: reviews.PairRow) -> Self:
        """The wire shape of a pair."""
        grade = pair.parent.grade
        return cls(
            id=pair.parent.id,
            author_label=author_label(reviews.Kind.FAMILY, grade.stage, grade.number),
            created_at=pair.parent.created_at,
            gap=pair.gap,
            parent=ReviewRead.of(pair.parent),
            child=ReviewRead.of(pair.child),
        )


@router.get("/schools/{school_id}/reviews", responses=refusals(NotFound, InvalidInput))
async def list_reviews(
    school_id: UUID,
    actor: CurrentActor,
    session: Session,
    kind: reviews.Kind | None = None,
    instructor_id: UUID | None = None,
    age: reviews.AgeBand | None = None,
    sort: reviews.Sort = reviews.Sort.NEWEST,
    cursor: Cursor = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[ReviewRead | PairRead]:
    """Newest or most helpful first; `family` pairs the parent's and the child's review of one family."""
    page = await reviews.of_school(
        session,
        actor,
        school_id=school_id,
        kind=kind,
        instructor_id=instructor_id,
        band=age,
        sort=sort,
        cursor=cursor,
        limit=limit,
    )
    items = [
        PairRead.of(row) if isinstance(row, reviews.PairRow) else ReviewRead.of(row) for row in page.items
    ]
    return Page(items=items, next_cursor=page.next_cursor)
