"""Signing in, booking and cancelling with a token, whatever day and hour it is."""

from datetime import datetime

import httpx
import pytest

from naraigoto import clock
from tests import factories as make
from tests.api.desk import open_desk
from tests.clocks import MOMENTS, at
from tests.conftest import Committed


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment:%Y-%m-%d %H:%M}")
async def test_a_lesson_is_booked_and_cancelled_on_any_day(
    client: httpx.AsyncClient, committed: Committed, moment: datetime
) -> None:
    with at(moment):
        desk = await open_desk(client, committed)
        guardian = desk.stage.guardian
        async with committed() as session:
            await make.give_password(session, guardian)
        login = {"email": guardian.email, "password": make.PASSWORD}
        signed_in = await client.post("/api/v1/auth/login", json=login)
        client.cookies.clear()
        bearer = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}

        booked = await client.post("/api/v1/bookings", json=desk.order, headers=bearer)
        assert booked.status_code == 201
        tickets = (await client.get("/api/v1/me/tickets", headers=bearer)).json()
        assert (tickets["month"], tickets["balance"]) == (clock.month_of(moment).isoformat(), 3)
        day = clock.jst_date(desk.stage.slot.start_at)
        found = (await client.get(f"/api/v1/schools?date={day}", headers=bearer)).json()["items"]
        assert str(desk.stage.school.id) in {school["id"] for school in found}

        cancelled = await client.post(f"/api/v1/bookings/{booked.json()['id']}/cancel", headers=bearer)
        assert (cancelled.status_code, cancelled.json()["cancel_kind"]) == (200, "in_time")
