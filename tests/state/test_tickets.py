"""/tickets: what each guardian sees and may do, in the words of the screen."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from naraigoto import clock
from naraigoto.adapters.payments import PaymentsUnavailable, SubscriptionState
from naraigoto.models.billing import (
    Payment,
    PaymentKind,
    PaymentStatus,
    PlanId,
    Subscription,
    SubscriptionStatus,
)
from naraigoto.models.families import Family
from naraigoto.models.tickets import TicketReason
from naraigoto.services import sessions, tickets
from naraigoto.state.member_home import MemberHomeState
from naraigoto.state.tickets import TicketsState
from naraigoto.texts import tickets as texts
from naraigoto.texts.dates import full_date
from tests import factories as make
from tests.clocks import at
from tests.conftest import Committed
from tests.prepared import Prepare, prepare_nothing
from tests.stage import set_stage
from tests.state.test_bookings import fire, tab
from tests.stripe_news import MemoryStripe

PERIOD = timedelta(days=20)


@dataclass(frozen=True)
class Cast:
    """A family with a plan, and everybody's cookie."""

    committed: Committed
    family_id: Any
    cookies: dict[str, str]

    async def change(self, **values: Any) -> None:
        """Let the subscription be otherwise."""
        async with self.committed() as session:
            row = (await session.exec(select(Subscription))).one()
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)

    async def open(self, who: str = "hanako", address: str = "/tickets") -> Any:
        """The page as it opens."""
        state = await tab(TicketsState, self.cookies[who], address)
        await fire(state, "load")
        return state


@pytest.fixture
def prepare() -> Prepare[None]:
    """Nothing: the cast of these tests is their own."""
    return prepare_nothing


@pytest.fixture
async def cast(committed: Committed, memory_stripe: MemoryStripe) -> Cast:
    """スタンダード in the middle of its period, four tickets of this month."""
    now = clock.now()
    async with committed() as session:
        stage = await set_stage(session, tickets=0, plan=None)
        family = await session.get_one(Family, stage.family.id)
        family.stripe_customer_id = "cus_1"
        row = Subscription(
            family_id=family.id,
            stripe_subscription_id="sub_1",
            plan=PlanId.STANDARD,
            status=SubscriptionStatus.ACTIVE,
            current_period_start=now - PERIOD,
            current_period_end=now + PERIOD,
        )
        session.add_all([family, row])
        await session.flush()
        for number in range(12):
            session.add(_payment(family, row, number))
        await make.grant_tickets(session, family, 4, month=clock.month_of(now))
        partner = await make.make_co_guardian(session, stage.family)
        people = {"hanako": stage.guardian, "taro": partner, "sora": stage.child, "ito": stage.owner}
        cookies = {"guest": ""}
        for name, user in people.items():
            made = await sessions.create(session, user.id, user_agent="test", now=now)
            cookies[name] = f"naraigoto_session={made.token}"
    memory_stripe.subscriptions["sub_1"] = SubscriptionState(
        id="sub_1",
        customer_id="cus_1",
        status="active",
        plan="standard",
        next_plan="",
        period_start=now - PERIOD,
        period_end=now + PERIOD,
        cancel_at_period_end=False,
        latest_invoice_id=None,
        metadata={},
        created_at=now - PERIOD,
        ended_at=None,
    )
    return Cast(committed, stage.family.id, cookies)


def _payment(family: Family, row: Subscription, number: int) -> Payment:
    paid_at = clock.now() - timedelta(days=30 * number)
    return Payment(
        family_id=family.id,
        subscription_id=row.id,
        stripe_invoice_id=f"in_{number}",
        kind=PaymentKind.RENEWAL,
        status=PaymentStatus.FAILED if number == 0 else PaymentStatus.PAID,
        amount=6980,
        meta={"plan": "standard", "receipt_url": f"https://stripe.test/in_{number}"},
        paid_at=paid_at,
        created_at=paid_at,
    )


async def test_the_owner_sees_balance_plan_ledger_and_payments(cast: Cast) -> None:
    state = await cast.open()
    assert (state.access, state.left) == ("ok", 4)
    [bucket] = state.buckets
    until = tickets.expires_on(clock.month_of(clock.now()))
    assert (bucket.month, bucket.count, bucket.until) == (
        f"{make.NOW.month}月分",
        "4枚",
        f"{full_date(until)}まで",
    )
    plan = state.plan
    assert (plan.name, plan.status, plan.line) == ("スタンダード", "ご利用中", "毎月¥6,980・チケット4枚")
    assert plan.renews == f"次の更新日: {full_date(clock.jst_date(clock.now() + PERIOD))}"
    assert plan.can_manage
    assert [(line.what, line.moved, line.plus) for line in state.lines] == [
        ("プランのチケットが届きました", "+4枚", True)
    ]
    first = state.payments[0]
    assert (first.what, first.amount) == ("毎月のお支払い（スタンダード）", "¥6,980")
    assert (first.status, first.failed) == ("お支払いできませんでした", True)
    assert first.receipt == "https://stripe.test/in_0"
    assert first.receipt_label.endswith("毎月のお支払い（スタンダード）の領収書")


async def test_older_payments_follow_on_demand_each_once(cast: Cast) -> None:
    state = await cast.open()
    assert (len(state.payments), state.more_payments) == (10, True)
    await fire(state, "earlier_payments")
    assert (len({paid.id for paid in state.payments}), state.more_payments) == (12, False)
    await fire(state, "earlier_payments")
    assert len(state.payments) == 12


async def test_a_guardian_who_joined_sees_tickets_and_no_payments(
    cast: Cast, memory_stripe: MemoryStripe
) -> None:
    state = await cast.open("taro")
    assert (state.access, state.left, state.plan.name) == ("ok", 4, "スタンダード")
    assert (state.plan.can_manage, state.payments) == (False, [])
    for handler in ("manage", "cancel", "undo", "earlier_payments"):
        await fire(state, handler)
    assert (state.go, memory_stripe.calls) == ("", [])


@pytest.mark.parametrize(("who", "access"), [("guest", "login"), ("sora", "missing"), ("ito", "missing")])
async def test_nobody_else_sees_anything(cast: Cast, who: str, access: str) -> None:
    state = await cast.open(who)
    assert (state.access, state.left, state.lines, state.payments) == (access, 0, [], [])
    for handler in ("settle", "earlier", "earlier_payments", "manage", "cancel", "undo"):
        await fire(state, handler)
        assert (state.left, state.lines, state.payments, state.go) == (0, [], [], "")


async def test_cancelling_takes_two_clicks_and_undoing_one(cast: Cast) -> None:
    state = await cast.open()
    end = full_date(clock.jst_date(clock.now() + PERIOD))
    await fire(state, "ask")
    assert state.asking
    assert end in state.plan.cancel_text
    await fire(state, "cancel")
    assert (state.asking, state.busy, state.message, state.plan.ending) == (
        False,
        False,
        texts.CANCELLED,
        True,
    )
    [notice] = state.notices
    assert (notice.tone, notice.action) == ("info", "undo")
    assert f"{end}でプランが終わります" in notice.text
    assert "残りのチケット4枚" in notice.text

    await fire(state, "undo")
    assert (state.message, state.plan.ending, state.notices) == (texts.UNDONE, False, [])


async def test_cancelling_on_hold_says_that_the_payment_is_still_tried(cast: Cast) -> None:
    assert "お試しします" not in (await cast.open()).plan.cancel_text
    await cast.change(status=SubscriptionStatus.ON_HOLD)
    assert "確認中のお支払い（¥6,980）は引き続きお試しします" in (await cast.open()).plan.cancel_text
    assert "¥" not in (await cast.open("taro")).plan.cancel_text


async def test_keeping_the_plan_changes_nothing(cast: Cast, memory_stripe: MemoryStripe) -> None:
    state = await cast.open()
    await fire(state, "ask")
    await fire(state, "keep")
    assert (state.asking, state.plan.ending, memory_stripe.calls) == (False, False, [])


async def test_a_stripe_that_is_away_is_said_in_the_dialog_which_stays_usable(
    cast: Cast, memory_stripe: MemoryStripe
) -> None:
    state = await cast.open()
    memory_stripe.trouble.append(PaymentsUnavailable("APIConnectionError"))
    await fire(state, "ask")
    await fire(state, "cancel")
    assert "お支払いのページにつながりません" in state.error
    assert (state.busy, state.asking, state.plan.ending) == (False, True, False)
    await fire(state, "cancel")
    assert (state.error, state.asking, state.plan.ending) == ("", False, True)


async def test_managing_leaves_for_the_portal_once(cast: Cast) -> None:
    state = await cast.open()
    seen = [state.go async for _ in TicketsState.manage.fn(state)]  # pyright: ignore[reportAttributeAccessIssue]
    assert [address.partition("/1")[0] for address in seen if address] == ["https://stripe.test/portal/cus_1"]
    assert state.go == ""


async def test_on_hold_asks_the_owner_for_another_card_and_others_to_tell_them(cast: Cast) -> None:
    await cast.change(status=SubscriptionStatus.ON_HOLD)
    owner, partner = await cast.open(), await cast.open("taro")
    assert [(notice.text, notice.action) for notice in owner.notices] == [(texts.ON_HOLD, "card")]
    assert [(notice.text, notice.action) for notice in partner.notices] == [(texts.ON_HOLD_OTHERS, "")]
    assert owner.plan.status == "お支払い確認中"
    home = await tab(MemberHomeState, cast.cookies["hanako"], "/home")
    await fire(home, "load")
    assert (home.has_plan, home.warning) == (True, "お支払いを確認できませんでした")


async def test_an_ended_plan_leaves_its_tickets_and_the_way_to_a_new_one(cast: Cast) -> None:
    await cast.change(status=SubscriptionStatus.CANCELED, ended_at=clock.now())
    state = await cast.open()
    assert (state.plan.live, state.plan.can_manage) == (False, True)
    [notice] = [notice for notice in state.notices if "終了" in notice.text]
    until = tickets.expires_on(clock.month_of(clock.now()))
    assert f"残チケット4枚（{full_date(until)}まで）" in notice.text
    home = await tab(MemberHomeState, cast.cookies["hanako"], "/home")
    await fire(home, "load")
    assert (home.has_plan, home.plan_line) == (False, "")


async def test_tickets_about_to_expire_carry_a_mark(cast: Cast) -> None:
    october = date(2026, 10, 1)
    async with cast.committed() as session:
        await tickets.grant(
            session, cast.family_id, month=october, count=1, source_key="earlier", reason=TicketReason.ADJUST,
            note="お詫びのチケット", now=make.NOW,
        )  # fmt: skip
    for day, soon in ((22, False), (23, True), (30, True)):
        with at(make.NOW.replace(day=day, hour=0)):
            state = await cast.open()
        assert [bucket.soon for bucket in state.buckets] == [soon, False]
        assert any(notice.text.startswith(texts.SOON) for notice in state.notices) == soon
    assert ("運営が調整しました", "お詫びのチケット") in [(line.what, line.note) for line in state.lines]


async def test_a_long_ledger_is_shown_a_piece_at_a_time(cast: Cast) -> None:
    async with cast.committed() as session:
        for number in range(30):
            await tickets.grant(
                session, cast.family_id, month=clock.month_of(clock.now()), count=1, source_key=f"n{number}",
                now=clock.now(),
            )  # fmt: skip
    state = await cast.open()
    assert (len(state.lines), state.more_lines) == (10, True)
    await fire(state, "earlier")
    assert (len(state.lines), state.more_lines) == (30, True)
    await fire(state, "earlier")
    assert (len(state.lines), state.more_lines) == (31, False)


async def test_coming_back_from_the_portal_looks_again_for_a_while(cast: Cast) -> None:
    state = await cast.open(address="/tickets?from=stripe")
    assert state.settling
    await cast.change(plan=PlanId.FAMILY)
    await fire(state, "settle")
    assert state.plan.name == "ファミリー"
    for _ in range(5):
        await fire(state, "settle")
    assert not state.settling
    assert not (await cast.open()).settling
