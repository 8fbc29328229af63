"""Work off Stripe's webhooks, and end and close at Stripe what has to be (decision 0012)."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from naraigoto import failures, outside
from naraigoto.adapters.payments import CheckoutState, Payments, PaymentsRefused, PaymentsUnavailable
from naraigoto.adapters.payments.payloads import Unreadable
from naraigoto.db import retrying, transaction
from naraigoto.errors import DomainError
from naraigoto.services import webhooks
from naraigoto.services.billing import managing, orders
from naraigoto.services.billing.customers import CustomerUnknown
from naraigoto.services.billing.looking import Doubt, Looks, look
from naraigoto.services.billing.news import PaymentUnknown
from naraigoto.services.billing.subscriptions import PlanUnknown
from naraigoto.services.webhooks import Claimed, LeaseLost

Result = TypeVar("Result")

_BATCH = 10
_LOOKS_MAX = 6
# What may well work later; told by its name alone.
_EXPECTED = (
    PaymentsUnavailable,
    PaymentsRefused,
    CustomerUnknown,
    PaymentUnknown,
    PlanUnknown,
    DomainError,
    Doubt,
)

log = structlog.get_logger()


async def run(now: datetime) -> int:
    """Answers how many events were handled, subscriptions ended and pages closed."""
    payments = outside.payments()
    handled = await drain(payments, now)
    return handled + await end_due(payments, now) + await close_pages(payments, now)


async def drain(payments: Payments, now: datetime) -> int:
    """Handle every due event; answers how many there were."""
    started, handled = time.monotonic(), 0
    while True:
        at = now + timedelta(seconds=time.monotonic() - started)
        async with transaction() as session:
            batch = await webhooks.claim(session, limit=_BATCH, now=at)
        if not batch:
            return handled
        for event in batch:
            await handle(payments, event, at)
        handled += len(batch)


async def handle(payments: Payments, event: Claimed, now: datetime) -> None:
    """Bring one claimed event to its next state."""
    try:
        done = await _process(payments, event, now)
    except LeaseLost:
        return
    except Unreadable as missing:
        log.error("webhook.unreadable", event_id=str(event.id), kind=event.type, field=str(missing))
        async with transaction() as session:
            await webhooks.bury(session, event, reason=f"Unreadable: {missing}", now=now)
    except Exception as failure:
        reason = type(failure).__name__
        told = {"reason": reason} if isinstance(failure, _EXPECTED) else failures.about(failure)
        log.warning("webhook.failed", event_id=str(event.id), kind=event.type, **told)
        async with transaction() as session:
            await webhooks.mark_failed(session, event, reason=reason, now=now)
    else:
        log.info("webhook.processed" if done else "webhook.kept", event_id=str(event.id), kind=event.type)


async def end_due(payments: Payments, now: datetime) -> int:
    """End at Stripe what was ended here (an account deleted, a plan bought twice); answers how many."""
    async with transaction() as session:
        due = await managing.claim_endings(session, now=now)
    ended = 0
    for number, stripe_id in due:
        try:
            await payments.cancel_now(stripe_id)
        except PaymentsUnavailable as away:
            log.warning("billing.end_failed", subscription_id=str(number), reason=str(away))
            continue
        except PaymentsRefused as refusal:
            # Stripe does not know it: there is nothing to end, and the nightly look shows what differs.
            log.error("billing.end_refused", subscription_id=str(number), reason=refusal.code)
        async with transaction() as session:
            await managing.ended(session, number)
        ended += 1
    return ended


async def close_pages(payments: Payments, now: datetime) -> int:
    """Close orders whose time is over (account deleted, nobody paid), at Stripe first; answers how many."""
    async with transaction() as session:
        overdue = await orders.overdue(session, now=now)
    for count, (order_id, page) in enumerate(overdue):
        try:
            found = await _closed_page(payments, page) if page is not None else None
            close = partial(orders.closed, order_id=order_id, found=found, now=now)
            await _knowing(payments, close)
        except (PaymentsUnavailable, LookedTooOften) as trouble:
            log.warning("billing.close_failed", order_id=str(order_id), reason=type(trouble).__name__)
            return count  # the others would wait as long
    return len(overdue)


async def _closed_page(payments: Payments, page: str) -> CheckoutState | None:
    try:
        await payments.expire_checkout(page)
        return await payments.get_checkout(page)
    except PaymentsRefused as refusal:
        log.error("billing.close_refused", reason=refusal.code)
        return None


async def _process(payments: Payments, event: Claimed, now: datetime) -> bool:
    prices = webhooks.prices_of(event)
    plans = await payments.plans_of(prices) if prices else {}
    return await _knowing(payments, partial(webhooks.process, event=event, plans=plans, now=now))


async def _knowing(payments: Payments, work: Callable[..., Awaitable[Result]]) -> Result:
    """Do the work in a transaction, again and again with what it doubts looked up outside."""
    looks = Looks()
    for _ in range(_LOOKS_MAX):
        try:
            return await retrying(partial(work, looks=looks))
        except Doubt as doubt:
            looks.keep(doubt, await look(payments, doubt))
    raise LookedTooOften


class LookedTooOften(Exception):
    """The thing kept changing while it was looked at; later it will have come to rest."""
