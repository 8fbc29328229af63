"""What the database guards beside constraints: the points view and the append-only audit log.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_POINTS_BALANCES = """
CREATE VIEW points_balances AS
  SELECT family_id, sum(delta)::int AS balance FROM points_transactions GROUP BY family_id
"""

_REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'NG900';
END $$
"""

_AUDIT_APPEND_ONLY = """
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""

_LEDGER_APPEND_ONLY = """
CREATE TRIGGER ticket_entries_append_only BEFORE UPDATE ON ticket_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    for statement in (_POINTS_BALANCES, _REFUSE_CHANGE, _AUDIT_APPEND_ONLY, _LEDGER_APPEND_ONLY):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER ticket_entries_append_only ON ticket_entries")
    op.execute("DROP TRIGGER audit_log_append_only ON audit_log")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP VIEW points_balances")
