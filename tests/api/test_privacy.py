"""One's own data over HTTP (contract.md §5, D17)."""

import csv
import io
import json
import zipfile
from typing import Any

import httpx
import pytest

from naraigoto import clock
from naraigoto.adapters.limits import counter
from naraigoto.models.accounts import User
from naraigoto.rules import EXPORTS
from naraigoto.services import closing_notices, privacy
from naraigoto.texts import exports as texts
from tests import factories as make
from tests.conftest import Committed

EXPORT = "/api/v1/me/export"
SETTINGS = "/api/v1/me/notification-settings"
FLAGS = {
    "reminders": True,
    "review_requests": True,
    "ticket_notices": True,
    "points_notices": True,
    "digest": False,
}


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    counter.cache_clear()


async def family(committed: Committed, **over: Any) -> tuple[make.Booked, dict[str, str]]:
    """A booked family, and the headers of its guardian's browser."""
    async with committed() as session:
        booked = await make.make_booked(session, guardian=await make.make_user(session, **over))
        return booked, await make.cookie_of(session, booked.guardian)


async def test_the_zip_holds_a_letter_json_and_a_sheet_for_each_part(
    client: httpx.AsyncClient, committed: Committed
) -> None:
    _, headers = await family(committed, name='=HYPERLINK("x")')

    answer = await client.get(EXPORT, headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"].startswith('attachment; filename="naraigoto-')
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        assert folder.testzip() is None
        sheets = {f"csv/{name}.csv" for name in privacy.parts()}
        assert set(folder.namelist()) == {texts.LETTER, "naraigoto.json"} | sheets
        whole = json.loads(folder.read("naraigoto.json"))
        people = folder.read("csv/people.csv")
        letter = folder.read(texts.LETTER).decode("utf-8-sig")
        empty = folder.read("csv/payments.csv").decode("utf-8-sig")
    assert people.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(people.decode("utf-8-sig"))))
    # A spreadsheet reads a word, never a formula; the JSON has the name as it is.
    assert {row["name"] for row in rows} == {'\'=HYPERLINK("x")', "そら"}
    assert {person["name"] for person in whole["people"]} == {'=HYPERLINK("x")', "そら"}
    assert "payments … " in letter
    assert empty.strip().startswith("id,kind,status,amount")


async def test_who_asks_for_json_gets_the_same_as_one_document(
    client: httpx.AsyncClient, committed: Committed
) -> None:
    booked, headers = await family(committed)

    answer = await client.get(EXPORT, headers=headers | {"Accept": "application/json"})

    assert answer.headers["content-type"] == "application/json"
    whole = answer.json()
    assert set(whole) == {"exported_at", "user_id", *privacy.parts()}
    assert whole["user_id"] == str(booked.guardian.id)
    [booking] = whole["bookings"]
    assert (booking["id"], booking["school"]) == (str(booked.booking.id), booked.school.name)
    assert booking["start_at"].endswith("+09:00")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json, text/plain, */*", "application/json"),
        ("Application/JSON;q=0.9,*/*;q=0.1", "application/json"),
        ("text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8", "application/zip"),
        ("application/zip, application/json", "application/zip"),
        ("*/*", "application/zip"),
        (" , application/json", "application/zip"),
    ],
)
async def test_what_is_asked_for_first_decides(
    client: httpx.AsyncClient, committed: Committed, accept: str, kind: str
) -> None:
    _, headers = await family(committed)
    answer = await client.get(EXPORT, headers=headers | {"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)


async def test_after_a_few_exports_a_day_comes_a_wait(
    client: httpx.AsyncClient, committed: Committed
) -> None:
    _, headers = await family(committed)
    for _ in range(EXPORTS.count):
        assert (await client.get(EXPORT, headers=headers)).status_code == 200
    refused = await client.get(EXPORT, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert int(refused.headers["retry-after"]) > 3600


async def test_guests_export_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.get(EXPORT)).status_code == 401


async def test_notification_settings_are_read_and_written(
    client: httpx.AsyncClient, committed: Committed
) -> None:
    _, headers = await family(committed)
    assert (await client.get(SETTINGS, headers=headers)).json() == FLAGS
    wished = FLAGS | {"reminders": False, "digest": True}
    for _ in range(2):
        answer = await client.put(SETTINGS, json=wished, headers=headers)
        assert (answer.status_code, answer.json()) == (200, wished)
    assert (await client.get(SETTINGS, headers=headers)).json() == wished


@pytest.mark.parametrize(
    "body", [{}, FLAGS | {"reminders": "yes"}, FLAGS | {"news": True}, {"reminders": False}, [], None]
)
async def test_half_a_wish_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, committed: Committed, body: object
) -> None:
    _, headers = await family(committed)
    answer = await client.put(SETTINGS, json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert (await client.get(SETTINGS, headers=headers)).json() == FLAGS


async def test_a_foreign_page_changes_nothing(client: httpx.AsyncClient, committed: Committed) -> None:
    _, headers = await family(committed)
    wished = FLAGS | {"reminders": False}
    answer = await client.put(SETTINGS, json=wished, headers=headers | {"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert (await client.get(SETTINGS, headers=headers)).json() == FLAGS


async def test_closing_an_account_drops_the_cookie_and_ends_every_session(
    client: httpx.AsyncClient, committed: Committed
) -> None:
    booked, headers = await family(committed)
    async with committed() as session:
        phone = await make.cookie_of(session, booked.guardian)

    answer = await client.delete("/api/v1/me", headers=headers)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cache-control"] == "no-store"
    assert 'naraigoto_session=""' in answer.headers["set-cookie"]
    for each in (headers, phone):
        assert (await client.get("/api/v1/me", headers=each)).status_code == 401
    assert (await client.delete("/api/v1/me", headers=headers)).status_code == 401


async def test_the_mailed_link_opens_the_account_again_once(
    client: httpx.AsyncClient, committed: Committed
) -> None:
    booked, headers = await family(committed)
    await client.delete("/api/v1/me", headers=headers)
    async with committed() as session:
        gone = await session.get_one(User, booked.guardian.id)
        assert gone.erase_after is not None
        token = closing_notices.undo_token(gone.id, gone.erase_after, now=clock.now())

    first, second = [await client.post("/api/v1/auth/undo-deletion", json={"token": token}) for _ in range(2)]

    assert first.status_code == 204
    assert (second.status_code, second.json()["code"]) == (404, "not_found")
    async with committed() as session:
        again = await make.cookie_of(session, booked.guardian)
    assert (await client.get("/api/v1/me", headers=again)).json()["family_id"] == str(booked.family.id)
    assert (await client.get("/api/v1/me", headers=headers)).status_code == 401


async def test_a_foreign_page_closes_no_account(client: httpx.AsyncClient, committed: Committed) -> None:
    _, headers = await family(committed)
    refused = await client.delete("/api/v1/me", headers=headers | {"Origin": "https://evil.example"})
    assert refused.status_code == 403
    assert (await client.get("/api/v1/me", headers=headers)).status_code == 200


async def test_the_last_owner_of_a_school_is_told_why_they_stay(
    client: httpx.AsyncClient, committed: Committed
) -> None:
    booked, _ = await family(committed)
    async with committed() as session:
        headers = await make.cookie_of(session, booked.owner)
    refused = await client.delete("/api/v1/me", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "school_needs_owner")
    assert "管理者" in refused.json()["detail"]
