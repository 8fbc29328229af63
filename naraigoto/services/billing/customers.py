"""Whose money it is: from Stripe's customer to the family, held until the transaction ends."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.families import Family


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


async def hold_of(session: AsyncSession, customer_id: str, metadata: Mapping[str, Any]) -> Family:
    """The held family of a customer; one that has none yet takes the customer our own words name it for.

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
    named = _uuid(metadata.get("family_id"))
    family = None if named is None else await hold(session, named)
    if family is None:
        raise CustomerUnknown
    if family.stripe_customer_id is None and customer_id:
        family.stripe_customer_id = customer_id
        session.add(family)
        await session.flush()
    return family


def _uuid(written: object) -> UUID | None:
    try:
        return UUID(str(written))
    except ValueError:
        return None
