"""Orders: what a guardian agreed to on the 「最終確認」 page, and how it came out (D4)."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.adapters.payments import CheckoutState
from naraigoto.errors import AlreadySubscribed, InvalidInput, NotFound
from naraigoto.models.base import new_id
from naraigoto.models.billing import OrderStatus, Payment, PaymentStatus, PlanId, PlanOrder, Subscription
from naraigoto.models.privacy import ConsentDocument
from naraigoto.rules import CHECKOUT_VALID, PLANS
from naraigoto.services.billing import customers, invoices, subscriptions
from naraigoto.services.billing.looking import Looks, Thing

PAGE_OF_API = "api"  # ordered by a program: no page was shown
_PAGE_VERSION_MAX = 20
_CLOSING_BATCH = 20
# The status as the index of open orders writes it: this is asked every second.
_OVERDUE = text("""
SELECT id, stripe_session_id FROM plan_orders WHERE status = 'open' AND expires_at <= :now
ORDER BY expires_at LIMIT :limit
""")
_AGREE = text("""
INSERT INTO consents (id, user_id, document, version, created_at)
VALUES (:id, :user, :document, :version, :now) ON CONFLICT (user_id, document, version) DO NOTHING
""")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an order stands for the page that waits: `tickets` are there once the payment is known."""

    order_id: UUID
    plan: PlanId
    amount: int
    status: OrderStatus
    tickets: int
    paid: bool


class PageInTheWay(Exception):
    """An older page of the family is still open at Stripe: close it, then begin with `replace`."""

    def __init__(self, order_id: UUID, session_id: str) -> None:
        super().__init__(str(order_id))
        self.order_id, self.session_id = order_id, session_id


async def begin(
    session: AsyncSession, actor: Actor, *, plan: str, page_version: str, replace: UUID | None, now: datetime
) -> PlanOrder:
    """The family's open order of this plan; a new one when there is none, or in the place of `replace`.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, InvalidInput, AlreadySubscribed, PageInTheWay.
    """
    family_id = policies.require_owner_guardian(actor)
    user_id = policies.require_signed_in(actor)
    if plan not in PLANS:
        raise InvalidInput(plan="plan")
    if not 1 <= len(page_version) <= _PAGE_VERSION_MAX:
        raise InvalidInput(page_version="invalid")
    await customers.hold(session, family_id)
    if await subscriptions.live_of(session, family_id) is not None:
        raise AlreadySubscribed
    known = await _open_one(session, family_id)
    if known is not None:
        if known.plan.value == plan and known.page_version == page_version and known.expires_at > now:
            return known
        if known.id != replace and known.stripe_session_id is not None:
            raise PageInTheWay(known.id, known.stripe_session_id)
        known.status = OrderStatus.EXPIRED
        session.add(known)
        await session.flush()
    order = PlanOrder(
        family_id=family_id,
        ordered_by=user_id,
        plan=PlanId(plan),
        amount=PLANS[plan].amount,
        page_version=page_version,
        confirmed_at=now,
        expires_at=now + CHECKOUT_VALID,
        created_at=now,
    )
    session.add(order)
    await session.flush()
    if page_version != PAGE_OF_API:
        await _agree(session, user_id, page_version, now)
    return order


async def get(session: AsyncSession, actor: Actor, *, order_id: UUID) -> PlanOrder:
    """An order of the asker's family.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound for another family's.
    """
    family_id = policies.require_owner_guardian(actor)
    order = await session.get(PlanOrder, order_id, populate_existing=True)
    if order is None or order.family_id != family_id:
        raise NotFound
    return order


async def outcome(session: AsyncSession, actor: Actor, *, order_id: UUID) -> Outcome:
    """How the order stands, as far as Stripe has told us: coming back from its page proves nothing (R37).

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden, NotFound for another family's.
    """
    order = await get(session, actor, order_id=order_id)
    paid = False
    if order.stripe_subscription_id is not None:
        found = await session.exec(
            select(Payment.id)
            .join(Subscription, col(Subscription.id) == Payment.subscription_id)
            .where(
                Subscription.stripe_subscription_id == order.stripe_subscription_id,
                Payment.status == PaymentStatus.PAID,
            )
        )
        paid = found.first() is not None
    count = PLANS[order.plan.value].tickets_per_month if paid else 0
    return Outcome(order.id, order.plan, order.amount, order.status, count, paid)


async def complete(
    session: AsyncSession,
    family_id: UUID,
    state: CheckoutState,
    *,
    at: datetime,
    looks: Looks,
    now: datetime,
) -> None:
    """Stripe says that the page was paid at. The family is held.

    The invoice is looked up when its own news has not come yet, so nobody waits for tickets because one of
    two webhooks is late.

    Raises: Doubt.
    """
    order = await _told_of(session, family_id, state)
    if order is not None and order.status is not OrderStatus.COMPLETED:
        order.status, order.completed_at = OrderStatus.COMPLETED, at
        order.stripe_session_id = order.stripe_session_id or state.session_id
        order.stripe_subscription_id = state.subscription_id
        session.add(order)
        await session.flush()
    plan = order.plan.value if order is not None else ""
    if state.subscription_id is not None and plan and state.paid:
        row = await subscriptions.row_for(session, family_id, state.subscription_id, plan=plan, now=now)
        await subscriptions.move(session, row, subscriptions.ACTIVE, at=at, looks=looks, now=now)
        # The invoice, which names no order, may have started it before this.
        await subscriptions.end_of_the_gone(session, row, looks=looks, now=now)
    if state.invoice_id is None or not state.paid:
        return
    payment = await invoices.by_invoice(session, state.invoice_id)
    if payment is None or payment.status is PaymentStatus.OPEN:
        invoice = looks(Thing.INVOICE, state.invoice_id)
        if invoice is not None:
            paid_at = invoice.paid_at or at
            await invoices.learn(session, family_id, invoice, at=paid_at, looks=looks, now=now)


async def lapse(session: AsyncSession, family_id: UUID, state: CheckoutState) -> None:
    """Stripe's page was closed without a payment. The family is held."""
    order = await _told_of(session, family_id, state)
    if order is not None and order.status is OrderStatus.OPEN:
        order.status = OrderStatus.EXPIRED
        session.add(order)
        await session.flush()


async def let_go(session: AsyncSession, family_id: UUID, *, now: datetime) -> None:
    """Nobody shall pay at the open page: its time is over, and the job closes it. The family is held."""
    order = await _open_one(session, family_id)
    if order is not None:
        order.expires_at = min(order.expires_at, now)
        session.add(order)
        await session.flush()


async def overdue(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, str | None]]:
    """Open orders whose time is over, and their pages at Stripe: close those, then tell `closed` of them."""
    found = await (await session.connection()).execute(_OVERDUE, {"now": now, "limit": _CLOSING_BATCH})
    return [(row.id, row.stripe_session_id) for row in found]


async def closed(
    session: AsyncSession, order_id: UUID, *, found: CheckoutState | None, looks: Looks, now: datetime
) -> None:
    """Nobody can pay the order at Stripe any more; `found` is how its page stands there, if it had one.

    Somebody may have paid while no news came: a second order must not pass by that.

    Raises: Doubt.
    """
    order = await session.get_one(PlanOrder, order_id)
    await customers.hold(session, order.family_id)
    await session.refresh(order)
    if order.status is not OrderStatus.OPEN:
        return
    if found is not None and found.status == "complete":
        # As old as the order: all other news of the plan is newer.
        await complete(session, order.family_id, found, at=order.confirmed_at, looks=looks, now=now)
        return
    order.status = OrderStatus.EXPIRED
    session.add(order)
    await session.flush()


async def _open_one(session: AsyncSession, family_id: UUID) -> PlanOrder | None:
    found = await session.exec(
        select(PlanOrder)
        .where(PlanOrder.family_id == family_id, PlanOrder.status == OrderStatus.OPEN)
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


async def _told_of(session: AsyncSession, family_id: UUID, state: CheckoutState) -> PlanOrder | None:
    # By our own reference: the news can be quicker than our note of the session's id.
    named = [col(PlanOrder.stripe_session_id) == state.session_id]
    with suppress(ValueError):
        named.append(col(PlanOrder.id) == UUID(state.reference or ""))
    for condition in named:
        found = await session.exec(select(PlanOrder).where(condition, PlanOrder.family_id == family_id))
        if (order := found.one_or_none()) is not None:
            return order
    return None


async def _agree(session: AsyncSession, user_id: UUID, version: str, now: datetime) -> None:
    values = {"id": new_id(), "user": user_id, "document": ConsentDocument.SUBSCRIPTION.value}
    await (await session.connection()).execute(_AGREE, values | {"version": version, "now": now})
