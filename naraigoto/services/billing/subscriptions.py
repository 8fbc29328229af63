"""A family's plan as Stripe tells of it (domain.md §4): news in any order and number ends in one state.

Plan, period and flag are as old as `last_event_at`, the status as `status_at`; older news changes nothing. An
end is final. Two news of one second that differ are settled by a look at Stripe.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.adapters.payments import SubscriptionState
from naraigoto.models.billing import IssueKind, PlanId, Subscription, SubscriptionStatus
from naraigoto.services import money_notices
from naraigoto.services.billing import matters
from naraigoto.services.billing.looking import Looks, Thing

INCOMPLETE: Final = SubscriptionStatus.INCOMPLETE
ACTIVE: Final = SubscriptionStatus.ACTIVE
ON_HOLD: Final = SubscriptionStatus.ON_HOLD
CANCELED: Final = SubscriptionStatus.CANCELED
LIVE: Final = frozenset({ACTIVE, ON_HOLD})
ENDED: Final = frozenset({CANCELED, SubscriptionStatus.INCOMPLETE_EXPIRED})
# Where Stripe has given up retrying but keeps the subscription (`unpaid`), paying still mends it.
OURS: Final = {
    "incomplete": INCOMPLETE,
    "incomplete_expired": SubscriptionStatus.INCOMPLETE_EXPIRED,
    "trialing": ACTIVE,
    "active": ACTIVE,
    "past_due": ON_HOLD,
    "unpaid": ON_HOLD,
    "paused": ON_HOLD,
    "canceled": CANCELED,
}


# Whoever closed the account pays no more (D17): the family's owner, or who ordered before the family was
# passed on.
_PAYER_GONE: Final = text("""
SELECT EXISTS (
  SELECT 1 FROM families f JOIN users u ON u.id = f.parent_user_id
  WHERE f.id = :family AND u.deleted_at IS NOT NULL
  UNION ALL SELECT 1 FROM plan_orders o JOIN users u ON u.id = o.ordered_by
  WHERE o.family_id = :family AND o.stripe_subscription_id = :subscription AND u.deleted_at IS NOT NULL)
""")


class PlanUnknown(Exception):
    """A subscription that no plan of ours can be read from."""


async def live_of(session: AsyncSession, family_id: UUID) -> Subscription | None:
    """The family's plan that is active or on hold."""
    found = await session.exec(
        select(Subscription).where(Subscription.family_id == family_id, col(Subscription.status).in_(LIVE))
    )
    return found.one_or_none()


async def by_stripe_id(session: AsyncSession, subscription_id: str) -> Subscription | None:
    """The row of one of Stripe's subscriptions, as it is now."""
    found = await session.exec(
        select(Subscription)
        .where(Subscription.stripe_subscription_id == subscription_id)
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


async def row_for(
    session: AsyncSession, family_id: UUID, subscription_id: str, *, plan: str, now: datetime
) -> Subscription:
    """The row of a subscription, made when this is the first we hear of it. The family is held.

    Raises: PlanUnknown for a new one without a plan.
    """
    row = await by_stripe_id(session, subscription_id)
    if row is not None:
        return row
    if not plan:
        raise PlanUnknown
    row = Subscription(
        family_id=family_id,
        stripe_subscription_id=subscription_id,
        plan=PlanId(plan),
        status=INCOMPLETE,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def learn(
    session: AsyncSession,
    family_id: UUID,
    seen: SubscriptionState,
    *,
    at: datetime,
    scheduled: bool,
    looks: Looks,
    now: datetime,
) -> Subscription:
    """Take in what an event of the moment `at` told; `scheduled`: more is planned than it tells.

    Raises: Doubt, PlanUnknown.
    """
    row = await row_for(session, family_id, seen.id, plan=seen.plan, now=now)
    newer = row.last_event_at is None or at > row.last_event_at
    torn = row.last_event_at == at and _facts_of(row) != _facts_in(seen)
    if torn or (newer and scheduled):
        sure = looks(Thing.SUBSCRIPTION, seen.id, row.version)
        if sure is not None:
            return await accept(session, row, sure, at=at, looks=looks, now=now)
        newer = newer or _rank(seen) > _rank_of(row)
    if newer:
        await _copy(session, row, seen, now=now)
        row.last_event_at = at
        row.version += 1
    row.ended_at = seen.ended_at or row.ended_at
    await move(session, row, OURS.get(seen.status, row.status), at=at, looks=looks, now=now)
    return row


async def accept(
    session: AsyncSession,
    row: Subscription,
    sure: SubscriptionState,
    *,
    at: datetime | None = None,
    looks: Looks,
    now: datetime,
) -> Subscription:
    """Take in what Stripe itself answered just now. The family is held.

    Raises: Doubt.
    """
    await _copy(session, row, sure, now=now)
    if at is not None:
        row.last_event_at = max(row.last_event_at or at, at)
        row.status_at = max(row.status_at or at, at)
    row.version += 1
    row.ended_at = row.ended_at or sure.ended_at
    status = OURS.get(sure.status, row.status)
    if status is not row.status and status is not INCOMPLETE and row.status not in ENDED:
        await _enter(session, row, status, at=at or row.status_at or now, looks=looks, now=now)
    session.add(row)
    await session.flush()
    return row


async def move(
    session: AsyncSession,
    row: Subscription,
    to: SubscriptionStatus,
    *,
    at: datetime,
    looks: Looks,
    now: datetime,
) -> None:
    """Bring the row to a status that was true at `at`, if nothing newer is known.

    Raises: Doubt.
    """
    if to is INCOMPLETE and row.status is not INCOMPLETE:
        return
    if row.status in ENDED:
        if to in ENDED:
            row.status_at = max(row.status_at or at, at)
            session.add(row)
            await session.flush()
        return
    if {row.status, to} == LIVE:
        if row.status_at is not None and at < row.status_at:
            return
        if at == row.status_at:
            sure = looks(Thing.SUBSCRIPTION, row.stripe_subscription_id, row.version)
            if sure is not None:
                await accept(session, row, sure, at=at, looks=looks, now=now)
                return
            if to is ON_HOLD:  # a payment that arrived outweighs one that failed
                return
    if to is row.status:
        row.status_at = max(row.status_at or at, at)
    else:
        await _enter(session, row, to, at=at, looks=looks, now=now)
    session.add(row)
    await session.flush()


async def end_of_the_gone(session: AsyncSession, row: Subscription, *, looks: Looks, now: datetime) -> None:
    """End a plan that runs although whoever pays for it has closed the account. The family is held."""
    if row.status in LIVE and await _payer_gone(session, row):
        await _refuse(session, row, now=now, closed=True)
        await move(session, row, CANCELED, at=now, looks=looks, now=now)


async def _enter(
    session: AsyncSession,
    row: Subscription,
    to: SubscriptionStatus,
    *,
    at: datetime,
    looks: Looks,
    now: datetime,
) -> None:
    was_live = row.status in LIVE
    if to in LIVE and not was_live and not await _has_room(session, row, looks=looks, now=now):
        to = CANCELED
    row.status, row.version = to, row.version + 1
    row.status_at = max(row.status_at or at, at)
    if to in ENDED:
        row.ended_at = row.ended_at or at
        row.cancel_at_period_end = False
    session.add(row)
    await session.flush()
    if to is CANCELED and was_live:
        await money_notices.subscription_ended(session, subscription=row, now=now)


async def _has_room(session: AsyncSession, row: Subscription, *, looks: Looks, now: datetime) -> bool:
    """Whether the family may have this plan: one at a time (G29), and none whose payer has gone (D17)."""
    if await _payer_gone(session, row):
        await _refuse(session, row, now=now, closed=True)
        return False
    other = await live_of(session, row.family_id)
    if other is None or other.id == row.id:
        return True
    sure = looks(Thing.SUBSCRIPTION, other.stripe_subscription_id, other.version)
    if sure is not None:
        await accept(session, other, sure, looks=looks, now=now)
    else:
        await _enter(session, other, CANCELED, at=now, looks=looks, now=now)
        await matters.raise_issue(
            session,
            IssueKind.SUBSCRIPTION_DIFFERS,
            about=other.stripe_subscription_id,
            family_id=row.family_id,
            now=now,
            subscription=other.stripe_subscription_id,
        )
    if other.status not in LIVE:
        return True
    await _refuse(session, row, now=now, kept=other.stripe_subscription_id)
    return False


async def _refuse(session: AsyncSession, row: Subscription, *, now: datetime, **why: object) -> None:
    """The job ends it at Stripe; whether money goes back is for an admin to judge."""
    row.end_due_at = now
    await matters.raise_issue(
        session,
        IssueKind.SUBSCRIPTION_REFUSED,
        about=row.stripe_subscription_id,
        family_id=row.family_id,
        now=now,
        subscription=row.stripe_subscription_id,
        **why,
    )


async def _payer_gone(session: AsyncSession, row: Subscription) -> bool:
    asked = {"family": row.family_id, "subscription": row.stripe_subscription_id}
    return (await (await session.connection()).execute(_PAYER_GONE, asked)).scalar_one()


async def _copy(session: AsyncSession, row: Subscription, seen: SubscriptionState, *, now: datetime) -> None:
    row.plan = PlanId(seen.plan) if seen.plan else row.plan
    row.next_plan = seen.next_plan or None
    row.current_period_start, row.current_period_end = seen.period_start, seen.period_end
    ending = seen.cancel_at_period_end and row.status not in ENDED
    told = ending and not row.cancel_at_period_end
    row.cancel_at_period_end = ending
    session.add(row)
    await session.flush()
    if told:
        await money_notices.cancel_scheduled(session, subscription=row, now=now)


def _facts_of(row: Subscription) -> tuple[object, ...]:
    return (row.plan.value, row.current_period_start, row.current_period_end, row.cancel_at_period_end)


def _facts_in(seen: SubscriptionState) -> tuple[object, ...]:
    return (seen.plan, seen.period_start, seen.period_end, seen.cancel_at_period_end)


# Where Stripe does not know what its own news tells of: any order will do, so long as it is always the same.
def _rank(seen: SubscriptionState) -> tuple[float, bool, str]:
    return (seen.period_end.timestamp(), seen.cancel_at_period_end, seen.plan)


def _rank_of(row: Subscription) -> tuple[float, bool, str]:
    end = row.current_period_end
    return (end.timestamp() if end else 0.0, row.cancel_at_period_end, row.plan.value)
