"""「ログイン中の端末」 over HTTP."""

import httpx

from naraigoto import clock
from naraigoto.services import sessions
from tests.conftest import Committed
from tests.factories import make_user


async def test_devices_are_listed_and_ended_one_and_all(client: httpx.AsyncClient, committed: Committed):
    now = clock.now()
    async with committed() as session:
        hanako = await make_user(session)
        phone, laptop, tablet = [
            await sessions.create(session, hanako.id, user_agent="Firefox/140 (X11; Linux)", now=now)
            for _ in range(3)
        ]
    mine = {"Cookie": f"naraigoto_session={phone.token}"}
    answer = await client.get("/api/v1/me/sessions", headers=mine)
    assert answer.headers["cache-control"] == "no-store"
    items = answer.json()["items"]
    assert len(items) == 3
    assert items[0] == {
        "id": str(phone.id),
        "browser": "Firefox",
        "system": "Linux",
        "created_at": items[0]["created_at"],
        "last_seen_at": items[0]["last_seen_at"],
        "current": True,
        "acting_as_name": "",
        "person_name": "",
    }
    ended = await client.delete(f"/api/v1/me/sessions/{laptop.id}", headers=mine)
    assert ended.status_code == 204
    again = await client.delete(f"/api/v1/me/sessions/{laptop.id}", headers=mine)
    assert (again.status_code, again.json()["code"]) == (404, "not_found")
    assert (await client.delete("/api/v1/me/sessions", headers=mine)).status_code == 204
    for ended in (laptop, tablet):
        theirs = {"Cookie": f"naraigoto_session={ended.token}"}
        assert (await client.get("/api/v1/me", headers=theirs)).status_code == 401
    assert (await client.get("/api/v1/me", headers=mine)).status_code == 200


async def test_a_foreign_page_ends_nothing(client: httpx.AsyncClient, committed: Committed):
    async with committed() as session:
        hanako = await make_user(session)
        phone = await sessions.create(session, hanako.id, user_agent="", now=clock.now())
    mine = {"Cookie": f"naraigoto_session={phone.token}", "Origin": "https://evil.example"}
    for path in ("/api/v1/me/sessions", f"/api/v1/me/sessions/{phone.id}"):
        assert (await client.delete(path, headers=mine)).status_code == 403
