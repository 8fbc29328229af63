"""Plans, invoices and tickets of the demo families, in the order of time (D2, G8, G9)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from naraigoto.clock import add_months, jst_midnight, month_of
from naraigoto.demo.world import Household, World
from naraigoto.rules import PLANS, TICKET_VALID_EXTRA_MONTHS
from naraigoto.settings import get_settings


def expires_on(month: date) -> date:
    """The last day of a bucket."""
    return add_months(month, 1 + TICKET_VALID_EXTRA_MONTHS) - timedelta(days=1)


def plan_in(home: Household, month: date, now: datetime) -> str:
    """The plan of a month: the first family had the bigger one until this month."""
    if home.plan == "standard" and home.children[0].name == "はな" and month < month_of(now):
        return "family"
    return home.plan or ""


def subscribe(world: World, home: Household) -> None:
    """The live subscription of a family with a plan."""
    if home.plan is None:
        return
    current = month_of(world.now)
    world.rows.add(
        "subscriptions",
        id=world.id("subscription", home.id),
        family_id=home.id,
        stripe_subscription_id=f"sub_demo_{home.id.hex[-12:]}",
        plan=home.plan,
        status="active",
        current_period_start=jst_midnight(current),
        current_period_end=jst_midnight(add_months(current, 1)),
        last_event_at=jst_midnight(current),
        created_at=jst_midnight(month_of(home.since)),
    )


def advance(world: World, home: Household, to: datetime) -> None:
    """Let the invoices and expiries up to a moment happen."""
    if home.plan is None:
        return
    month = home.granted_until or add_months(month_of(home.since), -1)
    while (month := add_months(month, 1)) <= month_of(to):
        _expire(world, home, month)
        _grant(world, home, month)
        home.granted_until = month


def can_spend(world: World, home: Household, cost: int, at: datetime) -> bool:
    """True when the family holds enough tickets at that moment."""
    advance(world, home, at)
    return sum(_balance(bucket) for bucket in _usable(home, at)) >= cost


def spend(world: World, home: Household, cost: int, at: datetime, booking: UUID) -> None:
    """Use the oldest tickets, as book_lesson() does."""
    for bucket in _usable(home, at):
        take = min(cost, _balance(bucket))
        if take == 0:
            continue
        cost -= take
        _entry(world, home, bucket, -take, "spend", f"booking:{booking}:spend:{bucket['month']}", at, booking)


def give_back(world: World, home: Household, booking: UUID, at: datetime) -> None:
    """Return what a booking used to the buckets it came from."""
    for line in [line for line in world.rows.of("ticket_entries") if line["booking_id"] == booking]:
        bucket = next(bucket for bucket in home.buckets.values() if bucket["id"] == line["balance_id"])
        key = f"booking:{booking}:refund:{bucket['month']}"
        _entry(world, home, bucket, -line["delta"], "refund", key, at, booking)


def _usable(home: Household, at: datetime) -> list[dict[str, object]]:
    today = at.astimezone(jst_midnight(date(2000, 1, 1)).tzinfo).date()
    return [bucket for month, bucket in sorted(home.buckets.items()) if expires_on(month) >= today]


def _balance(bucket: dict[str, object]) -> int:
    balance = bucket["balance"]
    assert isinstance(balance, int)
    return balance


def _grant(world: World, home: Household, month: date) -> None:
    plan = PLANS[plan_in(home, month, world.now)]
    at = jst_midnight(month)
    invoice = f"in_demo_{home.id.hex[-12:]}_{month:%Y%m}"
    first = month == month_of(home.since)
    world.rows.add(
        "payments",
        id=world.id("payment", invoice, at),
        family_id=home.id,
        subscription_id=world.id("subscription", home.id),
        stripe_invoice_id=invoice,
        kind="first" if first else "renewal",
        status="paid",
        amount=plan.amount,
        currency="jpy",
        meta={"plan": plan.id, "receipt_url": f"{get_settings().public_url}/dev/stripe/receipts/{invoice}"},
        paid_at=at,
        created_at=at,
    )
    home.buckets[month] = world.rows.add(
        "ticket_balances",
        id=world.id("bucket", f"{home.id}/{month}", at),
        family_id=home.id,
        month=month,
        balance=0,
        expires_on=expires_on(month),
        created_at=at,
    )
    key = f"invoice:{invoice}"
    _entry(world, home, home.buckets[month], plan.tickets_per_month, "grant", key, at)


def _expire(world: World, home: Household, month: date) -> None:
    for granted, bucket in home.buckets.items():
        if expires_on(granted) < month and _balance(bucket):
            key = f"expire:{bucket['id']}"
            at = jst_midnight(expires_on(granted) + timedelta(days=1))
            _entry(world, home, bucket, -_balance(bucket), "expire", key, at)


def _entry(
    world: World,
    home: Household,
    bucket: dict[str, object],
    delta: int,
    reason: str,
    key: str,
    at: datetime,
    booking: UUID | None = None,
) -> None:
    bucket["balance"] = _balance(bucket) + delta
    world.rows.add(
        "ticket_entries",
        id=world.id("entry", key, at),
        family_id=home.id,
        balance_id=bucket["id"],
        delta=delta,
        reason=reason,
        booking_id=booking,
        source_key=key,
        actor_user_id=home.parent if booking else None,
        created_at=at,
    )
