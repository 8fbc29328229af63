"""Whoever closes the account pays no more: neither at an open page, nor for a family passed on (D17)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from naraigoto import db
from naraigoto.adapters.payments import PaymentsRefused, PaymentsUnavailable
from naraigoto.errors import AlreadySubscribed
from naraigoto.jobs import reconcile
from naraigoto.jobs import webhooks as job
from naraigoto.models.accounts import User
from naraigoto.models.billing import IssueKind, OrderStatus, PlanOrder, SubscriptionStatus
from naraigoto.rules import CHECKOUT_VALID
from naraigoto.services import billing, privacy
from naraigoto.services.billing import Checkout
from tests import factories as make
from tests.billing.desk import NOW, Desk

MINUTE = timedelta(minutes=1)


async def order(desk: Desk, who: User | None = None, plan: str = "standard") -> Checkout:
    """Go as far as Stripe's page."""
    async with desk.committed() as session:
        actor = await make.actor_of(session, who or desk.guardian)

    async def run(work: Any) -> Any:
        return await db.retrying(lambda session: work(session, actor))

    return await billing.checkout(run, desk.stripe, plan=plan, public_url="https://np.test", now=NOW)


async def leave(desk: Desk) -> None:
    """The guardian closes the account."""
    async with desk.committed() as session:
        await privacy.close(session, await make.actor_of(session, desk.guardian), now=NOW)


def paid(desk: Desk, page: Checkout) -> dict[str, Any]:
    """Stripe's news that the page was paid at; from now on Stripe knows it."""
    state = desk.stripe.checkouts[page.session_id]
    desk.stripe.checkouts[page.session_id] = replace(
        state, status="complete", paid=True, url=None, subscription_id=desk.number, invoice_id="in_1"
    )
    desk.stripe.know_subscription(desk.subscription())
    desk.stripe.know_invoice(desk.invoice("in_1", billing_reason="subscription_create"))
    return {
        "id": page.session_id,
        "customer": desk.customer,
        "client_reference_id": str(page.order_id),
        "status": "complete",
        "payment_status": "paid",
        "subscription": desk.number,
        "invoice": "in_1",
        "metadata": {},
    }


async def statuses(desk: Desk) -> list[OrderStatus]:
    async with desk.committed() as session:
        rows = await session.exec(select(PlanOrder).order_by(PlanOrder.id))  # pyright: ignore[reportArgumentType]
        return [row.status for row in rows]


async def refused_and_ended(desk: Desk) -> bool:
    """Whether the plan ended here and at Stripe, and an admin is told once."""
    ended = await job.end_due(desk.stripe, NOW + MINUTE), await job.end_due(desk.stripe, NOW + MINUTE)
    facts = (await desk.issues())[IssueKind.SUBSCRIPTION_REFUSED]
    return (
        ended == (1, 0)
        and (await desk.row()).status is SubscriptionStatus.CANCELED
        and desk.stripe.subscriptions[desk.number].status == "canceled"
        and facts == {"subscription": desk.number, "closed": True}
    )


async def test_the_open_page_of_a_closed_account_is_closed_at_stripe(desk: Desk) -> None:
    page = await order(desk)
    assert await job.close_pages(desk.stripe, NOW) == 0
    await leave(desk)
    desk.stripe.trouble = [PaymentsUnavailable("APIConnectionError")]

    assert await job.close_pages(desk.stripe, NOW) == 0
    assert desk.stripe.checkouts[page.session_id].status == "open"
    assert await job.close_pages(desk.stripe, NOW + MINUTE) == 1
    assert await job.close_pages(desk.stripe, NOW + MINUTE) == 0
    assert desk.stripe.checkouts[page.session_id].status == "expired"
    assert await statuses(desk) == [OrderStatus.EXPIRED]


async def test_a_page_that_nobody_paid_at_is_closed_when_its_time_is_over(desk: Desk) -> None:
    page = await order(desk)

    assert await job.close_pages(desk.stripe, NOW + CHECKOUT_VALID - MINUTE) == 0
    assert await job.close_pages(desk.stripe, NOW + CHECKOUT_VALID) == 1
    assert desk.stripe.checkouts[page.session_id].status == "expired"
    assert await statuses(desk) == [OrderStatus.EXPIRED]


async def test_a_page_that_was_paid_at_unheard_begins_the_plan_when_its_time_is_over(desk: Desk) -> None:
    page = await order(desk)
    told = paid(desk, page)
    over = NOW + CHECKOUT_VALID

    assert await job.close_pages(desk.stripe, over) == 1
    assert await job.close_pages(desk.stripe, over) == 0
    assert await statuses(desk) == [OrderStatus.COMPLETED]
    with pytest.raises(AlreadySubscribed):
        await order(desk)
    await desk.tell("customer.subscription.created", desk.subscription(status="incomplete"))
    await desk.tell("customer.subscription.updated", desk.subscription())
    await desk.tell("checkout.session.completed", told)
    await desk.tell("invoice.paid", desk.invoice("in_1", billing_reason="subscription_create"))
    assert (await desk.row()).status is SubscriptionStatus.ACTIVE
    assert await desk.buckets() == {"2026-11": 4}
    assert await desk.mails() == ["subscription_started"]


async def test_a_page_that_was_paid_at_unheard_before_the_account_was_closed_ends(desk: Desk) -> None:
    paid(desk, await order(desk))
    await leave(desk)

    assert await job.close_pages(desk.stripe, NOW) == 1
    assert await refused_and_ended(desk)


async def test_a_page_that_stripe_will_not_close_is_not_asked_about_again(desk: Desk) -> None:
    await order(desk)
    await leave(desk)
    desk.stripe.trouble = [PaymentsRefused("resource_missing")]

    assert await job.close_pages(desk.stripe, NOW) == 1
    assert await job.close_pages(desk.stripe, NOW) == 0


@pytest.mark.parametrize("first", ["checkout", "invoice", "subscription", "night", "job"])
async def test_what_a_closed_account_paid_nevertheless_ends_and_is_shown(desk: Desk, first: str) -> None:
    page = await order(desk)
    await leave(desk)
    told = paid(desk, page)

    if first == "job":
        await job.close_pages(desk.stripe, NOW)
    if first == "night":
        await reconcile.compare_all(desk.stripe, NOW)
    if first == "subscription":
        await desk.tell("customer.subscription.updated", desk.subscription())
    if first == "invoice":
        await desk.tell("invoice.paid", desk.invoice("in_1", billing_reason="subscription_create"))
    await desk.tell("checkout.session.completed", told)
    await desk.tell("invoice.paid", desk.invoice("in_1", billing_reason="subscription_create"))

    assert await refused_and_ended(desk)
    assert await desk.buckets() == {"2026-11": 4}  # paid for, until an admin gives the money back
    assert "subscription_ended" not in await desk.mails()


@pytest.mark.parametrize("first", ["checkout", "invoice"])
async def test_a_family_that_was_passed_on_gets_no_plan_on_the_card_of_who_left(
    desk: Desk, first: str
) -> None:
    async with desk.committed() as session:
        await make.make_co_guardian(session, desk.family)
    told = paid(desk, await order(desk))
    await leave(desk)

    if first == "invoice":
        await desk.tell("invoice.paid", desk.invoice("in_1", billing_reason="subscription_create"))
    await desk.tell("checkout.session.completed", told)

    assert await refused_and_ended(desk)


async def test_the_heir_gets_a_page_of_their_own(desk: Desk) -> None:
    async with desk.committed() as session:
        heir = await make.make_co_guardian(session, desk.family)
    old = await order(desk)
    await leave(desk)

    new = await order(desk, heir)
    await job.close_pages(desk.stripe, NOW)

    pages = desk.stripe.checkouts
    assert (pages[old.session_id].status, pages[new.session_id].status) == ("expired", "open")
    assert await statuses(desk) == [OrderStatus.EXPIRED, OrderStatus.OPEN]
    second = replace(desk, number="sub_heir")
    await desk.tell("checkout.session.completed", paid(second, new))
    assert (await desk.row("sub_heir")).status is SubscriptionStatus.ACTIVE
    assert await desk.issues() == {}
