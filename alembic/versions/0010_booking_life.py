"""What the life of a booking needs: questions to the family, who waits for whom, the calendar's address.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ASKED_BY_THE_OWNER = """
UPDATE waitlist_entries w SET asked_by = f.parent_user_id FROM families f WHERE f.id = w.family_id
"""


def upgrade() -> None:
    question = sa.Enum("moved", "instructor", name="booking_question", native_enum=False, length=32)
    op.add_column("bookings", sa.Column("question", question, nullable=True))
    op.add_column("bookings", sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint("booking_question", "bookings", "question IN ('moved', 'instructor')")
    op.create_check_constraint(
        "question_with_its_end", "bookings", "(question IS NULL) = (answer_by IS NULL)"
    )

    op.add_column("waitlist_entries", sa.Column("asked_by", sa.Uuid(), nullable=True))
    op.execute(_ASKED_BY_THE_OWNER)
    op.alter_column("waitlist_entries", "asked_by", nullable=False)
    op.create_foreign_key(None, "waitlist_entries", "users", ["asked_by"], ["id"])
    op.create_index(None, "waitlist_entries", ["asked_by"])
    op.add_column("waitlist_entries", sa.Column("refills_booking_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(None, "waitlist_entries", "bookings", ["refills_booking_id"], ["id"])
    op.create_unique_constraint(None, "waitlist_entries", ["refills_booking_id"])
    op.create_index(
        "ix_waitlist_entries_offers",
        "waitlist_entries",
        ["offer_expires_at"],
        postgresql_where=sa.text("status = 'offered'"),
    )

    op.create_table(
        "calendar_feeds",
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["families.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"]),
        sa.PrimaryKeyConstraint("family_id"),
        sa.UniqueConstraint("token"),
    )
    op.create_index(None, "calendar_feeds", ["made_by"])


def downgrade() -> None:
    op.drop_table("calendar_feeds")
    op.drop_index("ix_waitlist_entries_offers", "waitlist_entries")
    op.drop_column("waitlist_entries", "refills_booking_id")
    op.drop_column("waitlist_entries", "asked_by")
    op.drop_column("bookings", "answer_by")
    op.drop_column("bookings", "question")
