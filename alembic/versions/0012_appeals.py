"""An appeal is made against one decision, so that a new decision about the same review can be appealed anew.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_VOICES = ("parent", "child")
_AGAINST_THE_LAST = """
UPDATE review_appeals a SET decision_at = coalesce((
  SELECT max(d.decided_at) FROM review_reports d
  WHERE coalesce(d.parent_review_id, d.child_review_id) = coalesce(a.parent_review_id, a.child_review_id)
    AND d.status = 'upheld' AND d.decided_at <= a.created_at), a.created_at)
"""
# One appeal a review is all the older schema holds: the newest stays.
_ONLY_THE_NEWEST = """
DELETE FROM review_appeals a USING review_appeals newer
WHERE coalesce(a.parent_review_id, a.child_review_id)
    = coalesce(newer.parent_review_id, newer.child_review_id) AND newer.decision_at > a.decision_at
"""


def upgrade() -> None:
    op.add_column("review_appeals", sa.Column("decision_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(_AGAINST_THE_LAST)
    op.alter_column("review_appeals", "decision_at", nullable=False)
    for voice in _VOICES:
        column = f"{voice}_review_id"
        op.drop_constraint(f"uq_review_appeals_{column}", "review_appeals")
        op.create_unique_constraint(None, "review_appeals", [column, "decision_at"])


def downgrade() -> None:
    op.execute(_ONLY_THE_NEWEST)
    op.drop_column("review_appeals", "decision_at")
    for voice in _VOICES:
        op.create_unique_constraint(None, "review_appeals", [f"{voice}_review_id"])
