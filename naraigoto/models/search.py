"""What search reads: areas, genres, the text index and the narrow statistics (postgres.md §2b)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import counter, moment, prose, ref


class Area(SQLModel, table=True):
    """A municipality: JIS X 0402 code, names and the centre used when nobody shares a position."""

    __tablename__ = "areas"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint("code ~ '^[0-9]{5}$'", name="code_format"),)

    code: str = Field(primary_key=True, max_length=5)
    prefecture: str
    name: str
    kana: str = prose()
    centre: Any = Field(
        default=None, sa_column=Column(Geography("POINT", srid=4326, spatial_index=False), nullable=False)
    )


class Category(SQLModel, table=True):
    """A genre of lessons."""

    __tablename__ = "categories"  # pyright: ignore[reportAssignmentType]

    code: str = Field(primary_key=True, max_length=20)
    name: str
    kana: str = prose()
    position: int = counter()


class SchoolSearch(SQLModel, table=True):
    """Normalised text of a school. Kept apart so that new scores never touch the GIN index."""

    __tablename__ = "school_search"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "ix_school_search_grams",
            text("ng_grams(norm)"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
    )

    school_id: UUID = Field(foreign_key="schools.id", primary_key=True, ondelete="CASCADE")
    norm: str = prose()


class SchoolStats(SQLModel, table=True):
    """Ratings of both voices, counts and score of a published school (G35, D20).

    `score` is a whole number (× 1000), so it is exact inside a keyset cursor. A row exists exactly
    while the school is published: what is not here is not found. `rating_score` orders by the child's
    Bayesian mean, then the parent's.
    """

    __tablename__ = "schools_stats"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("ix_schools_stats_score", text("score DESC"), text("school_id DESC")),
        Index("ix_schools_stats_area", "area_code", text("score DESC"), text("school_id DESC")),
        Index("ix_schools_stats_category", "category_code", text("score DESC"), text("school_id DESC")),
        Index(
            "ix_schools_stats_area_category",
            "area_code",
            "category_code",
            text("score DESC"),
            text("school_id DESC"),
        ),
        Index("ix_schools_stats_rating", text("rating_score DESC"), text("school_id DESC")),
        Index("ix_schools_stats_newest", text("published_at DESC"), text("school_id DESC")),
    )

    school_id: UUID = Field(foreign_key="schools.id", primary_key=True, ondelete="CASCADE")
    area_code: str = ref("areas.code", index=False)
    category_code: str = ref("categories.code", index=False)
    parent_rating_sum: int = counter()
    parent_review_count: int = counter()
    child_rating_sum: int = counter()
    child_review_count: int = counter()
    like_count: int = counter()
    bookings_90d: int = counter()
    score: int = Field(default=3500, sa_column_kwargs={"server_default": text("3500")})
    rating_score: int = counter()
    published_at: datetime = moment(sa_column_kwargs={"server_default": text("now()")})
    refreshed_at: datetime | None = moment(nullable=True)
