"""Orders, subscriptions, payments, the webhooks that tell of them, and what needs a person's eye."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from naraigoto.models.base import choice, counter, created, facts, flag, id_field, moment, prose, ref


class PlanId(StrEnum):
    """The plans of D1."""

    LIGHT = "light"
    STANDARD = "standard"
    FAMILY = "family"


class SubscriptionStatus(StrEnum):
    """domain.md §4."""

    INCOMPLETE = "incomplete"
    INCOMPLETE_EXPIRED = "incomplete_expired"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    CANCELED = "canceled"


class PaymentKind(StrEnum):
    """What the payment was for."""

    FIRST = "first"
    RENEWAL = "renewal"
    UPGRADE = "upgrade"
    OTHER = "other"


class PaymentStatus(StrEnum):
    """How the payment stands."""

    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"
    VOID = "void"


class OrderStatus(StrEnum):
    """An order is open until it is paid, replaced by another or too old."""

    OPEN = "open"
    COMPLETED = "completed"
    EXPIRED = "expired"


class IssueKind(StrEnum):
    """What no rule can settle, so that an admin has to look at it."""

    TICKET_DEBT = "ticket_debt"
    PARTIAL_REFUND = "partial_refund"
    FREE_INVOICE = "free_invoice"
    PLAN_UNKNOWN = "plan_unknown"
    SUBSCRIPTION_REFUSED = "second_subscription"  # kept under the name of its first reason
    SUBSCRIPTION_DIFFERS = "subscription_differs"
    INVOICE_MISSING = "invoice_missing"
    BALANCE_WRONG = "balance_wrong"


class PlanOrder(SQLModel, table=True):
    """What a guardian agreed to on the 「最終確認」 page, and Stripe's page for it; one open one a family."""

    __tablename__ = "plan_orders"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("uq_plan_orders_open", "family_id", unique=True, postgresql_where=text("status = 'open'")),
        CheckConstraint("amount > 0", name="costs_something"),
    )

    id: UUID = id_field()
    family_id: UUID = ref("families.id")
    ordered_by: UUID = ref("users.id")
    plan: PlanId = choice(PlanId)
    amount: int
    page_version: str = Field(max_length=20)
    confirmed_at: datetime = moment()
    status: OrderStatus = choice(OrderStatus, default=OrderStatus.OPEN)
    stripe_session_id: str | None = Field(default=None, unique=True)
    checkout_url: str = prose()
    expires_at: datetime = moment()
    completed_at: datetime | None = moment(nullable=True)
    stripe_subscription_id: str | None = Field(default=None)
    created_at: datetime = created()


class Subscription(SQLModel, table=True):
    """A family's plan at Stripe; at most one live one (G29).

    `last_event_at` is the age of plan, period and flag, `status_at` that of the status: invoices tell of the
    status alone. `end_due_at` asks the job to end it at Stripe. `version` counts changes.
    """

    __tablename__ = "subscriptions"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "uq_subscriptions_live",
            "family_id",
            unique=True,
            postgresql_where=text("status IN ('active', 'on_hold')"),
        ),
        Index("ix_subscriptions_end_due", "end_due_at", postgresql_where=text("end_due_at IS NOT NULL")),
    )

    id: UUID = id_field()
    family_id: UUID = ref("families.id")
    stripe_subscription_id: str = Field(unique=True)
    plan: PlanId = choice(PlanId)
    status: SubscriptionStatus = choice(SubscriptionStatus)
    current_period_start: datetime | None = moment(nullable=True)
    current_period_end: datetime | None = moment(nullable=True)
    cancel_at_period_end: bool = flag()
    next_plan: str | None = Field(default=None, max_length=32)
    last_event_at: datetime | None = moment(nullable=True)
    status_at: datetime | None = moment(nullable=True)
    ended_at: datetime | None = moment(nullable=True)
    end_due_at: datetime | None = moment(nullable=True)
    version: int = counter()
    created_at: datetime = created()


class Payment(SQLModel, table=True):
    """One invoice, paid or not. Amounts are whole yen; receipts are kept as the law requires (D17)."""

    __tablename__ = "payments"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint("amount >= 0", name="not_negative"),)

    id: UUID = id_field()
    family_id: UUID = ref("families.id")
    subscription_id: UUID | None = ref("subscriptions.id", nullable=True)
    stripe_invoice_id: str | None = Field(default=None, unique=True)
    stripe_payment_intent_id: str | None = Field(default=None, unique=True)
    kind: PaymentKind = choice(PaymentKind)
    status: PaymentStatus = choice(PaymentStatus)
    amount: int
    currency: str = Field(default="jpy", max_length=3)
    meta: dict[str, Any] = facts()
    paid_at: datetime | None = moment(nullable=True)
    created_at: datetime = created()


class WebhookEvent(SQLModel, table=True):
    """An event as it came in; recorded first, processed by a job, each once.

    While a worker holds it, `run_at` lies a lease ahead.
    """

    __tablename__ = "webhook_events"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("ix_webhook_events_dead", "received_at", postgresql_where=text("dead_at IS NOT NULL")),
        Index(
            "ix_webhook_events_due",
            "run_at",
            "id",
            postgresql_where=text("processed_at IS NULL AND dead_at IS NULL"),
        ),
    )

    id: UUID = id_field()
    event_id: str = Field(unique=True)
    type: str
    payload: dict[str, Any] = facts()
    received_at: datetime = moment()
    run_at: datetime = moment()
    attempts: int = counter()
    last_error: str = prose()
    processed_at: datetime | None = moment(nullable=True)
    dead_at: datetime | None = moment(nullable=True)


class BillingIssue(SQLModel, table=True):
    """Something about money that an admin has to look at; found once per `key`, settled with a note."""

    __tablename__ = "billing_issues"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("ix_billing_issues_open", "found_at", postgresql_where=text("settled_at IS NULL")),
    )

    id: UUID = id_field()
    kind: IssueKind = choice(IssueKind)
    key: str = Field(unique=True)
    family_id: UUID | None = ref("families.id", nullable=True)
    facts: dict[str, Any] = facts()
    found_at: datetime = moment()
    settled_at: datetime | None = moment(nullable=True)
    settled_by: UUID | None = ref("users.id", nullable=True)
    note: str = prose()
