"""Plans and money over the REST API, and the door for Stripe's webhooks (contract.md §5)."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlmodel import select

from naraigoto import clock
from naraigoto.adapters.payments import PaymentsRefused, PaymentsUnavailable
from naraigoto.models.accounts import User, UserType
from naraigoto.models.billing import OrderStatus, PlanOrder, WebhookEvent
from naraigoto.models.families import Family
from naraigoto.models.moderation import AuditLog
from naraigoto.models.privacy import Consent
from naraigoto.services import billing
from tests import factories as make
from tests import stripe_news as news
from tests.conftest import Committed
from tests.stage import Stage, set_stage
from tests.stripe_news import MemoryStripe


@dataclass(frozen=True)
class Desk:
    """A family without a plan, and the means to talk as one of its people."""

    stage: Stage
    client: httpx.AsyncClient
    committed: Committed
    stripe: MemoryStripe
    cookies: dict[str, dict[str, str]]

    async def post(self, path: str, body: Any = None, who: str = "guardian", key: str = "") -> httpx.Response:
        """POST below /api/v1."""
        headers = self.cookies[who] | ({"Idempotency-Key": key} if key else {})
        return await self.client.post(f"/api/v1{path}", json=body, headers=headers)

    async def get(self, path: str, who: str = "guardian") -> httpx.Response:
        """GET below /api/v1."""
        return await self.client.get(f"/api/v1{path}", headers=self.cookies[who])

    async def order(self, plan: str = "standard", **over: str) -> httpx.Response:
        """POST /billing/checkout-session."""
        return await self.post("/billing/checkout-session", {"plan": plan}, **over)

    async def orders(self) -> list[PlanOrder]:
        """Every order there is."""
        async with self.committed() as session:
            return list((await session.exec(select(PlanOrder).order_by(PlanOrder.id))).all())  # pyright: ignore[reportArgumentType]


@pytest.fixture
async def desk(client: httpx.AsyncClient, committed: Committed, memory_stripe: MemoryStripe) -> Desk:
    """A guardian who owns the family, another who joined it, a child, an outsider and an admin."""
    async with committed() as session:
        stage = await set_stage(session, tickets=0, plan=None)
        people: dict[str, User] = {
            "guardian": stage.guardian,
            "father": await make.make_co_guardian(session, stage.family),
            "child": stage.child,
            "owner": stage.owner,
            "admin": await make.make_user(session, UserType.ADMIN, name="管理者"),
        }
        cookies = {name: await make.cookie_of(session, user) for name, user in people.items()}
    return Desk(stage, client, committed, memory_stripe, cookies | {"nobody": {}})


def code(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"].startswith("application/problem+json"), response.text
    return response.status_code, response.json()["code"]


async def test_the_plans_are_told_to_everybody(desk: Desk) -> None:
    items = (await desk.get("/plans", "nobody")).json()["items"]

    assert [item["id"] for item in items] == ["light", "standard", "family"]
    assert items[1] == {
        "id": "standard",
        "name": "スタンダード",
        "tickets_per_month": 4,
        "amount": 6980,
        "currency": "jpy",
    }


async def test_an_order_opens_stripes_page(desk: Desk) -> None:
    response = await desk.order()

    assert response.status_code == 201, response.text
    body = response.json()
    assert set(body) == {"session_id", "checkout_url", "order_id"}
    state = desk.stripe.checkouts[body["session_id"]]
    assert body["checkout_url"] == state.url
    assert state.reference == body["order_id"]
    assert state.metadata["family_id"] == str(desk.stage.family.id)
    async with desk.committed() as session:
        family = await session.get_one(Family, desk.stage.family.id)
    assert family.stripe_customer_id == state.customer_id


async def test_an_amount_that_is_sent_is_not_looked_at(desk: Desk) -> None:
    response = await desk.post("/billing/checkout-session", {"plan": "family", "amount": 1})

    assert response.status_code == 201
    assert [row.amount for row in await desk.orders()] == [12800]


async def test_two_clicks_open_one_page(desk: Desk) -> None:
    first, second = await asyncio.gather(desk.order(), desk.order())

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (len(desk.stripe.customers), len(desk.stripe.checkouts), len(await desk.orders())) == (1, 1, 1)


async def test_the_same_key_gets_the_first_answer_even_after_another_order(desk: Desk) -> None:
    first = await desk.order(key="k-1")
    other = await desk.order("light")

    assert (await desk.order(key="k-1")).json() == first.json()
    assert other.json() != first.json()
    assert code(await desk.order("family", key="k-1")) == (422, "idempotency_key_reused")


async def test_another_plan_closes_the_page_that_was_open(desk: Desk) -> None:
    first = (await desk.order()).json()
    second = (await desk.order("light")).json()

    states = desk.stripe.checkouts
    assert states[first["session_id"]].status == "expired"
    assert states[second["session_id"]].status == "open"
    assert [row.status for row in await desk.orders()] == [OrderStatus.EXPIRED, OrderStatus.OPEN]


async def test_a_page_that_comes_too_late_for_its_order_is_closed(desk: Desk) -> None:
    answers = await asyncio.gather(desk.order(), desk.order("light"), desk.order("family"))

    open_pages = [state for state in desk.stripe.checkouts.values() if state.status == "open"]
    assert len(open_pages) == 1
    assert {answer.status_code for answer in answers} <= {201, 503}
    (order,) = [row for row in await desk.orders() if row.status is OrderStatus.OPEN]
    assert order.stripe_session_id == open_pages[0].session_id


async def test_a_page_that_was_paid_a_moment_ago_is_not_replaced(desk: Desk) -> None:
    from dataclasses import replace

    first = (await desk.order()).json()["session_id"]
    desk.stripe.checkouts[first] = replace(desk.stripe.checkouts[first], status="complete", paid=True)

    assert code(await desk.order("light")) == (409, "already_subscribed")


async def test_a_family_with_a_plan_orders_no_second_one(desk: Desk) -> None:
    async with desk.committed() as session:
        other = await set_stage(session)
        cookie = await make.cookie_of(session, other.guardian)

    response = await desk.client.post(
        "/api/v1/billing/checkout-session", json={"plan": "light"}, headers=cookie
    )
    assert code(response) == (409, "already_subscribed")


async def test_only_the_owner_of_the_family_handles_money(desk: Desk) -> None:
    for path in (
        "/billing/checkout-session",
        "/billing/portal-session",
        "/billing/cancel",
        "/billing/resume",
    ):
        assert code(await desk.post(path, {"plan": "light"}, "child")) == (403, "parent_approval_required")
        assert code(await desk.post(path, {"plan": "light"}, "father")) == (403, "forbidden")
        assert code(await desk.post(path, {"plan": "light"}, "owner")) == (403, "forbidden")
        assert code(await desk.post(path, {"plan": "light"}, "nobody")) == (401, "unauthenticated")
    assert desk.stripe.calls == []


@pytest.mark.parametrize("plan", ["", "gold", "Standard", "standard "])
async def test_a_plan_that_does_not_exist_is_refused(desk: Desk, plan: str) -> None:
    response = await desk.order(plan)

    assert code(response) == (422, "validation_failed")
    assert response.json()["errors"] == {"plan": "選べるプランではありません"}


async def test_when_stripe_is_away_nothing_is_lost(desk: Desk) -> None:
    desk.stripe.trouble = [PaymentsUnavailable("APIConnectionError")]
    refused = await desk.order(key="k-1")
    assert code(refused) == (503, "unavailable")
    assert refused.headers["retry-after"] == "30"
    desk.stripe.trouble = [PaymentsUnavailable("APIConnectionError")]
    assert code(await desk.order(key="k-1")) == (503, "unavailable")

    assert (await desk.order(key="k-1")).status_code == 201
    assert len(await desk.orders()) == 1


async def test_an_order_that_stripe_refuses_is_given_up(desk: Desk) -> None:
    async with desk.committed() as session:
        family = await session.get_one(Family, desk.stage.family.id)
        family.stripe_customer_id = "cus_known"
        session.add(family)
    desk.stripe.trouble = [PaymentsRefused("resource_missing")]
    assert code(await desk.order()) == (503, "unavailable")

    assert (await desk.order()).status_code == 201
    assert [row.status for row in await desk.orders()] == [OrderStatus.EXPIRED, OrderStatus.OPEN]


async def test_another_request_with_our_key_is_waited_for(desk: Desk) -> None:
    async with desk.committed() as session:
        family = await session.get_one(Family, desk.stage.family.id)
        family.stripe_customer_id = "cus_known"
        session.add(family)
    desk.stripe.trouble = [PaymentsRefused("idempotency_key_in_use")]

    assert (await desk.order()).status_code == 201


async def test_what_was_agreed_to_is_kept_with_version_and_time(desk: Desk) -> None:
    from naraigoto import db

    async def run(work: Any) -> Any:
        return await db.retrying(lambda session: work(session, desk.stage.actor))

    now = clock.now()
    opened = await billing.checkout(
        run, desk.stripe, plan="light", page_version="2026-11-24", public_url="https://np.test", now=now
    )

    (order,) = await desk.orders()
    assert (order.page_version, order.confirmed_at, order.amount) == ("2026-11-24", now, 3980)
    assert order.id == opened.order_id
    async with desk.committed() as session:
        consents = (await session.exec(select(Consent))).all()
    assert [(row.user_id, row.version) for row in consents] == [(desk.stage.guardian.id, "2026-11-24")]


async def test_the_portal_opens_for_the_familys_own_customer(desk: Desk) -> None:
    first = (await desk.post("/billing/portal-session", key="k-1")).json()["portal_url"]

    customer = desk.stripe.customers[str(desk.stage.family.id)]
    assert f"/{customer}/" in first
    assert (await desk.post("/billing/portal-session", key="k-1")).json()["portal_url"] == first
    assert (await desk.post("/billing/portal-session")).json()["portal_url"] != first


async def test_a_plan_is_cancelled_resumed_and_told(desk: Desk) -> None:
    now = clock.now()
    async with desk.committed() as session:
        other = await set_stage(session)
        cookie = await make.cookie_of(session, other.guardian)
        row = await billing_row(session, other.family)
    told = news.subscription(row, "cus_x", "standard", now, now.replace(year=now.year + 1))
    desk.stripe.know_subscription(told)

    cancelled = await desk.client.post("/api/v1/billing/cancel", headers=cookie)
    assert cancelled.status_code == 200, cancelled.text
    body = cancelled.json()
    assert (body["cancel_scheduled"], body["renews_on"]) == (True, None)
    assert body["ends_on"] == clock.jst_date(now.replace(year=now.year + 1)).isoformat()
    assert body["banners"][0]["kind"] == "cancel_scheduled"
    again = await desk.client.post("/api/v1/billing/cancel", headers=cookie)
    assert again.json()["cancel_scheduled"]

    resumed = (await desk.client.post("/api/v1/billing/resume", headers=cookie)).json()
    assert (resumed["cancel_scheduled"], resumed["ends_on"], resumed["banners"]) == (False, None, [])
    assert resumed == (await desk.client.get("/api/v1/me/subscription", headers=cookie)).json()


async def billing_row(session: Any, family: Family) -> str:
    from naraigoto.models.billing import Subscription

    found = await session.exec(select(Subscription).where(Subscription.family_id == family.id))
    return found.one().stripe_subscription_id


async def test_without_a_plan_there_is_nothing_to_cancel(desk: Desk) -> None:
    assert code(await desk.post("/billing/cancel")) == (404, "not_found")
    empty = (await desk.get("/me/subscription")).json()
    assert (empty["plan"], empty["status"], empty["banners"], empty["can_manage"]) == (None, None, [], True)
    assert not (await desk.get("/me/subscription", "father")).json()["can_manage"]


async def test_an_admin_adjusts_tickets_with_a_reason_that_the_family_reads(desk: Desk) -> None:
    family = str(desk.stage.family.id)
    body = {"family_id": family, "delta": 3, "reason": "教室の休講のおわび"}
    first = await desk.post("/admin/tickets/adjust", body, "admin", key="k-1")
    again = await desk.post("/admin/tickets/adjust", body, "admin", key="k-1")

    assert first.json() == again.json() == {"family_id": family, "delta": 3, "balance": 3}
    taken = await desk.post("/admin/tickets/adjust", body | {"delta": -2}, "admin")
    assert taken.json()["balance"] == 1
    told = (await desk.get("/me/tickets")).json()
    assert told["balance"] == 1
    assert [(line["delta"], line["reason"], line["note"]) for line in told["entries"]] == [
        (-2, "adjust", "教室の休講のおわび"),
        (3, "adjust", "教室の休講のおわび"),
    ]
    async with desk.committed() as session:
        audit = (await session.exec(select(AuditLog).order_by(AuditLog.at))).all()  # pyright: ignore[reportArgumentType]
    assert [(row.action, row.facts["delta"]) for row in audit] == [
        ("tickets.adjusted", 3),
        ("tickets.adjusted", -2),
    ]


async def test_an_adjustment_that_makes_no_sense_is_refused(desk: Desk) -> None:
    body = {"family_id": str(desk.stage.family.id), "delta": 1, "reason": "おわび"}

    for over, field in (
        ({"delta": 0}, "delta"),
        ({"delta": 101}, "delta"),
        ({"reason": "  "}, "reason"),
        ({"reason": "あ" * 201}, "reason"),
        ({"month": "2020-01-01"}, "month"),
        ({"family_id": "x"}, "family_id"),
    ):
        refused = await desk.post("/admin/tickets/adjust", body | over, "admin")
        assert code(refused) == (422, "validation_failed"), over
        assert set(refused.json()["errors"]) == {field}
    short = await desk.post("/admin/tickets/adjust", body | {"delta": -1}, "admin")
    assert code(short) == (409, "ticket_balance_insufficient")
    nobody = {"family_id": str(desk.stage.child.id)}
    assert code(await desk.post("/admin/tickets/adjust", body | nobody, "admin")) == (404, "not_found")


async def test_payments_are_listed_newest_first_page_by_page(desk: Desk) -> None:
    from datetime import timedelta

    from naraigoto.models.billing import Payment, PaymentKind, PaymentStatus

    now = clock.now()
    async with desk.committed() as session:
        for number in range(3):
            payment = Payment(
                family_id=desk.stage.family.id,
                stripe_invoice_id=f"in_{number}",
                kind=PaymentKind.RENEWAL,
                status=PaymentStatus.PAID,
                amount=6980,
                meta={"plan": "standard", "number": f"N-{number}", "receipt_url": "https://stripe.test/r"},
                created_at=now - timedelta(days=30 * number),
                paid_at=now - timedelta(days=30 * number),
            )
            session.add(payment)

    first = (await desk.get("/me/payments?limit=2")).json()
    rest = (await desk.get(f"/me/payments?limit=2&cursor={first['next_cursor']}")).json()
    assert [item["number"] for item in first["items"] + rest["items"]] == ["N-0", "N-1", "N-2"]
    assert rest["next_cursor"] is None
    assert first["items"][0]["receipt_url"] == "https://stripe.test/r"
    assert code(await desk.get("/me/payments", "father")) == (403, "forbidden")
    assert code(await desk.get("/me/payments?cursor=x")) == (422, "validation_failed")


async def send(desk: Desk, body: bytes, signature: str | None) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    if signature is not None:
        headers["Stripe-Signature"] = signature
    return await desk.client.post("/webhooks/stripe", content=body, headers=headers)


async def kept(desk: Desk) -> list[WebhookEvent]:
    async with desk.committed() as session:
        return list((await session.exec(select(WebhookEvent))).all())


async def test_a_signed_webhook_is_kept_once_and_answered_at_once(desk: Desk) -> None:
    told = news.event("invoice.paid", {"id": "in_1", "customer": "花子"}, clock.now(), "evt_1")
    body, signature = news.signed(told)

    answers = [await send(desk, body, signature) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    (event,) = await kept(desk)
    assert (event.event_id, event.type, event.processed_at) == ("evt_1", "invoice.paid", None)
    assert event.payload == told


async def test_a_webhook_that_stripe_did_not_sign_is_refused(desk: Desk) -> None:
    told = news.event("invoice.paid", {"id": "in_1"}, clock.now(), "evt_1")
    body, signature = news.signed(told)
    _, forged = news.signed(told, secret="whsec_other")
    _, old = news.signed(told, at=time.time() - 301)

    for wrong in (None, "", "t=1,v1=0", forged, old):
        assert code(await send(desk, body, wrong)) == (400, "signature_invalid")
    assert code(await send(desk, body.replace(b"in_1", b"in_2"), signature)) == (400, "signature_invalid")
    assert await kept(desk) == []


async def test_a_webhook_that_is_no_event_is_refused(desk: Desk) -> None:
    import stripe

    for text in ("", "[]", "null", "{", json.dumps({"object": "event"})):
        header = stripe.WebhookSignature.generate_signature_header(text, news.SECRET)
        assert code(await send(desk, text.encode(), header)) == (400, "signature_invalid"), text
    big = b"x" * 300_000
    assert (await send(desk, big, "t=1,v1=0")).status_code == 413
