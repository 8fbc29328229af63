"""A guardian's hiding of a child's review is kept beside what admins decide about it.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "reviews_child", sa.Column("guardian_hid", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.execute("UPDATE reviews_child SET guardian_hid = true WHERE hidden_for = 'guardian'")


def downgrade() -> None:
    op.drop_column("reviews_child", "guardian_hid")
