"""What a guardian sees of the plan: status, days, and what there is to be told (D3, D4, G11, G12)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from naraigoto import clock, errors
from naraigoto.models.billing import OrderStatus, PlanId, PlanOrder, SubscriptionStatus
from naraigoto.services import billing, money_mails
from naraigoto.services.billing import BannerKind
from naraigoto.services.notifications import Kind
from tests import factories as make
from tests import stripe_news as news
from tests.billing.desk import NOW, Desk
from tests.conftest import Committed

DAY = timedelta(days=1)


async def view(desk: Desk, now: datetime = NOW) -> billing.PlanView:
    async with desk.committed() as session:
        actor = await make.actor_of(session, desk.guardian)
        return await billing.overview(session, actor, now=now)


def banners(seen: billing.PlanView) -> dict[BannerKind, tuple[int, date | None]]:
    return {banner.kind: (banner.count, banner.day) for banner in seen.banners}


async def test_a_family_without_a_plan_sees_nothing(desk: Desk) -> None:
    seen = await view(desk)

    assert (seen.plan, seen.status, seen.amount, seen.renews_on, seen.can_manage) == (
        None,
        None,
        0,
        None,
        True,
    )
    assert seen.banners == ()


async def test_a_plan_that_runs_shows_its_price_and_the_day_it_renews(desk: Desk) -> None:
    await desk.begin()
    seen = await view(desk)

    assert (seen.plan, seen.status, seen.amount, seen.tickets_per_month) == (
        PlanId.STANDARD,
        SubscriptionStatus.ACTIVE,
        6980,
        4,
    )
    assert (seen.renews_on, seen.ends_on, seen.banners) == (date(2026, 12, 24), None, ())


async def test_a_plan_on_hold_says_so_and_keeps_its_tickets(desk: Desk) -> None:
    await desk.begin()
    await desk.tell("customer.subscription.updated", desk.subscription(status="past_due"), desk.start + DAY)

    assert banners(await view(desk)) == {BannerKind.ON_HOLD: (4, None)}


async def test_what_is_still_tried_is_told_to_the_owner_and_in_the_mail_of_cancelling(desk: Desk) -> None:
    await desk.begin()
    assert (await view(desk)).pending == 0
    due = desk.invoice("in_2", desk.end, status="open", attempt_count=1)
    await desk.tell("invoice.payment_failed", due, desk.end)
    held = desk.subscription(status="past_due", cancel_at_period_end=True)
    await desk.tell("customer.subscription.updated", held, desk.end + DAY)
    assert (await view(desk, desk.end + DAY)).pending == 6980

    async with desk.committed() as session:
        taro = await make.make_co_guardian(session, desk.family)
        theirs = await billing.overview(session, await make.actor_of(session, taro), now=desk.end + DAY)
        payload = {"subscription_id": str((await desk.row()).id)}
        load = money_mails.FACTS[Kind.SUBSCRIPTION_CANCEL_SCHEDULED]
        told: Any = await load(session, desk.guardian.id, payload, desk.end + DAY)
        low = money_mails.FACTS[Kind.TICKETS_LOW]
        family = {"family_id": str(desk.family.id), "level": 9}
        few: Any = await low(session, desk.guardian.id, family, desk.end + DAY)
    assert theirs.pending == 0
    assert (told.on_hold, told.pending) == (True, 6980)
    assert (few.on_hold, few.renews_on) == (True, None)

    await desk.tell("invoice.paid", desk.invoice("in_2", desk.end), desk.end + 2 * DAY)
    assert (await view(desk, desk.end + 2 * DAY)).pending == 0


async def test_a_plan_that_ends_says_when(desk: Desk) -> None:
    await desk.begin()
    thing = desk.subscription(cancel_at_period_end=True)
    await desk.tell("customer.subscription.updated", thing, desk.start + DAY)
    seen = await view(desk)

    assert (seen.cancel_scheduled, seen.renews_on, seen.ends_on) == (True, None, date(2026, 12, 24))
    assert banners(seen) == {BannerKind.CANCEL_SCHEDULED: (4, date(2026, 12, 24))}


async def test_what_is_left_after_the_end_is_shown_until_it_expires(desk: Desk) -> None:
    await desk.begin()
    gone = desk.subscription(status="canceled", ended_at=news.seconds(desk.end))
    await desk.tell("customer.subscription.deleted", gone, desk.end)

    seen = await view(desk, desk.end)
    assert (seen.status, seen.amount, seen.ends_on) == (SubscriptionStatus.CANCELED, 0, date(2026, 12, 24))
    assert banners(seen) == {
        BannerKind.EXPIRING: (4, date(2026, 12, 31)),
        BannerKind.ENDED: (4, date(2026, 12, 31)),
    }
    assert banners(await view(desk, clock.jst_midnight(date(2027, 1, 1)))) == {}


async def test_tickets_of_the_last_week_are_pointed_out(desk: Desk) -> None:
    await desk.begin()

    assert banners(await view(desk, clock.jst_midnight(date(2026, 12, 23)))) == {}
    last_week = await view(desk, clock.jst_midnight(date(2026, 12, 24)))
    assert banners(last_week) == {BannerKind.EXPIRING: (4, date(2026, 12, 31))}


async def test_a_payment_whose_plan_is_on_its_way_is_being_confirmed(
    desk: Desk, committed: Committed
) -> None:
    async with committed() as session:
        order = PlanOrder(
            family_id=desk.family.id,
            ordered_by=desk.guardian.id,
            plan=PlanId.LIGHT,
            amount=3980,
            page_version="api",
            confirmed_at=NOW,
            status=OrderStatus.COMPLETED,
            stripe_subscription_id="sub_on_its_way",
            expires_at=NOW,
            completed_at=NOW,
        )
        session.add(order)

    assert set(banners(await view(desk))) == {BannerKind.CONFIRMING}
    assert banners(await view(desk, NOW + 2 * DAY)) == {}


async def test_another_guardian_looks_but_does_not_manage(desk: Desk, committed: Committed) -> None:
    await desk.begin()
    async with committed() as session:
        father = await make.actor_of(session, await make.make_co_guardian(session, desk.family))
        child = await make.actor_of(session, await make.make_child(session, desk.family))
        seen = await billing.overview(session, father, now=NOW)
        with pytest.raises(errors.Forbidden):
            await billing.payments(session, father)
        with pytest.raises(errors.ParentApprovalRequired):
            await billing.overview(session, child, now=NOW)
    assert (seen.plan, seen.can_manage) == (PlanId.STANDARD, False)
