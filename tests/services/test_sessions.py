from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS
from naraigoto.errors import Unauthenticated
from naraigoto.models.accounts import Session, User
from naraigoto.services import sessions
from naraigoto.services.sessions import Opened
from tests.factories import make_family, make_user


@pytest.fixture
async def signed_in(session: AsyncSession, now: datetime) -> tuple[User, Opened]:
    user = await make_user(session)
    return user, await sessions.create(session, user.id, user_agent="Fire\x00fox" + "x" * 400, now=now)


SignedIn = tuple[User, Opened]


@contextmanager
def statements(session: AsyncSession) -> Iterator[list[str]]:
    """The SQL sent inside the block."""
    sent: list[str] = []
    bind = session.bind
    assert bind is not None
    target = bind.sync_engine if hasattr(bind, "sync_engine") else bind.sync_connection  # pyright: ignore

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(target, "before_cursor_execute", note)
    yield sent
    event.remove(target, "before_cursor_execute", note)


async def test_only_a_hash_of_the_value_is_stored(session: AsyncSession, signed_in: SignedIn):
    _, opened = signed_in
    row = (await session.exec(select(Session).where(Session.id == opened.id))).one()
    assert opened.token not in row.model_dump_json()
    assert len(opened.token) >= 43
    assert (row.user_agent[:7], len(row.user_agent)) == ("Firefox", 300)


async def test_the_holder_of_the_value_is_known_by_one_query(
    session: AsyncSession, signed_in: SignedIn, now: datetime
):
    user, opened = signed_in
    family = await make_family(session, guardian=user)
    with statements(session) as sent:
        actor = await sessions.resolve(session, opened.token, now=now)
    assert (actor.user_id, actor.family_id, actor.owns_family) == (user.id, family.id, True)
    assert len(sent) == 1


@pytest.mark.parametrize("token", [None, "", "guess", "\ud800", "x" * 10_000])
async def test_other_values_are_nobody(session: AsyncSession, now: datetime, token: str | None):
    assert await sessions.resolve(session, token, now=now) is ANONYMOUS
    assert await sessions.resolve_cached(session, token, now=now) is ANONYMOUS


async def test_a_session_ends_after_14_idle_days(session: AsyncSession, signed_in: SignedIn, now: datetime):
    _, opened = signed_in
    idle = now + timedelta(days=14)
    assert await sessions.resolve(session, opened.token, now=idle) is ANONYMOUS
    assert (await sessions.resolve(session, opened.token, now=idle - timedelta(seconds=1))).signed_in


async def test_a_session_in_use_ends_after_30_days(session: AsyncSession, signed_in: SignedIn, now: datetime):
    _, opened = signed_in
    for days in (10, 20, 29):
        at = now + timedelta(days=days)
        assert (await sessions.resolve(session, opened.token, now=at)).signed_in
    assert await sessions.resolve(session, opened.token, now=now + timedelta(days=30)) is ANONYMOUS


async def test_being_seen_is_written_at_most_once_an_hour(
    session: AsyncSession, signed_in: SignedIn, now: datetime
):
    _, opened = signed_in
    row = (await session.exec(select(Session).where(Session.id == opened.id))).one()
    await sessions.resolve(session, opened.token, now=now + timedelta(minutes=59))
    await session.refresh(row)
    assert row.last_seen_at == now
    await sessions.resolve(session, opened.token, now=now + timedelta(minutes=60))
    await session.refresh(row)
    assert row.last_seen_at == now + timedelta(minutes=60)


async def test_a_revoked_session_is_over_and_stays_so_when_revoked_again(
    session: AsyncSession, signed_in: SignedIn, now: datetime
):
    _, opened = signed_in
    await sessions.revoke(session, opened.token, now=now)
    await sessions.revoke(session, opened.token, now=now + timedelta(hours=1))
    assert await sessions.resolve(session, opened.token, now=now) is ANONYMOUS
    row = (await session.exec(select(Session).where(Session.id == opened.id))).one()
    assert row.revoked_at == now


async def test_screens_ask_the_database_once_in_five_seconds(
    session: AsyncSession, signed_in: SignedIn, now: datetime
):
    user, opened = signed_in
    with statements(session) as sent:
        for seconds in (0, 1, 4.9):
            at = now + timedelta(seconds=seconds)
            assert (await sessions.resolve_cached(session, opened.token, now=at)).user_id == user.id
        assert len(sent) == 1
        await sessions.resolve_cached(session, opened.token, now=now + timedelta(seconds=5))
    assert len(sent) == 2


async def test_signing_out_reaches_cached_screens_at_once(
    session: AsyncSession, signed_in: SignedIn, now: datetime
):
    _, opened = signed_in
    assert (await sessions.resolve_cached(session, opened.token, now=now)).signed_in
    await sessions.revoke(session, opened.token, now=now)
    assert await sessions.resolve_cached(session, opened.token, now=now) is ANONYMOUS


async def test_a_session_revoked_elsewhere_is_over_within_five_seconds(
    session: AsyncSession, signed_in: SignedIn, now: datetime
):
    _, opened = signed_in
    await sessions.resolve_cached(session, opened.token, now=now)
    row = (await session.exec(select(Session).where(Session.id == opened.id))).one()
    row.revoked_at = now
    await session.flush()
    later = now + timedelta(seconds=5)
    assert await sessions.resolve_cached(session, opened.token, now=later) is ANONYMOUS


async def test_a_token_speaks_for_its_session_only_while_it_lasts(
    session: AsyncSession, signed_in: SignedIn, now: datetime
):
    user, opened = signed_in
    token = sessions.access_token(user_id=user.id, session_id=opened.id, now=now)
    assert (await sessions.resolve_bearer(session, token, now=now)).user_id == user.id
    await sessions.revoke(session, opened.token, now=now)
    with pytest.raises(Unauthenticated):
        await sessions.resolve_bearer(session, token, now=now)


async def test_a_token_that_names_anothers_session_is_refused(
    session: AsyncSession, signed_in: SignedIn, now: datetime
):
    _, opened = signed_in
    outsider = await make_user(session)
    token = sessions.access_token(user_id=outsider.id, session_id=opened.id, now=now)
    with pytest.raises(Unauthenticated):
        await sessions.resolve_bearer(session, token, now=now)


async def test_revoking_by_token_ends_the_cookie_too(
    session: AsyncSession, signed_in: SignedIn, now: datetime
):
    user, opened = signed_in
    await sessions.resolve_cached(session, opened.token, now=now)
    token = sessions.access_token(user_id=user.id, session_id=opened.id, now=now)
    await sessions.revoke_bearer(session, token, now=now)
    assert await sessions.resolve_cached(session, opened.token, now=now) is ANONYMOUS
    await sessions.revoke_bearer(session, token, now=now)
