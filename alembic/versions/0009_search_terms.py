"""Search by more words and filters: classes, instructors, places and synonyms; terms for suggestions; saved searches.

The text of a school now holds everything a visitor may read of it, and the synonyms of what it says, so that a
query stays a plain AND of words; every dash in it is a long vowel (norm). Conditions are composed once for pages
and for counts (search_pieces).

Revision ID: 0009
Revises: 0008
"""

from pathlib import Path

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SQL = Path(__file__).with_suffix("")
_BEFORE = _SQL.with_name("0005_search")
_FILTERS = """
CREATE TYPE search_filters AS (
  q text, areas text[], category text, days date[], time_from time, time_until time, age int, choice boolean,
  near geography, radius float8, child_rating int, safe boolean)
"""
_STARTS = {"name": "left(norm, 24)", "kana": "left(split_part(norm, chr(10), 2), 24)"}


def _run(folder: Path, *names: str) -> None:
    for name in names:
        _run_text((folder / f"{name}.sql").read_text(encoding="utf-8"))


def _run_text(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement, execution_options={"no_parameters": True})


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS fuzzystrmatch")
    _terms()
    _saved_searches()
    op.add_column(
        "schools_stats", sa.Column("safety", sa.SmallInteger(), nullable=False, server_default=sa.text("0"))
    )
    for name, condition in (("rated", "child_review_count >= 3"), ("safe", "safety >= 2")):
        op.create_index(
            f"ix_schools_stats_{name}",
            "schools_stats",
            [sa.text("score DESC"), sa.text("school_id DESC")],
            postgresql_where=sa.text(condition),
        )
    _index_places("location", "category_code")
    op.execute("DROP FUNCTION index_schools, search_schools")
    op.execute(_FILTERS)
    _run(
        _SQL,
        "norm",
        "school_text",
        "index_schools",
        "triggers",
        "search_pieces",
        "search_schools",
        "count_schools",
    )
    # The words of schools that are there already; load_reference() does it again when it brings new terms.
    op.execute("SELECT index_schools(ARRAY(SELECT id FROM schools ORDER BY id))")


def _index_places(*columns: str) -> None:
    op.drop_index("ix_schools_location", "schools")
    op.create_index("ix_schools_location", "schools", list(columns), postgresql_using="gist")


def _terms() -> None:
    op.create_table(
        "search_terms",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("norm", sa.Text(), nullable=False),
        sa.Column("kana", sa.Text(), nullable=False),
        sa.Column(
            "location",
            geoalchemy2.types.Geography(geometry_type="POINT", srid=4326, spatial_index=False),
            nullable=True,
        ),
        sa.CheckConstraint(
            "kind IN ('genre', 'area', 'station', 'word')", name=op.f("ck_search_terms_term_kind")
        ),
        sa.CheckConstraint(
            "length(norm) > 0 AND length(kana) > 0", name=op.f("ck_search_terms_says_something")
        ),
        sa.PrimaryKeyConstraint("kind", "code", "text", name=op.f("pk_search_terms")),
    )


def _saved_searches() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("query", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_searches_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint("user_id", "address", name="uq_saved_searches_once"),
    )
    op.add_column(
        "notification_settings",
        sa.Column("stop_key", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.create_unique_constraint("uq_notification_settings_stop_key", "notification_settings", ["stop_key"])
    for name, start in _STARTS.items():
        op.create_index(
            f"ix_school_search_{name}",
            "school_search",
            [sa.literal_column(start).label("start")],
            postgresql_ops={"start": "text_pattern_ops"},
        )


def downgrade() -> None:
    for table in ("classes", "instructors"):
        for event in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER {table}_indexed_{event} ON {table}")
    op.execute("DROP FUNCTION school_parts_changed, school_part_updated, index_schools, school_text")
    op.execute("DROP FUNCTION search_schools, count_schools, search_pieces")
    op.execute("DROP TYPE search_filters")
    for name in _STARTS:
        op.drop_index(f"ix_school_search_{name}", "school_search")
    _index_places("location")
    for name in ("rated", "safe"):
        op.drop_index(f"ix_schools_stats_{name}", "schools_stats")
    op.drop_column("schools_stats", "safety")
    op.drop_column("notification_settings", "stop_key")
    op.drop_table("saved_searches")
    op.drop_table("search_terms")
    _run_text((_SQL / "norm.sql").read_text(encoding="utf-8").replace("−-〜", "−－〜"))  # as it was in 0001
    _run(_BEFORE, "index_schools", "search_schools")
    op.execute("DROP TRIGGER schools_indexed_update ON schools")
    op.execute("DROP TRIGGER areas_indexed_update ON areas")
    op.execute(
        "CREATE TRIGGER schools_indexed_update AFTER UPDATE OF name, name_kana, summary, description, area_code,"
        " category_code, status, published_at, deleted_at ON schools"
        " FOR EACH ROW EXECUTE FUNCTION schools_updated()"
    )
    op.execute(
        "CREATE TRIGGER areas_indexed_update AFTER UPDATE OF name ON areas"
        " FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION areas_updated()"
    )
    op.execute("SELECT index_schools(ARRAY(SELECT id FROM schools ORDER BY id))")
