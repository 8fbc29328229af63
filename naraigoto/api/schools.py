"""One school, one instructor (contract.md §5). Public while published; members see their own."""

from datetime import date
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from naraigoto import clock
from naraigoto.api.deps import CurrentActor, Now, Session
from naraigoto.api.problems import refusals
from naraigoto.api.public import PUBLIC
from naraigoto.api.schemas import Coded, JstTime, Location, Named, Titled
from naraigoto.errors import NotFound, RateLimited
from naraigoto.rules import BOOKING_HORIZON
from naraigoto.services import schedules, schools
from naraigoto.services.media import image_url

router = APIRouter(tags=["schools"], dependencies=PUBLIC, responses=refusals(RateLimited))


class Badge(BaseModel):
    """What an admin confirmed for the 日本版DBS (D18)."""

    status: str
    number: str | None
    date: date | None


class StatsRead(BaseModel):
    """Figures of both voices, apart; a rating is null below three ratings. `spread` counts 1 to 5."""

    rating_parent: float | None
    rating_child: float | None
    parent_review_count: int
    child_review_count: int
    parent_spread: list[int]
    child_spread: list[int]

    @classmethod
    def of(cls, parent: schools.Voice, child: schools.Voice) -> Self:
        """The wire shape of two voices."""
        return cls(
            rating_parent=parent.rating,
            rating_child=child.rating,
            parent_review_count=parent.count,
            child_review_count=child.count,
            parent_spread=list(parent.spread),
            child_spread=list(child.spread),
        )


class SchoolStatsRead(StatsRead):
    """The figures of a school."""

    like_count: int = 0
    bookings_90d: int = 0


class InstructorItem(BaseModel):
    """An instructor of a school."""

    id: UUID
    name: str
    name_kana: str
    profile: str
    image_url: str | None


class ClassRead(BaseModel):
    """A class of a school; its slots are at GET /classes."""

    id: UUID
    title: str
    description: str
    belongings: str
    capacity: int
    duration_min: int
    ticket_cost: int
    age_min: int
    age_max: int
    instructor_choice: bool
    image_url: str | None


class SchoolRead(BaseModel):
    """Everything a visitor may know of a school."""

    id: UUID
    name: str
    name_kana: str
    area: Coded
    category: Coded
    summary: str
    description: str
    address: str
    access: str
    location: Location
    image_url: str | None
    image_urls: list[str]
    safety_badge: Badge
    published: bool
    published_at: JstTime | None
    rating_parent: float | None
    rating_child: float | None
    review_count: int
    like_count: int
    instructors: list[InstructorItem]
    classes: list[ClassRead]
    stats: SchoolStatsRead

    @classmethod
    def of(cls, school: schools.SchoolDetail) -> Self:
        """The wire shape of a school."""
        pictures = [image_url(key) for key in school.image_keys]
        voices = StatsRead.of(school.parent, school.child)
        stats = SchoolStatsRead(
            **voices.model_dump(), like_count=school.like_count, bookings_90d=school.bookings_90d
        )
        return cls(
            id=school.id,
            name=school.name,
            name_kana=school.name_kana,
            area=Coded(code=school.area.code, name=school.area.name),
            category=Coded(code=school.category.code, name=school.category.name),
            summary=school.summary,
            description=school.description,
            address=school.address,
            access=school.access,
            location=Location(lat=school.lat, lng=school.lng),
            image_url=pictures[0] if pictures else None,
            image_urls=pictures,
            safety_badge=Badge(
                status=school.safety_badge.value, number=school.safety_number, date=school.safety_on
            ),
            published=school.published,
            published_at=school.published_at,
            rating_parent=school.parent.rating,
            rating_child=school.child.rating,
            review_count=school.parent.count + school.child.count,
            like_count=school.like_count,
            instructors=[_instructor(card) for card in school.instructors],
            classes=[_class(card) for card in school.classes],
            stats=stats,
        )


class InstructorSchedule(BaseModel):
    """A coming slot of an instructor."""

    id: UUID
    start_at: JstTime
    end_at: JstTime
    class_: Titled
    seats_left: int

    model_config = {
        "serialize_by_alias": True,
        "alias_generator": lambda name: name.rstrip("_"),
        "populate_by_name": True,
    }


class InstructorRead(BaseModel):
    """Everything a visitor may know of an instructor."""

    id: UUID
    name: str
    name_kana: str
    profile: str
    image_url: str | None
    school: Named
    area: Coded
    category: Coded
    rating_parent: float | None
    rating_child: float | None
    review_count: int
    classes: list[Titled]
    schedules: list[InstructorSchedule]
    stats: StatsRead


@router.get("/schools/{school_id}", responses=refusals(NotFound))
async def read_school(school_id: UUID, actor: CurrentActor, session: Session) -> SchoolRead:
    """A school with its instructors, classes and figures."""
    return SchoolRead.of(await schools.school(session, actor, school_id=school_id))


@router.get("/instructors/{instructor_id}", responses=refusals(NotFound))
async def read_instructor(
    instructor_id: UUID, actor: CurrentActor, session: Session, now: Now
) -> InstructorRead:
    """An instructor with the school, the coming slots and the figures."""
    found = await schools.instructor(session, actor, instructor_id=instructor_id, now=now)
    slots = await schedules.coming(
        session, actor, instructor_id=instructor_id, first=clock.jst_date(now), days=BOOKING_HORIZON, now=now
    )
    return InstructorRead(
        id=found.id,
        name=found.name,
        name_kana=found.name_kana,
        profile=found.profile,
        image_url=image_url(found.image_key) or None,
        school=Named(id=found.school.id, name=found.school.name),
        area=Coded(code=found.area.code, name=found.area.name),
        category=Coded(code=found.category.code, name=found.category.name),
        rating_parent=found.parent.rating,
        rating_child=found.child.rating,
        review_count=found.parent.count + found.child.count,
        classes=[Titled(id=taught.id, title=taught.title) for taught in found.classes],
        schedules=[_slot(slot) for slot in slots],
        stats=StatsRead.of(found.parent, found.child),
    )


def _slot(slot: schedules.Slot) -> InstructorSchedule:
    return InstructorSchedule(
        id=slot.id,
        start_at=slot.start_at,
        end_at=slot.end_at,
        class_=Titled(id=slot.class_id, title=slot.title),
        seats_left=slot.seats_left,
    )


def _instructor(card: schools.InstructorCard) -> InstructorItem:
    return InstructorItem(
        id=card.id,
        name=card.name,
        name_kana=card.name_kana,
        profile=card.profile,
        image_url=image_url(card.image_key) or None,
    )


def _class(card: schools.ClassCard) -> ClassRead:
    return ClassRead(
        id=card.id,
        title=card.title,
        description=card.description,
        belongings=card.belongings,
        capacity=card.capacity,
        duration_min=card.duration_min,
        ticket_cost=card.ticket_cost,
        age_min=card.age_min,
        age_max=card.age_max,
        instructor_choice=card.instructor_choice,
        image_url=image_url(card.image_key) or None,
    )
