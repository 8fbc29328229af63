"""People who come through a provider: what its word counts for, and what it does not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS
from naraigoto.adapters.identity.claims import Person
from naraigoto.errors import CredentialsWrong, Forbidden, LinkNeeded
from naraigoto.models.accounts import User, UserType
from naraigoto.services import accounts, identities, sessions
from naraigoto.services.accounts import Proof
from tests.factories import PASSWORD, give_password, make_user

HANAKO = Person("https://id.example.com", "s-1", "hanako@example.com", True, "花子", frozenset(), None)


async def arrive(
    session: AsyncSession, person: Person, now: datetime, kind: identities.Kind = "parent"
) -> identities.Arrival:
    return await identities.arrive(session, person, kind=kind, user_agent="", now=now)


async def proof_of(session: AsyncSession, email: str) -> Proof:
    return await accounts.prove(await accounts.known_by_email(session, email=email), PASSWORD)


async def test_cognitos_group_counts_at_the_first_sign_in_only(session: AsyncSession, now: datetime):
    owner = replace(HANAKO, groups=frozenset({"school_owner"}))
    first = await arrive(session, owner, now)
    assert (first.new, first.done.user.type) == (True, UserType.SCHOOL_OWNER)
    again = await arrive(session, HANAKO, now, kind="parent")
    assert (again.new, again.done.user) == (False, first.done.user)


async def test_no_group_makes_an_admin_and_none_changes_who_is_here(session: AsyncSession, now: datetime):
    first = await arrive(session, replace(HANAKO, groups=frozenset({"admin"})), now)
    assert first.done.user.type is UserType.PARENT
    again = await arrive(session, replace(HANAKO, groups=frozenset({"admin", "school_owner"})), now)
    assert again.done.user.type is UserType.PARENT


async def test_one_subject_at_two_providers_is_two_people(session: AsyncSession, now: datetime):
    first = await arrive(session, HANAKO, now)
    other = replace(HANAKO, issuer="https://other.example.com", email="other@example.com")
    assert (await arrive(session, other, now)).done.user.id != first.done.user.id
    with pytest.raises(LinkNeeded):
        await arrive(session, replace(other, subject="s-2", email="HANAKO@example.com"), now)


@pytest.mark.parametrize(
    ("told", "known"),
    [("　山田 花子 ", "山田 花子"), ("", "hanako"), ("x" * 60, "x" * 40), ("\x00", "hanako")],
)
async def test_a_name_is_made_fit(session: AsyncSession, now: datetime, told: str, known: str):
    assert (await arrive(session, replace(HANAKO, name=told), now)).done.user.name == known


async def test_a_guardian_gets_a_family_and_it_is_asked_for_once(session: AsyncSession, now: datetime):
    first = await arrive(session, HANAKO, now)
    assert first.done.user.family_id is not None
    assert (await arrive(session, HANAKO, now)).done.user.family_id == first.done.user.family_id


async def test_an_admin_of_the_command_line_comes_in_by_proof(session: AsyncSession, now: datetime):
    email = HANAKO.email
    await accounts.create_admin(session, email=email, name="管理者", password=PASSWORD, now=now)
    with pytest.raises(LinkNeeded):
        await arrive(session, HANAKO, now)
    done = await identities.link(session, HANAKO, await proof_of(session, email), user_agent="", now=now)
    assert done.user.type is UserType.ADMIN
    assert await sessions.began_at_provider(session, done.session_token)
    assert (await arrive(session, HANAKO, now)).done.user.type is UserType.ADMIN


async def test_linking_twice_is_once_and_never_takes_another_account(session: AsyncSession, now: datetime):
    taro, jiro = [await make_user(session, email=f"{name}@example.com") for name in ("taro", "jiro")]
    for user in (taro, jiro):
        await give_password(session, user)
    proof = await proof_of(session, "taro@example.com")
    for _ in range(2):
        done = await identities.link(session, HANAKO, proof, user_agent="", now=now)
        assert done.user.id == taro.id
    other = await proof_of(session, "jiro@example.com")
    with pytest.raises(CredentialsWrong):
        await identities.link(session, HANAKO, other, user_agent="", now=now)


async def test_only_the_providers_own_address_is_proved_by_its_word(session: AsyncSession, now: datetime):
    taro = await make_user(session, email="taro@example.com", email_verified_at=None)
    await give_password(session, taro)
    proof = await proof_of(session, "taro@example.com")
    for person in (HANAKO, replace(HANAKO, email="taro@example.com", email_verified=False)):
        await identities.link(session, person, proof, user_agent="", now=now)
        await session.refresh(taro)
        assert taro.email_verified_at is None
    proved = replace(HANAKO, email="Taro@example.com")
    await identities.link(session, proved, proof, user_agent="", now=now)
    await session.refresh(taro)
    assert taro.email_verified_at == now


async def test_suspended_people_stay_out_also_with_a_providers_token(session: AsyncSession, now: datetime):
    arrival = await arrive(session, HANAKO, now)
    held = await identities.holder(session, HANAKO.issuer, HANAKO.subject)
    assert held.user_id == arrival.done.user.id
    assert await identities.holder(session, HANAKO.issuer, "stranger") is ANONYMOUS
    user = await session.get_one(User, arrival.done.user.id)
    user.suspended_at = now
    await session.flush()
    assert await identities.holder(session, HANAKO.issuer, HANAKO.subject) is ANONYMOUS
    with pytest.raises(Forbidden):
        await arrive(session, HANAKO, now)


@pytest.mark.parametrize("ago", [timedelta(seconds=31), timedelta(hours=1)])
def test_an_old_sign_in_is_not_a_fresh_one(now: datetime, ago: timedelta):
    at = int((now - ago).timestamp())
    for stale in (replace(HANAKO, signed_in_at=at), replace(HANAKO, signed_in_at=None)):
        with pytest.raises(CredentialsWrong):
            identities.refuse_stale(stale, began_at=now)
    identities.refuse_stale(replace(HANAKO, signed_in_at=int(now.timestamp())), began_at=now)
