"""Roster and attendance over HTTP (contract.md §5)."""

from datetime import timedelta

import httpx

from naraigoto import clock
from naraigoto.models.accounts import User
from naraigoto.models.base import new_id
from naraigoto.services import sessions
from tests import factories as make
from tests.conftest import Committed

HEADERS = {"Origin": "http://localhost:3000"}


async def as_(committed: Committed, user: User) -> dict[str, str]:
    """Headers of the user's browser."""
    async with committed() as session:
        opened = await sessions.create(session, user.id, user_agent="test", now=clock.now())
    return {"Cookie": f"naraigoto_session={opened.token}"}


async def begun(committed: Committed, **offset: float) -> make.Booked:
    """A booking of a lesson that begins now, or so much later."""
    async with committed() as session:
        return await make.make_booked(session, start_at=clock.now() + timedelta(**offset))


async def test_the_owner_records_and_the_roster_shows_it(
    client: httpx.AsyncClient, committed: Committed
) -> None:
    booked = await begun(committed)
    headers = await as_(committed, booked.owner)

    answer = await client.post(
        f"/api/v1/attendances/{booked.booking.id}", json={"status": "attended"}, headers=headers
    )

    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"booking_id", "status", "recorded_at"}
    assert (body["booking_id"], body["status"]) == (str(booked.booking.id), "attended")
    assert body["recorded_at"].endswith("+09:00")
    day = clock.jst_date(booked.schedule.start_at).isoformat()
    roster = await client.get(
        f"/api/v1/schools/{booked.school.id}/bookings", params={"date": day}, headers=headers
    )
    (line,) = roster.json()["items"]
    assert roster.json()["next_cursor"] is None
    assert (line["id"], line["status"]) == (str(booked.booking.id), "attended")
    assert line["child"] == {"user_id": str(booked.child.id), "name": "そら", "age": line["child"]["age"]}
    assert line["guardian"] == {"name": "花子"}
    assert line["schedule"]["class"] == {"id": str(booked.lesson.id), "title": "はじめての水泳"}
    assert "@" not in roster.text


async def test_too_early_tells_when_it_opens(client: httpx.AsyncClient, committed: Committed) -> None:
    booked = await begun(committed, hours=1)

    answer = await client.post(
        f"/api/v1/attendances/{booked.booking.id}",
        json={"status": "attended"},
        headers=await as_(committed, booked.owner),
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "lesson_not_finished")
    opens_at = clock.jst(booked.schedule.start_at - timedelta(minutes=15))
    assert f"{opens_at:%H:%M}" in answer.json()["detail"]


async def test_outsiders_and_strange_input_are_refused(
    client: httpx.AsyncClient, committed: Committed
) -> None:
    booked = await begun(committed)
    async with committed() as session:
        rival = await make.make_user(session, make.UserType.SCHOOL_OWNER)
        await make.make_school(session, owner=rival)
    path, roster = f"/api/v1/attendances/{booked.booking.id}", f"/api/v1/schools/{booked.school.id}/bookings"
    for user, status in ((None, 401), (booked.guardian, 403), (rival, 404)):
        headers = await as_(committed, user) if user else {}
        assert (await client.post(path, json={"status": "absent"}, headers=headers)).status_code == status
        assert (await client.get(roster, headers=headers)).status_code == status
    headers = await as_(committed, booked.owner)
    for strange in ({"status": "late"}, {}, {"status": "absent", "more": 1}, [], {"status": None}):
        answer = await client.post(path, json=strange, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    for query in ("date=2026-13-01", "date=9999-12-31", "date=x", "cursor=x", "limit=51", "limit=0"):
        assert (await client.get(f"{roster}?{query}", headers=headers)).status_code == 422
    gone = await client.post(f"/api/v1/attendances/{new_id()}", json={"status": "absent"}, headers=headers)
    assert gone.status_code == 404


async def test_a_long_day_comes_in_pages(client: httpx.AsyncClient, committed: Committed) -> None:
    booked = await begun(committed)
    async with committed() as session:
        for name in ("ひなた", "りく"):
            child = await make.make_child(session, booked.family, name=name)
            await make.make_booking(session, booked.schedule, child, booked.family)
    headers = await as_(committed, booked.owner)
    params = {"date": clock.jst_date(booked.schedule.start_at).isoformat(), "limit": 2}
    path = f"/api/v1/schools/{booked.school.id}/bookings"

    first = (await client.get(path, params=params, headers=headers)).json()
    second = (
        await client.get(path, params=params | {"cursor": first["next_cursor"]}, headers=headers)
    ).json()

    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (2, 1, None)
    names = {line["child"]["name"] for line in first["items"] + second["items"]}
    assert names == {"そら", "ひなた", "りく"}
