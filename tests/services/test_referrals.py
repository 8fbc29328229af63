"""A family's code brings one new family (D14)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import RateLimited, ReferralInvalid
from naraigoto.models.billing import Payment, PaymentKind, PaymentStatus
from naraigoto.models.families import Family
from naraigoto.models.referrals import Referral, ReferralStatus
from naraigoto.rules import CODE_ENTRIES, REFERRAL_NEW_FAMILY
from naraigoto.services import referrals
from tests.conftest import Committed
from tests.factories import NOW, make_family

CODE = "ABCD2345"


async def make_code(session: AsyncSession, **over: Any) -> Referral:
    values: dict[str, Any] = {"code": CODE, "expires_at": NOW + timedelta(days=90)} | over
    if "referrer_family_id" not in values:
        values["referrer_family_id"] = (await make_family(session)).id
    row = Referral(**values)
    session.add(row)
    await session.flush()
    return row


async def accept(session: AsyncSession, family: Family, code: str = CODE) -> Any:
    return await referrals.accept(session, family.id, code=code, address="203.0.113.7", now=NOW)


async def refused(session: AsyncSession, family: Family, code: str = CODE) -> object:
    with pytest.raises(ReferralInvalid) as no:
        await accept(session, family, code)
    return no.value.facts["reason"]


@pytest.mark.parametrize("typed", [CODE, "abcd2345", " ＡＢＣＤ２３４５ ", "ABCD-2345", "abcd 2345"])
async def test_a_new_family_takes_a_code_however_it_is_typed(session: AsyncSession, typed: str):
    code, family = await make_code(session), await make_family(session, created_at=NOW)
    assert await accept(session, family, typed) == code.id
    await session.refresh(code)
    assert (code.status, code.referred_family_id) == (ReferralStatus.ACCEPTED, family.id)
    assert code.accepted_at == NOW


@pytest.mark.parametrize("typed", ["", "ZZZZ9999", "ABC", "ABCD0O1I", "x" * 200, "\x00", "\ud800", "'; --"])
async def test_a_code_that_nobody_gave_is_unknown(session: AsyncSession, typed: str):
    assert await refused(session, await make_family(session, created_at=NOW), typed) == "unknown"


async def test_ones_own_code_is_refused(session: AsyncSession):
    family = await make_family(session, created_at=NOW)
    await make_code(session, referrer_family_id=family.id)
    assert await refused(session, family) == "own"


async def test_a_code_works_once(session: AsyncSession):
    await make_code(session)
    await accept(session, await make_family(session, created_at=NOW))
    assert await refused(session, await make_family(session, created_at=NOW)) == "used"


@pytest.mark.parametrize(
    "over", [{"expires_at": NOW}, {"status": ReferralStatus.EXPIRED}], ids=["too old", "closed"]
)
async def test_an_expired_code_is_refused(session: AsyncSession, over: dict[str, Any]):
    await make_code(session, **over)
    assert await refused(session, await make_family(session, created_at=NOW)) == "expired"


async def test_a_void_code_counts_as_used(session: AsyncSession):
    await make_code(session, status=ReferralStatus.VOID)
    assert await refused(session, await make_family(session, created_at=NOW)) == "used"


async def test_a_family_of_long_ago_is_not_new(session: AsyncSession):
    await make_code(session)
    assert (
        await refused(session, await make_family(session, created_at=NOW - REFERRAL_NEW_FAMILY)) == "not_new"
    )


@pytest.mark.parametrize("status", [PaymentStatus.PAID, PaymentStatus.REFUNDED])
async def test_a_family_that_has_paid_is_not_new(session: AsyncSession, status: PaymentStatus):
    await make_code(session)
    family = await make_family(session, created_at=NOW)
    session.add(Payment(family_id=family.id, kind=PaymentKind.FIRST, status=status, amount=3980))
    assert await refused(session, family) == "not_new"


async def test_a_family_takes_one_code_only(session: AsyncSession):
    await make_code(session)
    await make_code(session, code="WXYZ2345")
    family = await make_family(session, created_at=NOW)
    await accept(session, family)
    assert await refused(session, family, "WXYZ2345") == "not_new"


async def test_codes_are_not_guessed(session: AsyncSession):
    await make_code(session)
    family = await make_family(session, created_at=NOW)
    for _ in range(CODE_ENTRIES.count):
        assert await refused(session, family, "ZZZZ9999") == "unknown"
    with pytest.raises(RateLimited):
        await accept(session, family)


async def test_two_families_at_once_get_one_code_between_them(committed: Committed):
    async with committed() as session:
        await make_code(session)
        newcomers = [await make_family(session, created_at=NOW) for _ in range(4)]

    async def take(family: Family) -> object:
        async with committed() as session:
            return await accept(session, family)

    answers = await asyncio.gather(*map(take, newcomers), return_exceptions=True)
    assert sum(isinstance(answer, ReferralInvalid) for answer in answers) == 3
