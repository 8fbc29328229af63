"""Search: text and statistics kept in step with schools, the search function, the refresh of scores.

`search_schools` walks the order asked for over a bounded number of rows with exact filters; when the
page fills, that is the page. Only else it gathers the matching set (bigram index, circle or day) and
sorts it. No statistics are needed, and both ways give the same rows (docs/decisions/0002).

Revision ID: 0005
Revises: 0004
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQL = Path(__file__).with_suffix("")
_FUNCTIONS = ("refresh_school_stats", "index_schools", "search_schools")


def upgrade() -> None:
    op.add_column(
        "schools_stats", sa.Column("rating_score", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "schools_stats",
        sa.Column(
            "published_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")
        ),
    )
    for name, column in (("rating", "rating_score"), ("newest", "published_at")):
        op.create_index(
            f"ix_schools_stats_{name}",
            "schools_stats",
            [sa.text(f"{column} DESC"), sa.text("school_id DESC")],
        )
    for name in (*_FUNCTIONS, "triggers"):
        statement = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(statement, execution_options={"no_parameters": True})


def downgrade() -> None:
    for table in ("schools", "areas", "categories"):
        op.execute(f"DROP TRIGGER {table}_indexed_update ON {table}")
    op.execute("DROP TRIGGER schools_indexed_insert ON schools")
    for name in (
        "schools_inserted",
        "schools_updated",
        "areas_updated",
        "categories_updated",
        *reversed(_FUNCTIONS),
    ):
        op.execute(f"DROP FUNCTION {name}")
    for name in ("rating", "newest"):
        op.drop_index(f"ix_schools_stats_{name}", "schools_stats")
    op.drop_column("schools_stats", "published_at")
    op.drop_column("schools_stats", "rating_score")
