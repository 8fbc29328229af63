"""The owner closes their account and a co-guardian takes over: no card, no receipt of theirs comes along."""

from datetime import timedelta
from typing import Any

import pytest

from naraigoto import db
from naraigoto.actor import Actor
from naraigoto.jobs import reconcile
from naraigoto.jobs import webhooks as job
from naraigoto.models.accounts import User
from naraigoto.models.billing import PaymentStatus, SubscriptionStatus
from naraigoto.models.families import Family
from naraigoto.services import billing, privacy
from naraigoto.services.actors import actor_for
from tests import factories as make
from tests import stripe_news as news
from tests.billing.desk import NOW, Desk

URL = "https://np.test"
CLOSED = NOW + timedelta(days=1)
LATER = CLOSED + timedelta(minutes=5)


@pytest.fixture
async def heir(desk: Desk) -> User:
    """Who joined the family of the desk."""
    async with desk.committed() as session:
        return await make.make_co_guardian(session, desk.family)


async def close(desk: Desk) -> None:
    async with desk.committed() as session:
        await privacy.close(session, await actor_for(session, desk.guardian.id), now=CLOSED)


async def steps_of(desk: Desk, user: User) -> tuple[Actor, Any]:
    """Somebody as they are now, and a way to take steps as them."""
    async with desk.committed() as session:
        actor = await actor_for(session, user.id)

    async def run(work: Any) -> Any:
        return await db.retrying(lambda session: work(session, actor))

    return actor, run


async def customer_of(desk: Desk) -> str | None:
    async with desk.committed() as session:
        return (await session.get_one(Family, desk.family.id)).stripe_customer_id


def named(desk: Desk, thing: dict[str, Any]) -> dict[str, Any]:
    """The thing with our own words on it, as everything of a checkout carries them."""
    words = {"family_id": str(desk.family.id), "plan": desk.plan}
    if thing["object"] == "invoice":
        thing["parent"]["subscription_details"]["metadata"] = words
        return thing
    return thing | {"metadata": words}


async def test_the_heir_pays_as_a_customer_of_their_own(desk: Desk, heir: User) -> None:
    await desk.begin()
    await close(desk)
    _, run = await steps_of(desk, heir)

    page = await billing.portal(run, desk.stripe, public_url=URL, now=LATER)
    opened = await billing.checkout(run, desk.stripe, plan="light", public_url=URL, now=LATER)

    own = await customer_of(desk)
    assert own not in {None, desk.customer}
    assert f"/{own}/" in page
    assert desk.stripe.checkouts[opened.session_id].customer_id == own


async def test_an_owner_and_their_heir_are_never_one_customer_at_stripe(desk: Desk, heir: User) -> None:
    async with desk.committed() as session:
        (await session.get_one(Family, desk.family.id)).stripe_customer_id = None
    _, first = await steps_of(desk, desk.guardian)
    await billing.portal(first, desk.stripe, public_url=URL, now=NOW)
    before = await customer_of(desk)
    await close(desk)
    _, run = await steps_of(desk, heir)
    await billing.portal(run, desk.stripe, public_url=URL, now=LATER)

    assert await customer_of(desk) not in {None, before}


async def test_the_heir_does_not_see_what_was_paid_before(desk: Desk, heir: User) -> None:
    await desk.begin()
    await close(desk)
    actor, _ = await steps_of(desk, heir)
    async with desk.committed() as session:
        assert (await billing.payments(session, actor)).items == []
        taker = await privacy.start(session, actor, now=LATER)
        taken = [row async for _, batch in privacy.rows(session, taker, "payments") for row in batch]
        assert taken == []

    _, run = await steps_of(desk, heir)
    await billing.portal(run, desk.stripe, public_url=URL, now=LATER)
    own = await customer_of(desk)
    lines = [news.line("light", LATER, LATER + timedelta(days=30))]
    await desk.tell("invoice.paid", news.invoice("in_own", str(own), "sub_own", lines, LATER), LATER)

    async with desk.committed() as session:
        page = await billing.payments(session, actor)
    assert [row.amount for row in page.items] == [3980]


async def test_what_still_ends_at_stripe_ends(desk: Desk, heir: User) -> None:
    await desk.begin()
    desk.stripe.know_subscription(desk.subscription())
    await close(desk)

    assert await job.end_due(desk.stripe, LATER) == 1

    assert desk.stripe.subscriptions[desk.number].status == "canceled"
    assert (await desk.row()).end_due_at is None


async def test_late_news_of_the_former_customer_is_understood_and_links_nobody(
    desk: Desk, heir: User
) -> None:
    await desk.begin()
    await desk.bring("invoice.paid", named(desk, desk.invoice("in_late", CLOSED)), CLOSED)
    await close(desk)

    gone = named(desk, desk.subscription(status="canceled", ended_at=news.seconds(LATER)))
    await desk.tell("customer.subscription.deleted", gone, LATER)
    assert await desk.work(LATER) == 0

    assert {event.last_error for event in await desk.events()} == {""}
    assert await customer_of(desk) is None
    assert (await desk.row()).status is SubscriptionStatus.CANCELED
    assert await desk.buckets() == {"2026-11": 8}


async def test_a_refund_of_the_former_customer_finds_its_payment(desk: Desk, heir: User) -> None:
    await desk.begin()
    [paid] = await desk.payments()
    desk.stripe.know_invoice(
        desk.invoice(str(paid.stripe_invoice_id), billing_reason="subscription_create"), intent="pi_1"
    )
    await close(desk)

    await desk.tell("charge.refunded", news.charge(desk.customer, "pi_1", 6980, 6980), LATER)

    assert [payment.status for payment in await desk.payments()] == [PaymentStatus.REFUNDED]
    assert await desk.buckets() == {"2026-11": 0}
    assert await customer_of(desk) is None


async def test_the_nightly_look_misses_no_invoice_of_the_former_customer(desk: Desk, heir: User) -> None:
    await desk.begin()
    await close(desk)
    _, run = await steps_of(desk, heir)
    await billing.portal(run, desk.stripe, public_url=URL, now=LATER)

    await reconcile.compare_all(desk.stripe, LATER)

    assert await desk.issues() == {}


async def test_without_an_heir_the_customer_stays_for_whoever_comes_back(desk: Desk) -> None:
    await desk.begin()
    await close(desk)
    assert await customer_of(desk) == desk.customer
