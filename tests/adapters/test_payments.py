"""The contract of payments, over the practice Stripe as a real process."""

import asyncio
import json
import time
from datetime import timedelta

import httpx
import pytest
import stripe as official

from naraigoto.adapters import payments
from naraigoto.adapters.payments import PaymentsRefused, PaymentsUnavailable, SignatureInvalid
from naraigoto.adapters.payments.access import Access, access_of
from naraigoto.adapters.payments.stripe import StripePayments
from naraigoto.settings import Environment, Settings
from tests.sandbox.practice import ORIGIN, YEAR, Practice, jst, order


async def test_two_parallel_calls_with_one_key_make_one_customer(stripe: Practice) -> None:
    client = stripe.payments()
    made = await asyncio.gather(
        *(
            client.ensure_customer(family_id="f1", email="hanako@example.com", name="花子", key="customer:f1")
            for _ in range(8)
        )
    )
    assert len(set(made)) == 1


async def test_a_customer_asked_for_again_may_have_another_address(stripe: Practice) -> None:
    client = stripe.payments()
    first = await client.ensure_customer(
        family_id="f2", email="a@example.com", name="花子", key="customer:f2"
    )
    again = await client.ensure_customer(
        family_id="f2", email="b@example.com", name="花子", key="customer:f2"
    )
    assert first == again


async def test_an_order_is_paid_on_its_page_and_money_is_told_of_before_the_order(stripe: Practice) -> None:
    client, customer = stripe.payments(), await stripe.customer()
    opened = await client.open_checkout(order(customer), key=f"order:{customer}")
    assert opened.url.startswith(f"{ORIGIN}/dev/stripe/pay/")
    done = stripe.page(opened.url, card="ok")
    assert (done.status_code, done.headers["location"]) == (303, f"{ORIGIN}/plans/done?order=1")

    state = await client.get_checkout(opened.session_id)
    assert state is not None
    assert (state.status, state.paid, state.reference) == ("complete", True, "order-1")
    assert state.subscription_id is not None
    bought = await client.get_subscription(state.subscription_id)
    assert bought is not None
    assert (bought.status, bought.plan, bought.next_plan, bought.metadata) == (
        "active",
        "standard",
        "",
        {"family_id": "f1"},
    )
    assert timedelta(days=28) <= bought.period_end - bought.period_start <= timedelta(days=31)
    assert state.invoice_id is not None
    invoice = await client.get_invoice(state.invoice_id)
    assert invoice is not None
    assert (invoice.status, invoice.reason, invoice.amount_paid) == ("paid", "subscription_create", 6980)
    assert [(line.plan, line.amount, line.proration) for line in invoice.lines] == [("standard", 6980, False)]
    assert invoice.lines[0].period_start == bought.period_start
    assert invoice.receipt_url is not None
    assert "¥6,980" in stripe.page(invoice.receipt_url).text

    types = stripe.types(customer)
    assert types.index("invoice.paid") < types.index("customer.subscription.created")
    assert types[-1] == "checkout.session.completed"


async def test_an_order_asked_for_twice_is_one_order(stripe: Practice) -> None:
    client, customer = stripe.payments(), await stripe.customer()
    pages = [await client.open_checkout(order(customer), key=f"twice:{customer}") for _ in range(2)]
    assert pages[0] == pages[1]
    with pytest.raises(PaymentsRefused):
        await client.open_checkout(order(customer, "family"), key=f"twice:{customer}")


async def test_a_closed_order_cannot_be_paid_and_closing_again_is_no_error(stripe: Practice) -> None:
    client, customer = stripe.payments(), await stripe.customer()
    opened = await client.open_checkout(order(customer), key=f"closed:{customer}")
    await client.expire_checkout(opened.session_id)
    await client.expire_checkout(opened.session_id)
    assert "期限が切れました" in stripe.page(opened.url, card="ok").text
    assert await client.list_subscriptions(customer) == []
    assert "checkout.session.expired" in stripe.types(customer)


async def test_what_does_not_exist_is_none(stripe: Practice) -> None:
    client = stripe.payments()
    assert await client.get_checkout("cs_test_none") is None
    assert await client.get_subscription("sub_none") is None
    assert await client.get_invoice("in_none") is None
    assert await client.invoice_of_payment("pi_none") is None
    await client.expire_checkout("cs_test_none")
    with pytest.raises(PaymentsRefused, match="resource_missing"):
        await client.open_portal(customer_id="cus_none", return_url=ORIGIN)


async def test_cancelling_and_undoing_say_the_same_however_often(stripe: Practice) -> None:
    client = stripe.payments()
    customer, subscription = await stripe.subscribed()
    for _ in range(2):
        assert (await client.cancel_at_period_end(subscription)).cancel_at_period_end
    for _ in range(2):
        assert not (await client.undo_cancel(subscription)).cancel_at_period_end
    for _ in range(2):
        ended = await client.cancel_now(subscription)
        assert (ended.status, ended.ended_at is not None) == ("canceled", True)
    assert [each.id for each in await client.list_subscriptions(customer)] == [subscription]
    assert stripe.types(customer).count("customer.subscription.deleted") == 1
    with pytest.raises(PaymentsRefused):
        await client.cancel_at_period_end(subscription)


async def test_what_was_cancelled_in_the_portal_is_seen_and_can_be_undone_here(stripe: Practice) -> None:
    client = stripe.payments()
    customer, subscription = await stripe.subscribed()
    stripe.page(await stripe.portal(customer), do="cancel")
    assert (await stripe.state(subscription)).cancel_at_period_end
    assert (await client.cancel_at_period_end(subscription)).cancel_at_period_end

    for _ in range(2):
        assert not (await client.undo_cancel(subscription)).cancel_at_period_end
    assert not (await stripe.state(subscription)).cancel_at_period_end


async def test_cancelling_drops_a_planned_downgrade(stripe: Practice) -> None:
    client = stripe.payments()
    customer, subscription = await stripe.subscribed("family")
    portal = await stripe.portal(customer)
    stripe.page(portal, do="plan", price=await _price(stripe, "light"))
    planned = await client.get_subscription(subscription)
    assert planned is not None
    assert (planned.plan, planned.next_plan) == ("family", "light")
    ending = await client.cancel_at_period_end(subscription)
    assert (ending.cancel_at_period_end, ending.next_plan) == (True, "")


async def test_paid_invoices_are_listed_beyond_one_page_and_by_customer_and_time(stripe: Practice) -> None:
    client = stripe.payments()
    customer, subscription = await stripe.subscribed(at=f"{YEAR}-01-31T12:00")
    stripe.travel(customer, f"{YEAR + 1}-01-05T12:00")
    mine = await client.list_paid_invoices(customer_id=customer)
    assert [each.subscription_id for each in mine] == [subscription] * 12
    assert mine == sorted(mine, key=lambda each: each.created_at, reverse=True)
    since = await client.list_paid_invoices(customer_id=customer, since=jst(YEAR, 10, 1))
    assert len(since) == 3
    assert {each.id for each in since} <= {each.id for each in await client.list_paid_invoices()}


async def test_a_refund_leads_back_to_its_invoice(stripe: Practice) -> None:
    client = stripe.payments()
    customer, _ = await stripe.subscribed()
    (paid,) = await client.list_paid_invoices(customer_id=customer)
    assert paid.payment_intent_id is not None
    charge = await _account(stripe).v1.payment_intents.retrieve_async(paid.payment_intent_id)
    stripe.page(f"/dev/stripe/customers/{customer}", do="refund", charge=str(charge.latest_charge))
    (told,) = [each for each in stripe.events(customer) if each.type == "charge.refunded"]
    found = await client.invoice_of_payment(told.object["payment_intent"])
    assert found is not None
    assert (found.id, found.amount_refunded) == (paid.id, 6980)


async def test_a_webhook_is_read_with_either_secret_and_refused_otherwise(stripe: Practice) -> None:
    customer, _ = await stripe.subscribed()
    stripe.events(customer)
    body, signature = stripe.ear.heard[-1]
    secret = access_of(stripe.settings).webhook_secrets[0]
    rotated = StripePayments(Access("sk_test_x", ("whsec_new", secret), None))
    assert rotated.read_event(body, signature).payload == json.loads(body)
    forged = StripePayments(Access("sk_test_x", ("whsec_other",), None))
    for reader, payload, header in (
        (forged, body, signature),
        (rotated, body + b" ", signature),
        (rotated, body, None),
        (rotated, body, ""),
        (rotated, body, "t=1,v1=00"),
        (StripePayments(Access("sk_test_x", (), None)), body, signature),
    ):
        with pytest.raises(SignatureInvalid):
            reader.read_event(payload, header)


@pytest.mark.parametrize(("age", "welcome"), [(290, True), (310, False), (-60, True)])
def test_a_signature_is_good_for_five_minutes(age: int, welcome: bool) -> None:
    body = _event()
    header = official.WebhookSignature.generate_signature_header(body, "whsec_1", int(time.time()) - age)
    reader = StripePayments(Access("sk_test_x", ("whsec_1",), None))
    if welcome:
        assert reader.read_event(body.encode(), header).payload == json.loads(body)
    else:
        with pytest.raises(SignatureInvalid):
            reader.read_event(body.encode(), header)


@pytest.mark.parametrize(
    "body", ["", "[]", "nonsense", '{"object":"v2.core.event","id":"evt_1"}', '{"id":1}']
)
def test_signed_nonsense_is_no_event(body: str) -> None:
    header = official.WebhookSignature.generate_signature_header(body, "whsec_1")
    with pytest.raises(SignatureInvalid):
        StripePayments(Access("sk_test_x", ("whsec_1",), None)).read_event(body.encode(), header)


async def test_a_wrong_key_is_refused_and_an_absent_stripe_is_away(stripe: Practice) -> None:
    base = access_of(stripe.settings).base
    with pytest.raises(PaymentsRefused):
        await StripePayments(Access("sk_test_wrong", (), base)).get_invoice("in_1")
    with pytest.raises(PaymentsUnavailable):
        await StripePayments(Access("sk_test_wrong", (), "http://127.0.0.1:9")).get_invoice("in_1")


async def test_a_stripe_that_does_not_answer_is_away_after_the_timeout() -> None:
    async def say_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    client = StripePayments(Access("sk_test_x", (), f"http://127.0.0.1:{port}"), timeout=0.2)
    with pytest.raises(PaymentsUnavailable):
        await client.get_invoice("in_1")
    silent.close()


def test_production_needs_both_keys() -> None:
    def settings(**keys: str) -> Settings:
        return Settings(NARAIGOTO_ENV=Environment.PRODUCTION, **keys)  # pyright: ignore[reportCallIssue, reportArgumentType]

    assert not payments.can_pay(settings())
    assert not payments.can_pay(settings(STRIPE_API_KEY="sk_test_1"))
    assert payments.can_pay(settings(STRIPE_API_KEY="sk_test_1", STRIPE_WEBHOOK_SECRET="whsec_1"))
    with pytest.raises(payments.PaymentsNotConfigured):
        payments.make_payments(settings())


async def test_prices_and_the_portal_are_made_once(stripe: Practice) -> None:
    for _ in range(2):
        await stripe.payments().prepare()
    account = _account(stripe)
    prices = await account.v1.prices.list_async({"limit": 100})
    assert sorted(price.unit_amount or 0 for price in prices.data) == [3980, 6980, 12800]
    rules = await account.v1.billing_portal.configurations.list_async({"limit": 100})
    assert len(rules.data) == 1


def _account(stripe: Practice) -> official.StripeClient:
    access = access_of(stripe.settings)
    assert access.base is not None
    return official.StripeClient(
        access.api_key, base_addresses={"api": access.base}, http_client=official.HTTPXClient()
    )


async def _price(stripe: Practice, plan: str) -> str:
    found = await _account(stripe).v1.prices.list_async({"limit": 100})
    return next(price.id for price in found.data if price.to_dict()["metadata"]["plan"] == plan)


def _event() -> str:
    return json.dumps(
        {
            "id": "evt_1",
            "object": "event",
            "type": "invoice.paid",
            "created": 1_800_000_000,
            "data": {"object": {"id": "in_1", "object": "invoice", "unit_amount_decimal": "6980"}},
        }
    )


def test_the_sandbox_lets_nobody_in_without_its_key(stripe: Practice) -> None:
    base = access_of(stripe.settings).base
    assert httpx.get(f"{base}/dev/stripe").status_code == 401
    assert httpx.get(f"{base}/v1/customers").status_code == 401
