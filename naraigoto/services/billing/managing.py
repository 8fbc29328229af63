"""A plan that runs: Stripe's page for card and plan, 「解約」 and its undoing, ending it at once (D4)."""

from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.adapters.payments import Payments, SubscriptionState
from naraigoto.errors import NotFound
from naraigoto.models.billing import Subscription
from naraigoto.rules import WEBHOOK_LEASE
from naraigoto.services import idempotency
from naraigoto.services.billing import customers, orders, subscriptions
from naraigoto.services.billing.checkout import Run, asked, customer_of
from naraigoto.services.billing.looking import Looks

_PORTAL_SCOPE: Final = "POST /billing/portal-session"
_ENDING_BATCH: Final = 20
# Claimed by moving the moment ahead: a worker that dies gives it back after the lease.
_CLAIM_ENDING = text("""
UPDATE subscriptions SET end_due_at = :until WHERE id IN (
  SELECT id FROM subscriptions WHERE end_due_at <= :now ORDER BY end_due_at LIMIT :limit
  FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id, stripe_subscription_id
""")


class _NoPageYet(Exception):
    """Nobody has used this key before."""


async def portal(
    run: Run, payments: Payments, *, key: str | None = None, public_url: str, now: datetime
) -> str:
    """The address of Stripe's page where the family's owner changes card or plan, or cancels.

    `key` is the caller's Idempotency-Key: the same one gets the same page again.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, InvalidInput, PaymentsAway.
    """
    customer_id = await customer_of(run, payments)
    if key is not None:
        with suppress(_NoPageYet):
            return await run(partial(_first_page, key=key, url=None, now=now))
    page = await asked(
        payments.open_portal(customer_id=customer_id, return_url=f"{public_url}/tickets?from=stripe")
    )
    return page if key is None else await run(partial(_first_page, key=key, url=page, now=now))


async def cancel(run: Run, payments: Payments, *, now: datetime) -> None:
    """Let the plan end with its period (D4); saying it twice changes nothing.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound without a plan, PaymentsAway.
    """
    subscription_id = await run(_own_live)
    state = await asked(payments.cancel_at_period_end(subscription_id))
    await run(partial(_take_in, state=state, now=now))


async def undo_cancel(run: Run, payments: Payments, *, now: datetime) -> None:
    """Let the plan go on after all; saying it twice changes nothing.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound without a plan, PaymentsAway.
    """
    subscription_id = await run(_own_live)
    state = await asked(payments.undo_cancel(subscription_id))
    await run(partial(_take_in, state=state, now=now))


async def cancel_now_for(session: AsyncSession, family_id: UUID, *, now: datetime) -> bool:
    """End the family's plan at once, as an account's deletion does (D17); False when there was none.

    For services that have settled that this may be done. Here it ends with the caller's transaction; the
    webhooks' job ends it at Stripe, as often as it takes, and closes a page that waits for a payment. What
    was paid and granted stays.
    """
    await customers.hold(session, family_id)
    await orders.let_go(session, family_id, now=now)
    row = await subscriptions.live_of(session, family_id)
    if row is None:
        await session.flush()
        return False
    row.end_due_at = now
    await subscriptions.move(session, row, subscriptions.CANCELED, at=now, looks=Looks(), now=now)
    return True


async def claim_endings(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, str]]:
    """Subscriptions that have to be ended at Stripe: ours and Stripe's ids. Commit before ending them."""
    values = {"now": now, "until": now + WEBHOOK_LEASE, "limit": _ENDING_BATCH}
    found = await (await session.connection()).execute(_CLAIM_ENDING, values)
    return [(row.id, row.stripe_subscription_id) for row in found]


async def ended(session: AsyncSession, subscription_id: UUID) -> None:
    """Stripe has ended it."""
    row = await session.get_one(Subscription, subscription_id, populate_existing=True)
    row.end_due_at = None
    session.add(row)
    await session.flush()


async def _first_page(
    session: AsyncSession, actor: Actor, *, key: str, url: str | None, now: datetime
) -> str:
    """The page that this key got first; `url` when there was none.

    Raises: _NoPageYet without `url`, which takes the key back with its transaction.
    """
    policies.require_owner_guardian(actor)

    async def work() -> dict[str, Any]:
        if url is None:
            raise _NoPageYet
        return {"portal_url": url}

    nothing = idempotency.fingerprint(None)
    answer = await idempotency.once(
        session, actor, key=key, scope=_PORTAL_SCOPE, body_hash=nothing, work=work, now=now
    )
    return answer["portal_url"]


async def _own_live(session: AsyncSession, actor: Actor) -> str:
    row = await subscriptions.live_of(session, policies.require_owner_guardian(actor))
    if row is None:
        raise NotFound
    return row.stripe_subscription_id


async def _take_in(session: AsyncSession, actor: Actor, *, state: SubscriptionState, now: datetime) -> None:
    family_id = policies.require_owner_guardian(actor)
    await customers.hold(session, family_id)
    found = await session.exec(
        select(Subscription)
        .where(col(Subscription.stripe_subscription_id) == state.id, Subscription.family_id == family_id)
        .execution_options(populate_existing=True)
    )
    await subscriptions.accept(session, found.one(), state, looks=Looks(), now=now)
