"""What search reads: areas, genres, the text index and the narrow statistics (postgres.md §2b)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, counter, created, facts, id_field, moment, prose, ref


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


class TermKind(StrEnum):
    """What a term names; `word` stands for synonyms that are no genre."""

    GENRE = "genre"
    AREA = "area"
    STATION = "station"
    WORD = "word"


class SearchTerm(SQLModel, table=True):
    """A word people type: suggested, corrected to, and a synonym of the others of its code."""

    __tablename__ = "search_terms"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint("length(norm) > 0 AND length(kana) > 0", name="says_something"),)

    kind: TermKind = choice(TermKind, primary_key=True)
    code: str = Field(sa_type=Text, primary_key=True)
    text: str = Field(sa_type=Text, primary_key=True)
    norm: str = Field(sa_type=Text)
    kana: str = Field(sa_type=Text)
    location: Any = Field(
        default=None, sa_column=Column(Geography("POINT", srid=4326, spatial_index=False), nullable=True)
    )


class SavedSearch(SQLModel, table=True):
    """Filters a guardian keeps; `address` is their query string, so the same ones are kept once."""

    __tablename__ = "saved_searches"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("user_id", "address", name="uq_saved_searches_once"),)

    id: UUID = id_field()
    user_id: UUID = ref("users.id", index=False, ondelete="CASCADE")
    address: str = Field(sa_type=Text)
    query: dict[str, Any] = facts()
    created_at: datetime = created()


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
        # Suggestions: the first letters of the name and of its reading, which are the first two lines.
        Index(
            "ix_school_search_name",
            literal_column("left(norm, 24)").label("start"),
            postgresql_ops={"start": "text_pattern_ops"},
        ),
        Index(
            "ix_school_search_kana",
            literal_column("left(split_part(norm, chr(10), 2), 24)").label("start"),
            postgresql_ops={"start": "text_pattern_ops"},
        ),
    )

    school_id: UUID = Field(foreign_key="schools.id", primary_key=True, ondelete="CASCADE")
    norm: str = prose()


class SchoolStats(SQLModel, table=True):
    """Ratings of both voices, counts and score of a published school (G35, D20).

    `score` is a whole number (× 1000), so it is exact inside a keyset cursor. A row exists exactly
    while the school is published: what is not here is not found. `rating_score` orders by the child's
    Bayesian mean, then the parent's. `safety` counts the badge up: 0 none, 1 planned, 2 applied, 3 certified.
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
        Index(
            "ix_schools_stats_rated",
            text("score DESC"),
            text("school_id DESC"),
            postgresql_where=text("child_review_count >= 3"),
        ),
        Index(
            "ix_schools_stats_safe",
            text("score DESC"),
            text("school_id DESC"),
            postgresql_where=text("safety >= 2"),
        ),
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
    safety: int = counter(sa_type=SmallInteger)
    refreshed_at: datetime | None = moment(nullable=True)
