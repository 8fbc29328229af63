"""How often the public part may be read (R19): a burst waits, who is signed in waits later."""

import httpx

from naraigoto.errors import RateLimited
from naraigoto.rules import READS_OF_ADDRESS
from tests.api.desk import Desk

AREAS = "/api/v1/areas"


async def test_a_burst_from_one_address_has_to_wait(client: httpx.AsyncClient) -> None:
    for _ in range(READS_OF_ADDRESS.count):
        assert (await client.get(AREAS)).status_code == 200
    refused = await client.get("/api/v1/schools?q=%E6%B0%B4%E6%B3%B3")
    assert (refused.status_code, refused.json()["code"]) == (429, RateLimited.code)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["detail"].startswith("しばらく時間をおいてお試しください")
    assert (await client.get("/api/v1/transparency")).status_code == 429


async def test_who_is_signed_in_reads_on_where_guests_wait(desk: Desk) -> None:
    for _ in range(READS_OF_ADDRESS.count):
        await desk.client.get(AREAS)
    assert (await desk.client.get(AREAS)).status_code == 429
    assert (await desk.client.get(AREAS, headers=desk.as_("guardian"))).status_code == 200
    forged = {"Authorization": "Bearer nobody"}
    assert (await desk.client.get(AREAS, headers=forged)).status_code == 429
