"""A guardian's device in a child's hands, and back (G2)."""

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import rules
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.errors import (
    CredentialsWrong,
    Forbidden,
    NotFound,
    ParentApprovalRequired,
    RateLimited,
    Unauthenticated,
)
from naraigoto.models.accounts import Identity, IdentityProvider, User, UserType
from naraigoto.models.families import Family
from naraigoto.services import child_mode, passwords, proofs, sessions
from tests.factories import (
    NOW,
    PASSWORD,
    give_password,
    make_child,
    make_co_guardian,
    make_family,
    make_user,
)

HOME = "192.0.2.1"


@pytest.fixture
async def family(session: AsyncSession) -> Family:
    return await make_family(session)


@pytest.fixture
async def sora(session: AsyncSession, family: Family) -> User:
    return await make_child(session, family)


@pytest.fixture
async def hanako(session: AsyncSession, family: Family) -> User:
    user = await session.get_one(User, family.parent_user_id)
    await give_password(session, user)
    return user


async def device(session: AsyncSession, user: User) -> tuple[Actor, str]:
    token = (await sessions.create(session, user.id, user_agent="", now=NOW)).token
    return await sessions.resolve(session, token, now=NOW), token


async def lent(session: AsyncSession, guardian: User, child: User) -> Actor:
    """The guardian's device, in the child's hands."""
    actor, _ = await device(session, guardian)
    done = await child_mode.enter(session, actor, child_id=child.id, now=NOW)
    return await sessions.resolve(session, done.session_token, now=NOW)


async def test_the_device_becomes_the_childs_and_the_old_cookie_is_worth_nothing(
    session: AsyncSession, hanako: User, sora: User
):
    actor, before = await device(session, hanako)
    done = await child_mode.enter(session, actor, child_id=sora.id, now=NOW)
    assert (done.user.id, done.user.type, done.session_id) == (sora.id, UserType.CHILD, actor.session_id)
    assert await sessions.resolve(session, before, now=NOW) is ANONYMOUS
    child = await sessions.resolve(session, done.session_token, now=NOW)
    assert (child.user_id, child.type, child.device_of, child.owns_family) == (
        sora.id,
        UserType.CHILD,
        hanako.id,
        False,
    )


async def test_the_guardians_password_leads_back(session: AsyncSession, hanako: User, sora: User):
    child = await lent(session, hanako, sora)
    way = await child_mode.way_back(session, child)
    assert (way.guardian, way.by_password) == ("花子", True)
    proof = await proofs.prove(await child_mode.known_guardian(session, child), PASSWORD, address=HOME)
    done = await child_mode.leave(session, child, proof, now=NOW)
    back = await sessions.resolve(session, done.session_token, now=NOW)
    assert (back.user_id, back.device_of, back.owns_family, back.session_id) == (
        hanako.id,
        None,
        True,
        child.session_id,
    )


async def test_a_wrong_password_leads_nowhere_and_ten_of_them_make_one_wait(
    session: AsyncSession, hanako: User, sora: User
):
    known = await child_mode.known_guardian(session, await lent(session, hanako, sora))
    for _ in range(rules.WRONG_TRIES_HERE.count):
        with pytest.raises(CredentialsWrong):
            await proofs.prove(known, "wrong", address=HOME)
    with pytest.raises(RateLimited):
        await proofs.prove(known, PASSWORD, address=HOME)
    assert await proofs.prove(known, PASSWORD, address="198.51.100.7")


async def test_the_right_password_forgets_slips_of_the_finger(
    session: AsyncSession, hanako: User, sora: User
):
    known = await child_mode.known_guardian(session, await lent(session, hanako, sora))
    for _ in range(3):
        for _ in range(rules.WRONG_TRIES_HERE.count - 1):
            with pytest.raises(CredentialsWrong):
                await proofs.prove(known, "wrong", address=HOME)
        await proofs.prove(known, PASSWORD, address=HOME)


async def test_a_proof_is_good_only_for_the_guardian_and_the_password_of_this_moment(
    session: AsyncSession, family: Family, hanako: User, sora: User
):
    child = await lent(session, hanako, sora)
    taro = await make_co_guardian(session, family)
    identity = await give_password(session, taro)
    theirs = await proofs.prove(
        await child_mode.known_guardian(session, await lent(session, taro, sora)), PASSWORD, address=HOME
    )
    with pytest.raises(CredentialsWrong):
        await child_mode.leave(session, child, theirs, now=NOW)
    actor = await lent(session, taro, sora)
    identity.secret_hash = passwords.hash_secret("another password")
    session.add(identity)
    await session.flush()
    with pytest.raises(CredentialsWrong):
        await child_mode.leave(session, actor, theirs, now=NOW)


async def test_a_child_cannot_go_on_to_its_brother(session: AsyncSession, family: Family, hanako: User):
    sora, umi = await make_child(session, family), await make_child(session, family)
    child = await lent(session, hanako, sora)
    with pytest.raises(ParentApprovalRequired):
        await child_mode.enter(session, child, child_id=umi.id, now=NOW)


async def test_only_a_child_of_ones_own_family_gets_the_device(session: AsyncSession, hanako: User):
    theirs = await make_child(session, await make_family(session))
    actor, token = await device(session, hanako)
    for user_id in (theirs.id, hanako.id):
        with pytest.raises(NotFound):
            await child_mode.enter(session, actor, child_id=user_id, now=NOW)
    assert (await sessions.resolve(session, token, now=NOW)).user_id == hanako.id


async def test_only_guardians_hand_a_device_on(session: AsyncSession, family: Family, sora: User):
    ito, _ = await device(session, await make_user(session, UserType.SCHOOL_OWNER))
    own, _ = await device(session, sora)
    for actor, refusal in ((ANONYMOUS, Unauthenticated), (own, ParentApprovalRequired), (ito, Forbidden)):
        with pytest.raises(refusal):
            await child_mode.enter(session, actor, child_id=sora.id, now=NOW)


async def test_a_childs_own_session_leads_back_to_nobody(session: AsyncSession, hanako: User, sora: User):
    own, _ = await device(session, sora)
    for actor, refusal in (
        (ANONYMOUS, Unauthenticated),
        (own, Forbidden),
        ((await device(session, hanako))[0], Forbidden),
    ):
        with pytest.raises(refusal):
            await child_mode.known_guardian(session, actor)


async def test_without_a_password_of_ours_the_provider_leads_back(
    session: AsyncSession, family: Family, sora: User
):
    taro = await make_co_guardian(session, family)
    session.add(
        Identity(
            user_id=taro.id,
            provider=IdentityProvider.OIDC,
            issuer="https://id.example",
            subject="1",
            created_at=NOW,
        )
    )
    child = await lent(session, taro, sora)
    assert not (await child_mode.way_back(session, child)).by_password
    known = await child_mode.known_guardian(session, child)
    with pytest.raises(CredentialsWrong):
        await proofs.prove(known, "", address=HOME)
