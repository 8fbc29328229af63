"""A day of signing in, searching and booking leaves nobody's name, address or secret in the log."""

import logging
from datetime import timedelta

import httpx
import pytest
import structlog

from naraigoto import clock
from tests import factories as make
from tests.conftest import Committed
from tests.stage import set_stage

_CHILD = "ひみつのそら"


async def test_a_story_over_the_api_leaves_no_personal_word_in_the_log(
    client: httpx.AsyncClient, committed: Committed, caplog: pytest.LogCaptureFixture
) -> None:
    start_at = clock.jst(clock.now() + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
    async with committed() as session:
        stage = await set_stage(session, tickets=0, slot={"start_at": start_at})
        stage.child.name = _CHILD
        session.add(stage.child)
        await make.give_password(session, stage.guardian)
        await make.grant_tickets(session, stage.family, 4, month=clock.month_of(clock.now()))
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.CRITICAL, logger="httpx")  # the client of this test
    credentials = {"email": stage.guardian.email, "password": make.PASSWORD}
    merge = structlog.contextvars.merge_contextvars
    with structlog.testing.capture_logs(processors=[merge]) as lines:
        signed_in = await client.post("/api/v1/auth/login", json=credentials)
        assert signed_in.status_code == 200
        token, cookie = signed_in.json()["access_token"], signed_in.cookies["naraigoto_session"]
        client.cookies.clear()
        bearer = {"Authorization": f"Bearer {token}"}
        browser = {"Cookie": f"naraigoto_session={cookie}"}
        order = {"schedule_id": str(stage.slot.id), "child_user_id": str(stage.child.id)}
        statuses = [
            (
                await client.post("/api/v1/auth/login", json=credentials | {"password": "wrong-one"})
            ).status_code,
            (await client.get("/api/v1/me", headers=bearer)).status_code,
            (await client.post("/api/v1/bookings", json=order, headers=browser)).status_code,
            (await client.post("/api/v1/bookings", json=order, headers=browser)).status_code,
            (await client.get("/api/v1/me/bookings", headers=browser)).status_code,
            (await client.get(f"/api/v1/schools?q=人見知り&token={token}")).status_code,
            (await client.get("/api/v1/me", headers={"Authorization": "Bearer a.b.c"})).status_code,
            (await client.post("/api/v1/auth/logout", headers=browser)).status_code,
        ]
    assert statuses == [401, 200, 201, 409, 200, 200, 401, 204]
    assert sum(line["event"] == "http.answered" for line in lines) == 1 + len(statuses)
    written = repr(lines) + caplog.text
    secrets = (stage.guardian.email, make.PASSWORD, "wrong-one", token, cookie, _CHILD, "人見知り", "a.b.c")
    assert [word for word in secrets if str(word) in written] == []
