"""/admin/operations about money: what an admin reads, replays and settles."""

from datetime import timedelta

import pytest
from sqlmodel import select

from naraigoto import clock
from naraigoto.models.accounts import UserType
from naraigoto.models.billing import BillingIssue, IssueKind, WebhookEvent
from tests import factories as make
from tests.authz.screen import Step, fire
from tests.conftest import Committed

LOAD: Step = ("money_operations_state.load", {})


@pytest.fixture
async def cookie(committed: Committed) -> str:
    """An admin, a dead event and a debt."""
    now = clock.now()
    async with committed() as session:
        admin = await make.make_user(session, UserType.ADMIN, name="管理者")
        family = await make.make_family(session)
        dead = WebhookEvent(
            event_id="evt_1",
            type="invoice.paid",
            received_at=now,
            run_at=now,
            dead_at=now,
            attempts=8,
            last_error="CustomerUnknown",
        )
        issue = BillingIssue(
            kind=IssueKind.TICKET_DEBT,
            key="debt",
            family_id=family.id,
            facts={"tickets": 3, "invoice": "in_1"},
            found_at=now - timedelta(days=1),
        )
        session.add_all((dead, issue))
        await session.flush()
        return (await make.cookie_of(session, admin))["Cookie"]


async def one(committed: Committed, kind: type) -> WebhookEvent | BillingIssue:
    async with committed() as session:
        return (await session.exec(select(kind))).one()


async def test_an_admin_reads_what_waits(cookie: str) -> None:
    seen = await fire((LOAD,), cookie=cookie, path="/admin/operations")

    for words in (
        "invoice.paid",
        "8回",
        "CustomerUnknown",
        "返金したが、チケットが使用済み",
        "不足 3枚・請求 in_1",
    ):
        assert words in seen


async def test_a_dead_event_is_replayed(committed: Committed, cookie: str) -> None:
    number = str((await one(committed, WebhookEvent)).id)
    replay: Step = ("money_operations_state.replay", {"number": number})

    assert "もう一度処理します" in await fire((LOAD, replay), cookie=cookie, path="/admin/operations")
    event = await one(committed, WebhookEvent)
    assert isinstance(event, WebhookEvent)
    assert (event.dead_at, event.attempts) == (None, 0)
    again = await fire((LOAD, replay), cookie=cookie, path="/admin/operations")
    assert "再読み込みしてください" in again


async def test_a_matter_is_settled_with_a_note(committed: Committed, cookie: str) -> None:
    ask: Step = ("money_operations_state.ask", {"issue_id": str((await one(committed, BillingIssue)).id)})

    async def settle(note: str) -> str:
        step: Step = ("money_operations_state.settle", {"form": {"note": note}})
        return await fire((LOAD, ask, step), cookie=cookie, path="/admin/operations")

    assert "理由を200文字までで入力してください" in await settle(" ")
    assert "完了にしました" in await settle("電話で説明した")
    issue = await one(committed, BillingIssue)
    assert isinstance(issue, BillingIssue)
    assert (issue.note, issue.settled_at is None) == ("電話で説明した", False)
