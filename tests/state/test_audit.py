"""「操作の記録」 on an admin's screen."""

from typing import Any

import reflex as rx

from naraigoto import clock
from naraigoto.models.accounts import User, UserType
from naraigoto.models.base import new_id
from naraigoto.rules import PAGE_DEFAULT
from naraigoto.services import audit, sessions
from naraigoto.state.audit import AuditState
from naraigoto.texts import audit as texts
from tests import factories as make
from tests.conftest import Committed


async def screen(committed: Committed, user: User) -> Any:
    """The state behind the page of a person who just opened it."""
    async with committed() as session:
        opened = await sessions.create(session, user.id, user_agent="test", now=clock.now())
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    cookie = f"naraigoto_session={opened.token}"
    path = "/admin/operations"
    root.router_data = {"headers": {"cookie": cookie}, "pathname": path, "asPath": path, "token": "t"}
    root._update_router_vars(root.router_data, {})
    state: Any = await root.get_state(AuditState)
    await AuditState.load.fn(state)  # pyright: ignore[reportFunctionMemberAccess]
    return state


async def fire(state: Any, handler: str, *arguments: object) -> None:
    await getattr(AuditState, handler).fn(state, *arguments)


async def world(committed: Committed) -> tuple[User, User]:
    """An admin, and a school's owner who recorded more than one page of attendances."""
    async with committed() as session:
        admin = await make.make_user(session, UserType.ADMIN, name="管理者")
        ito = await make.make_user(session, UserType.SCHOOL_OWNER, name="伊藤")
        actor = await make.actor_of(session, ito)
        facts = {"before": "reserved", "after": "absent"}
        for _ in range(PAGE_DEFAULT + 2):
            thing = audit.Thing("booking", new_id())
            await audit.record(session, actor, "attendance.recorded", thing, facts, now=clock.now())
        await audit.record(session, None, "account.erased", audit.Thing("user", ito.id), now=clock.now())
    return admin, ito


async def test_an_admin_reads_it_in_japanese_page_by_page(committed: Committed) -> None:
    admin, _ = await world(committed)
    state = await screen(committed, admin)
    newest, second = state.rows[:2]
    assert (newest.actor, newest.kind, newest.action) == ("", texts.SYSTEM, "個人データを消した")
    assert (second.actor, second.kind, second.action) == ("伊藤", "教室", "出席を記録した")
    assert second.facts == "変更前: 予約、変更後: 欠席"
    assert (len(state.rows), state.has_more) == (PAGE_DEFAULT, True)
    await fire(state, "more")
    assert (len(state.rows), state.has_more) == (PAGE_DEFAULT + 3, False)
    await fire(state, "more")
    assert len(state.rows) == PAGE_DEFAULT + 3


async def test_it_is_filtered_by_person_and_back(committed: Committed) -> None:
    admin, ito = await world(committed)
    state = await screen(committed, admin)
    for handler, argument in (("ask", {"who": f" {ito.email} "}), ("only", "伊藤")):
        await fire(state, handler, argument)
        assert {row.actor for row in state.rows} == {"伊藤"}
        assert state.shown
        await fire(state, "more")
        assert len(state.rows) == PAGE_DEFAULT + 2
    await fire(state, "ask", {"who": "だれでもない"})
    assert (state.rows, state.has_more) == ([], False)
    await fire(state, "everybody")
    assert (len(state.rows), state.shown) == (PAGE_DEFAULT, "")


async def test_nobody_else_sees_a_line(committed: Committed) -> None:
    _, ito = await world(committed)
    state = await screen(committed, ito)
    await fire(state, "only", "伊藤")
    await fire(state, "more")
    assert (state.rows, state.shown, state.who) == ([], "", "")
