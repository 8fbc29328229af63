"""Reviews at scale and under moderation: tallies, age bands, votes, appeals, what was decided and why it is hidden.

Revision ID: 0011
Revises: 0010
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_HERE = Path(__file__).with_suffix("")
_BEFORE = _HERE.with_name("0005_search")
_VOICES = ("parent", "child")
_EVENTS = {
    "insert": "INSERT ON {table} REFERENCING NEW TABLE AS fresh",
    "update": "UPDATE ON {table} REFERENCING OLD TABLE AS gone NEW TABLE AS fresh",
    "delete": "DELETE ON {table} REFERENCING OLD TABLE AS gone",
}
_LISTS = {
    "school_age": ["school_id", "age_band", "created_at", "id"],
    "target_age": ["target_id", "age_band", "created_at", "id"],
    "school_helpful": ["school_id", "helpful_count", "created_at", "id"],
    "target_helpful": ["target_id", "helpful_count", "created_at", "id"],
}


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _checked(table: str, column: str, name: str, *values: str) -> None:
    op.add_column(table, sa.Column(column, _enum(name, *values), nullable=True))
    listed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(name, table, f"{column} IN ({listed})")


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    default = None if nullable else sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def upgrade() -> None:
    op.add_column("users", _moment("reviews_suspended_until", nullable=True))
    _reports()
    _votes()
    _appeals()
    op.create_table(
        "review_tallies",
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("voice", sa.String(6), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("number >= 0", name="never_negative"),
        sa.PrimaryKeyConstraint("target_id", "voice", "rating"),
    )
    for name in ("tally_reviews", "band_review", "band_trigger"):
        op.execute((_HERE / f"{name}.sql").read_text())
    for voice in _VOICES:
        _reviews(f"reviews_{voice}", voice)
    # What the guardian wants is kept beside what admins decide.
    op.add_column(
        "reviews_child", sa.Column("guardian_hid", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.execute((_HERE / "refresh_school_stats.sql").read_text())


def _reviews(table: str, voice: str) -> None:
    _checked(table, "hidden_for", "hidden_for", "reports", "guardian")
    _checked(table, "age_band", "age_band", "preschool", "lower", "upper", "teens")
    op.execute(f"UPDATE {table} SET age_band = review_age_band(booking_id)")
    op.execute(
        f"INSERT INTO review_tallies SELECT target_id, '{voice}', rating, count(*) FROM {table}"
        " WHERE status = 'published' GROUP BY target_id, rating"
    )
    for name, columns in _LISTS.items():
        op.create_index(
            f"ix_{table}_{name}", table, columns, postgresql_where=sa.text("status = 'published'")
        )
    op.execute(
        f"CREATE TRIGGER {table}_band BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION band_review()"
    )
    for event, when in _EVENTS.items():
        op.execute(
            f"CREATE TRIGGER {table}_tally_{event} AFTER {when.format(table=table)}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION tally_reviews('{voice}')"
        )


def _reports() -> None:
    op.alter_column("review_reports", "reporter_user_id", nullable=True)
    _checked("review_reports", "action", "report_action", "dismiss", "hide", "remove", "warn", "suspend")
    op.create_index(
        "uq_review_reports_held",
        "review_reports",
        [sa.text("coalesce(parent_review_id, child_review_id, message_id)")],
        unique=True,
        postgresql_where=sa.text("reporter_user_id IS NULL AND status = 'open'"),
    )


def _of_one_review() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("parent_review_id", sa.Uuid(), nullable=True),
        sa.Column("child_review_id", sa.Uuid(), nullable=True),
        _moment("created_at"),
        sa.CheckConstraint("num_nonnulls(parent_review_id, child_review_id) = 1", name="one_review"),
        sa.ForeignKeyConstraint(["parent_review_id"], ["reviews_parent.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["child_review_id"], ["reviews_child.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )


def _votes() -> None:
    op.create_table(
        "review_votes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *_of_one_review(),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("user_id", "parent_review_id"),
        sa.UniqueConstraint("user_id", "child_review_id"),
    )
    for voice in _VOICES:
        op.create_index(None, "review_votes", [f"{voice}_review_id"])


def _appeals() -> None:
    op.create_table(
        "review_appeals",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of_one_review(),
        sa.Column("author_user_id", sa.Uuid(), nullable=False),
        sa.Column("decision_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("status", _enum("appeal_status", "open", "granted", "rejected"), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        _moment("decided_at", nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("length(body) BETWEEN 1 AND 500", name="body_length"),
        sa.CheckConstraint("status IN ('open', 'granted', 'rejected')", name="appeal_status"),
        sa.ForeignKeyConstraint(["author_user_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"]),
        sa.UniqueConstraint("parent_review_id", "decision_at"),
        sa.UniqueConstraint("child_review_id", "decision_at"),
    )
    op.create_index(None, "review_appeals", ["author_user_id"])
    op.create_index(None, "review_appeals", ["decided_by"])
    op.create_index(
        "ix_review_appeals_open",
        "review_appeals",
        ["created_at"],
        postgresql_where=sa.text("status = 'open'"),
    )


def downgrade() -> None:
    op.execute((_BEFORE / "refresh_school_stats.sql").read_text().replace("CREATE ", "CREATE OR REPLACE ", 1))
    for voice in _VOICES:
        table = f"reviews_{voice}"
        for event in _EVENTS:
            op.execute(f"DROP TRIGGER {table}_tally_{event} ON {table}")
        op.execute(f"DROP TRIGGER {table}_band ON {table}")
        for name in _LISTS:
            op.drop_index(f"ix_{table}_{name}", table)
        op.drop_column(table, "age_band")
        op.drop_column(table, "hidden_for")
    op.drop_column("reviews_child", "guardian_hid")
    for function in ("tally_reviews()", "band_review()", "review_age_band(uuid)"):
        op.execute(f"DROP FUNCTION {function}")
    for table in ("review_tallies", "review_appeals", "review_votes"):
        op.drop_table(table)
    op.drop_index("uq_review_reports_held", "review_reports")
    op.drop_column("review_reports", "action")
    op.execute("DELETE FROM review_reports WHERE reporter_user_id IS NULL")
    op.alter_column("review_reports", "reporter_user_id", nullable=False)
    op.drop_column("users", "reviews_suspended_until")
