"""From a plan to Stripe's page: short transactions with Stripe's answers between them, never inside one.

`run` performs one step in a transaction of its own, as whoever is asking (`retrying.run`, `retrying_edge`).
However often and however parallel somebody asks, a family has one customer and one open page: both calls
carry keys of ours that answer the same thing again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.adapters.payments import (
    CheckoutOrder,
    CheckoutPage,
    Payments,
    PaymentsRefused,
    PaymentsUnavailable,
)
from naraigoto.errors import AlreadySubscribed, PaymentsAway
from naraigoto.models.accounts import User
from naraigoto.models.billing import OrderStatus, PlanOrder
from naraigoto.models.families import Family
from naraigoto.services import idempotency
from naraigoto.services.billing import customers, orders

Result = TypeVar("Result")
Work = Callable[[AsyncSession, Actor], Awaitable[Result]]

RETRY_AFTER_SECONDS: Final = 30
_SCOPE: Final = "POST /billing/checkout-session"
_ROUNDS: Final = 3
# Another request of ours with the same key is at Stripe this very moment: its answer is ours, too.
_IN_USE: Final = "idempotency_key_in_use"
_PATIENCE: Final = (0.2, 0.4, 0.8, 1.6)
_LINK = text("""
UPDATE families SET stripe_customer_id = :customer WHERE id = :family AND stripe_customer_id IS NULL
""")
_log = structlog.get_logger()


class Run(Protocol):
    """Performs one step in a transaction of its own; runs it again after a deadlock."""

    async def __call__(self, work: Work[Result]) -> Result:
        """The answer of `work`, committed."""
        ...


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where to send the guardian."""

    order_id: UUID
    session_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays: what Stripe may know of the family."""

    family_id: UUID
    user_id: UUID
    customer_id: str | None
    email: str
    name: str


async def checkout(
    run: Run,
    payments: Payments,
    *,
    plan: str,
    page_version: str = orders.PAGE_OF_API,
    key: str | None = None,
    public_url: str,
    now: datetime,
) -> Checkout:
    """Order a plan and open Stripe's page for it; `key` is the caller's Idempotency-Key.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, InvalidInput, IdempotencyKeyReused,
        AlreadySubscribed, PaymentsAway.
    """
    replace: UUID | None = None
    for _ in range(_ROUNDS):
        step = partial(_begin, plan=plan, page_version=page_version, key=key, replace=replace, now=now)
        try:
            order = await run(step)
        except orders.PageInTheWay as older:
            await _close_page(payments, older.session_id)
            replace = older.order_id
        else:
            return await _open_page(run, payments, order, public_url)
    raise PaymentsAway(retry_after=RETRY_AFTER_SECONDS)


async def customer_of(run: Run, payments: Payments) -> str:
    """The customer of the asker's family, made at Stripe when there is none yet.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, PaymentsAway.
    """
    payer = await run(_payer)
    if payer.customer_id is not None:
        return payer.customer_id
    made = await asked(
        payments.ensure_customer(
            family_id=str(payer.family_id),
            email=payer.email,
            name=payer.name,
            # Each owner of a family has a customer of their own.
            key=f"naraigoto:customer:{payer.family_id}:{payer.user_id}",
        )
    )
    return await run(partial(_link, customer_id=made))


async def asked(answer: Awaitable[Result]) -> Result:
    """What Stripe answers, in our words.

    Raises: PaymentsAway.
    """
    try:
        return await answer
    except PaymentsUnavailable as away:
        _log.warning("billing.stripe_away", reason=str(away))
        raise PaymentsAway(retry_after=RETRY_AFTER_SECONDS) from away
    except PaymentsRefused as refusal:
        _log.error("billing.stripe_refused", reason=refusal.code)
        raise PaymentsAway(retry_after=RETRY_AFTER_SECONDS) from refusal


async def _begin(
    session: AsyncSession,
    actor: Actor,
    *,
    plan: str,
    page_version: str,
    key: str | None,
    replace: UUID | None,
    now: datetime,
) -> PlanOrder:
    begin = partial(
        orders.begin, session, actor, plan=plan, page_version=page_version, replace=replace, now=now
    )
    if key is None:
        return await begin()
    policies.require_owner_guardian(actor)

    async def work() -> dict[str, Any]:
        return {"order_id": str((await begin()).id)}

    answer = await idempotency.once(
        session,
        actor,
        key=key,
        scope=_SCOPE,
        body_hash=idempotency.fingerprint({"plan": plan, "page_version": page_version}),
        work=work,
        now=now,
    )
    return await orders.get(session, actor, order_id=UUID(answer["order_id"]))


async def _open_page(run: Run, payments: Payments, order: PlanOrder, public_url: str) -> Checkout:
    if (known := _page_of(order)) is not None:
        return known
    customer_id = await customer_of(run, payments)
    wanted = CheckoutOrder(
        customer_id=customer_id,
        plan=order.plan.value,
        reference=str(order.id),
        success_url=f"{public_url}/plans/done?order={order.id}",
        cancel_url=f"{public_url}/plans?plan={order.plan.value}",
        metadata={
            "family_id": str(order.family_id),
            "order_id": str(order.id),
            "plan": order.plan.value,
            "page_version": order.page_version,
        },
    )
    for pause in (*_PATIENCE, None):
        try:
            page = await payments.open_checkout(wanted, key=f"naraigoto:checkout:{order.id}")
        except PaymentsRefused as refusal:
            if refusal.code == _IN_USE and pause is not None:
                await asyncio.sleep(pause)
                continue
            await run(partial(_give_up, order_id=order.id))
            _log.error("billing.stripe_refused", reason=refusal.code)
            raise PaymentsAway(retry_after=RETRY_AFTER_SECONDS) from refusal
        except PaymentsUnavailable as away:
            _log.warning("billing.stripe_away", reason=str(away))
            raise PaymentsAway(retry_after=RETRY_AFTER_SECONDS) from away
        opened = await run(partial(_remember, order_id=order.id, page=page))
        if opened is None:
            await asked(payments.expire_checkout(page.session_id))
            raise PaymentsAway(retry_after=1)
        return opened
    raise AssertionError("the last pause is None")


async def _close_page(payments: Payments, session_id: str) -> None:
    await asked(payments.expire_checkout(session_id))
    state = await asked(payments.get_checkout(session_id))
    if state is not None and state.status == "complete":
        raise AlreadySubscribed  # it was paid a moment ago; the webhook is on its way


async def _payer(session: AsyncSession, actor: Actor) -> Payer:
    family_id = policies.require_owner_guardian(actor)
    found = await session.exec(
        select(User.id, Family.stripe_customer_id, User.email, User.name)
        .join(User, User.id == Family.parent_user_id)  # pyright: ignore[reportArgumentType]
        .where(Family.id == family_id)
    )
    user_id, customer_id, email, name = found.one()
    return Payer(family_id, user_id, customer_id, email or "", name)


async def _link(session: AsyncSession, actor: Actor, *, customer_id: str) -> str:
    family_id = policies.require_owner_guardian(actor)
    connection = await session.connection()
    await connection.execute(_LINK, {"customer": customer_id, "family": family_id})
    found = await session.exec(select(Family.stripe_customer_id).where(Family.id == family_id))
    return found.one() or customer_id


async def _remember(
    session: AsyncSession, actor: Actor, *, order_id: UUID, page: CheckoutPage
) -> Checkout | None:
    """Note the page with its order; None when another order has taken this one's place meanwhile."""
    order = await orders.get(session, actor, order_id=order_id)
    await customers.hold(session, order.family_id)
    await session.refresh(order)
    if (known := _page_of(order)) is not None:
        return known
    if order.status is OrderStatus.EXPIRED:
        return None
    order.stripe_session_id, order.checkout_url = page.session_id, page.url
    order.expires_at = min(order.expires_at, page.expires_at)
    session.add(order)
    await session.flush()
    return Checkout(order.id, page.session_id, page.url)


async def _give_up(session: AsyncSession, actor: Actor, *, order_id: UUID) -> None:
    order = await orders.get(session, actor, order_id=order_id)
    await customers.hold(session, order.family_id)
    await session.refresh(order)
    if order.status is OrderStatus.OPEN and order.stripe_session_id is None:
        order.status = OrderStatus.EXPIRED
        session.add(order)
        await session.flush()


def _page_of(order: PlanOrder) -> Checkout | None:
    if order.stripe_session_id is None or not order.checkout_url:
        return None
    return Checkout(order.id, order.stripe_session_id, order.checkout_url)
