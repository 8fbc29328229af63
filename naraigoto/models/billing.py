"""Subscriptions, payments and the webhooks that tell of them."""

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


class Subscription(SQLModel, table=True):
    """A family's plan at Stripe; at most one live one (G29)."""

    __tablename__ = "subscriptions"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "uq_subscriptions_live",
            "family_id",
            unique=True,
            postgresql_where=text("status IN ('active', 'on_hold')"),
        ),
    )

    id: UUID = id_field()
    family_id: UUID = ref("families.id")
    stripe_subscription_id: str = Field(unique=True)
    plan: PlanId = choice(PlanId)
    status: SubscriptionStatus = choice(SubscriptionStatus)
    current_period_start: datetime | None = moment(nullable=True)
    current_period_end: datetime | None = moment(nullable=True)
    cancel_at_period_end: bool = flag()
    last_event_at: datetime | None = moment(nullable=True)
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
    """An event as it came in; recorded first, processed by a job, each once."""

    __tablename__ = "webhook_events"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
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
