"""Plans, 「最終確認」 and the page after paying, as the screens of several people tell them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import select

from naraigoto import clock
from naraigoto.adapters.payments import PaymentsUnavailable
from naraigoto.models.accounts import User, UserType
from naraigoto.models.billing import (
    OrderStatus,
    Payment,
    PaymentKind,
    PaymentStatus,
    PlanId,
    PlanOrder,
    Subscription,
    SubscriptionStatus,
)
from naraigoto.models.privacy import Consent
from naraigoto.services import sessions
from naraigoto.state.plans import ConfirmState, OrderedState, PlansState
from naraigoto.texts import plans as texts
from tests import factories as make
from tests.conftest import Committed
from tests.prepared import Prepare, prepare_nothing
from tests.stage import set_stage
from tests.state.test_bookings import fire, tab
from tests.stripe_news import MemoryStripe


@dataclass(frozen=True)
class Cast:
    """A family without a plan, and everybody's cookie."""

    committed: Committed
    family_id: Any
    cookies: dict[str, str]

    async def orders(self) -> list[PlanOrder]:
        """What was ordered."""
        async with self.committed() as session:
            return list((await session.exec(select(PlanOrder).order_by(PlanOrder.id))).all())  # pyright: ignore[reportArgumentType]


Make = Callable[..., Awaitable[Cast]]


@pytest.fixture
def prepare() -> Prepare[None]:
    """Nothing: the cast of these tests is their own."""
    return prepare_nothing


@pytest.fixture
def cast(committed: Committed) -> Make:
    """Makes the cast; `plan` is how the family's plan stands."""

    async def make_cast(plan: SubscriptionStatus | None = None) -> Cast:
        async with committed() as session:
            stage = await set_stage(session, tickets=0, plan=plan)
            partner = await make.make_co_guardian(session, stage.family)
            people = {
                "hanako": stage.guardian,
                "taro": partner,
                "sora": stage.child,
                "ito": stage.owner,
                "admin": await make.make_user(session, UserType.ADMIN),
                "outsider": await _outsider(session),
            }
            cookies = {"guest": ""} | {name: await _cookie(session, user) for name, user in people.items()}
        return Cast(committed, stage.family.id, cookies)

    return make_cast


async def _outsider(session: Any) -> User:
    guardian = await make.make_user(session)
    await make.make_family(session, guardian=guardian)
    return guardian


async def _cookie(session: Any, user: User) -> str:
    made = await sessions.create(session, user.id, user_agent="test", now=clock.now())
    return f"naraigoto_session={made.token}"


async def confirming(cast: Cast, who: str = "hanako", plan: str = "standard") -> Any:
    """「最終確認」 as it opens."""
    state = await tab(ConfirmState, cast.cookies[who], f"/plans/confirm?plan={plan}")
    await fire(state, "load")
    return state


@pytest.mark.parametrize(
    ("who", "reader"),
    [
        ("guest", "order"),
        ("hanako", "order"),
        ("taro", "member"),
        ("sora", "child"),
        ("ito", "staff"),
        ("admin", "staff"),
    ],
)
async def test_plans_are_offered_to_whoever_may_order(cast: Make, who: str, reader: str) -> None:
    state = await tab(PlansState, (await cast()).cookies[who], "/plans")
    await fire(state, "load")
    assert (state.reader, state.current, state.returned) == (reader, "", False)


async def test_a_family_with_a_plan_sees_which_one_and_no_way_to_buy_a_second(cast: Make) -> None:
    state = await tab(PlansState, (await cast(SubscriptionStatus.ACTIVE)).cookies["hanako"], "/plans")
    await fire(state, "load")
    assert (state.reader, state.current) == ("subscribed", "standard")


async def test_coming_back_from_the_payment_page_is_noticed(cast: Make) -> None:
    state = await tab(PlansState, (await cast()).cookies["hanako"], "/plans?plan=light")
    await fire(state, "load")
    assert state.returned


def test_the_cards_carry_the_prices_of_the_rules() -> None:
    assert [(card.name, card.price, card.tickets) for card in texts.cards()] == [
        ("ライト", "¥3,980", "毎月2枚"),
        ("スタンダード", "¥6,980", "毎月4枚"),
        ("ファミリー", "¥12,800", "毎月8枚"),
    ]


async def test_the_last_look_names_the_six_things_the_law_asks_for(cast: Make) -> None:
    state = await confirming(await cast())
    assert (state.access, state.refused, state.button) == ("ok", "", "この内容で申し込む（毎月¥6,980）")
    said = dict(state.items)
    assert len(said) == 6
    for heading, words in {
        "申し込む内容": ["毎月チケット4枚", "自動で更新", "48枚"],
        "料金": ["¥6,980（税込）", "¥83,760（税込）"],
        "お支払いの時期と方法": ["クレジットカード", "1回目", "毎月同じ日"],
        "チケットのお届け": ["すぐに届きます", "まで使えます"],
        "申し込みの期限": ["期限はありません"],
        "解約と返金": ["いつでも", "更新日の前日まで", "返金しません"],
    }.items():
        assert [word for word in words if word not in said[heading]] == []


@pytest.mark.parametrize("plan", ["", "gold", "standard'", "\x00"])
async def test_a_plan_that_does_not_exist_is_no_page(cast: Make, plan: str) -> None:
    assert (await confirming(await cast(), plan=plan)).access == "missing"


@pytest.mark.parametrize(("who", "access"), [("guest", "login"), ("sora", "missing"), ("ito", "missing")])
async def test_the_last_look_is_for_guardians(cast: Make, who: str, access: str) -> None:
    state = await confirming(await cast(), who)
    assert (state.access, state.items, state.button) == (access, [], "")


async def test_who_does_not_handle_the_money_is_told_and_cannot_order(
    cast: Make, memory_stripe: MemoryStripe
) -> None:
    family = await cast()
    state = await confirming(family, "taro")
    assert state.refused == texts.FOR_OWNER
    await fire(state, "order")
    assert state.error
    assert (await family.orders(), memory_stripe.calls) == ([], [])


async def test_ordering_leaves_for_the_payment_page_once_and_keeps_what_was_agreed_to(
    cast: Make, memory_stripe: MemoryStripe
) -> None:
    family = await cast()
    state = await confirming(family)
    seen = [state.go async for _ in _running(state, "order")]
    assert [address for address in seen if address] == ["https://stripe.test/pay/cs_0"]
    assert state.go == ""  # a tab that comes back does not leave again
    [order] = await family.orders()
    assert (order.plan, order.amount, order.page_version) == ("standard", 6980, texts.PAGE_VERSION)
    async with family.committed() as session:
        [consent] = (await session.exec(select(Consent))).all()
    assert (consent.document, consent.version) == ("subscription", texts.PAGE_VERSION)


async def test_pressing_again_leads_to_the_same_page(cast: Make, memory_stripe: MemoryStripe) -> None:
    family = await cast()
    for _ in range(2):
        state = await confirming(family)
        await fire(state, "order")
    assert len(memory_stripe.checkouts) == 1
    assert len(await family.orders()) == 1


async def test_a_stripe_that_is_away_is_said_and_the_button_works_again(
    cast: Make, memory_stripe: MemoryStripe
) -> None:
    state = await confirming(await cast())
    memory_stripe.trouble.append(PaymentsUnavailable("APIConnectionError"))
    await fire(state, "order")
    assert (state.busy, state.go) == (False, "")
    assert "お支払いのページにつながりません" in state.error
    await fire(state, "order")
    assert state.error == ""
    assert memory_stripe.checkouts


async def test_a_second_plan_is_not_sold(cast: Make, memory_stripe: MemoryStripe) -> None:
    family = await cast(SubscriptionStatus.ON_HOLD)
    state = await confirming(family)
    assert "すでにプランに登録済み" in state.refused
    await fire(state, "order")
    assert "すでにプランに登録済み" in state.error
    assert memory_stripe.checkouts == {}


async def waiting(cast: Cast, who: str = "hanako", order: object = None) -> Any:
    """The page after paying."""
    number = order or (await cast.orders())[0].id
    state = await tab(OrderedState, cast.cookies[who], f"/plans/done?order={number}")
    await fire(state, "load")
    return state


async def test_nothing_is_true_before_the_news_and_then_the_tickets_are_named(cast: Make) -> None:
    family = await cast()
    await fire(await confirming(family), "order")
    state = await waiting(family)
    assert (state.access, state.stage, state.headline) == ("ok", "waiting", "")
    await _paid(family)
    await fire(state, "check")
    assert (state.stage, state.headline) == ("arrived", "チケットが4枚とどきました")


async def test_waiting_long_says_so_and_goes_on_looking(cast: Make) -> None:
    family = await cast()
    await fire(await confirming(family), "order")
    state = await waiting(family)
    for _ in range(41):
        await fire(state, "check")
    assert state.stage == "slow"
    await _paid(family)
    await fire(state, "check")
    assert state.stage == "arrived"


async def test_an_order_that_lapsed_says_that_nothing_was_paid(cast: Make) -> None:
    family = await cast()
    await fire(await confirming(family), "order")
    async with family.committed() as session:
        [order] = (await session.exec(select(PlanOrder))).all()
        order.status = OrderStatus.EXPIRED
        session.add(order)
    assert (await waiting(family)).stage == "not_ordered"


@pytest.mark.parametrize(
    ("who", "access"), [("guest", "login"), ("outsider", "missing"), ("sora", "missing"), ("taro", "missing")]
)
async def test_an_order_is_shown_to_its_family_s_owner_alone(cast: Make, who: str, access: str) -> None:
    family = await cast()
    await fire(await confirming(family), "order")
    state = await waiting(family, who)
    assert (state.access, state.headline) == (access, "")
    await fire(state, "check")
    assert state.access == access


@pytest.mark.parametrize("number", ["1", "none", "00000000-0000-7000-8000-000000000000"])
async def test_a_forged_order_is_no_page(cast: Make, number: str) -> None:
    assert (await waiting(await cast(), order=number)).access == "missing"


async def _paid(cast: Cast) -> None:
    """What the webhooks' job leaves behind."""
    async with cast.committed() as session:
        [order] = (await session.exec(select(PlanOrder))).all()
        row = Subscription(
            family_id=cast.family_id,
            stripe_subscription_id="sub_1",
            plan=PlanId.STANDARD,
            status=SubscriptionStatus.ACTIVE,
        )
        payment = Payment(
            family_id=cast.family_id,
            subscription_id=row.id,
            stripe_invoice_id="in_1",
            kind=PaymentKind.FIRST,
            status=PaymentStatus.PAID,
            amount=6980,
        )
        order.status, order.stripe_subscription_id = OrderStatus.COMPLETED, "sub_1"
        session.add_all([order, row])
        await session.flush()
        session.add(payment)


async def _running(state: Any, handler: str) -> AsyncIterator[Any]:
    async for step in getattr(type(state), handler).fn(state):
        yield step
