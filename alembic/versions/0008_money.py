"""What the life of a plan needs: orders, ages of what Stripe told, and matters for an admin's eye.

Revision ID: 0008
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

_PLANS = ("light", "standard", "family")
_REASONS = ("grant", "spend", "refund", "expire", "adjust", "redeem")
_ISSUES = (
    "ticket_debt",
    "partial_refund",
    "free_invoice",
    "plan_unknown",
    "second_subscription",
    "subscription_differs",
    "invoice_missing",
    "balance_wrong",
)
_ADDED = {
    "next_plan": sa.String(length=32),
    "status_at": sa.DateTime(timezone=True),
    "ended_at": sa.DateTime(timezone=True),
    "end_due_at": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    _reasons((*_REASONS, "revoke"), "")
    _make_issues()
    _make_orders()
    for name, kind in _ADDED.items():
        op.add_column("subscriptions", sa.Column(name, kind, nullable=True))
    op.add_column(
        "subscriptions", sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.create_index(
        "ix_subscriptions_end_due",
        "subscriptions",
        ["end_due_at"],
        postgresql_where=sa.text("end_due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_webhook_events_dead",
        "webhook_events",
        ["received_at"],
        postgresql_where=sa.text("dead_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_webhook_events_dead", table_name="webhook_events")
    op.drop_index("ix_subscriptions_end_due", table_name="subscriptions")
    for name in ("version", *reversed(_ADDED)):
        op.drop_column("subscriptions", name)
    op.drop_table("plan_orders")
    op.drop_table("billing_issues")
    # The ledger is append-only: lines with the reason that is taken back stay as they are.
    _reasons(_REASONS, "NOT VALID")


def _reasons(allowed: tuple[str, ...], validity: str) -> None:
    values = ", ".join(f"'{reason}'" for reason in allowed)
    op.execute("ALTER TABLE ticket_entries DROP CONSTRAINT ck_ticket_entries_ticket_reason")
    op.execute(
        "ALTER TABLE ticket_entries ADD CONSTRAINT ck_ticket_entries_ticket_reason"
        f" CHECK (reason IN ({values})) {validity}"
    )


def _make_issues() -> None:
    op.create_table(
        "billing_issues",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", _choice("issue_kind", _ISSUES), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.Column(
            "facts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        _ref("billing_issues", "family_id", "families"),
        _ref("billing_issues", "settled_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_issues")),
        sa.UniqueConstraint("key", name=op.f("uq_billing_issues_key")),
    )
    for column in ("family_id", "settled_by"):
        op.create_index(op.f(f"ix_billing_issues_{column}"), "billing_issues", [column])
    op.create_index(
        "ix_billing_issues_open",
        "billing_issues",
        ["found_at"],
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def _make_orders() -> None:
    op.create_table(
        "plan_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("ordered_by", sa.Uuid(), nullable=False),
        sa.Column("plan", _choice("plan_id", _PLANS), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("page_version", sa.String(length=20), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", _choice("order_status", ("open", "completed", "expired")), nullable=False),
        sa.Column("stripe_session_id", sa.String(), nullable=True),
        sa.Column("checkout_url", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stripe_subscription_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_plan_orders_costs_something")),
        _ref("plan_orders", "family_id", "families"),
        _ref("plan_orders", "ordered_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_orders")),
        sa.UniqueConstraint("stripe_session_id", name=op.f("uq_plan_orders_stripe_session_id")),
    )
    for column in ("family_id", "ordered_by"):
        op.create_index(op.f(f"ix_plan_orders_{column}"), "plan_orders", [column])
    op.create_index(
        "uq_plan_orders_open",
        "plan_orders",
        ["family_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _ref(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)
