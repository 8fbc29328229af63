"""/home belongs to guardians, /kids to children, and each sees only its own."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.models.accounts import User, UserType
from naraigoto.services import bookings, sessions
from naraigoto.state.kids import KidsState
from naraigoto.state.member_home import MemberHomeState
from tests.conftest import Committed
from tests.factories import (
    actor_of,
    grant_tickets,
    make_child,
    make_class,
    make_family,
    make_schedule,
    make_school,
    make_user,
)
from tests.prepared import Prepare


@dataclass
class Cast:
    """Cookies by person."""

    hanako: str
    sora: str
    umi: str
    outsider: str
    ito: str


async def cookie(session: Any, user: User) -> str:
    opened = await sessions.create(session, user.id, user_agent="test", now=clock.now())
    return f"naraigoto_session={opened.token}"


async def make_cast(session: AsyncSession) -> Cast:
    now = clock.now()
    hanako, ito = await make_user(session), await make_user(session, UserType.SCHOOL_OWNER)
    family = await make_family(session, guardian=hanako)
    sora, umi = (
        await make_child(session, family, name="そら"),
        await make_child(session, family, name="うみ"),
    )
    outsider = (await make_family(session)).parent_user_id
    await grant_tickets(session, family, 3, month=clock.month_of(now))
    lesson = await make_class(session, await make_school(session, owner=ito))
    at = clock.jst(now + timedelta(days=2)).replace(hour=10, minute=0)
    slot = await make_schedule(session, lesson, start_at=at)
    actor = await actor_of(session, hanako)
    await bookings.book(session, actor, schedule_id=slot.id, child_id=sora.id, now=now)
    stranger = await session.get_one(User, outsider)
    cookies = [await cookie(session, user) for user in (hanako, sora, umi, stranger, ito)]
    return Cast(*cookies)


@pytest.fixture
def prepare() -> Prepare[Cast]:
    return make_cast


@pytest.fixture
def cast(prepared: Cast) -> Cast:
    """A guardian with two children, one of whom goes swimming the day after tomorrow."""
    return prepared


async def visit(kind: type[rx.State], cookie: str) -> Any:
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    root.router_data = {"headers": {"cookie": cookie}, "pathname": "/", "asPath": "/", "token": "t"}
    root._update_router_vars(root.router_data, {})
    state: Any = await root.get_state(kind)
    await kind.load.fn(state)  # pyright: ignore[reportAttributeAccessIssue]
    return state


async def test_a_guardian_sees_tickets_bookings_and_children(cast: Cast):
    state = await visit(MemberHomeState, cast.hanako)
    assert (state.access, state.tickets_left) == ("ok", 2)
    assert state.tickets_until.endswith("日まで")
    assert [(row.title, row.school, row.child) for row in state.bookings] == [
        ("はじめての水泳", "スマイル水泳", "そら")
    ]
    assert {child.name for child in state.children} == {"そら", "うみ"}


async def test_another_family_sees_nothing_of_it(cast: Cast):
    state = await visit(MemberHomeState, cast.outsider)
    assert (state.access, state.tickets_left, state.bookings, state.children) == ("ok", 0, [], [])


async def test_the_home_of_guardians_is_closed_to_others(cast: Cast):
    for cookie, access in ((cast.sora, "missing"), (cast.ito, "missing"), ("", "login")):
        state = await visit(MemberHomeState, cookie)
        assert (state.access, state.tickets_left, state.bookings, state.children) == (access, 0, [], [])


async def test_a_child_sees_its_own_lessons_only(cast: Cast):
    mine = await visit(KidsState, cast.sora)
    assert (mine.access, mine.hello) == ("ok", "そらさん、こんにちは！")
    assert [(lesson.title, lesson.today) for lesson in mine.lessons] == [("はじめての水泳", False)]
    assert ("時", "じ") in mine.lessons[0].time
    theirs = await visit(KidsState, cast.umi)
    assert (theirs.access, theirs.lessons) == ("ok", [])


async def test_the_childrens_page_is_closed_to_grown_ups(cast: Cast):
    for cookie, access in ((cast.hanako, "missing"), (cast.ito, "missing"), ("", "login")):
        state = await visit(KidsState, cookie)
        assert (state.access, state.hello, state.lessons) == (access, "", [])


async def test_after_signing_out_nothing_stays(cast: Cast, committed: Committed):
    state = await visit(MemberHomeState, cast.hanako)
    async with committed() as session:
        await sessions.revoke(session, cast.hanako.partition("=")[2], now=clock.now())
    await MemberHomeState.load.fn(state)  # pyright: ignore[reportAttributeAccessIssue]
    assert (state.access, state.tickets_left, state.children) == ("login", 0, [])
