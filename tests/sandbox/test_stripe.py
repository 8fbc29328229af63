"""The practice Stripe behaves as Stripe does: cards, renewals, changes of plan, deliveries, restarts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from naraigoto.adapters.payments import SubscriptionState
from naraigoto.adapters.payments.access import move_sandbox, sandbox_access
from naraigoto.clock import jst
from naraigoto.preflight import CannotRun
from naraigoto.sandbox.stripe import running
from naraigoto.sandbox.stripe.guard import refuse_real_money
from naraigoto.settings import Settings
from tests.sandbox.practice import ORIGIN, Practice, order, practice, words
from tests.sandbox.practice import jst as jst_day


@pytest.fixture(scope="session")
def stripe_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """One process for all."""
    with practice(tmp_path_factory.mktemp("stripe")) as running_one:
        yield running_one


@pytest.fixture
def stripe(stripe_process: Practice) -> Practice:
    """The practice Stripe with nothing heard yet."""
    stripe_process.ear.heard.clear()
    return stripe_process


async def state(stripe: Practice, subscription: str) -> SubscriptionState:
    found = await stripe.payments().get_subscription(subscription)
    assert found is not None
    return found


async def paid(stripe: Practice, customer: str) -> list[tuple[str, int]]:
    """Reason and amount of what was paid, oldest first."""
    found = await stripe.payments().list_paid_invoices(customer_id=customer)
    return [(each.reason, each.amount_paid) for each in reversed(found)]


async def price(stripe: Practice, plan: str) -> str:
    await stripe.payments().prepare()
    listed = stripe.page("/v1/prices")
    return next(each["id"] for each in listed.json()["data"] if each["metadata"]["plan"] == plan)


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
    assert await paid(stripe, customer) == []
    assert stripe.page(opened.url, card="asks", bank="yes").status_code == 303
    assert await paid(stripe, customer) == [("subscription_create", 6980)]


async def test_an_order_is_paid_once_however_often_the_button_is_pressed(stripe: Practice) -> None:
    customer = await stripe.customer()
    opened = await stripe.payments().open_checkout(order(customer), key=f"order:{customer}")
    stripe.page(opened.url, card="ok")
    assert "お支払いは済んでいます" in words(stripe.page(opened.url, card="ok").text)
    assert len(await paid(stripe, customer)) == 1


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
    customer, subscription = await stripe.subscribed(at="2027-01-31T12:00")
    stripe.travel(customer, "2028-01-31T13:00")
    invoices = await stripe.payments().list_paid_invoices(customer_id=customer)
    starts = [jst(each.lines[0].period_start) for each in reversed(invoices)]
    assert [(each.month, each.day) for each in starts] == [
        (1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30),
        (7, 31), (8, 31), (9, 30), (10, 31), (11, 30), (12, 31), (1, 31),
    ]  # fmt: skip
    assert [each.period_end for each in (invoice.lines[0] for invoice in invoices[1:])] == [
        each.period_start for each in (invoice.lines[0] for invoice in invoices[:-1])
    ]
    assert (await state(stripe, subscription)).status == "active"


async def test_a_first_payment_late_in_the_utc_day_bills_twice_in_one_japanese_month(
    stripe: Practice,
) -> None:
    customer, _ = await stripe.subscribed(at="2027-01-31T00:30")
    stripe.travel(customer, "2027-04-01T12:00")
    invoices = await stripe.payments().list_paid_invoices(customer_id=customer)
    months = [jst(each.lines[0].period_start).strftime("%m/%d") for each in reversed(invoices)]
    assert months == ["01/31", "03/01", "03/31"]


async def test_travelling_with_one_family_leaves_the_others_where_they_are(stripe: Practice) -> None:
    stays, _ = await stripe.subscribed()
    travels, _ = await stripe.subscribed()
    stripe.page(f"/dev/stripe/customers/{travels}", do="month")
    assert (len(await paid(stripe, stays)), len(await paid(stripe, travels))) == (1, 2)


@pytest.mark.parametrize("moment", ["2020-01-01T00:00", "2099-01-01T00:00", "", "tomorrow"])
async def test_a_clock_goes_forward_only_and_not_too_far(stripe: Practice, moment: str) -> None:
    customer = await stripe.customer()
    answer = stripe.page(f"/dev/stripe/customers/{customer}", do="until", until=moment)
    assert "いまより後の日時" in words(answer.text)


# -- failing renewals


async def test_a_failed_renewal_is_tried_again_and_ends_when_nothing_helps(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed(card="fails_later", at="2027-03-10T12:00")
    stripe.travel(customer, "2027-04-10T13:00")
    assert (await state(stripe, subscription)).status == "past_due"
    stripe.travel(customer, "2027-04-26T13:00")
    ended = await state(stripe, subscription)
    assert ended.status == "canceled"
    attempts = [
        (each.object["attempt_count"], each.object["next_payment_attempt"] is None)
        for each in stripe.events(customer)
        if each.type == "invoice.payment_failed"
    ]
    assert attempts == [(1, False), (2, False), (3, False), (4, True)]
    assert stripe.types(customer)[-1] == "customer.subscription.deleted"
    assert len(await paid(stripe, customer)) == 1


async def test_another_card_pays_what_is_open_and_the_plan_goes_on(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed(card="fails_later", at="2027-03-10T12:00")
    stripe.travel(customer, "2027-04-11T12:00")
    portal = await stripe.portal(customer)
    assert "お支払いが済んでいません" in words(stripe.page(portal).text)
    assert "カードが使えませんでした" in words(stripe.page(portal, do="card", card="declined").text)
    assert stripe.page(portal, do="card", card="ok").headers["location"].endswith("said=paid")
    assert (await state(stripe, subscription)).status == "active"
    assert await paid(stripe, customer) == [("subscription_create", 6980), ("subscription_cycle", 6980)]


async def test_a_renewal_whose_bank_asks_waits_for_the_customer(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed(card="asks_always", at="2027-03-10T12:00")
    stripe.travel(customer, "2027-04-11T12:00")
    assert "invoice.payment_action_required" in stripe.types(customer)
    portal = await stripe.portal(customer)
    assert "カード会社の本人確認" in words(stripe.page(portal, do="pay").text)
    stripe.page(portal, do="card", card="asks_always", bank="yes")
    assert (await state(stripe, subscription)).status == "active"


async def test_the_next_payment_can_be_made_to_fail(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed(at="2027-03-10T12:00")
    stripe.page(f"/dev/stripe/customers/{customer}", do="fail")
    stripe.travel(customer, "2027-04-11T12:00")
    assert (await state(stripe, subscription)).status == "past_due"
    stripe.travel(customer, "2027-04-14T12:00")
    assert (await state(stripe, subscription)).status == "active"


# -- changing and ending


async def test_an_upgrade_is_paid_for_by_the_day_and_holds_at_once(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed("light", at="2027-04-01T12:00")
    stripe.travel(customer, "2027-04-16T12:00")
    stripe.page(await stripe.portal(customer), do="plan", price=await price(stripe, "family"))
    assert (await state(stripe, subscription)).plan == "family"
    newest = (await stripe.payments().list_paid_invoices(customer_id=customer))[0]
    assert newest.reason == "subscription_update"
    assert [(line.plan, line.amount, line.proration) for line in newest.lines] == [
        ("light", -1990, True),
        ("family", 6400, True),
    ]
    assert newest.amount_paid == 4410


async def test_a_downgrade_waits_for_the_next_period_and_can_be_taken_back(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed("family", at="2027-04-01T12:00")
    portal = await stripe.portal(customer)
    stripe.page(portal, do="plan", price=await price(stripe, "light"))
    assert (await state(stripe, subscription)).next_plan == "light"
    stripe.page(portal, do="plan", price=await price(stripe, "family"))
    assert (await state(stripe, subscription)).next_plan == ""
    stripe.page(portal, do="plan", price=await price(stripe, "standard"))
    stripe.travel(customer, "2027-05-01T13:00")
    now = await state(stripe, subscription)
    assert (now.plan, now.next_plan) == ("standard", "")
    assert [amount for _, amount in await paid(stripe, customer)] == [12800, 6980]


async def test_cancelling_ends_with_the_period_and_can_be_undone_until_then(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed(at="2027-04-01T12:00")
    portal = await stripe.portal(customer)
    stripe.page(portal, do="cancel")
    assert (await state(stripe, subscription)).cancel_at_period_end
    stripe.page(portal, do="resume")
    assert not (await state(stripe, subscription)).cancel_at_period_end
    stripe.page(portal, do="cancel")
    stripe.travel(customer, "2027-05-02T12:00")
    ended = await state(stripe, subscription)
    assert (ended.status, ended.ended_at) == ("canceled", ended.period_end)
    assert len(await paid(stripe, customer)) == 1
    assert "いまのプランはありません" in words(stripe.page(portal).text)


# -- deliveries


async def test_held_events_leave_in_the_order_one_likes_and_as_often(stripe: Practice) -> None:
    stripe.page("/dev/stripe", do="hold")
    stripe.page("/dev/stripe", do="copies", copies="2")
    customer, _ = await stripe.subscribed()
    assert stripe.types(customer) == []
    stripe.page("/dev/stripe", do="copies", copies="1")
    stripe.page("/dev/stripe", do="let_go", order="reverse")
    types = stripe.types(customer)
    assert types[:2] == ["checkout.session.completed"] * 2
    assert types[-1] == "customer.created"
    assert len(types) == 2 * len({each.id for each in stripe.events(customer)})


async def test_a_receiver_that_fails_is_asked_again(stripe: Practice) -> None:
    stripe.ear.answers.extend([500, 503])
    customer = await stripe.customer()
    assert stripe.types(customer) == ["customer.created"] * 3
    assert len({each.id for each in stripe.events(customer)}) == 1


# -- the process


async def test_what_happened_survives_a_restart(tmp_path: Path) -> None:
    with practice(tmp_path) as before:
        customer, subscription = await before.subscribed()
    with practice(tmp_path) as after:
        assert (await state(after, subscription)).status == "active"
        assert len(await paid(after, customer)) == 1


def test_a_second_site_of_the_folder_shares_the_sandbox(stripe: Practice) -> None:
    port = sandbox_access(stripe.settings).port
    with running.sandbox(stripe.settings):
        assert sandbox_access(stripe.settings).port == port
    assert stripe.page("/dev/stripe").status_code == 200


def test_a_port_that_somebody_took_is_given_up(tmp_path: Path, stripe: Practice) -> None:
    taken = sandbox_access(stripe.settings).port
    settings = Settings(NARAIGOTO_DATA=tmp_path)  # pyright: ignore[reportCallIssue]
    keys = sandbox_access(settings)
    move_sandbox(settings, taken)
    with practice(tmp_path) as moved:
        now = sandbox_access(moved.settings)
        assert (now.api_key, now.webhook_secret) == (keys.api_key, keys.webhook_secret)
        assert now.port != taken
        assert moved.page("/dev/stripe").status_code == 200


@pytest.mark.parametrize(
    "values",
    [
        {"NARAIGOTO_ENV": "production"},
        {"STRIPE_API_KEY": "sk_live_1"},
        {"STRIPE_API_KEY": "rk_live_1"},
    ],
)
def test_practice_and_real_money_never_meet(values: dict[str, str]) -> None:
    settings = Settings(**values)  # pyright: ignore[reportArgumentType]
    with pytest.raises(CannotRun):
        refuse_real_money(settings)


def test_with_an_account_no_sandbox_starts(tmp_path: Path) -> None:
    settings = Settings(STRIPE_API_KEY="sk_test_1", NARAIGOTO_DATA=tmp_path / "data")  # pyright: ignore[reportCallIssue]
    with running.sandbox(settings):
        running.seed(settings, "postgresql://nobody@127.0.0.1:1/none")
    assert not (tmp_path / "data").exists()


async def test_the_demo_s_families_are_planted_once_and_renew(stripe: Practice) -> None:
    await stripe.payments().prepare()
    begins, ends = (int(jst_day(2027, month, 1).timestamp()) for month in (5, 6))
    plan = {
        "customer": "cus_demo_1",
        "subscription": "sub_demo_1",
        "plan": "family",
        "email": "hanako@example.com",
        "name": "花子",
        "begins": begins,
        "ends": ends,
    }
    invoice = {
        "invoice": "in_demo_1",
        "subscription": "sub_demo_1",
        "amount": 12800,
        "kind": "first",
        "plan": "family",
        "paid_at": begins,
    }
    planted = [stripe.plant({"plans": [plan], "invoices": [invoice]}) for _ in range(2)]
    assert planted == [1, 0]
    assert stripe.types("cus_demo_1") == []
    stripe.travel("cus_demo_1", "2027-06-02T12:00")
    assert await paid(stripe, "cus_demo_1") == [("subscription_create", 12800), ("subscription_cycle", 12800)]
    assert stripe.page(await stripe.portal("cus_demo_1"), do="cancel").status_code == 303


async def test_a_page_that_does_not_exist_says_so(stripe: Practice) -> None:
    for address in ("pay/cs_test_none", "portal/bps_none", "receipts/in_none", "customers/cus_none"):
        answer = stripe.page(f"/dev/stripe/{address}")
        assert (answer.status_code, "ページが見つかりません" in answer.text) == (404, True)


async def test_nonsense_in_forms_changes_nothing(stripe: Practice) -> None:
    customer, subscription = await stripe.subscribed()
    before = await state(stripe, subscription)
    portal = await stripe.portal(customer)
    for form in ({"do": "plan", "price": "price_none"}, {"do": "card", "card": "4242"}, {"do": "explode"}):
        assert stripe.page(portal, **form).status_code == 200
    for form in ({"do": "copies", "copies": "99"}, {"do": "again", "delivery": "x"}, {"do": "nothing"}):
        assert stripe.page("/dev/stripe", **form).status_code == 303
    stripe.page(f"/dev/stripe/customers/{customer}", do="refund", charge="ch_none")
    assert await state(stripe, subscription) == before


async def test_names_are_text_on_every_page(stripe: Practice) -> None:
    customer = await stripe.customer("<b>花子</b>")
    for address in ("/dev/stripe", f"/dev/stripe/customers/{customer}"):
        assert "<b>花子" not in stripe.page(address).text
    portal = await stripe.portal(customer)
    assert portal.startswith(f"{ORIGIN}/dev/stripe/portal/")
