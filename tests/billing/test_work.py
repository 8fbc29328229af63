"""Working off webhooks: crashes, several workers, waits, dead letters, replays (R35, R125)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from naraigoto import db, errors
from naraigoto.actor import ANONYMOUS, OPERATOR, Actor
from naraigoto.adapters.payments import PaymentsUnavailable
from naraigoto.jobs import webhooks as job
from naraigoto.models.billing import IssueKind, SubscriptionStatus
from naraigoto.models.moderation import AuditLog
from naraigoto.rules import WEBHOOK_BACKOFF, WEBHOOK_LEASE
from naraigoto.services import billing, webhooks
from naraigoto.services.billing import managing, matters
from naraigoto.services.billing.looking import Looks
from tests import factories as make
from tests.billing.desk import NOW, Desk
from tests.conftest import Committed

MOMENT = timedelta(seconds=1)


async def claim(committed: Committed, now: Any = NOW) -> webhooks.Claimed:
    async with committed() as session:
        (event,) = await webhooks.claim(session, limit=1, now=now)
    return event


async def buyer(desk: Desk) -> tuple[Actor, Any]:
    """The guardian, and a way to take steps as the guardian."""
    async with desk.committed() as session:
        actor = await make.actor_of(session, desk.guardian)

    async def run(work: Any) -> Any:
        return await db.retrying(lambda session: work(session, actor))

    return actor, run


async def test_a_crash_before_the_work_gives_the_event_back_after_the_lease(
    desk: Desk, committed: Committed
) -> None:
    await desk.bring("invoice.paid", desk.invoice("in_1"), desk.start)
    await claim(committed)

    assert await desk.work(NOW + WEBHOOK_LEASE / 2) == 0
    assert await desk.work(NOW + WEBHOOK_LEASE + MOMENT) == 1
    assert await desk.buckets() == {"2026-11": 4}


async def test_a_crash_in_the_middle_of_the_work_leaves_nothing_half_done(
    desk: Desk, committed: Committed
) -> None:
    await desk.bring("invoice.paid", desk.invoice("in_1"), desk.start)
    event = await claim(committed)

    async def killed_before_the_commit() -> None:
        async with committed() as session:
            await webhooks.process(session, event, plans={}, looks=Looks(), now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await killed_before_the_commit()

    assert await desk.buckets() == {}
    await desk.work(NOW + WEBHOOK_LEASE + MOMENT)
    assert await desk.buckets() == {"2026-11": 4}
    assert (await desk.events())[0].attempts == 2


async def test_a_worker_that_was_too_slow_changes_nothing(desk: Desk, committed: Committed) -> None:
    await desk.bring("invoice.paid", desk.invoice("in_1"), desk.start)
    slow = await claim(committed)
    quick = await claim(committed, NOW + WEBHOOK_LEASE + MOMENT)
    await job.handle(desk.stripe, quick, NOW)
    await job.handle(desk.stripe, slow, NOW)

    assert await desk.buckets() == {"2026-11": 4}
    (event,) = await desk.events()
    assert (event.attempts, event.last_error) == (2, "")


async def test_several_workers_do_each_event_once(desk: Desk) -> None:
    for number in range(12):
        await desk.bring("invoice.paid", desk.invoice(f"in_{number % 4}"), desk.start)

    handled = await asyncio.gather(*(desk.work() for _ in range(4)))

    assert sum(handled) == 12
    assert await desk.buckets() == {"2026-11": 16}
    assert all(event.processed_at for event in await desk.events())


async def test_eight_failures_make_a_dead_letter_that_an_admin_replays(
    desk: Desk, committed: Committed
) -> None:
    await desk.bring("invoice.paid", desk.invoice("in_1") | {"customer": "cus_nobody"}, desk.start)
    now = NOW
    for wait in (timedelta(0), *WEBHOOK_BACKOFF):
        now += wait + MOMENT
        await desk.work(now)
    (dead,) = await desk.events()
    assert (dead.attempts, dead.last_error) == (8, "CustomerUnknown")
    assert dead.dead_at is not None
    assert await desk.work(now + timedelta(days=9)) == 0

    desk.family.stripe_customer_id = "cus_nobody"
    async with committed() as session:
        await session.merge(desk.family)
        assert [row.id for row in await webhooks.list_dead(session, OPERATOR)] == [dead.id]
        await webhooks.replay(session, OPERATOR, number=dead.id, now=now)
        with pytest.raises(errors.StaleEdit):
            await webhooks.replay(session, OPERATOR, number=dead.id, now=now)
    await desk.work(now)

    assert await desk.buckets() == {"2026-11": 4}
    async with committed() as session:
        assert await webhooks.counts(session, OPERATOR) == webhooks.Counts(waiting=0, done=1, dead=0)
        assert [row.action for row in (await session.exec(select(AuditLog))).all()] == ["webhook.replayed"]


async def test_only_admins_see_and_replay(desk: Desk, committed: Committed) -> None:
    async with committed() as session:
        guardian = await make.actor_of(session, desk.guardian)
        for actor, refusal in ((ANONYMOUS, errors.Unauthenticated), (guardian, errors.Forbidden)):
            with pytest.raises(refusal):
                await webhooks.list_dead(session, actor)
            with pytest.raises(refusal):
                await webhooks.replay(session, actor, number=desk.family.id, now=NOW)
            with pytest.raises(refusal):
                await matters.list_open(session, actor)
        with pytest.raises(errors.NotFound):
            await webhooks.replay(session, OPERATOR, number=desk.family.id, now=NOW)


async def test_an_event_that_cannot_be_read_is_dead_at_once(desk: Desk) -> None:
    thing = desk.invoice("in_1")
    del thing["id"]
    await desk.tell("invoice.paid", thing)

    (event,) = await desk.events()
    assert (event.last_error, event.attempts) == ("Unreadable: id", 1)
    assert event.dead_at is not None


@pytest.mark.parametrize(
    "thing",
    [
        {},
        {"id": "in_1"},
        {"id": 7, "customer": [], "lines": "x"},
        {
            "id": "in_1",
            "customer": "cus_desk",
            "status": "paid",
            "lines": {"data": [{}]},
            "subscription": "sub_x",
        },
        {
            "id": "in_1",
            "customer": None,
            "parent": {"subscription_details": {"metadata": {"family_id": "x"}}},
        },
    ],
)
@pytest.mark.parametrize(
    "kind", ["invoice.paid", "customer.subscription.updated", "checkout.session.completed", "charge.refunded"]
)
async def test_strange_objects_break_nothing(desk: Desk, kind: str, thing: dict[str, Any]) -> None:
    await desk.tell(kind, thing)

    (event,) = await desk.events()
    assert event.last_error.split(":")[0] in {
        "",
        "Unreadable",
        "CustomerUnknown",
        "PlanUnknown",
        "PaymentUnknown",
    }, event.last_error
    assert await desk.buckets() == {}


async def test_when_stripe_is_away_the_event_waits(desk: Desk) -> None:
    await desk.begin()
    desk.stripe.know_subscription(desk.subscription(cancel_at_period_end=True))
    at = desk.start + timedelta(days=1)
    await desk.tell("customer.subscription.updated", desk.subscription(), at)
    desk.stripe.trouble = [PaymentsUnavailable("APIConnectionError")]
    await desk.tell("customer.subscription.updated", desk.subscription(cancel_at_period_end=True), at)
    assert not (await desk.row()).cancel_at_period_end

    await desk.work(NOW + WEBHOOK_BACKOFF[0] + MOMENT)
    assert (await desk.row()).cancel_at_period_end


async def test_a_deleted_accounts_plan_ends_here_at_once_and_at_stripe_as_soon_as_it_can(
    desk: Desk, committed: Committed
) -> None:
    await desk.begin()
    desk.stripe.know_subscription(desk.subscription())
    async with committed() as session:
        assert await managing.cancel_now_for(session, desk.family.id, now=NOW)
    assert (await desk.row()).status is SubscriptionStatus.CANCELED
    desk.stripe.trouble = [PaymentsUnavailable("APIConnectionError")]

    assert await job.end_due(desk.stripe, NOW) == 0
    assert await job.end_due(desk.stripe, NOW + MOMENT) == 0
    assert await job.end_due(desk.stripe, NOW + WEBHOOK_LEASE) == 1
    assert desk.stripe.subscriptions[desk.number].status == "canceled"
    assert await desk.buckets() == {"2026-11": 4}
    async with committed() as session:
        assert not await managing.cancel_now_for(session, desk.family.id, now=NOW)


async def test_a_matter_is_settled_once_with_a_note(desk: Desk, committed: Committed) -> None:
    async with committed() as session:
        raised = [
            await matters.raise_issue(
                session, IssueKind.TICKET_DEBT, about="in_1", family_id=desk.family.id, now=NOW, tickets=2
            )
            for _ in range(2)
        ]
        (matter,) = await billing.list_open(session, OPERATOR)
    assert raised == [True, False]
    assert (matter.family, matter.facts) == (desk.family.family_code, {"tickets": 2})

    async with committed() as session:
        with pytest.raises(errors.InvalidInput):
            await billing.settle(session, OPERATOR, issue_id=matter.id, note="  ", now=NOW)
        await billing.settle(session, OPERATOR, issue_id=matter.id, note="電話で説明した", now=NOW)
        with pytest.raises(errors.StaleEdit):
            await billing.settle(session, OPERATOR, issue_id=matter.id, note="もう一度", now=NOW)
        with pytest.raises(errors.NotFound):
            await billing.settle(session, OPERATOR, issue_id=desk.family.id, note="だれ", now=NOW)
        assert await billing.list_open(session, OPERATOR) == []


async def test_an_order_is_completed_and_its_tickets_do_not_wait_for_a_second_webhook(
    desk: Desk, committed: Committed
) -> None:
    actor, run = await buyer(desk)
    opened = await billing.checkout(run, desk.stripe, plan="standard", public_url="https://np.test", now=NOW)
    desk.stripe.know_invoice(desk.invoice("in_1", billing_reason="subscription_create"))
    done = {
        "id": opened.session_id,
        "customer": desk.customer,
        "client_reference_id": str(opened.order_id),
        "status": "complete",
        "payment_status": "paid",
        "subscription": desk.number,
        "invoice": "in_1",
        "metadata": {},
    }
    async with committed() as session:
        waiting = await billing.outcome(session, actor, order_id=opened.order_id)
    assert (waiting.status, waiting.paid, waiting.tickets) == (billing.OrderStatus.OPEN, False, 0)

    await desk.tell("checkout.session.completed", done, desk.start)
    await desk.tell("invoice.paid", desk.invoice("in_1", billing_reason="subscription_create"))

    async with committed() as session:
        there = await billing.outcome(session, actor, order_id=opened.order_id)
    assert (there.status, there.paid, there.tickets) == (billing.OrderStatus.COMPLETED, True, 4)
    assert await desk.buckets() == {"2026-11": 4}
    assert (await desk.row()).status is SubscriptionStatus.ACTIVE


async def test_a_page_that_lapses_closes_its_order(desk: Desk, committed: Committed) -> None:
    actor, run = await buyer(desk)
    opened = await billing.checkout(run, desk.stripe, plan="light", public_url="https://np.test", now=NOW)
    gone = {"id": opened.session_id, "customer": desk.customer, "status": "expired", "metadata": {}}
    await desk.tell("checkout.session.expired", gone)

    async with committed() as session:
        found = await billing.outcome(session, actor, order_id=opened.order_id)
    assert found.status is billing.OrderStatus.EXPIRED


async def test_another_familys_order_is_not_there(desk: Desk, committed: Committed) -> None:
    actor, run = await buyer(desk)
    async with committed() as session:
        stranger = await make.make_user(session)
        await make.make_family(session, guardian=stranger)
        outsider = await make.actor_of(session, stranger)
    opened = await billing.checkout(run, desk.stripe, plan="light", public_url="https://np.test", now=NOW)
    async with committed() as session:
        with pytest.raises(errors.NotFound):
            await billing.outcome(session, outsider, order_id=opened.order_id)
        with pytest.raises(errors.NotFound):
            await billing.outcome(session, actor, order_id=desk.family.id)
