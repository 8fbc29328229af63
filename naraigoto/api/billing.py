"""Plans, Stripe's pages, and the family's plan and payments (contract.md §5)."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, ConfigDict

from naraigoto import outside
from naraigoto.adapters.payments import Payments
from naraigoto.api.deps import CurrentActor, Now, Retrying, Session
from naraigoto.api.paging import LIMIT_DEFAULT, Cursor, Limit, Page
from naraigoto.api.problems import refusals
from naraigoto.api.schemas import JstTime
from naraigoto.errors import (
    AlreadySubscribed,
    Forbidden,
    IdempotencyKeyReused,
    InvalidInput,
    NotFound,
    ParentApprovalRequired,
    PaymentsAway,
    Unauthenticated,
)
from naraigoto.rules import PLANS
from naraigoto.services import billing
from naraigoto.settings import get_settings
from naraigoto.texts import plan_names

router = APIRouter(tags=["billing"])

Stripe = Annotated[Payments, Depends(outside.payments)]
IdempotencyKey = Annotated[str | None, Header()]
_OWNERS = (Unauthenticated, Forbidden, ParentApprovalRequired, PaymentsAway)


class PlanRead(BaseModel):
    """A monthly plan; `amount` is whole yen, tax included."""

    id: str
    name: str
    tickets_per_month: int
    amount: int
    currency: str = "jpy"


class CheckoutCreate(BaseModel):
    """Which plan; what it costs is settled here, so whatever else is sent is not looked at."""

    plan: str


class CheckoutRead(BaseModel):
    """Stripe's page where the guardian pays; `order_id` names the order when they come back."""

    session_id: str
    checkout_url: str
    order_id: UUID


class PortalRead(BaseModel):
    """Stripe's page where the guardian changes card or plan, or cancels."""

    portal_url: str


class BannerRead(BaseModel):
    """Something a guardian has to be told."""

    kind: billing.BannerKind
    count: int
    day: date | None


class SubscriptionRead(BaseModel):
    """The family's plan; all empty for a family that never had one."""

    plan: billing.PlanId | None
    status: billing.SubscriptionStatus | None
    amount: int
    tickets_per_month: int
    renews_on: date | None
    ends_on: date | None
    cancel_scheduled: bool
    next_plan: billing.PlanId | None
    can_manage: bool
    banners: list[BannerRead]

    @classmethod
    def of(cls, view: billing.PlanView) -> Self:
        """The wire shape of a plan."""
        return cls.model_validate(view, from_attributes=True)


class PaymentRead(BaseModel):
    """One invoice; `receipt_url` is Stripe's page of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: JstTime
    kind: billing.PaymentKind
    status: billing.PaymentStatus
    plan: billing.PlanId | None
    amount: int
    currency: str
    number: str
    receipt_url: str | None


@router.get("/plans")
async def list_plans() -> Page[PlanRead]:
    """The plans one can choose from."""
    items = [
        PlanRead(
            id=plan.id,
            name=plan_names.name(plan.id),
            tickets_per_month=plan.tickets_per_month,
            amount=plan.amount,
        )
        for plan in PLANS.values()
    ]
    return Page(items=items)


@router.post(
    "/billing/checkout-session",
    status_code=201,
    responses=refusals(*_OWNERS, InvalidInput, AlreadySubscribed, IdempotencyKeyReused),
)
async def open_checkout(
    body: CheckoutCreate,
    retrying: Retrying,
    stripe: Stripe,
    now: Now,
    idempotency_key: IdempotencyKey = None,
) -> CheckoutRead:
    """Order a plan and open Stripe's page for it; asking again opens no second one."""
    opened = await billing.checkout(
        retrying.run,
        stripe,
        plan=body.plan,
        key=idempotency_key,
        public_url=get_settings().public_url,
        now=now,
    )
    return CheckoutRead(session_id=opened.session_id, checkout_url=opened.url, order_id=opened.order_id)


@router.post("/billing/portal-session", status_code=201, responses=refusals(*_OWNERS))
async def open_portal(
    retrying: Retrying, stripe: Stripe, now: Now, idempotency_key: IdempotencyKey = None
) -> PortalRead:
    """Open Stripe's page where the family's owner manages card and plan."""
    url = await billing.portal(
        retrying.run, stripe, key=idempotency_key, public_url=get_settings().public_url, now=now
    )
    return PortalRead(portal_url=url)


@router.post("/billing/cancel", responses=refusals(*_OWNERS, NotFound))
async def cancel_plan(retrying: Retrying, stripe: Stripe, now: Now) -> SubscriptionRead:
    """Let the plan end with its period; it can be undone until then."""
    await billing.cancel(retrying.run, stripe, now=now)
    return await _plan(retrying, now)


@router.post("/billing/resume", responses=refusals(*_OWNERS, NotFound))
async def resume_plan(retrying: Retrying, stripe: Stripe, now: Now) -> SubscriptionRead:
    """Undo a cancellation whose day has not come."""
    await billing.undo_cancel(retrying.run, stripe, now=now)
    return await _plan(retrying, now)


@router.get("/me/subscription", responses=refusals(Unauthenticated, Forbidden, ParentApprovalRequired))
async def read_subscription(actor: CurrentActor, session: Session, now: Now) -> SubscriptionRead:
    """The plan of the caller's family and what there is to be told of it."""
    return SubscriptionRead.of(await billing.overview(session, actor, now=now))


@router.get(
    "/me/payments", responses=refusals(Unauthenticated, Forbidden, ParentApprovalRequired, InvalidInput)
)
async def list_payments(
    actor: CurrentActor, session: Session, cursor: Cursor = None, limit: Limit = LIMIT_DEFAULT
) -> Page[PaymentRead]:
    """What the family paid or was asked to pay, newest first; for its owner guardian."""
    page = await billing.payments(session, actor, cursor=cursor, limit=limit)
    return Page(items=[PaymentRead.model_validate(row) for row in page.items], next_cursor=page.next_cursor)


async def _plan(retrying: Retrying, now: Now) -> SubscriptionRead:
    return SubscriptionRead.of(
        await retrying.run(lambda session, actor: billing.overview(session, actor, now=now))
    )
