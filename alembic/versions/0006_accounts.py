"""Addresses not yet proved, one local password a person, devices that act as a child, invitations taken back.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("pending_email", sa.String(length=254), nullable=True))
    op.create_index(
        "uq_identities_local_user",
        "identities",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("provider = 'local'"),
    )
    op.add_column("sessions", sa.Column("acting_as", sa.Uuid(), nullable=True))
    op.add_column("sessions", sa.Column("identity_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_sessions_acting_as"), "sessions", ["acting_as"], unique=False)
    op.create_index(op.f("ix_sessions_identity_id"), "sessions", ["identity_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_sessions_acting_as_users"), "sessions", "users", ["acting_as"], ["id"], ondelete="CASCADE"
    )
    op.create_foreign_key(
        op.f("fk_sessions_identity_id_identities"),
        "sessions",
        "identities",
        ["identity_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.add_column("family_invitations", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("family_invitations", "revoked_at")
    op.drop_constraint(op.f("fk_sessions_identity_id_identities"), "sessions", type_="foreignkey")
    op.drop_constraint(op.f("fk_sessions_acting_as_users"), "sessions", type_="foreignkey")
    op.drop_index(op.f("ix_sessions_identity_id"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_acting_as"), table_name="sessions")
    op.drop_column("sessions", "identity_id")
    op.drop_column("sessions", "acting_as")
    op.drop_index("uq_identities_local_user", table_name="identities")
    op.drop_column("users", "pending_email")
