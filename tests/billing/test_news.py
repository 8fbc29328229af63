"""What Stripe's news does to plans, payments and tickets, each kind and in bad order (R26–R36)."""

from datetime import timedelta

import pytest

from naraigoto.models.billing import IssueKind, PaymentKind, PaymentStatus, PlanId, SubscriptionStatus
from naraigoto.rules import WEBHOOK_BACKOFF
from tests import stripe_news as news
from tests.billing.desk import NOW, Desk, jst
from tests.conftest import Committed

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


async def test_a_first_payment_starts_the_plan_and_brings_its_tickets(desk: Desk) -> None:
    await desk.begin()

    row = await desk.row()
    assert (row.status, row.plan) == (SubscriptionStatus.ACTIVE, PlanId.STANDARD)
    assert await desk.buckets() == {"2026-11": 4}
    (payment,) = await desk.payments()
    assert (payment.kind, payment.status, payment.amount) == (PaymentKind.FIRST, PaymentStatus.PAID, 6980)
    assert payment.meta["receipt_url"].startswith("https://")
    assert await desk.mails() == ["subscription_started"]


async def test_the_invoice_may_come_before_everything_else(desk: Desk) -> None:
    first = desk.invoice("in_1", billing_reason="subscription_create")
    await desk.tell("invoice.paid", first)
    await desk.tell("invoice.payment_succeeded", first)
    await desk.tell("customer.subscription.created", desk.subscription(status="incomplete"))

    assert (await desk.row()).status is SubscriptionStatus.ACTIVE
    assert await desk.buckets() == {"2026-11": 4}
    assert await desk.mails() == ["subscription_started"]


async def test_the_same_event_again_does_nothing(desk: Desk) -> None:
    thing = desk.invoice("in_1")
    assert await desk.bring("invoice.paid", thing, desk.start, "evt_same")
    assert not await desk.bring("invoice.paid", thing, desk.start, "evt_same")
    await desk.work()
    await desk.work(NOW + DAY)

    assert await desk.buckets() == {"2026-11": 4}
    assert len(await desk.events()) == 1


async def test_a_renewal_brings_the_tickets_of_its_own_month(desk: Desk) -> None:
    await desk.begin()
    await desk.tell("invoice.paid", desk.invoice("in_2", desk.end), desk.end)

    assert await desk.buckets() == {"2026-11": 4, "2026-12": 4}
    assert [row.kind for row in await desk.payments()] == [PaymentKind.RENEWAL, PaymentKind.FIRST]
    assert await desk.mails() == ["subscription_renewed", "subscription_started"]


async def test_two_grants_can_fall_into_one_japanese_month(desk: Desk) -> None:
    # Billed on the 30th: the period after 30 January begins on 28 February, the next on 30 March (G8).
    for number, start in enumerate((jst(2027, 3, 1, 1), jst(2027, 3, 31, 23))):
        await desk.tell("invoice.paid", desk.invoice(f"in_{number}", start), start)

    assert await desk.buckets() == {"2027-03": 8}


async def test_the_month_is_the_japanese_one(desk: Desk) -> None:
    start = jst(2026, 12, 1, 0)  # in London it is still November
    await desk.tell("invoice.paid", desk.invoice("in_1", start), start)

    assert await desk.buckets() == {"2026-12": 4}


async def test_an_upgrade_brings_the_difference(desk: Desk) -> None:
    desk.plan = "light"
    await desk.begin()
    change = desk.start + 10 * DAY
    lines = [
        news.line("light", change, desk.end, amount=-2653, proration=True),
        news.line("family", change, desk.end, amount=8533, proration=True),
    ]
    await desk.tell(
        "invoice.paid", desk.invoice("in_up", change, lines=lines, billing_reason="subscription_update")
    )
    await desk.tell("customer.subscription.updated", desk.subscription(plan="family"), change)

    assert await desk.buckets() == {"2026-11": 2, "2026-12": 6}
    assert (await desk.row()).plan is PlanId.FAMILY
    assert {row.kind for row in await desk.payments()} == {PaymentKind.FIRST, PaymentKind.UPGRADE}


async def test_a_downgrade_takes_no_tickets(desk: Desk) -> None:
    await desk.begin()
    change = desk.start + DAY
    lines = [
        news.line("standard", change, desk.end, amount=-6000, proration=True),
        news.line("light", change, desk.end, amount=3000, proration=True),
        news.line("light", desk.end, desk.end + 30 * DAY),
    ]
    await desk.tell("invoice.paid", desk.invoice("in_down", change, lines=lines))

    assert await desk.buckets() == {"2026-11": 4, "2026-12": 2}


async def test_a_failed_renewal_holds_the_plan_until_it_is_paid(desk: Desk) -> None:
    await desk.begin()
    open_one = desk.invoice("in_2", desk.end, status="open")
    await desk.tell("invoice.payment_failed", open_one, desk.end)
    await desk.tell("customer.subscription.updated", desk.subscription(status="past_due"), desk.end)

    assert (await desk.row()).status is SubscriptionStatus.ON_HOLD
    assert await desk.buckets() == {"2026-11": 4}
    assert "payment_failed" in await desk.mails()

    await desk.tell("invoice.payment_failed", open_one | {"attempt_count": 2}, desk.end + DAY)
    await desk.tell("invoice.payment_failed", open_one | {"attempt_count": 2}, desk.end + DAY)
    assert (await desk.mails()).count("payment_failed") == 2

    await desk.tell("invoice.paid", desk.invoice("in_2", desk.end), desk.end + 2 * DAY)
    assert (await desk.row()).status is SubscriptionStatus.ACTIVE
    assert await desk.buckets() == {"2026-11": 4, "2026-12": 4}
    payments = {row.stripe_invoice_id: row.status for row in await desk.payments()}
    assert payments["in_2"] is PaymentStatus.PAID
    assert len(payments) == 2


async def test_an_old_failure_after_the_payment_changes_nothing(desk: Desk) -> None:
    await desk.begin()
    await desk.tell("invoice.paid", desk.invoice("in_2", desk.end), desk.end + DAY)
    await desk.tell("invoice.payment_failed", desk.invoice("in_2", desk.end, status="open"), desk.end)
    await desk.tell("customer.subscription.updated", desk.subscription(status="past_due"), desk.end)

    assert (await desk.row()).status is SubscriptionStatus.ACTIVE
    assert {row.status for row in await desk.payments()} == {PaymentStatus.PAID}
    assert "payment_failed" not in await desk.mails()


async def test_a_payment_that_needs_authentication_holds_the_plan(desk: Desk) -> None:
    await desk.begin()
    thing = desk.invoice("in_2", desk.end, status="open")
    await desk.tell("invoice.payment_action_required", thing, desk.end)
    await desk.tell("invoice.payment_failed", thing, desk.end)

    assert (await desk.row()).status is SubscriptionStatus.ON_HOLD
    assert (await desk.mails()).count("payment_failed") == 1


async def test_a_first_payment_that_fails_is_no_plan_on_hold(desk: Desk) -> None:
    await desk.tell("customer.subscription.created", desk.subscription(status="incomplete"))
    thing = desk.invoice("in_1", status="open", billing_reason="subscription_create")
    await desk.tell("invoice.payment_failed", thing, desk.start + MINUTE)

    assert (await desk.row()).status is SubscriptionStatus.INCOMPLETE
    assert await desk.mails() == []


async def test_an_end_is_final_whatever_comes_later(desk: Desk) -> None:
    await desk.begin()
    await desk.tell("customer.subscription.deleted", desk.subscription(status="canceled"), desk.end)
    await desk.tell("customer.subscription.updated", desk.subscription(), desk.end - DAY)
    await desk.tell("customer.subscription.updated", desk.subscription(), desk.end + DAY)

    row = await desk.row()
    assert (row.status, row.ended_at) == (SubscriptionStatus.CANCELED, desk.end)
    assert await desk.buckets() == {"2026-11": 4}
    assert "subscription_ended" in await desk.mails()


async def test_an_end_may_come_before_the_beginning(desk: Desk) -> None:
    await desk.tell("customer.subscription.deleted", desk.subscription(status="canceled"), desk.end)
    await desk.begin()

    assert (await desk.row()).status is SubscriptionStatus.CANCELED
    assert await desk.buckets() == {"2026-11": 4}


async def test_a_planned_end_can_be_undone_and_is_told_each_time_it_is_decided(desk: Desk) -> None:
    await desk.begin()
    for minutes, flag in enumerate((True, True, False, True, True)):
        thing = desk.subscription(cancel_at_period_end=flag)
        await desk.tell("customer.subscription.updated", thing, desk.start + DAY + minutes * MINUTE)

    assert (await desk.row()).cancel_at_period_end
    assert (await desk.mails()).count("subscription_cancel_scheduled") == 2


async def test_an_end_that_the_portal_planned_is_named_by_its_moment(desk: Desk) -> None:
    await desk.begin()
    planned = desk.subscription(cancel_at=news.seconds(desk.end))
    await desk.tell("customer.subscription.updated", planned, desk.start + DAY)
    assert (await desk.row()).cancel_at_period_end
    assert "subscription_cancel_scheduled" in await desk.mails()

    later = desk.subscription(cancel_at=news.seconds(desk.end + 90 * DAY))
    await desk.tell("customer.subscription.updated", later, desk.start + 2 * DAY)
    assert not (await desk.row()).cancel_at_period_end


async def test_two_news_of_one_second_are_settled_at_stripe(desk: Desk) -> None:
    await desk.begin()
    desk.stripe.know_subscription(desk.subscription(cancel_at_period_end=True, plan="light"))
    at = desk.start + DAY
    await desk.tell("customer.subscription.updated", desk.subscription(cancel_at_period_end=True), at)
    await desk.tell("customer.subscription.updated", desk.subscription(), at)

    row = await desk.row()
    assert (row.cancel_at_period_end, row.plan) == (True, PlanId.LIGHT)
    assert desk.stripe.calls == ["get_subscription"]


async def test_a_planned_change_is_looked_up(desk: Desk) -> None:
    from dataclasses import replace

    await desk.begin()
    desk.stripe.know_subscription(desk.subscription())
    known = desk.stripe.subscriptions[desk.number]
    desk.stripe.subscriptions[desk.number] = replace(known, next_plan="light")
    await desk.tell(
        "customer.subscription.updated", desk.subscription(schedule="sub_sched_1"), desk.start + DAY
    )

    row = await desk.row()
    assert (row.plan, row.next_plan) == (PlanId.STANDARD, "light")


async def test_news_of_a_customer_nobody_has_waits_for_the_family(desk: Desk, committed: Committed) -> None:
    thing = desk.invoice("in_1") | {"customer": "cus_new"}
    await desk.tell("invoice.paid", thing)
    assert (await desk.events())[0].last_error == "CustomerUnknown"

    desk.family.stripe_customer_id = "cus_new"
    async with committed() as session:
        await session.merge(desk.family)
    await desk.work(NOW + WEBHOOK_BACKOFF[0] + MINUTE)

    assert await desk.buckets() == {"2026-11": 4}


async def test_our_own_words_name_the_family_before_its_customer_is_noted(
    desk: Desk, committed: Committed
) -> None:
    desk.family.stripe_customer_id = None
    async with committed() as session:
        await session.merge(desk.family)
    thing = desk.invoice("in_1")
    thing["parent"]["subscription_details"]["metadata"] = {"family_id": str(desk.family.id)}
    await desk.tell("invoice.paid", thing)

    assert await desk.buckets() == {"2026-11": 4}
    async with committed() as session:
        known = await session.get_one(type(desk.family), desk.family.id)
    assert known.stripe_customer_id == desk.customer


async def test_an_invoice_of_nothing_grants_nothing(desk: Desk) -> None:
    nothing = [news.line("standard", desk.start, desk.end, amount=0)]
    await desk.tell("invoice.paid", desk.invoice("in_0", lines=nothing, billing_reason="subscription_create"))
    assert await desk.buckets() == {}
    assert await desk.issues() == {}

    await desk.tell("invoice.paid", desk.invoice("in_free", amount_due=0, amount_paid=0))
    assert await desk.buckets() == {}
    assert IssueKind.FREE_INVOICE in await desk.issues()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_with_two_unpaid_invoices_stripe_is_asked(desk: Desk, order: tuple[int, int]) -> None:
    await desk.begin()
    later = desk.end + 30 * DAY
    await desk.tell("invoice.payment_failed", desk.invoice("in_2", desk.end, status="open"), desk.end)
    told = [
        ("invoice.payment_failed", desk.invoice("in_3", later, status="open"), later),
        ("invoice.paid", desk.invoice("in_2", desk.end), later + DAY),
    ]
    desk.stripe.know_subscription(desk.subscription(status="past_due"))
    for number in order:
        await desk.tell(*told[number])

    assert (await desk.row()).status is SubscriptionStatus.ON_HOLD


async def test_unknown_kinds_are_kept_and_skipped(desk: Desk) -> None:
    await desk.tell("customer.tax_id.created", {"id": "txi_1"})

    (event,) = await desk.events()
    assert event.processed_at is not None
    assert event.payload["data"]["object"] == {"id": "txi_1"}


async def test_shapes_from_before_2025_are_read_too(desk: Desk) -> None:
    old_line = {
        "amount": 6980,
        "price": {"id": "price_standard"},
        "period": {"start": news.seconds(desk.start), "end": news.seconds(desk.end)},
        "proration": False,
    }
    thing = desk.invoice("in_1") | {
        "parent": None,
        "subscription": desk.number,
        "lines": {"data": [old_line]},
    }
    await desk.tell("invoice.payment_succeeded", thing)
    old = desk.subscription()
    item = old["items"]["data"][0]
    old |= {name: item.pop(name) for name in ("current_period_start", "current_period_end")}
    await desk.tell("customer.subscription.updated", old, desk.start + MINUTE)

    assert await desk.buckets() == {"2026-11": 4}
    assert (await desk.row()).current_period_end == desk.end
