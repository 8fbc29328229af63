"""Areas, genres, schools and classes to choose from (contract.md §5). Public."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from naraigoto import clock
from naraigoto.api.deps import Now, Session
from naraigoto.api.fresh import FreshRoute
from naraigoto.api.paging import LIMIT_DEFAULT, Cursor, Limit, Page
from naraigoto.api.problems import refusals
from naraigoto.api.public import PUBLIC
from naraigoto.api.schemas import Coded, JstTime, Location, Named
from naraigoto.errors import InvalidInput, RateLimited, SearchTooBroad
from naraigoto.rules import SEARCH_COUNT_CAP
from naraigoto.services import search
from naraigoto.services.media import image_url

router = APIRouter(
    tags=["search"], route_class=FreshRoute, dependencies=PUBLIC, responses=refusals(RateLimited)
)


class AreaRead(Coded):
    """A municipality with the centre that stands in for a position."""

    kana: str
    prefecture: str
    location: Location


class CategoryRead(Coded):
    """A genre."""

    kana: str


class Reason(BaseModel):
    """Why a school stands where it stands (D20): name, distance, rating_child, open_slots, new, …."""

    code: str
    value: float | None


class SchoolItem(BaseModel):
    """A school in a list."""

    id: UUID
    name: str
    area: Coded
    category: Coded
    summary: str
    image_url: str | None
    location: Location
    distance_m: int | None
    rating_parent: float | None
    rating_child: float | None
    review_count: int
    like_count: int
    next_lesson_at: JstTime | None
    open_slots: int
    tickets_from: int | None
    safety_badge: search.SafetyBadge
    reasons: list[Reason]

    @classmethod
    def of(cls, row: search.SchoolRow) -> Self:
        """The wire shape of a row."""
        return cls(
            id=row.id,
            name=row.name,
            area=Coded(code=row.area.code, name=row.area.name),
            category=Coded(code=row.category.code, name=row.category.name),
            summary=row.summary,
            image_url=image_url(row.image_key) or None,
            location=Location(lat=row.lat, lng=row.lng),
            distance_m=row.distance_m,
            rating_parent=row.rating_parent,
            rating_child=row.rating_child,
            review_count=row.review_count,
            like_count=row.like_count,
            next_lesson_at=row.next_lesson_at,
            open_slots=row.open_slots,
            tickets_from=row.tickets_from,
            safety_badge=row.safety_badge,
            reasons=[Reason(code=code, value=value) for code, value in row.reasons],
        )


class SchoolsPage(Page[SchoolItem]):
    """Schools, and the words that were meant when only those are found."""

    corrected: str | None = None


class SchoolCount(BaseModel):
    """How many schools; `capped` when there are that many and more."""

    count: int
    capped: bool


class SuggestionItem(BaseModel):
    """Something to choose while typing: `id` is a code, of schools their id."""

    kind: search.SuggestionKind
    id: str
    text: str
    detail: str
    location: Location | None


class ScheduleRead(BaseModel):
    """A slot of a class."""

    id: UUID
    start_at: JstTime
    end_at: JstTime
    instructor: Named | None
    seats_left: int

    @classmethod
    def of(cls, slot: search.SlotRow) -> Self:
        """The wire shape of a slot."""
        teacher = slot.instructor
        return cls(
            id=slot.id,
            start_at=slot.start_at,
            end_at=slot.end_at,
            instructor=Named(id=teacher.id, name=teacher.name) if teacher else None,
            seats_left=slot.seats_left,
        )


class ClassItem(BaseModel):
    """A class with its coming slots, full ones included."""

    id: UUID
    title: str
    school: Named
    capacity: int
    duration_min: int
    ticket_cost: int
    age_min: int
    age_max: int
    instructor_choice: bool
    schedules: list[ScheduleRead]

    @classmethod
    def of(cls, row: search.ClassRow) -> Self:
        """The wire shape of a class."""
        return cls(
            id=row.id,
            title=row.title,
            school=Named(id=row.school.id, name=row.school.name),
            capacity=row.capacity,
            duration_min=row.duration_min,
            ticket_cost=row.ticket_cost,
            age_min=row.age_min,
            age_max=row.age_max,
            instructor_choice=row.instructor_choice,
            schedules=[ScheduleRead.of(slot) for slot in row.slots],
        )


class SchoolQuery(BaseModel):
    """Filters as they stand in an address; each is read and refused by the search service.

    `area` and `weekday` (mon … sun) may come several times or joined by commas.
    """

    q: str = ""
    area: str = ""
    category: str = ""
    date: str = ""
    weekday: str = ""
    time: str = ""
    near: str = ""
    radius_m: str = ""
    travel: str = ""
    age: str = ""
    instructor_choice: str = ""
    child_rating: str = ""
    safety: str = ""
    sort: str = ""


class SchoolPageQuery(SchoolQuery):
    """The filters and which page of what they find."""

    cursor: Cursor = None
    limit: Limit = LIMIT_DEFAULT


@router.get("/areas")
async def list_areas(session: Session) -> Page[AreaRead]:
    """Every municipality."""
    rows = await search.areas(session)
    items = [
        AreaRead(
            code=row.code,
            name=row.name,
            kana=row.kana,
            prefecture=row.prefecture,
            location=Location(lat=row.lat, lng=row.lng),
        )
        for row in rows
    ]
    return Page(items=items)


@router.get("/categories")
async def list_categories(session: Session) -> Page[CategoryRead]:
    """Every genre in its order."""
    rows = await search.categories(session)
    return Page(items=[CategoryRead(code=row.code, name=row.name, kana=row.kana) for row in rows])


@router.get("/schools", responses=refusals(InvalidInput, SearchTooBroad))
async def list_schools(
    request: Request, asked: Annotated[SchoolPageQuery, Query()], session: Session, now: Now
) -> SchoolsPage:
    """Published schools by keyword, areas, genre, free seats, place, age, ratings by children and badge."""
    page = await search.schools(
        session, filters=_filters(request, now), cursor=asked.cursor, limit=asked.limit, now=now
    )
    return SchoolsPage(
        items=[SchoolItem.of(row) for row in page.items],
        next_cursor=page.next_cursor,
        corrected=page.corrected,
    )


@router.get("/schools/count", responses=refusals(InvalidInput, SearchTooBroad))
async def count_schools(
    request: Request, asked: Annotated[SchoolQuery, Query()], session: Session, now: Now
) -> SchoolCount:
    """How many schools the same filters find, counted up to a thousand."""
    found = await search.count(session, filters=_filters(request, now), now=now)
    return SchoolCount(count=found, capped=found >= SEARCH_COUNT_CAP)


@router.get("/schools/suggest", responses=refusals(SearchTooBroad))
async def suggest_schools(session: Session, q: str = "") -> Page[SuggestionItem]:
    """Genres, areas, stations and schools for what has been typed so far."""
    found = await search.suggest(session, typed=q)
    return Page(
        items=[
            SuggestionItem(
                kind=item.kind,
                id=item.id,
                text=item.text,
                detail=item.detail,
                location=Location(lat=item.near.lat, lng=item.near.lng) if item.near else None,
            )
            for item in found
        ]
    )


def _filters(request: Request, now: datetime) -> search.SearchFilters:
    # From the address itself: a parameter that comes several times would lose all but its last value.
    return search.parse(search.joined(request.query_params.multi_items()), today=clock.jst_date(now))


@router.get("/classes", responses=refusals(InvalidInput))
async def list_classes(
    session: Session,
    now: Now,
    school_id: UUID | None = None,
    instructor_id: UUID | None = None,
    area: str | None = None,
    category: str | None = None,
    date: date | None = None,
    cursor: Cursor = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[ClassItem]:
    """Classes of published schools; with a date, those with a free seat on that Japanese day."""
    filters = search.ClassFilters(
        school_id=school_id,
        instructor_id=instructor_id,
        area=area or None,
        category=category or None,
        day=date,
    )
    page = await search.classes(session, filters=filters, cursor=cursor, limit=limit, now=now)
    return Page(items=[ClassItem.of(row) for row in page.items], next_cursor=page.next_cursor)
