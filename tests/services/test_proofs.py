"""An end to guessing (R99): ten wrong tries, then a wait, and never a lock that a stranger can impose."""

import asyncio

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import CredentialsWrong, RateLimited
from naraigoto.rules import WRONG_TRIES_HERE, WRONG_TRIES_OF_ADDRESS
from naraigoto.services import accounts, passwords, proofs
from naraigoto.services.accounts import Known
from tests.factories import PASSWORD, give_password, make_child, make_family, make_user

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
async def hanako(session: AsyncSession) -> Known:
    user = await make_user(session, email="hanako@example.com")
    await give_password(session, user)
    return await accounts.known_by_email(session, email="hanako@example.com")


async def guess(known: Known, times: int, *, address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(CredentialsWrong):
            await proofs.prove(known, "wrong", address=address)


async def test_after_ten_wrong_tries_even_the_right_password_waits(hanako: Known):
    await guess(hanako, WRONG_TRIES_HERE.count)
    for secret in ("wrong", PASSWORD):
        with pytest.raises(RateLimited) as refused:
            await proofs.prove(hanako, secret, address=HERE)
        assert 0 < int(str(refused.value.facts["retry_after"])) <= 901


async def test_a_strangers_guesses_do_not_keep_the_owner_out(hanako: Known):
    await guess(hanako, WRONG_TRIES_HERE.count, address=ELSEWHERE)
    assert (await proofs.prove(hanako, PASSWORD, address=HERE)).user_id == hanako.user_id


async def test_the_right_password_forgets_the_slips_before_it(hanako: Known):
    for _ in range(3):
        await guess(hanako, WRONG_TRIES_HERE.count - 1)
        await proofs.prove(hanako, PASSWORD, address=HERE)


async def test_an_account_that_does_not_exist_waits_alike(session: AsyncSession):
    nobody = await accounts.known_by_email(session, email="nobody@example.com")
    await guess(nobody, WRONG_TRIES_HERE.count)
    with pytest.raises(RateLimited):
        await proofs.prove(nobody, "wrong", address=HERE)


async def test_one_address_does_not_go_through_many_accounts(session: AsyncSession):
    for number in range(WRONG_TRIES_OF_ADDRESS.count):
        await guess(await accounts.known_by_email(session, email=f"{number}@example.com"), 1)
    with pytest.raises(RateLimited):
        await proofs.prove(
            await accounts.known_by_email(session, email="another@example.com"), "wrong", address=HERE
        )


async def test_of_many_guesses_at_once_no_more_are_answered(hanako: Known):
    answers = await asyncio.gather(
        *(proofs.prove(hanako, f"wrong {number}", address=HERE) for number in range(40)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, CredentialsWrong) for answer in answers) == WRONG_TRIES_HERE.count
    assert sum(isinstance(answer, RateLimited) for answer in answers) == 30


async def test_a_passcode_is_guessed_no_more_often(session: AsyncSession):
    family = await make_family(session, family_code="SORA01")
    await make_child(session, family, login_name="sora", passcode_hash=passwords.hash_secret("2580"))
    for typed in ("sora", "SORA", "ｓｏｒａ", " sora ") * 2 + ("sora", "sora"):
        known = await accounts.known_by_login_name(session, family_code="sora01", login_name=typed)
        await guess(known, 1)
    known = await accounts.known_by_login_name(session, family_code="SORA01", login_name="sora")
    with pytest.raises(RateLimited):
        await proofs.prove(known, "2580", address=HERE)


async def test_guesses_of_the_sign_in_and_of_the_settings_are_counted_together(
    session: AsyncSession, hanako: Known
):
    assert hanako.user_id is not None
    await guess(hanako, WRONG_TRIES_HERE.count)
    again = await proofs.person(session, hanako.user_id)
    with pytest.raises(RateLimited):
        await proofs.prove(again, PASSWORD, address=HERE)
