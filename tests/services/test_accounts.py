from datetime import datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS
from naraigoto.errors import CredentialsWrong, InvalidInput, Unauthenticated
from naraigoto.models.accounts import Identity, User, UserType
from naraigoto.models.families import Family, FamilyMember
from naraigoto.services import accounts, passwords, sessions
from tests.factories import (
    PASSWORD,
    give_password,
    make_child,
    make_co_guardian,
    make_family,
    make_school,
    make_user,
)


async def hanako(session: AsyncSession, **over: Any) -> User:
    user = await make_user(session, email="hanako@example.com", **over)
    await give_password(session, user)
    return user


async def sora(session: AsyncSession) -> tuple[User, Family]:
    family = await make_family(session, family_code="SORA01")
    secret = passwords.hash_secret("2580")
    return await make_child(session, family, login_name="Sora", passcode_hash=secret), family


async def sign_in(
    session: AsyncSession, *, email: str, password: str = PASSWORD, now: datetime
) -> accounts.SignedIn:
    known = await accounts.known_by_email(session, email=email)
    return await accounts.sign_in(session, await accounts.prove(known, password), now=now)


async def sign_in_child(
    session: AsyncSession, *, family_code: str, login_name: str, passcode: str, now: datetime
) -> accounts.SignedIn:
    known = await accounts.known_by_login_name(session, family_code=family_code, login_name=login_name)
    return await accounts.sign_in(session, await accounts.prove(known, passcode), now=now)


async def test_a_guardian_signs_in_however_the_address_is_typed(session: AsyncSession, now: datetime):
    user = await hanako(session)
    for typed in ("hanako@example.com", "  Hanako@Example.COM ", "ｈａｎａｋｏ＠example.com"):
        done = await sign_in(session, email=typed, now=now)
        assert done.user.id == user.id
        assert (await sessions.resolve(session, done.session_token, now=now)).user_id == user.id


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("hanako@example.com", "wrong"),
        ("hanako@example.com", ""),
        ("hanako@example.com", PASSWORD + "x" * 200),
        ("hanako@example.com", "\ud800"),
        ("nobody@example.com", PASSWORD),
        ("", PASSWORD),
        ("hanako@example.com\x00", PASSWORD),
        ("\ud800", PASSWORD),
    ],
)
async def test_every_wrong_sign_in_is_refused_alike(
    session: AsyncSession, now: datetime, email: str, password: str
):
    await hanako(session)
    with pytest.raises(CredentialsWrong) as refused:
        await sign_in(session, email=email, password=password, now=now)
    assert refused.value.facts == {}


@pytest.mark.parametrize("gone", ["suspended_at", "deleted_at"])
async def test_suspended_and_deleted_people_are_refused_like_strangers(
    session: AsyncSession, now: datetime, gone: str
):
    await hanako(session, **{gone: now})
    with pytest.raises(CredentialsWrong):
        await sign_in(session, email="hanako@example.com", now=now)


async def test_an_address_without_a_password_is_refused(session: AsyncSession, now: datetime):
    await make_user(session, email="oidc@example.com")
    with pytest.raises(CredentialsWrong):
        await sign_in(session, email="oidc@example.com", password="", now=now)


async def test_a_child_signs_in_with_full_width_digits_and_any_case(session: AsyncSession, now: datetime):
    child, family = await sora(session)
    done = await sign_in_child(
        session, family_code="sora01 ", login_name="SORA", passcode="２５８０", now=now
    )
    assert done.user == accounts.Me(child.id, UserType.CHILD, "そら", None, family.id, ())


@pytest.mark.parametrize(
    ("code", "name", "passcode"),
    [
        ("SORA01", "sora", "0000"),
        ("SORA02", "sora", "2580"),
        ("SORA01", "umi", "2580"),
        ("", "", ""),
        ("SORA01", "so\x00ra", "2580"),
    ],
)
async def test_every_wrong_child_sign_in_is_refused(
    session: AsyncSession, now: datetime, code: str, name: str, passcode: str
):
    await sora(session)
    with pytest.raises(CredentialsWrong):
        await sign_in_child(session, family_code=code, login_name=name, passcode=passcode, now=now)


async def test_a_child_of_another_family_with_the_same_login_name_stays_apart(
    session: AsyncSession, now: datetime
):
    mine, _ = await sora(session)
    other = await make_family(session, family_code="OTHER1")
    theirs = await make_child(session, other, login_name="sora", passcode_hash=passwords.hash_secret("1111"))
    done = await sign_in_child(session, family_code="OTHER1", login_name="sora", passcode="1111", now=now)
    assert done.user.id == theirs.id != mine.id


async def test_a_hash_of_older_parameters_is_renewed_at_sign_in(session: AsyncSession, now: datetime):
    user = await make_user(session, email="old@example.com")
    identity = await give_password(session, user)
    identity.secret_hash = old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    await session.flush()
    await sign_in(session, email="old@example.com", now=now)
    await session.refresh(identity)
    assert identity.secret_hash != old
    assert passwords.verify_secret(identity.secret_hash, PASSWORD)


async def test_a_childs_hash_is_renewed_too(session: AsyncSession, now: datetime):
    child, family = await sora(session)
    member = await session.get_one(FamilyMember, (family.id, child.id))
    member.passcode_hash = old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash("2580")
    await session.flush()
    await sign_in_child(session, family_code="SORA01", login_name="sora", passcode="2580", now=now)
    await session.refresh(member)
    assert member.passcode_hash != old


async def test_an_actor_knows_family_ownership_and_schools(session: AsyncSession):
    family = await make_family(session)
    child = await make_child(session, family)
    joined = await make_co_guardian(session, family)
    owner = await make_user(session, UserType.SCHOOL_OWNER)
    schools = {(await make_school(session, owner=owner)).id, (await make_school(session, owner=owner)).id}

    first = await accounts.actor_for(session, family.parent_user_id)
    assert (first.family_id, first.owns_family, first.type) == (family.id, True, UserType.PARENT)
    second = await accounts.actor_for(session, joined.id)
    assert (second.family_id, second.owns_family) == (family.id, False)
    third = await accounts.actor_for(session, child.id)
    assert (third.family_id, third.owns_family, third.type) == (family.id, False, UserType.CHILD)
    fourth = await accounts.actor_for(session, owner.id)
    assert (fourth.family_id, fourth.school_ids) == (None, frozenset(schools))


async def test_nobody_is_nobody(session: AsyncSession, now: datetime):
    gone = await make_user(session, suspended_at=now)
    assert await accounts.actor_for(session, gone.id) is ANONYMOUS
    with pytest.raises(Unauthenticated):
        await accounts.me(session, ANONYMOUS)


async def test_an_admin_is_made_once_and_signs_in(session: AsyncSession, now: datetime):
    made = await accounts.create_admin(
        session, email="Boss@Example.com", name="運営", password="long-enough-1", now=now
    )
    done = await sign_in(session, email="boss@example.com", password="long-enough-1", now=now)
    assert (done.user.id, done.user.type) == (made.id, UserType.ADMIN)
    with pytest.raises(InvalidInput) as refused:
        await accounts.create_admin(
            session, email="boss@example.com", name="運営", password="long-enough-1", now=now
        )
    assert refused.value.facts["fields"] == {"email": "taken"}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("email", {"email": "boss"}),
        ("email", {"email": "a@b c.example"}),
        ("name", {"name": " "}),
        ("password", {"password": "short"}),
        ("password", {"password": "x" * 129}),
    ],
)
async def test_an_admin_needs_plausible_values(
    session: AsyncSession, now: datetime, field: str, values: dict[str, str]
):
    given = {"email": "boss@example.com", "name": "運営", "password": "long-enough-1"} | values
    with pytest.raises(InvalidInput) as refused:
        await accounts.create_admin(session, **given, now=now)
    assert list(refused.value.facts["fields"]) == [field]  # pyright: ignore[reportArgumentType]


def test_a_missing_account_costs_a_verification_too(monkeypatch: pytest.MonkeyPatch):
    hashes: list[str] = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher,
        "verify",
        lambda self, stored, secret: hashes.append(stored) or verify(self, stored, secret),
    )
    assert not passwords.verify_secret(None, "a secret that nobody has")
    assert len(hashes) == 1


async def test_a_session_ends_with_its_user(session: AsyncSession, now: datetime):
    user = await hanako(session)
    done = await sign_in(session, email="hanako@example.com", now=now)
    user.suspended_at = now
    await session.flush()
    later = now + timedelta(seconds=1)
    assert await sessions.resolve(session, done.session_token, now=later) is ANONYMOUS


@pytest.mark.parametrize("meanwhile", ["suspended", "changed"])
async def test_a_proof_is_worth_nothing_once_the_person_or_the_secret_has_changed(
    session: AsyncSession, now: datetime, meanwhile: str
):
    user = await hanako(session)
    proof = await accounts.prove(await accounts.known_by_email(session, email="hanako@example.com"), PASSWORD)
    if meanwhile == "suspended":
        user.suspended_at = now
    else:
        identity = (await session.exec(select(Identity).where(Identity.user_id == user.id))).one()
        identity.secret_hash = passwords.hash_secret("another-one-1")
    await session.flush()
    with pytest.raises(CredentialsWrong):
        await accounts.sign_in(session, proof, now=now)
