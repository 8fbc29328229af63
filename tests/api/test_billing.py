"""Plans and money over the REST API, and the door for Stripe's webhooks (contract.md §5)."""

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from naraigoto import clock
from naraigoto.adapters.payments import PaymentsRefused, PaymentsUnavailable
from naraigoto.models.billing import OrderStatus
from naraigoto.models.families import Family
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.privacy import Consent
from naraigoto.services import billing
from tests import factories as make
from tests import stripe_news as news
from tests.api.money_desk import Desk, code
from tests.stage import set_stage


async def test_the_plans_are_told_to_everybody(money_desk: Desk) -> None:
    items = (await money_desk.get("/plans", "nobody")).json()["items"]

    assert [item["id"] for item in items] == ["light", "standard", "family"]
    assert items[1] == {
        "id": "standard",
        "name": "スタンダード",
        "tickets_per_month": 4,
        "amount": 6980,
        "currency": "jpy",
    }


async def test_an_order_opens_stripes_page(money_desk: Desk) -> None:
    response = await money_desk.order()

    assert response.status_code == 201, response.text
    body = response.json()
    assert set(body) == {"session_id", "checkout_url", "order_id"}
    state = money_desk.stripe.checkouts[body["session_id"]]
    assert body["checkout_url"] == state.url
    assert state.reference == body["order_id"]
    assert state.metadata["family_id"] == str(money_desk.stage.family.id)
    async with money_desk.committed() as session:
        family = await session.get_one(Family, money_desk.stage.family.id)
    assert family.stripe_customer_id == state.customer_id


async def test_an_amount_that_is_sent_is_not_looked_at(money_desk: Desk) -> None:
    response = await money_desk.post("/billing/checkout-session", {"plan": "family", "amount": 1})

    assert response.status_code == 201
    assert [row.amount for row in await money_desk.orders()] == [12800]


async def test_two_clicks_open_one_page(money_desk: Desk) -> None:
    first, second = await asyncio.gather(money_desk.order(), money_desk.order())

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (
        len(money_desk.stripe.customers),
        len(money_desk.stripe.checkouts),
        len(await money_desk.orders()),
    ) == (1, 1, 1)


async def test_the_same_key_gets_the_first_answer_even_after_another_order(money_desk: Desk) -> None:
    first = await money_desk.order(key="k-1")
    other = await money_desk.order("light")

    assert (await money_desk.order(key="k-1")).json() == first.json()
    assert other.json() != first.json()
    assert code(await money_desk.order("family", key="k-1")) == (422, "idempotency_key_reused")


async def test_another_plan_closes_the_page_that_was_open(money_desk: Desk) -> None:
    first = (await money_desk.order()).json()
    second = (await money_desk.order("light")).json()

    states = money_desk.stripe.checkouts
    assert states[first["session_id"]].status == "expired"
    assert states[second["session_id"]].status == "open"
    assert [row.status for row in await money_desk.orders()] == [OrderStatus.EXPIRED, OrderStatus.OPEN]


async def test_a_page_that_comes_too_late_for_its_order_is_closed(money_desk: Desk) -> None:
    answers = await asyncio.gather(money_desk.order(), money_desk.order("light"), money_desk.order("family"))

    open_pages = [state for state in money_desk.stripe.checkouts.values() if state.status == "open"]
    assert len(open_pages) == 1
    assert {answer.status_code for answer in answers} <= {201, 503}
    (order,) = [row for row in await money_desk.orders() if row.status is OrderStatus.OPEN]
    assert order.stripe_session_id == open_pages[0].session_id


async def test_a_page_that_was_paid_a_moment_ago_is_not_replaced(money_desk: Desk) -> None:
    from dataclasses import replace

    first = (await money_desk.order()).json()["session_id"]
    money_desk.stripe.checkouts[first] = replace(
        money_desk.stripe.checkouts[first], status="complete", paid=True
    )

    assert code(await money_desk.order("light")) == (409, "already_subscribed")


async def test_a_family_with_a_plan_orders_no_second_one(money_desk: Desk) -> None:
    async with money_desk.committed() as session:
        other = await set_stage(session)
        cookie = await make.cookie_of(session, other.guardian)

    response = await money_desk.client.post(
        "/api/v1/billing/checkout-session", json={"plan": "light"}, headers=cookie
    )
    assert code(response) == (409, "already_subscribed")


async def test_only_the_owner_of_the_family_handles_money(money_desk: Desk) -> None:
    for path in (
        "/billing/checkout-session",
        "/billing/portal-session",
        "/billing/cancel",
        "/billing/resume",
    ):
        assert code(await money_desk.post(path, {"plan": "light"}, "child")) == (
            403,
            "parent_approval_required",
        )
        assert code(await money_desk.post(path, {"plan": "light"}, "father")) == (403, "forbidden")
        assert code(await money_desk.post(path, {"plan": "light"}, "owner")) == (403, "forbidden")
        assert code(await money_desk.post(path, {"plan": "light"}, "nobody")) == (401, "unauthenticated")
    assert money_desk.stripe.calls == []


@pytest.mark.parametrize("plan", ["", "gold", "Standard", "standard "])
async def test_a_plan_that_does_not_exist_is_refused(money_desk: Desk, plan: str) -> None:
    response = await money_desk.order(plan)

    assert code(response) == (422, "validation_failed")
    assert response.json()["errors"] == {"plan": "選べるプランではありません"}


async def test_when_stripe_is_away_nothing_is_lost(money_desk: Desk) -> None:
    money_desk.stripe.trouble = [PaymentsUnavailable("APIConnectionError")]
    refused = await money_desk.order(key="k-1")
    assert code(refused) == (503, "unavailable")
    assert refused.headers["retry-after"] == "30"
    money_desk.stripe.trouble = [PaymentsUnavailable("APIConnectionError")]
    assert code(await money_desk.order(key="k-1")) == (503, "unavailable")

    assert (await money_desk.order(key="k-1")).status_code == 201
    assert len(await money_desk.orders()) == 1


async def test_an_order_that_stripe_refuses_is_given_up(money_desk: Desk) -> None:
    async with money_desk.committed() as session:
        family = await session.get_one(Family, money_desk.stage.family.id)
        family.stripe_customer_id = "cus_known"
        session.add(family)
    money_desk.stripe.trouble = [PaymentsRefused("resource_missing")]
    assert code(await money_desk.order()) == (503, "unavailable")

    assert (await money_desk.order()).status_code == 201
    assert [row.status for row in await money_desk.orders()] == [OrderStatus.EXPIRED, OrderStatus.OPEN]


async def test_another_request_with_our_key_is_waited_for(money_desk: Desk) -> None:
    async with money_desk.committed() as session:
        family = await session.get_one(Family, money_desk.stage.family.id)
        family.stripe_customer_id = "cus_known"
        session.add(family)
    money_desk.stripe.trouble = [PaymentsRefused("idempotency_key_in_use")]

    assert (await money_desk.order()).status_code == 201


async def test_what_was_agreed_to_is_kept_with_version_and_time(money_desk: Desk) -> None:
    from naraigoto import db

    async def run(work: Any) -> Any:
        return await db.retrying(lambda session: work(session, money_desk.stage.actor))

    now = clock.now()
    opened = await billing.checkout(
        run, money_desk.stripe, plan="light", page_version="2026-11-24", public_url="https://np.test", now=now
    )

    (order,) = await money_desk.orders()
    assert (order.page_version, order.confirmed_at, order.amount) == ("2026-11-24", now, 3980)
    assert order.id == opened.order_id
    async with money_desk.committed() as session:
        consents = (await session.exec(select(Consent))).all()
    assert [(row.user_id, row.version) for row in consents] == [(money_desk.stage.guardian.id, "2026-11-24")]


async def test_the_portal_opens_for_the_familys_own_customer(money_desk: Desk) -> None:
    first = (await money_desk.post("/billing/portal-session", key="k-1")).json()["portal_url"]

    customer = money_desk.stripe.customers[str(money_desk.stage.family.id)]
    assert f"/{customer}/" in first
    assert (await money_desk.post("/billing/portal-session", key="k-1")).json()["portal_url"] == first
    assert (await money_desk.post("/billing/portal-session")).json()["portal_url"] != first


async def test_a_plan_is_cancelled_resumed_and_told(money_desk: Desk) -> None:
    now = clock.now()
    async with money_desk.committed() as session:
        other = await set_stage(session)
        cookie = await make.cookie_of(session, other.guardian)
        row = await billing_row(session, other.family)
    told = news.subscription(row, "cus_x", "standard", now, now.replace(year=now.year + 1))
    money_desk.stripe.know_subscription(told)

    cancelled = await money_desk.client.post("/api/v1/billing/cancel", headers=cookie)
    assert cancelled.status_code == 200, cancelled.text
    body = cancelled.json()
    assert (body["cancel_scheduled"], body["renews_on"]) == (True, None)
    assert body["ends_on"] == clock.jst_date(now.replace(year=now.year + 1)).isoformat()
    assert body["banners"][0]["kind"] == "cancel_scheduled"
    again = await money_desk.client.post("/api/v1/billing/cancel", headers=cookie)
    assert again.json()["cancel_scheduled"]

    resumed = (await money_desk.client.post("/api/v1/billing/resume", headers=cookie)).json()
    assert (resumed["cancel_scheduled"], resumed["ends_on"], resumed["banners"]) == (False, None, [])
    assert resumed == (await money_desk.client.get("/api/v1/me/subscription", headers=cookie)).json()

    await money_desk.client.post("/api/v1/billing/cancel", headers=cookie)
    async with money_desk.committed() as session:
        mails = await session.exec(
            select(OutboxMessage).where(OutboxMessage.kind == "subscription_cancel_scheduled")
        )
        assert len(mails.all()) == 2


async def billing_row(session: Any, family: Family) -> str:
    from naraigoto.models.billing import Subscription

    found = await session.exec(select(Subscription).where(Subscription.family_id == family.id))
    return found.one().stripe_subscription_id


async def test_without_a_plan_there_is_nothing_to_cancel(money_desk: Desk) -> None:
    assert code(await money_desk.post("/billing/cancel")) == (404, "not_found")
    empty = (await money_desk.get("/me/subscription")).json()
    assert (empty["plan"], empty["status"], empty["banners"], empty["can_manage"]) == (None, None, [], True)
    assert not (await money_desk.get("/me/subscription", "father")).json()["can_manage"]
