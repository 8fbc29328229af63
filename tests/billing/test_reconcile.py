"""The nightly look at Stripe: repairs what was missed, shows what it cannot mend (G7)."""

from datetime import timedelta

from sqlalchemy import text

from naraigoto.adapters.payments import PaymentsUnavailable
from naraigoto.jobs import reconcile as job
from naraigoto.models.billing import IssueKind, OrderStatus, PaymentStatus, SubscriptionStatus
from naraigoto.rules import RECONCILE_BACK
from tests import stripe_news as news
from tests.billing.desk import NOW, Desk
from tests.conftest import Committed

DAY = timedelta(days=1)


async def known(desk: Desk) -> None:
    """A plan that we and Stripe know alike."""
    await desk.begin()
    desk.stripe.know_subscription(desk.subscription())
    first = desk.invoice(f"in_first_{desk.number}", billing_reason="subscription_create")
    desk.stripe.know_invoice(first)


async def test_where_all_is_well_nothing_is_done(desk: Desk) -> None:
    await known(desk)

    assert await job.compare_all(desk.stripe, NOW) == 0
    assert await desk.issues() == {}


async def test_a_missing_grant_is_made_good_once(desk: Desk) -> None:
    await known(desk)
    desk.stripe.know_invoice(desk.invoice("in_2", desk.end))
    later = desk.end + DAY

    assert await job.compare_all(desk.stripe, later) == 1
    assert await job.compare_all(desk.stripe, later) == 0
    assert await desk.buckets() == {"2026-11": 4, "2026-12": 4}
    await desk.tell("invoice.paid", desk.invoice("in_2", desk.end), desk.end)
    assert await desk.buckets() == {"2026-11": 4, "2026-12": 4}


async def test_a_first_payment_of_which_no_news_came_is_made_good_once(desk: Desk) -> None:
    first = desk.invoice("in_1", billing_reason="subscription_create")
    await desk.order(OrderStatus.EXPIRED)
    desk.stripe.know_subscription(desk.subscription())
    desk.stripe.know_invoice(first)

    assert await job.compare_all(desk.stripe, NOW) == 2
    assert await job.compare_all(desk.stripe, NOW) == 0
    assert (await desk.row()).status is SubscriptionStatus.ACTIVE
    assert await desk.buckets() == {"2026-11": 4}
    await desk.tell("customer.subscription.created", desk.subscription(status="incomplete"))
    await desk.tell("invoice.paid", first)
    assert (await desk.row()).status is SubscriptionStatus.ACTIVE
    assert await desk.buckets() == {"2026-11": 4}
    assert await desk.mails() == ["subscription_started"]
    assert await desk.issues() == {}


async def test_a_family_that_came_back_unheard_is_made_good(desk: Desk) -> None:
    await desk.begin()
    gone = desk.subscription(status="canceled", ended_at=news.seconds(desk.start + DAY))
    await desk.tell("customer.subscription.deleted", gone, desk.start + DAY)
    desk.stripe.know_subscription(gone)
    back = desk.start + DAY + 2 * RECONCILE_BACK
    await desk.order(at=back)
    desk.stripe.know_subscription(desk.subscription(id="sub_back", start=back, end=back + 30 * DAY))
    desk.stripe.know_invoice(desk.invoice("in_back", back, of="sub_back"))

    assert await job.compare_all(desk.stripe, back) == 2
    assert (await desk.row("sub_back")).status is SubscriptionStatus.ACTIVE
    assert await desk.buckets() == {"2026-11": 4, "2027-02": 4}


async def test_a_plan_that_began_and_ended_unheard_brings_its_tickets_and_stays_ended(desk: Desk) -> None:
    await desk.order()
    desk.stripe.know_subscription(desk.subscription(status="canceled", ended_at=news.seconds(NOW)))
    desk.stripe.know_invoice(desk.invoice("in_1", billing_reason="subscription_create"))

    assert await job.compare_all(desk.stripe, NOW) == 2
    assert (await desk.row()).status is SubscriptionStatus.CANCELED
    assert await desk.buckets() == {"2026-11": 4}


async def test_a_payment_that_went_back_before_it_was_heard_of_brings_no_tickets(desk: Desk) -> None:
    await desk.order()
    desk.stripe.know_subscription(desk.subscription())
    first = desk.invoice("in_1", billing_reason="subscription_create")
    desk.stripe.know_invoice(first, intent="pi_1", refunded=6980)

    assert await job.compare_all(desk.stripe, NOW) == 2
    assert await job.compare_all(desk.stripe, NOW) == 0
    assert await desk.buckets() == {"2026-11": 0}
    assert [row.status for row in await desk.payments()] == [PaymentStatus.REFUNDED]


async def test_a_family_that_only_looked_at_the_page_is_asked_about_for_forty_days(desk: Desk) -> None:
    await desk.order(OrderStatus.EXPIRED)

    assert await job.compare_all(desk.stripe, NOW + RECONCILE_BACK) == 0
    assert desk.stripe.calls == ["list_subscriptions", "list_paid_invoices"]
    assert await job.compare_all(desk.stripe, NOW + RECONCILE_BACK + DAY) == 0
    assert len(desk.stripe.calls) == 2


async def test_a_plan_that_changed_unheard_is_brought_up_to_date(desk: Desk) -> None:
    await known(desk)
    desk.stripe.know_subscription(desk.subscription(status="past_due", plan="family"))

    assert await job.compare_all(desk.stripe, NOW) == 1
    row = await desk.row()
    assert (row.status, row.plan.value) == (SubscriptionStatus.ON_HOLD, "family")
    assert await job.compare_all(desk.stripe, NOW) == 0


async def test_a_plan_that_stripe_does_not_know_is_shown(desk: Desk) -> None:
    await desk.begin()

    assert await job.compare_all(desk.stripe, NOW) == 0
    found = await desk.issues()
    assert set(found) == {IssueKind.SUBSCRIPTION_DIFFERS, IssueKind.INVOICE_MISSING}
    assert (await desk.row()).status is SubscriptionStatus.ACTIVE


async def test_what_ended_here_and_goes_on_there_is_ended_there(desk: Desk, committed: Committed) -> None:
    from naraigoto.jobs import webhooks
    from naraigoto.services.billing import managing

    await known(desk)
    async with committed() as session:
        await managing.cancel_now_for(session, desk.family.id, now=NOW)
    async with committed() as session:
        await (await session.connection()).execute(text("UPDATE subscriptions SET end_due_at = NULL"))
    await job.compare_all(desk.stripe, NOW)

    assert await webhooks.end_due(desk.stripe, NOW) == 1
    assert desk.stripe.subscriptions[desk.number].status == "canceled"


async def test_a_balance_that_its_ledger_does_not_explain_is_shown_once(
    desk: Desk, committed: Committed
) -> None:
    await known(desk)
    async with committed() as session:
        await (await session.connection()).execute(text("UPDATE ticket_balances SET balance = 9"))

    assert await job.compare_all(desk.stripe, NOW) == 1
    assert await job.compare_all(desk.stripe, NOW) == 0
    facts = (await desk.issues())[IssueKind.BALANCE_WRONG]
    assert (facts["balance"], facts["explained"]) == (9, 4)


async def test_a_family_whose_turn_fails_waits_for_the_next_night(desk: Desk) -> None:
    await known(desk)
    desk.stripe.know_invoice(desk.invoice("in_2", desk.end))
    desk.stripe.trouble = [PaymentsUnavailable("APIConnectionError")]

    assert await job.compare_all(desk.stripe, NOW) == 0
    assert await job.compare_all(desk.stripe, NOW) == 1
    assert {row.status for row in await desk.payments()} == {PaymentStatus.PAID}
