"""Signing up, and proving an address."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import rules
from naraigoto.actor import ANONYMOUS
from naraigoto.errors import (
    EmailTaken,
    InvalidInput,
    LinkUnusable,
    ParentApprovalRequired,
    RateLimited,
    ReferralInvalid,
    Unauthenticated,
)
from naraigoto.models.accounts import Identity, User, UserType
from naraigoto.models.families import Family, FamilyGuardian
from naraigoto.models.notifications import OutboxMessage
from naraigoto.models.privacy import Consent
from naraigoto.models.referrals import Referral, ReferralStatus
from naraigoto.services import accounts, families, joining, links, proofs, sessions
from naraigoto.services.joining import SignUp
from naraigoto.services.links import Purpose
from tests.conftest import Committed
from tests.factories import NOW, PASSWORD, actor_of, make_child, make_family, make_user

HERE = "203.0.113.7"
HANAKO = SignUp("hanako@example.com", PASSWORD, "花子", UserType.PARENT)


def wish(**over: Any) -> SignUp:
    return SignUp(**{name: getattr(HANAKO, name) for name in SignUp.__dataclass_fields__} | over)


async def join(session: AsyncSession, wished: SignUp = HANAKO) -> accounts.SignedIn:
    return await joining.sign_up(session, await joining.prepare(wished, address=HERE), now=NOW)


async def mails(session: AsyncSession) -> list[tuple[str, Any]]:
    rows = await session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id)))
    return [(row.kind, row.recipient_user_id) for row in rows]


def token_for(user: User | accounts.Me, *, address: str = "", later: timedelta = timedelta()) -> str:
    lifetime = rules.VERIFY_LINK_LIFETIME
    bound = address or user.email or ""
    return links.make(Purpose.VERIFY, user.id, bound, lifetime=lifetime, now=NOW + later)


async def test_a_guardian_signs_up_and_has_a_family_a_session_and_a_mail(session: AsyncSession):
    done = await join(session)
    family = (await session.exec(select(Family).where(Family.parent_user_id == done.user.id))).one()
    assert done.user == accounts.Me(
        done.user.id, UserType.PARENT, "花子", "hanako@example.com", family.id, ()
    )
    actor = await sessions.resolve(session, done.session_token, now=NOW)
    assert (actor.user_id, actor.owns_family, actor.verified) == (done.user.id, True, False)
    assert await mails(session) == [("email_verification", done.user.id)]
    known = await accounts.known_by_email(session, email="hanako@example.com")
    assert (await proofs.prove(known, PASSWORD, address=HERE)).user_id == done.user.id


async def test_a_school_owner_signs_up_without_a_family(session: AsyncSession):
    done = await join(session, wish(type=UserType.SCHOOL_OWNER))
    assert (done.user.type, done.user.family_id) == (UserType.SCHOOL_OWNER, None)


async def test_what_was_agreed_to_is_kept_with_version_and_time(session: AsyncSession):
    done = await join(session)
    kept = (await session.exec(select(Consent).where(Consent.user_id == done.user.id))).all()
    assert {(row.document.value, row.version, row.created_at) for row in kept} == {
        ("terms", rules.TERMS_VERSION, NOW),
        ("privacy", rules.PRIVACY_VERSION, NOW),
    }


async def test_the_address_is_kept_as_it_is_read_however_it_was_typed(session: AsyncSession):
    done = await join(session, wish(email="  Ｈanako@Example.COM ", name="　花子 "))
    assert (done.user.email, done.user.name) == ("hanako@example.com", "花子")


@pytest.mark.parametrize(
    ("over", "fields"),
    [
        ({"email": "hanako"}, {"email": "email"}),
        ({"email": "hanako@localhost"}, {"email": "email"}),
        ({"email": "ha nako@example.com"}, {"email": "email"}),
        ({"email": "花子@example.com"}, {"email": "email"}),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, {"email": "required"}),
        ({"email": "a" * 250 + "@example.com"}, {"email": "email"}),
        ({"email": " "}, {"email": "required"}),
        ({"name": " "}, {"name": "required"}),
        ({"name": "\u200b\x00"}, {"name": "required"}),
        ({"name": "花" * 41}, {"name": "too_long"}),
        ({"password": "short"}, {"password": "password_short"}),
        ({"password": "hanako@example.com"}, {"password": "password_own"}),
        ({"password": "password123"}, {"password": "password_common"}),
        ({"agreed": False}, {"agree": "consent"}),
        (
            {"type": UserType.SCHOOL_OWNER, "referral_code": "ABCD2345", "invitation": "x"},
            {"referral_code": "families_only", "type": "families_only"},
        ),
        (
            {"email": "x", "name": "", "password": ""},
            {"email": "email", "name": "required", "password": "password_short"},
        ),
    ],
    ids=str,
)
async def test_every_wrong_field_is_named_at_once(over: dict[str, Any], fields: dict[str, str]):
    with pytest.raises(InvalidInput) as refused:
        await joining.prepare(wish(**over), address=HERE)
    assert refused.value.facts["fields"] == fields


async def test_a_name_with_joined_emoji_is_a_name():
    newcomer = await joining.prepare(wish(name="👨\u200d👩\u200d👧\u3000はな"), address=HERE)
    assert newcomer.wish.name == "👨👩👧 はな"


@pytest.mark.parametrize("typed", ["hanako@example.com", "HANAKO@example.com"])
async def test_an_address_in_use_is_refused_after_the_same_hashing(
    session: AsyncSession, typed: str, monkeypatch: pytest.MonkeyPatch
):
    hashed: list[str] = []
    plain = joining.passwords.hash_secret
    monkeypatch.setattr(
        joining.passwords, "hash_secret", lambda secret: hashed.append(secret) or plain(secret)
    )
    await join(session)
    with pytest.raises(EmailTaken):
        await join(session, wish(email=typed))
    assert hashed == [PASSWORD, PASSWORD]


async def test_two_at_once_with_one_address_make_one_person(committed: Committed):
    async def once() -> object:
        newcomer = await joining.prepare(HANAKO, address=HERE)
        async with committed() as session:
            return await joining.sign_up(session, newcomer, now=NOW)

    answers = await asyncio.gather(*(once() for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(answer, EmailTaken) for answer in answers) == 3
    async with committed() as session:
        for table in (User, Identity, Family):
            assert (await session.exec(select(func.count()).select_from(table))).one() == 1
        assert len(await mails(session)) == 1


async def test_the_owner_of_the_address_is_told_but_not_again_and_again(session: AsyncSession):
    owner = await make_user(session, email="hanako@example.com")
    newcomer = await joining.prepare(HANAKO, address=HERE)
    for minute in range(rules.MAILS_TO_ACCOUNT.count + 3):
        await joining.tell_owner(session, newcomer, now=NOW + timedelta(minutes=minute))
    assert await mails(session) == [("signup_attempted", owner.id)] * rules.MAILS_TO_ACCOUNT.count


async def test_one_address_does_not_sign_up_without_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(joining, "SIGN_UPS_OF_ADDRESS", rules.Rate(2, timedelta(hours=1)))
    for _ in range(2):
        await joining.prepare(HANAKO, address=HERE)
    with pytest.raises(RateLimited):
        await joining.prepare(HANAKO, address=HERE)
    await joining.prepare(HANAKO, address="198.51.100.9")


async def test_a_friends_code_is_bound_to_the_new_family(session: AsyncSession):
    friend = await make_family(session)
    code = Referral(
        code="ABCD2345", referrer_family_id=friend.id, expires_at=NOW + timedelta(days=9), created_at=NOW
    )
    session.add(code)
    done = await join(session, wish(referral_code=" abcd2345 "))
    await session.refresh(code)
    assert (code.status, code.referred_family_id) == (ReferralStatus.ACCEPTED, done.user.family_id)


async def test_a_wrong_code_leaves_nobody_behind(committed: Committed):
    newcomer = await joining.prepare(wish(referral_code="ZZZZ9999"), address=HERE)
    with pytest.raises(ReferralInvalid):
        async with committed() as session:
            await joining.sign_up(session, newcomer, now=NOW)
    async with committed() as session:
        for table in (User, Family, OutboxMessage, Consent):
            assert (await session.exec(select(func.count()).select_from(table))).one() == 0


async def test_who_was_invited_joins_that_family_and_makes_none(session: AsyncSession):
    hanako = await make_user(session)
    family = await make_family(session, guardian=hanako)
    actor = await accounts.actor_for(session, hanako.id)
    invited = await families.invite(session, actor, family.id, now=NOW)
    done = await join(session, wish(email="taro@example.com", invitation=invited.token))
    assert done.user.family_id == family.id
    joined = (await session.exec(select(FamilyGuardian.user_id))).all()
    assert list(joined) == [done.user.id]
    assert (await session.exec(select(func.count()).select_from(Family))).one() == 1
    with pytest.raises(LinkUnusable):
        await join(session, wish(email="third@example.com", invitation=invited.token))


async def test_the_mailed_link_proves_the_address_once(session: AsyncSession):
    done = await join(session)
    token = token_for(done.user)
    await joining.verify(session, token=token, now=NOW)
    user = await session.get_one(User, done.user.id, populate_existing=True)
    assert user.email_verified_at == NOW
    assert (await sessions.resolve(session, done.session_token, now=NOW)).verified
    with pytest.raises(LinkUnusable):
        await joining.verify(session, token=token, now=NOW)


async def test_a_link_is_too_old_after_three_days(session: AsyncSession):
    done = await join(session)
    with pytest.raises(LinkUnusable):
        await joining.verify(session, token=token_for(done.user), now=NOW + rules.VERIFY_LINK_LIFETIME)


async def test_a_link_for_another_address_of_the_person_is_worth_nothing(session: AsyncSession):
    done = await join(session)
    with pytest.raises(LinkUnusable):
        await joining.verify(session, token=token_for(done.user, address="old@example.com"), now=NOW)


async def test_a_reset_link_does_not_prove_an_address(session: AsyncSession):
    done = await join(session)
    token = links.make(
        Purpose.RESET, done.user.id, "hanako@example.com", lifetime=timedelta(hours=1), now=NOW
    )
    with pytest.raises(LinkUnusable):
        await joining.verify(session, token=token, now=NOW)


async def test_the_link_of_somebody_deleted_is_worth_nothing(session: AsyncSession):
    user = await make_user(session, email_verified_at=None, deleted_at=NOW)
    with pytest.raises(LinkUnusable):
        await joining.verify(session, token=token_for(user), now=NOW)


async def test_a_changed_address_takes_over_with_its_link(session: AsyncSession):
    user = await make_user(session, email="old@example.com", pending_email="new@example.com")
    await joining.verify(session, token=token_for(user, address="new@example.com"), now=NOW)
    await session.refresh(user)
    assert (user.email, user.pending_email, user.email_verified_at) == ("new@example.com", None, NOW)


async def test_an_address_that_somebody_else_proved_meanwhile_is_not_taken_over(committed: Committed):
    async with committed() as session:
        user = await make_user(session, email="old@example.com", pending_email="new@example.com")
        await make_user(session, email="NEW@example.com")
    with pytest.raises(EmailTaken):
        async with committed() as session:
            await joining.verify(session, token=token_for(user, address="new@example.com"), now=NOW)
    async with committed() as session:
        assert (await session.get_one(User, user.id)).email == "old@example.com"


async def test_the_mail_is_sent_again_on_wish_but_not_without_end(session: AsyncSession):
    user = await make_user(session, email_verified_at=None)
    actor = await actor_of(session, user)
    for minute in range(rules.MAILS_TO_ACCOUNT.count):
        await joining.send_again(session, actor, now=NOW + timedelta(minutes=minute))
    assert await mails(session) == [("email_verification", user.id)] * rules.MAILS_TO_ACCOUNT.count
    with pytest.raises(RateLimited):
        await joining.send_again(session, actor, now=NOW)


async def test_a_second_press_within_the_minute_sends_one_mail(session: AsyncSession):
    user = await make_user(session, email_verified_at=None)
    for _ in range(2):
        await joining.send_again(session, await actor_of(session, user), now=NOW)
    assert len(await mails(session)) == 1


async def test_who_is_proved_already_gets_no_mail(session: AsyncSession):
    user = await make_user(session)
    await joining.send_again(session, await actor_of(session, user), now=NOW)
    assert await mails(session) == []


async def test_guests_and_children_ask_for_no_mail(session: AsyncSession):
    with pytest.raises(Unauthenticated):
        await joining.send_again(session, ANONYMOUS, now=NOW)
    child = await make_child(session, await make_family(session))
    with pytest.raises(ParentApprovalRequired):
        await joining.send_again(session, await actor_of(session, child), now=NOW)
