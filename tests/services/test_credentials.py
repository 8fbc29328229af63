"""Forgotten and changed passwords, changed addresses."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import rules
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.errors import (
    CredentialsWrong,
    Forbidden,
    InvalidInput,
    LinkUnusable,
    ParentApprovalRequired,
    RateLimited,
    Unauthenticated,
)
from naraigoto.models.accounts import Identity, User, UserType
from naraigoto.models.notifications import OutboxMessage
from naraigoto.services import accounts, credentials, joining, links, proofs, sessions
from naraigoto.services.joining import SignUp
from naraigoto.services.links import Purpose
from tests.conftest import Committed
from tests.factories import NOW, PASSWORD, actor_of, give_password, make_child, make_family, make_user

HERE = "203.0.113.7"
NEW = "tomato kujira densha"


async def hanako(session: AsyncSession, **over: Any) -> User:
    user = await make_user(session, email="hanako@example.com", **over)
    await give_password(session, user)
    return user


async def hash_of(session: AsyncSession, user: User) -> str:
    statement = select(Identity.secret_hash).where(Identity.user_id == user.id)
    return (await session.exec(statement)).one() or ""


async def reset_token(session: AsyncSession, user: User) -> str:
    bound = (user.email or "", await hash_of(session, user))
    return links.make(Purpose.RESET, user.id, *bound, lifetime=rules.RESET_LINK_LIFETIME, now=NOW)


async def kinds(session: AsyncSession) -> list[str]:
    rows = await session.exec(select(OutboxMessage.kind).order_by(col(OutboxMessage.id)))
    return list(rows.all())


async def signed_in(session: AsyncSession, user: User) -> tuple[Actor, str]:
    opened = await sessions.create(session, user.id, user_agent="test", now=NOW)
    return await sessions.resolve(session, opened.token, now=NOW), opened.token


async def knows(session: AsyncSession, password: str) -> bool:
    known = await accounts.known_by_email(session, email="hanako@example.com")
    try:
        await proofs.prove(known, password, address=HERE)
    except CredentialsWrong:
        return False
    return True


async def ask(session: AsyncSession, email: str, *, minute: int = 0) -> None:
    await credentials.ask_reset(session, email=email, address=HERE, now=NOW + timedelta(minutes=minute))


async def reset(session: AsyncSession, token: str, password: str = NEW) -> None:
    own = await credentials.followed(session, token=token, now=NOW)
    await credentials.reset(session, await credentials.renew(own, password), now=NOW)


async def test_a_forgotten_password_is_mailed_to_the_address_of_the_account(session: AsyncSession):
    await hanako(session)
    await ask(session, " Hanako@Example.com ")
    assert await kinds(session) == ["password_reset"]


@pytest.mark.parametrize("over", [{"deleted_at": NOW}, {"suspended_at": NOW}], ids=str)
async def test_nobody_who_may_not_sign_in_gets_a_link(session: AsyncSession, over: dict[str, Any]):
    await hanako(session, **over)
    await ask(session, "hanako@example.com")
    assert await kinds(session) == []


async def test_who_has_no_password_here_gets_no_link(session: AsyncSession):
    await make_user(session, email="oidc@example.com")
    await ask(session, "oidc@example.com")
    assert await kinds(session) == []


@pytest.mark.parametrize(
    ("typed", "reason"), [("hanako", "email"), (" ", "required"), ("a@b\x00.jp", "required")]
)
async def test_what_is_no_address_is_said_to_be_none(session: AsyncSession, typed: str, reason: str):
    with pytest.raises(InvalidInput) as refused:
        await ask(session, typed)
    assert refused.value.facts["fields"] == {"email": reason}


async def test_asking_reads_the_same_for_an_address_that_nobody_has(
    engine: AsyncEngine, session: AsyncSession
):
    await hanako(session)
    asked: list[list[str]] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            asked[-1].append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    for email in ("hanako@example.com", "nobody@example.com"):
        asked.append([])
        await ask(session, email)
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    # The one has its mail promised besides; how long that takes is evened out at the door.
    assert asked[0][: len(asked[1])] == asked[1]
    assert len(asked[1]) == 1


async def test_an_inbox_is_not_flooded_and_nobody_is_told(session: AsyncSession):
    await hanako(session)
    for minute in range(rules.MAILS_TO_ACCOUNT.count + 3):
        await ask(session, "hanako@example.com", minute=minute)
    assert len(await kinds(session)) == rules.MAILS_TO_ACCOUNT.count


async def test_what_strangers_do_with_an_address_leaves_its_owner_the_reset(session: AsyncSession):
    await hanako(session)
    wish = SignUp("hanako@example.com", PASSWORD, "誰か", UserType.PARENT)
    newcomer = await joining.prepare(wish, address="198.51.100.9")
    stranger = await make_user(session, email="stranger@example.com")
    await give_password(session, stranger)
    actor, _ = await signed_in(session, stranger)
    for minute in range(rules.MAILS_TO_ACCOUNT.count):
        await joining.tell_owner(session, newcomer, now=NOW + timedelta(minutes=minute))
        await change_address(session, actor, email="hanako@example.com")
    before = (await kinds(session)).count("password_reset")
    await ask(session, "hanako@example.com")
    assert (before, (await kinds(session)).count("password_reset")) == (0, 1)


async def test_one_address_does_not_ask_without_end(session: AsyncSession, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(credentials, "SIGN_UPS_OF_ADDRESS", rules.Rate(1, timedelta(hours=1)))
    await ask(session, "a@example.com")
    with pytest.raises(RateLimited):
        await ask(session, "b@example.com")


async def test_a_link_changes_the_password_once_and_ends_every_session(session: AsyncSession):
    user = await hanako(session, email_verified_at=None, pending_email="thief@example.com")
    _, cookie = await signed_in(session, user)
    token = await reset_token(session, user)
    await reset(session, token)
    assert await knows(session, NEW)
    assert not await knows(session, PASSWORD)
    assert await sessions.resolve(session, cookie, now=NOW) is ANONYMOUS
    await session.refresh(user)
    assert (user.email_verified_at, user.pending_email) == (NOW, None)
    assert await kinds(session) == ["password_changed"]
    with pytest.raises(LinkUnusable):
        await reset(session, token, "another good one here")


async def test_two_uses_of_a_link_at_once_change_it_once(committed: Committed):
    async with committed() as session:
        token = await reset_token(session, await hanako(session))

    async def use(password: str) -> None:
        async with committed() as session:
            own = await credentials.followed(session, token=token, now=NOW)
        renewed = await credentials.renew(own, password)
        async with committed() as session:
            await credentials.reset(session, renewed, now=NOW)

    answers = await asyncio.gather(*(use(f"{NEW} {n}") for n in range(4)), return_exceptions=True)
    assert sum(isinstance(answer, LinkUnusable) for answer in answers) == 3


async def test_a_link_ends_after_an_hour_and_when_the_address_changes(session: AsyncSession):
    user = await hanako(session)
    token = await reset_token(session, user)
    with pytest.raises(LinkUnusable):
        await credentials.followed(session, token=token, now=NOW + rules.RESET_LINK_LIFETIME)
    user.email = "other@example.com"
    await session.flush()
    with pytest.raises(LinkUnusable):
        await credentials.followed(session, token=token, now=NOW)


@pytest.mark.parametrize("gone", ["suspended_at", "deleted_at"])
async def test_a_link_of_somebody_who_is_gone_is_worth_nothing(session: AsyncSession, gone: str):
    user = await hanako(session)
    token = await reset_token(session, user)
    setattr(user, gone, NOW)
    await session.flush()
    with pytest.raises(LinkUnusable):
        await credentials.followed(session, token=token, now=NOW)


async def test_a_verification_link_resets_nothing(session: AsyncSession):
    user = await hanako(session)
    token = links.make(Purpose.VERIFY, user.id, user.email or "", lifetime=timedelta(hours=1), now=NOW)
    with pytest.raises(LinkUnusable):
        await credentials.followed(session, token=token, now=NOW)


async def test_a_weak_password_does_not_use_the_link_up(session: AsyncSession):
    token = await reset_token(session, await hanako(session))
    with pytest.raises(InvalidInput) as refused:
        await reset(session, token, "hanako12345")
    assert refused.value.facts["fields"] == {"password": "password_own"}
    await reset(session, token)


async def exchange(
    session: AsyncSession, actor: Actor, *, current: str = PASSWORD, password: str = NEW
) -> credentials.Renewed:
    own = await credentials.mine(session, actor)
    return await credentials.exchange(own, current=current, password=password, address=HERE)


async def test_a_changed_password_rotates_this_session_and_ends_the_others(session: AsyncSession):
    user = await hanako(session, pending_email="thief@example.com")
    actor, cookie = await signed_in(session, user)
    _, other = await signed_in(session, user)
    renewed = await exchange(session, actor)
    opened = await credentials.change_password(session, actor, renewed, now=NOW)
    assert (await sessions.resolve(session, opened.token, now=NOW)).user_id == user.id
    for old in (cookie, other):
        assert await sessions.resolve(session, old, now=NOW) is ANONYMOUS
    assert await knows(session, NEW)
    assert await kinds(session) == ["password_changed"]
    await session.refresh(user)
    assert user.pending_email is None


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"current": "wrong"}, {"current": "wrong"}),
        ({"password": "short"}, {"password": "password_short"}),
        ({"password": PASSWORD}, {"password": "same"}),
        ({"current": "wrong", "password": "password123"}, {"password": "password_common"}),
    ],
    ids=str,
)
async def test_a_change_is_refused_field_by_field(
    session: AsyncSession, given: dict[str, str], fields: dict[str, str]
):
    actor, _ = await signed_in(session, await hanako(session))
    with pytest.raises(InvalidInput) as refused:
        await exchange(session, actor, **given)
    assert refused.value.facts["fields"] == fields


async def test_the_current_password_is_not_guessed_in_a_stolen_session(session: AsyncSession):
    actor, _ = await signed_in(session, await hanako(session))
    for _ in range(rules.WRONG_TRIES_HERE.count):
        with pytest.raises(InvalidInput):
            await exchange(session, actor, current="wrong")
    with pytest.raises(RateLimited):
        await exchange(session, actor)


async def test_a_proof_of_the_old_password_changes_nothing_any_more(session: AsyncSession):
    user = await hanako(session)
    actor, _ = await signed_in(session, user)
    renewed = await exchange(session, actor)
    await reset(session, await reset_token(session, user), "another good one here")
    with pytest.raises(CredentialsWrong):
        await credentials.change_password(session, actor, renewed, now=NOW)


async def test_a_proof_of_one_person_changes_nobody_else(session: AsyncSession):
    actor, _ = await signed_in(session, await hanako(session))
    renewed = await exchange(session, actor)
    outsider = await actor_of(session, await make_user(session))
    with pytest.raises(CredentialsWrong):
        await credentials.change_password(session, outsider, renewed, now=NOW)


async def test_guests_children_and_people_of_a_provider_have_no_password_to_change(session: AsyncSession):
    child = await make_child(session, await make_family(session))
    provided = await make_user(session)
    for actor, refusal in (
        (ANONYMOUS, Unauthenticated),
        (await actor_of(session, child), ParentApprovalRequired),
        (await actor_of(session, provided), Forbidden),
    ):
        with pytest.raises(refusal):
            await credentials.mine(session, actor)


async def change_address(
    session: AsyncSession, actor: Actor, *, email: str = "new@example.com", password: str = PASSWORD
) -> None:
    own = await credentials.mine(session, actor)
    proof = await credentials.prove_for_change(own, email=email, password=password, address=HERE)
    await credentials.change_email(session, actor, proof, email=email, now=NOW)


async def test_an_address_is_only_wished_for_until_its_link_was_followed(session: AsyncSession):
    user = await hanako(session)
    actor, _ = await signed_in(session, user)
    await change_address(session, actor, email=" New@Example.com ")
    await session.refresh(user)
    assert (user.email, user.pending_email) == ("hanako@example.com", "new@example.com")
    assert await kinds(session) == ["email_changed", "email_change"]


async def test_wishing_for_somebody_elses_address_answers_alike(session: AsyncSession):
    await make_user(session, email="new@example.com")
    actor, _ = await signed_in(session, await hanako(session))
    await change_address(session, actor)
    assert await kinds(session) == ["email_changed", "email_change"]


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"email": "new"}, {"email": "email"}),
        ({"email": " "}, {"email": "required"}),
        ({"email": "HANAKO@example.com"}, {"email": "same"}),
        ({"password": "wrong"}, {"password": "wrong"}),
    ],
    ids=str,
)
async def test_an_address_is_refused_field_by_field(
    session: AsyncSession, given: dict[str, str], fields: dict[str, str]
):
    actor, _ = await signed_in(session, await hanako(session))
    with pytest.raises(InvalidInput) as refused:
        await change_address(session, actor, **given)
    assert refused.value.facts["fields"] == fields
    assert await kinds(session) == []


async def test_a_strangers_inbox_is_not_flooded_by_wishes(session: AsyncSession):
    actor, _ = await signed_in(session, await hanako(session))
    for _ in range(rules.MAILS_TO_ACCOUNT.count):
        await change_address(session, actor)
    with pytest.raises(RateLimited):
        await change_address(session, actor)


async def test_one_person_does_not_mail_one_stranger_after_another(session: AsyncSession):
    actor, _ = await signed_in(session, await hanako(session))
    for number in range(rules.MAILS_TO_ACCOUNT.count):
        await change_address(session, actor, email=f"new{number}@example.com")
    with pytest.raises(RateLimited):
        await change_address(session, actor, email="another@example.com")
