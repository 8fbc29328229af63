"""Schools, the people who run them, their instructors and kinds of lessons."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, created, day, flag, id_field, moment, prose, ref
from naraigoto.rules import BOOKING_CUTOFF_HOURS_DEFAULT, CancelPolicy


class SchoolStatus(StrEnum):
    """D18: only published schools are seen and booked."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    NEEDS_INFO = "needs_info"
    PUBLISHED = "published"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class SafetyBadge(StrEnum):
    """日本版DBS (D18): what an admin has confirmed about the school."""

    NONE = "none"
    PLANNED = "planned"
    APPLIED = "applied"
    CERTIFIED = "certified"


class SchoolRole(StrEnum):
    """What a member of a school is there (G4)."""

    OWNER = "owner"
    STAFF = "staff"


def _keys() -> Any:
    return Field(
        default_factory=list,
        sa_column=Column(ARRAY(Text), nullable=False, server_default=text("'{}'")),
    )


class School(SQLModel, table=True):
    """A place that gives lessons. Ratings and counts live in `schools_stats`, never here."""

    __tablename__ = "schools"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name_length"),
        CheckConstraint("booking_cutoff_hours BETWEEN 0 AND 72", name="cutoff_range"),
        CheckConstraint(
            "safety_badge <> 'certified' OR (safety_number IS NOT NULL AND safety_on >= DATE '2026-12-25')",
            name="certified_has_number",
        ),
        # Of a circle only the schools of the genre are visited.
        Index("ix_schools_location", "location", "category_code", postgresql_using="gist"),
    )

    id: UUID = id_field()
    name: str
    name_kana: str = prose()
    area_code: str = ref("areas.code")
    category_code: str = ref("categories.code")
    summary: str = prose()
    description: str = prose()
    address: str = prose()
    access: str = prose()
    location: Any = Field(
        default=None, sa_column=Column(Geography("POINT", srid=4326, spatial_index=False), nullable=False)
    )
    image_keys: list[str] = _keys()
    status: SchoolStatus = choice(SchoolStatus, default=SchoolStatus.DRAFT)
    booking_cutoff_hours: int = Field(default=BOOKING_CUTOFF_HOURS_DEFAULT)
    cancel_policy: CancelPolicy = choice(CancelPolicy, default=CancelPolicy.DAY_BEFORE_20)
    safety_badge: SafetyBadge = choice(SafetyBadge, default=SafetyBadge.NONE)
    safety_number: str | None = Field(default=None)
    safety_on: date | None = day(nullable=True)
    published_at: datetime | None = moment(nullable=True)
    deleted_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()


class SchoolMember(SQLModel, table=True):
    """Who runs the school, whatever their user type (G4)."""

    __tablename__ = "school_members"  # pyright: ignore[reportAssignmentType]

    school_id: UUID = Field(foreign_key="schools.id", primary_key=True, ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", primary_key=True, ondelete="CASCADE", index=True)
    role: SchoolRole = choice(SchoolRole)
    created_at: datetime = created()


class Instructor(SQLModel, table=True):
    """A teacher of one school."""

    __tablename__ = "instructors"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint("length(name) BETWEEN 1 AND 40", name="name_length"),)

    id: UUID = id_field()
    school_id: UUID = ref("schools.id", ondelete="CASCADE")
    name: str
    name_kana: str = prose()
    profile: str = prose()
    image_key: str | None = Field(default=None)
    deleted_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()


class Class(SQLModel, table=True):
    """A kind of lesson: what is taught, to whom, for how long and how many tickets."""

    __tablename__ = "classes"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("length(title) BETWEEN 1 AND 80", name="title_length"),
        CheckConstraint("capacity BETWEEN 1 AND 200", name="capacity_range"),
        CheckConstraint("duration_min BETWEEN 10 AND 480", name="duration_range"),
        CheckConstraint("ticket_cost BETWEEN 1 AND 10", name="ticket_cost_range"),
        CheckConstraint("age_min >= 0 AND age_max BETWEEN age_min AND 18", name="age_range"),
    )

    id: UUID = id_field()
    school_id: UUID = ref("schools.id", ondelete="CASCADE")
    title: str
    description: str = prose()
    belongings: str = prose()
    capacity: int
    duration_min: int
    ticket_cost: int = Field(default=1)
    age_min: int = Field(default=0)
    age_max: int = Field(default=18)
    instructor_choice: bool = flag()
    image_key: str | None = Field(default=None)
    deleted_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()
