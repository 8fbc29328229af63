"""Mails about one's own account: their links work, and they are withdrawn when no longer true."""

from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.accounts import User
from naraigoto.models.notifications import OutboxMessage
from naraigoto.services import account_notices, credentials, joining, outbox
from naraigoto.services.account_notices import News, WithLink
from naraigoto.services.notifications import Kind
from tests.factories import NOW, give_password, make_user

WITH_LINK = (Kind.EMAIL_VERIFICATION, Kind.PASSWORD_RESET, Kind.EMAIL_CHANGE)
NEWS = (Kind.SIGNUP_ATTEMPTED, Kind.PASSWORD_CHANGED, Kind.EMAIL_CHANGED)


async def hanako(session: AsyncSession, **over: Any) -> User:
    values: dict[str, Any] = {"email_verified_at": None, "pending_email": "new@example.com"} | over
    user = await make_user(session, email="hanako@example.com", **values)
    await give_password(session, user)
    return user


async def facts(session: AsyncSession) -> Any:
    (message,) = await outbox.claim(session, limit=2, now=NOW)
    return await outbox.facts_for(session, message, now=NOW)


@pytest.mark.parametrize("kind", WITH_LINK + NEWS)
async def test_what_is_promised_holds_no_address_and_no_link(session: AsyncSession, kind: Kind):
    user = await hanako(session)
    await account_notices.promise(session, kind, user.id, now=NOW)
    row = (await session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id)))).one()
    assert set(row.payload) == {"side", "at", "email", "pending"}
    assert "@" not in str(row.payload) + row.dedupe_key


async def test_the_verification_carries_a_link_that_proves_the_address(session: AsyncSession):
    user = await hanako(session)
    await account_notices.promise(session, Kind.EMAIL_VERIFICATION, user.id, now=NOW)
    mail: WithLink = await facts(session)
    assert (mail.to, mail.hours) == ("hanako@example.com", 72)
    await joining.verify(session, token=mail.token, now=NOW)


async def test_the_change_goes_to_the_new_address_and_its_link_takes_it_over(session: AsyncSession):
    user = await hanako(session)
    await account_notices.promise(session, Kind.EMAIL_CHANGE, user.id, now=NOW)
    mail: WithLink = await facts(session)
    assert mail.to == "new@example.com"
    await joining.verify(session, token=mail.token, now=NOW)
    await session.refresh(user)
    assert user.email == "new@example.com"


async def test_the_reset_carries_a_link_that_a_new_password_can_follow(session: AsyncSession):
    user = await hanako(session)
    await account_notices.promise(session, Kind.PASSWORD_RESET, user.id, now=NOW)
    mail: WithLink = await facts(session)
    assert (mail.to, mail.hours) == ("hanako@example.com", 1)
    own = await credentials.followed(session, token=mail.token, now=NOW)
    assert own.email == "hanako@example.com"


@pytest.mark.parametrize("kind", NEWS)
async def test_news_go_to_the_present_address_with_their_moment(session: AsyncSession, kind: Kind):
    user = await hanako(session, email_verified_at=NOW)
    await account_notices.promise(session, kind, user.id, now=NOW)
    mail: News = await facts(session)
    assert (mail.to, mail.name, mail.at) == ("hanako@example.com", "花子", NOW)


@pytest.mark.parametrize("kind", WITH_LINK + NEWS)
async def test_no_words_of_whoever_signed_up_go_to_an_inbox_that_is_not_proved(
    session: AsyncSession, kind: Kind
):
    user = await hanako(session, name="当選 https://evil.example/x")
    await account_notices.promise(session, kind, user.id, now=NOW)
    assert (await facts(session)).name == ""


async def test_a_proved_person_is_named_in_their_own_inbox_but_not_in_another(session: AsyncSession):
    user = await hanako(session, email_verified_at=NOW)
    for kind, name in ((Kind.PASSWORD_RESET, "花子"), (Kind.EMAIL_CHANGE, "")):
        await account_notices.promise(session, kind, user.id, now=NOW)
        assert (await facts(session)).name == name


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.EMAIL_VERIFICATION, {"email_verified_at": NOW}),
        (Kind.EMAIL_VERIFICATION, {"email": "other@example.com"}),
        (Kind.EMAIL_CHANGE, {"pending_email": None}),
        (Kind.EMAIL_CHANGE, {"pending_email": "third@example.com"}),
        (Kind.PASSWORD_RESET, {"email": "other@example.com"}),
        (Kind.PASSWORD_RESET, {"suspended_at": NOW}),
        (Kind.SIGNUP_ATTEMPTED, {"deleted_at": NOW}),
        (Kind.EMAIL_CHANGED, {"email": "new@example.com"}),
    ],
)
async def test_what_is_no_longer_true_is_not_sent(session: AsyncSession, kind: Kind, changes: dict[str, Any]):
    user = await hanako(session)
    await account_notices.promise(session, kind, user.id, now=NOW)
    for name, value in changes.items():
        setattr(user, name, value)
    await session.flush()
    assert await facts(session) is None


async def test_no_link_goes_to_an_address_that_somebody_else_has(session: AsyncSession):
    await make_user(session, email="NEW@example.com")
    user = await hanako(session)
    await account_notices.promise(session, Kind.EMAIL_CHANGE, user.id, now=NOW)
    assert await facts(session) is None


async def test_a_wish_for_another_address_does_not_hold_back_the_news(session: AsyncSession):
    user = await hanako(session)
    await account_notices.promise(session, Kind.PASSWORD_CHANGED, user.id, now=NOW)
    user.pending_email = "thief@example.com"
    await session.flush()
    assert (await facts(session)).to == "hanako@example.com"


async def test_nobody_is_promised_nothing(session: AsyncSession):
    gone = await make_user(session, deleted_at=NOW)
    await account_notices.promise(session, Kind.PASSWORD_CHANGED, gone.id, now=NOW)
    assert (await session.exec(select(OutboxMessage))).all() == []
