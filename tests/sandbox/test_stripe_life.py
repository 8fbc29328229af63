"""The practice Stripe behaves as Stripe does: cards, time, failing renewals, changes of plan."""

from calendar import isleap

import pytest

from naraigoto.clock import jst
from tests.sandbox.practice import YEAR, Practice, order, words

# -- cards


async def test_a_declined_card_leaves_the_order_open_and_says_so(stripe: Practice) -> None:
    customer = await stripe.customer()
    opened = await stripe.payments().open_checkout(order(customer), key=f"order:{customer}")
    answer = stripe.page(opened.url, card="declined")
    assert "カードが使えませんでした" in words(answer.text)
    assert await stripe.payments().list_subscriptions(customer) == []
    assert stripe.page(opened.url, card="ok").status_code == 303


async def test_a_bank_that_asks_is_answered_before_anything_is_paid(stripe: Practice) -> None:
    customer = await stripe.customer()
    opened = await stripe.payments().open_checkout(order(customer), key=f"order:{customer}")
    assert "カード会社の本人確認" in words(stripe.page(opened.url, card="asks").text)
    assert "お支払いはまだです" in words(stripe.page(opened.url, card="asks", bank="no").text)
    assert await stripe.paid(customer) == []
    assert stripe.page(opened.url, card="asks", bank="yes").status_code == 303
    assert await stripe.paid(customer) == [("subscription_create", 6980)]


async def test_an_order_is_paid_once_however_often_the_button_is_pressed(stripe: Practice) -> None:
    customer = await stripe.customer()
    opened = await stripe.payments().open_checkout(order(customer), key=f"order:{customer}")
    stripe.page(opened.url, card="ok")
    assert "お支払いは済んでいます" in words(stripe.page(opened.url, card="ok").text)
    assert len(await stripe.paid(customer)) == 1


async def test_an_order_lapses_after_a_day(stripe: Practice) -> None:
    customer = await stripe.customer()
    opened = await stripe.payments().open_checkout(order(customer), key=f"order:{customer}")
    stripe.page(f"/dev/stripe/customers/{customer}", do="day")
    assert "期限が切れました" in words(stripe.page(opened.url).text)
    assert stripe.types(customer)[-1] == "checkout.session.expired"


# -- time


async def test_a_year_from_the_31st_of_january_bills_on_the_last_day_of_short_months(
    stripe: Practice,
) -> None:
    customer, subscription = await stripe.subscribed(at=f"{YEAR}-01-31T12:00")
    stripe.travel(customer, f"{YEAR + 1}-01-31T13:00")
    invoices = await stripe.payments().list_paid_invoices(customer_id=customer)
    starts = [jst(each.lines[0].period_start) for each in reversed(invoices)]
    assert [(each.month, each.day) for each in starts] == [
        (1, 31), (2, 29 if isleap(YEAR) else 28), (3, 31), (4, 30), (5, 31), (6, 30),
        (7, 31), (8, 31), (9, 30), (10, 31), (11, 30), (12, 31), (1, 31),
    ]  # fmt: skip
    assert [each.period_end for each in (invoice.lines[0] for invoice in invoices[1:])] == [
        each.period_start for each in (invoice.lines[0] for invoice in invoices[:-1])
    ]
    assert (await stripe.state(subscription)).status == "active"


async def test_a_first_payment_late_in_the_utc_day_bills_twice_in_one_japanese_month(
    stripe: Practice,
) -> None:
    customer, _ = await stripe.subscribed(at=f"{YEAR}-01-31T00:30")
    stripe.travel(customer, f"{YEAR}-04-01T12:00")
    invoices = await stripe.payments().list_paid_invoices(customer_id=customer)
    months = [jst(each.lines[0].period_start).strftime("%m/%d") for each in reversed(invoices)]
    assert months == ["01/31", "03/01", "03/31"]


async def test_travelling_with_one_family_leaves_the_others_where_they_are(stripe: Practice) -> None:
    stays, _ = await stripe.subscribed()
    travels, _ = await stripe.subscribed()
    stripe.page(f"/dev/stripe/customers/{travels}", do="month")
    assert (len(await stripe.paid(stays)), len(await stripe.paid(travels))) == (1, 2)


@pytest.mark.parametrize("moment", ["2020-01-01T00:00", "2099-01-01T00:00", "", "tomorrow"])
async def test_a_clock_goes_forward_only_and_not_too_far(stripe: Practice, moment: str) -> None:
    customer = await stripe.customer()
    answer = stripe.page(f"/dev/stripe/customers/{customer}", do="until", until=moment)
    assert "いまより後の日時" in words(answer.text)


# -- failing renewals


async def test_a_failed_renewal_is_tried_again_and_ends_when_nothing_helps(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed(card="fails_later", at=f"{YEAR}-03-10T12:00")
    stripe.travel(customer, f"{YEAR}-04-10T13:00")
    assert (await stripe.state(subscription)).status == "past_due"
    stripe.travel(customer, f"{YEAR}-04-26T13:00")
    ended = await stripe.state(subscription)
    assert ended.status == "canceled"
    attempts = [
        (each.object["attempt_count"], each.object["next_payment_attempt"] is None)
        for each in stripe.events(customer)
        if each.type == "invoice.payment_failed"
    ]
    assert attempts == [(1, False), (2, False), (3, False), (4, True)]
    assert stripe.types(customer)[-1] == "customer.subscription.deleted"
    assert len(await stripe.paid(customer)) == 1


async def test_another_card_pays_what_is_open_and_the_plan_goes_on(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed(card="fails_later", at=f"{YEAR}-03-10T12:00")
    stripe.travel(customer, f"{YEAR}-04-11T12:00")
    portal = await stripe.portal(customer)
    assert "お支払いが済んでいません" in words(stripe.page(portal).text)
    assert "カードが使えませんでした" in words(stripe.page(portal, do="card", card="declined").text)
    assert stripe.page(portal, do="card", card="ok").headers["location"].endswith("said=paid")
    assert (await stripe.state(subscription)).status == "active"
    assert await stripe.paid(customer) == [("subscription_create", 6980), ("subscription_cycle", 6980)]


async def test_a_renewal_whose_bank_asks_waits_for_the_customer(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed(card="asks_always", at=f"{YEAR}-03-10T12:00")
    stripe.travel(customer, f"{YEAR}-04-11T12:00")
    assert "invoice.payment_action_required" in stripe.types(customer)
    portal = await stripe.portal(customer)
    assert "カード会社の本人確認" in words(stripe.page(portal, do="pay").text)
    stripe.page(portal, do="card", card="asks_always", bank="yes")
    assert (await stripe.state(subscription)).status == "active"


async def test_the_next_payment_can_be_made_to_fail(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed(at=f"{YEAR}-03-10T12:00")
    stripe.page(f"/dev/stripe/customers/{customer}", do="fail")
    stripe.travel(customer, f"{YEAR}-04-11T12:00")
    assert (await stripe.state(subscription)).status == "past_due"
    stripe.travel(customer, f"{YEAR}-04-14T12:00")
    assert (await stripe.state(subscription)).status == "active"


# -- changing and ending


async def test_an_upgrade_is_paid_for_by_the_day_and_holds_at_once(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed("light", at=f"{YEAR}-04-01T12:00")
    stripe.travel(customer, f"{YEAR}-04-16T12:00")
    stripe.page(await stripe.portal(customer), do="plan", price=await stripe.price("family"))
    assert (await stripe.state(subscription)).plan == "family"
    newest = (await stripe.payments().list_paid_invoices(customer_id=customer))[0]
    assert newest.reason == "subscription_update"
    assert [(line.plan, line.amount, line.proration) for line in newest.lines] == [
        ("light", -1990, True),
        ("family", 6400, True),
    ]
    assert newest.amount_paid == 4410


async def test_a_downgrade_waits_for_the_next_period_and_can_be_taken_back(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed("family", at=f"{YEAR}-04-01T12:00")
    portal = await stripe.portal(customer)
    stripe.page(portal, do="plan", price=await stripe.price("light"))
    assert (await stripe.state(subscription)).next_plan == "light"
    stripe.page(portal, do="plan", price=await stripe.price("family"))
    assert (await stripe.state(subscription)).next_plan == ""
    stripe.page(portal, do="plan", price=await stripe.price("standard"))
    stripe.travel(customer, f"{YEAR}-05-01T13:00")
    now = await stripe.state(subscription)
    assert (now.plan, now.next_plan) == ("standard", "")
    assert [amount for _, amount in await stripe.paid(customer)] == [12800, 6980]


async def test_cancelling_ends_with_the_period_and_can_be_undone_until_then(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed(at=f"{YEAR}-04-01T12:00")
    portal = await stripe.portal(customer)
    stripe.page(portal, do="cancel")
    assert (await stripe.state(subscription)).cancel_at_period_end
    stripe.page(portal, do="resume")
    assert not (await stripe.state(subscription)).cancel_at_period_end
    stripe.page(portal, do="cancel")
    stripe.travel(customer, f"{YEAR}-05-02T12:00")
    ended = await stripe.state(subscription)
    assert (ended.status, ended.ended_at) == ("canceled", ended.period_end)
    assert len(await stripe.paid(customer)) == 1
    assert "いまのプランはありません" in words(stripe.page(portal).text)
