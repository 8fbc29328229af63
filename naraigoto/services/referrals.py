"""One family brings another (D14): a code is taken by a new family, once."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, exists, select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import ReferralInvalid
from naraigoto.models.billing import Payment, PaymentStatus
from naraigoto.models.families import Family
from naraigoto.models.referrals import Referral, ReferralStatus
from naraigoto.rules import CODE_ENTRIES, REFERRAL_NEW_FAMILY
from naraigoto.services import limits
from naraigoto.services.addresses import tidy

_SCOPE = "referral"
_CODE = re.compile(r"[A-HJ-NP-Z2-9]{8}")


async def accept(session: AsyncSession, family_id: UUID, *, code: str, address: str, now: datetime) -> UUID:
    """Bind the code to this new family; the reward comes with its first payment. Answers the referral.

    For a sign-up and for routes that know whose family it is.

    Raises: ReferralInvalid with its reason, RateLimited after guesses.
    """
    await limits.refuse_spent(CODE_ENTRIES, _SCOPE, address)
    wanted = tidy(code).upper().replace("-", "").replace(" ", "")
    found = await _locked(session, wanted) if _CODE.fullmatch(wanted) else None
    if found is None:
        await limits.spend(CODE_ENTRIES, _SCOPE, address)
        raise ReferralInvalid(reason="unknown")
    if reason := await _against(session, found, family_id, now):
        raise ReferralInvalid(reason=reason)
    await _run(
        session,
        update(Referral)
        .where(col(Referral.id) == found.id)
        .values(status=ReferralStatus.ACCEPTED, referred_family_id=family_id, accepted_at=now),
    )
    return found.id


async def _locked(session: AsyncSession, code: str) -> Any:
    found = select(
        col(Referral.id), col(Referral.referrer_family_id), col(Referral.status), col(Referral.expires_at)
    ).where(col(Referral.code) == code)
    return (await _run(session, found.with_for_update())).first()


async def _against(session: AsyncSession, referral: Any, family_id: UUID, now: datetime) -> str:
    """Why this family may not take the code, as a reason of ReferralInvalid; empty when it may."""
    if referral.referrer_family_id == family_id:
        return "own"
    if referral.status is ReferralStatus.EXPIRED:
        return "expired"
    if referral.status is not ReferralStatus.PENDING:
        return "used"
    if referral.expires_at <= now:
        return "expired"
    return "" if await _new(session, family_id, now) else "not_new"


async def _new(session: AsyncSession, family_id: UUID, now: datetime) -> bool:
    """Registered not long ago, has paid nothing yet, and came by nobody else's code."""
    paid = exists().where(
        col(Payment.family_id) == family_id,
        col(Payment.status).in_([PaymentStatus.PAID, PaymentStatus.REFUNDED]),
    )
    brought = exists().where(
        col(Referral.referred_family_id) == family_id, col(Referral.status) != ReferralStatus.VOID
    )
    new = select(col(Family.id)).where(
        col(Family.id) == family_id, col(Family.created_at) > now - REFERRAL_NEW_FAMILY, ~paid, ~brought
    )
    return (await _run(session, new.with_for_update(key_share=True))).first() is not None


async def _run(session: AsyncSession, statement: Executable) -> Any:
    await session.flush()
    return await (await session.connection()).execute(statement)
