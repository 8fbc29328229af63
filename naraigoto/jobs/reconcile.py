"""Every night: lay what Stripe says beside what we know (G7), family by family, outside of transactions."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from naraigoto import outside
from naraigoto.adapters.payments import Payments, PaymentsRefused, PaymentsUnavailable
from naraigoto.db import retrying, transaction
from naraigoto.rules import RECONCILE_BACK
from naraigoto.services.billing import reconcile
from naraigoto.services.billing.looking import Doubt, Looks, look
from naraigoto.services.billing.reconcile import Account, Truth

_PAGE = 100
_LOOKS_MAX = 20  # one for each invoice that is missing
_SIDE_BY_SIDE = 4
# Stripe's lists begin a little earlier than our question, so that no clock makes a difference.
_MARGIN = timedelta(days=2)

log = structlog.get_logger()


async def run(now: datetime) -> int:
    """Answers how many things were made good or shown to admins; twice finds nothing more."""
    return await compare_all(outside.payments(), now)


async def compare_all(payments: Payments, now: datetime) -> int:
    """The whole comparison; a family whose turn fails waits for the next night."""
    mended, after = 0, None
    while True:
        async with transaction() as session:
            page = await reconcile.accounts(session, after=after, limit=_PAGE, now=now)
        if not page:
            break
        after = page[-1].family_id
        for first in range(0, len(page), _SIDE_BY_SIDE):
            turn = page[first : first + _SIDE_BY_SIDE]
            mended += sum(await asyncio.gather(*(_compare(payments, account, now) for account in turn)))
    async with transaction() as session:
        return mended + await reconcile.check_ledger(session, now=now)


async def _compare(payments: Payments, account: Account, now: datetime) -> int:
    looks = Looks()
    try:
        truth = Truth(
            await payments.list_subscriptions(account.customer_id),
            await payments.list_paid_invoices(
                customer_id=account.customer_id, since=now - RECONCILE_BACK - _MARGIN
            ),
        )
        for _ in range(_LOOKS_MAX):
            try:
                return await retrying(
                    partial(reconcile.compare, account=account, truth=truth, looks=looks, now=now)
                )
            except Doubt as doubt:
                looks.keep(doubt, await look(payments, doubt))
    except (PaymentsUnavailable, PaymentsRefused) as trouble:
        log.warning("billing.not_compared", family_id=str(account.family_id), reason=str(trouble))
    return 0
