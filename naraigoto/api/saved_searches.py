"""Searches that a guardian keeps, and the weekly mail of new slots in them."""

from typing import Self
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from naraigoto import clock
from naraigoto.api.deps import CurrentActor, Now, Session
from naraigoto.api.problems import refusals
from naraigoto.api.schemas import JstTime
from naraigoto.errors import Forbidden, InvalidInput, NotFound, TooManySavedSearches, Unauthenticated
from naraigoto.services import saved_searches, search

router = APIRouter(prefix="/me/saved-searches", tags=["search"])


class SavedSearchRead(BaseModel):
    """A kept search; `query` is the query string of GET /schools and of /search."""

    id: UUID
    query: str
    created_at: JstTime

    @classmethod
    def of(cls, row: saved_searches.SavedRow) -> Self:
        """The wire shape of a row."""
        return cls(id=row.id, query=urlencode(row.filters.query()), created_at=row.created_at)


class SavedSearches(BaseModel):
    """Everything the caller keeps, and whether the weekly mail comes."""

    items: list[SavedSearchRead]
    next_cursor: str | None = None
    by_mail: bool


class SavedSearchCreate(BaseModel):
    """The filters to keep, as they stand in an address."""

    query: str = Field(max_length=2_000)


class MailWish(BaseModel):
    """Whether the weekly mail is wanted."""

    wanted: bool


@router.get("", responses=refusals(Unauthenticated, Forbidden))
async def list_saved_searches(actor: CurrentActor, session: Session, now: Now) -> SavedSearches:
    """The caller's kept searches, the newest first."""
    kept = await saved_searches.kept(session, actor, now=now)
    return SavedSearches(items=[SavedSearchRead.of(row) for row in kept.items], by_mail=kept.by_mail)


@router.post(
    "",
    status_code=201,
    responses=refusals(Unauthenticated, Forbidden, InvalidInput, TooManySavedSearches),
)
async def save_search(
    body: SavedSearchCreate, actor: CurrentActor, session: Session, now: Now
) -> SavedSearchRead:
    """Keep a search; the same one again answers the one that is kept."""
    given = search.joined(parse_qsl(body.query, keep_blank_values=True))
    filters = search.parse(given, today=clock.jst_date(now))
    return SavedSearchRead.of(await saved_searches.save(session, actor, filters=filters, now=now))


@router.put("/mail", status_code=204, responses=refusals(Unauthenticated, Forbidden))
async def want_mail(body: MailWish, actor: CurrentActor, session: Session, now: Now) -> None:
    """Turn the weekly mail of new slots on or off."""
    await saved_searches.want_mail(session, actor, wanted=body.wanted, now=now)


@router.delete("/{saved_id}", status_code=204, responses=refusals(Unauthenticated, Forbidden, NotFound))
async def forget_search(saved_id: UUID, actor: CurrentActor, session: Session) -> None:
    """Keep a search no longer."""
    await saved_searches.forget(session, actor, saved_id=saved_id)
