"""What a guardian sees of the plan: how it stands, what to be told of, and what was paid."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, policies
from naraigoto.actor import Actor
from naraigoto.models.billing import (
    OrderStatus,
    Payment,
    PaymentKind,
    PaymentStatus,
    PlanId,
    PlanOrder,
    Subscription,
    SubscriptionStatus,
)
from naraigoto.models.tickets import TicketBalance
from naraigoto.rules import PLANS, TICKETS_EXPIRING_WITHIN
from naraigoto.services import cursors
from naraigoto.services.billing import customers, subscriptions

_CONFIRMED_WITHIN = timedelta(days=1)
_SHOWN = (PaymentStatus.PAID, PaymentStatus.FAILED, PaymentStatus.REFUNDED, PaymentStatus.OPEN)


class BannerKind(StrEnum):
    """What a guardian has to be told, the most pressing first."""

    ON_HOLD = "on_hold"
    CONFIRMING = "confirming"
    CANCEL_SCHEDULED = "cancel_scheduled"
    EXPIRING = "expiring"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Banner:
    """One thing to be told; `count` tickets and `day` where the kind has them."""

    kind: BannerKind
    count: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan of the asker's family; `status` is None for a family that never had one.

    `renews_on` is the day of the next charge, None when there will be none; `ends_on` the last day of a plan
    that was cancelled. `can_manage`: the asker is the owner guardian, who alone is told of `pending`, the yen
    that are still tried while the plan is on hold.
    """

    plan: PlanId | None
    status: SubscriptionStatus | None
    amount: int
    tickets_per_month: int
    renews_on: date | None
    ends_on: date | None
    cancel_scheduled: bool
    next_plan: PlanId | None
    can_manage: bool
    pending: int
    banners: tuple[Banner, ...]


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A line of the payments' history; `receipt_url` is Stripe's own page of the invoice."""

    id: UUID
    at: datetime
    kind: PaymentKind
    status: PaymentStatus
    plan: PlanId | None
    amount: int
    currency: str
    number: str
    receipt_url: str | None


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """Payments, newest first."""

    items: list[PaymentRow]
    next_cursor: str | None


async def overview(session: AsyncSession, actor: Actor, *, now: datetime) -> PlanView:
    """The plan and what a guardian has to be told of it.

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden for people without a family.
    """
    family_id = policies.require_guardian(actor)
    row = await subscriptions.live_of(session, family_id) or await _last(session, family_id)
    live = row is not None and row.status in subscriptions.LIVE
    buckets = await _buckets(session, family_id, clock.jst_date(now))
    confirming = not live and await _confirming(session, family_id, now)
    end = clock.jst_date(row.current_period_end) if row and row.current_period_end else None
    ending = live and row is not None and row.cancel_at_period_end
    on_hold = row is not None and row.status is SubscriptionStatus.ON_HOLD
    return PlanView(
        plan=row.plan if row else None,
        status=row.status if row else None,
        amount=PLANS[row.plan.value].amount if row and live else 0,
        tickets_per_month=PLANS[row.plan.value].tickets_per_month if row and live else 0,
        renews_on=end if live and not ending else None,
        ends_on=_ends_on(row, ending=ending),
        cancel_scheduled=ending,
        next_plan=PlanId(row.next_plan) if row and live and row.next_plan else None,
        can_manage=actor.owns_family,
        pending=await pending(session, row.id) if row and on_hold and actor.owns_family else 0,
        banners=_banners(row, buckets, confirming=confirming, now=now),
    )


async def payments(
    session: AsyncSession, actor: Actor, *, cursor: str | None = None, limit: int = 20
) -> PaymentPage:
    """What the family paid or was asked to pay, newest first; for its owner guardian alone (D9).

    What an earlier owner paid is not told: the receipts name them.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, InvalidInput for a foreign cursor.
    """
    family_id = policies.require_owner_guardian(actor)
    scope = f"payments {family_id}"
    wanted = (
        select(Payment)
        .where(Payment.family_id == family_id, col(Payment.status).in_(_SHOWN), Payment.amount > 0)
        .order_by(col(Payment.created_at).desc(), col(Payment.id).desc())
        .limit(limit + 1)
    )
    if (since := await customers.owned_since(session, family_id)) is not None:
        wanted = wanted.where(col(Payment.created_at) >= since)
    if cursor:
        at, number = cursors.decode(scope, cursor, (datetime, UUID))
        wanted = wanted.where(tuple_(col(Payment.created_at), col(Payment.id)) < tuple_(at, number))
    rows = list((await session.exec(wanted)).all())
    more = len(rows) > limit
    rows = rows[:limit]
    last = rows[-1] if more else None
    return PaymentPage(
        items=[_row(payment) for payment in rows],
        next_cursor=cursors.encode(scope, (last.created_at, last.id)) if last else None,
    )


async def pending(session: AsyncSession, subscription_id: UUID) -> int:
    """The yen that Stripe goes on trying to collect for a plan on hold, even for one that is cancelled."""
    total = await session.exec(
        select(func.coalesce(func.sum(Payment.amount), 0)).where(
            Payment.subscription_id == subscription_id,
            col(Payment.status).in_((PaymentStatus.FAILED, PaymentStatus.OPEN)),
        )
    )
    return int(total.one())


async def _last(session: AsyncSession, family_id: UUID) -> Subscription | None:
    found = await session.exec(
        select(Subscription)
        .where(Subscription.family_id == family_id, Subscription.status == SubscriptionStatus.CANCELED)
        .order_by(col(Subscription.ended_at).desc().nulls_last(), col(Subscription.created_at).desc())
        .limit(1)
    )
    return found.one_or_none()


async def _buckets(session: AsyncSession, family_id: UUID, today: date) -> list[TicketBalance]:
    found = await session.exec(
        select(TicketBalance)
        .where(
            TicketBalance.family_id == family_id,
            TicketBalance.expires_on >= today,
            TicketBalance.balance > 0,
        )
        .order_by(col(TicketBalance.month))
    )
    return list(found.all())


async def _confirming(session: AsyncSession, family_id: UUID, now: datetime) -> bool:
    """Paid at Stripe, as we were told of late, and the plan itself is still on its way."""
    found = await session.exec(
        select(PlanOrder.id)
        .outerjoin(
            Subscription,
            col(Subscription.stripe_subscription_id) == col(PlanOrder.stripe_subscription_id),
        )
        .where(
            PlanOrder.family_id == family_id,
            PlanOrder.status == OrderStatus.COMPLETED,
            col(PlanOrder.completed_at) > now - _CONFIRMED_WITHIN,
            col(Subscription.status).is_(None) | (Subscription.status == SubscriptionStatus.INCOMPLETE),
        )
        .limit(1)
    )
    return found.first() is not None


def _ends_on(row: Subscription | None, *, ending: bool) -> date | None:
    if row is None:
        return None
    if ending:
        return clock.jst_date(row.current_period_end) if row.current_period_end else None
    ended = row.status in subscriptions.ENDED
    return clock.jst_date(row.ended_at) if ended and row.ended_at else None


def _banners(
    row: Subscription | None, buckets: list[TicketBalance], *, confirming: bool, now: datetime
) -> tuple[Banner, ...]:
    left = sum(bucket.balance for bucket in buckets)
    last_day = max((bucket.expires_on for bucket in buckets), default=None)
    soon = clock.jst_date(now + TICKETS_EXPIRING_WITHIN)
    leaving = [bucket for bucket in buckets if bucket.expires_on <= soon]
    found: list[Banner] = []
    if row is not None and row.status is SubscriptionStatus.ON_HOLD:
        found.append(Banner(BannerKind.ON_HOLD, left))
    if confirming:
        found.append(Banner(BannerKind.CONFIRMING))
    if row is not None and row.status in subscriptions.LIVE and row.cancel_at_period_end:
        found.append(Banner(BannerKind.CANCEL_SCHEDULED, left, _ends_on(row, ending=True)))
    if leaving:
        count = sum(bucket.balance for bucket in leaving)
        found.append(Banner(BannerKind.EXPIRING, count, leaving[0].expires_on))
    if row is not None and row.status in subscriptions.ENDED and left:
        found.append(Banner(BannerKind.ENDED, left, last_day))
    return tuple(found)


def _row(payment: Payment) -> PaymentRow:
    plan, receipt = payment.meta.get("plan"), payment.meta.get("receipt_url")
    return PaymentRow(
        id=payment.id,
        at=payment.paid_at or payment.created_at,
        kind=payment.kind,
        status=payment.status,
        plan=PlanId(plan) if plan in PLANS else None,
        amount=payment.amount,
        currency=payment.currency,
        number=str(payment.meta.get("number") or ""),
        receipt_url=str(receipt) if receipt else None,
    )
