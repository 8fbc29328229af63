"""Whose money it is: from Stripe's customer to the family, held until the transaction ends."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.families import Family

# What the log calls it when a family gets another owner. Its line names the customer whom the family then no
# longer has: card, name and receipts there are those of the guardian who left, and their news is still on
# its way for a while.
PASSED_ON: Final = "family.passed_on"
_FORMER = text("""
SELECT thing_id FROM audit_log
WHERE thing_type = 'family' AND action = :action AND facts ->> 'customer' = :customer
""")
_SINCE = text("""
SELECT max(at) FROM audit_log WHERE thing_type = 'family' AND thing_id = :family AND action = :action
""")


class CustomerUnknown(Exception):
    """Stripe tells of a customer whom no family has (yet): the same news may be understood later."""


async def hold(session: AsyncSession, family_id: UUID) -> Family | None:
    """The family, so that nobody else changes its orders, plans and payments meanwhile.

    The first lock of everything about money; tickets come after it (`services/locks`).
    """
    found = await session.exec(
        select(Family)
        .where(Family.id == family_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


async def owned_since(session: AsyncSession, family_id: UUID) -> datetime | None:
    """When the family passed to its present owner, who paid nothing before; None for its first owner."""
    values = {"family": family_id, "action": PASSED_ON}
    return (await (await session.connection()).execute(_SINCE, values)).scalar_one()


async def hold_of(session: AsyncSession, customer_id: str, metadata: Mapping[str, Any]) -> Family:
    """The held family of a customer, also of one whom it had under an earlier owner.

    A family that has none yet takes the customer our own words name it for.

    Raises: CustomerUnknown.
    """
    found = await session.exec(
        select(Family)
        .where(col(Family.stripe_customer_id) == customer_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if (family := found.one_or_none()) is not None:
        return family
    if (former := await _former_family(session, customer_id)) is not None:
        return former
    named = _uuid(metadata.get("family_id"))
    family = None if named is None else await hold(session, named)
    if family is None:
        raise CustomerUnknown
    if family.stripe_customer_id is None and customer_id:
        family.stripe_customer_id = customer_id
        session.add(family)
        await session.flush()
    return family


async def _former_family(session: AsyncSession, customer_id: str) -> Family | None:
    values = {"customer": customer_id, "action": PASSED_ON}
    family_id = (await (await session.connection()).execute(_FORMER, values)).scalar()
    return None if family_id is None else await hold(session, family_id)


def _uuid(written: object) -> UUID | None:
    try:
        return UUID(str(written))
    except ValueError:
        return None
