"""Money that goes back, and plans bought twice: what is left is taken, what was used is owed (D2, G29)."""

from datetime import timedelta

from naraigoto.models.billing import IssueKind, PaymentStatus, SubscriptionStatus
from tests import stripe_news as news
from tests.billing.desk import NOW, Desk, open_desk, spend
from tests.conftest import Committed

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


async def test_a_refund_takes_unused_tickets_back(desk: Desk) -> None:
    await desk.begin()
    (payment,) = await desk.payments()
    desk.stripe.know_invoice(desk.invoice(str(payment.stripe_invoice_id)), intent="pi_1", refunded=6980)
    await desk.tell("charge.refunded", news.charge(desk.customer, "pi_1", 6980, 6980))
    await desk.tell("charge.refunded", news.charge(desk.customer, "pi_1", 6980, 6980))

    assert await desk.buckets() == {"2026-11": 0}
    assert [row.status for row in await desk.payments()] == [PaymentStatus.REFUNDED]
    assert await desk.issues() == {}


async def test_a_refund_after_use_leaves_a_debt_and_no_negative_balance(
    desk: Desk, committed: Committed
) -> None:
    await desk.begin()
    async with committed() as session:
        await spend(session, desk.family, 3)
    (payment,) = await desk.payments()
    desk.stripe.know_invoice(desk.invoice(str(payment.stripe_invoice_id)), intent="pi_1", refunded=6980)
    await desk.tell("charge.refunded", news.charge(desk.customer, "pi_1", 6980, 6980))

    assert await desk.buckets() == {"2026-11": 0}
    assert (await desk.issues())[IssueKind.TICKET_DEBT]["tickets"] == 3


async def test_a_refund_may_come_before_its_payment(desk: Desk) -> None:
    thing = desk.invoice("in_1", billing_reason="subscription_create")
    desk.stripe.know_invoice(thing, intent="pi_1", refunded=6980)
    await desk.tell("charge.refunded", news.charge(desk.customer, "pi_1", 6980, 6980), desk.start + DAY)
    await desk.tell("invoice.paid", thing)

    assert await desk.buckets() == {"2026-11": 0}
    assert [row.status for row in await desk.payments()] == [PaymentStatus.REFUNDED]


async def test_a_refund_of_a_part_is_for_an_admin(desk: Desk) -> None:
    await desk.begin()
    (payment,) = await desk.payments()
    desk.stripe.know_invoice(desk.invoice(str(payment.stripe_invoice_id)), intent="pi_1", refunded=1000)
    await desk.tell("charge.refunded", news.charge(desk.customer, "pi_1", 6980, 1000))

    assert await desk.buckets() == {"2026-11": 4}
    assert (await desk.issues())[IssueKind.PARTIAL_REFUND]["refunded"] == 1000


async def test_a_refund_nobody_can_place_is_tried_again(desk: Desk) -> None:
    await desk.tell("charge.refunded", news.charge(desk.customer, "pi_lost", 6980, 6980))

    assert (await desk.events())[0].last_error == "PaymentUnknown"


async def test_a_second_plan_is_ended_and_shown(desk: Desk, committed: Committed) -> None:
    from naraigoto.jobs import webhooks as job

    await desk.begin()
    desk.stripe.know_subscription(desk.subscription())
    second = desk.subscription(id="sub_second")
    desk.stripe.know_subscription(second)
    await desk.tell("customer.subscription.created", second, desk.start + MINUTE)
    assert await job.end_due(desk.stripe, NOW + MINUTE) == 1  # the news was worked off a moment after NOW
    assert await job.end_due(desk.stripe, NOW + DAY) == 0

    assert (await desk.row()).status is SubscriptionStatus.ACTIVE
    assert (await desk.row("sub_second")).status is SubscriptionStatus.CANCELED
    assert desk.stripe.subscriptions["sub_second"].status == "canceled"
    assert IssueKind.SUBSCRIPTION_REFUSED in await desk.issues()


async def test_a_new_plan_after_an_end_that_is_still_on_its_way(desk: Desk) -> None:
    await desk.begin()
    gone = desk.subscription(status="canceled", ended_at=news.seconds(desk.start + DAY))
    desk.stripe.know_subscription(gone)
    again = desk.subscription(id="sub_again")
    await desk.tell("customer.subscription.created", again, desk.start + 2 * DAY)
    await desk.tell("customer.subscription.deleted", gone, desk.start + DAY)

    assert (await desk.row()).status is SubscriptionStatus.CANCELED
    assert (await desk.row("sub_again")).status is SubscriptionStatus.ACTIVE
    assert await desk.issues() == {}


async def test_families_do_not_touch_each_other(desk: Desk, committed: Committed) -> None:
    other = await open_desk(committed, customer="cus_other", plan="family")
    await desk.begin()
    await other.begin()

    assert (await desk.buckets(), await other.buckets()) == ({"2026-11": 4}, {"2026-11": 8})
