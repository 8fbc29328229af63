"""Booking over the REST API: shapes, codes, repeated requests (contract.md §5)."""

import re
from datetime import datetime, timedelta

import httpx
import pytest

from naraigoto import clock
from naraigoto.models.base import new_id
from tests.api.desk import Desk

UUID_V7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def code(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"].startswith("application/problem+json")
    return response.status_code, response.json()["code"]


async def test_a_booking_answers_its_full_shape(desk: Desk) -> None:
    response = await desk.book()

    assert response.status_code == 201, response.text
    body, stage = response.json(), desk.stage
    assert body["status"] == "reserved"
    assert body["child"] == {"user_id": str(stage.child.id), "name": "そら"}
    assert body["consumed_tickets"] == 1
    assert body["schedule"] == {
        "id": str(stage.slot.id),
        "start_at": clock.jst(stage.slot.start_at).isoformat(),
        "end_at": clock.jst(stage.slot.end_at).isoformat(),
        "class": {"id": str(stage.lesson.id), "title": "はじめての水泳"},
        "school": {"id": str(stage.school.id), "name": "スマイル水泳"},
        "instructor": None,
    }
    the_day_before = clock.jst(stage.slot.start_at).replace(hour=20) - timedelta(days=1)
    assert datetime.fromisoformat(body["cancel_until"]) == the_day_before
    assert body["instructor_id"] is None
    assert set(body) == {
        "id",
        "status",
        "child",
        "schedule",
        "instructor_id",
        "consumed_tickets",
        "cancel_until",
        "conversation_id",
        "created_at",
        "cancel_kind",
        "question",
        "answer_by",
    }
    for number in (body["id"], body["conversation_id"]):
        assert re.fullmatch(UUID_V7, number)


async def test_the_booking_is_read_again_alone_and_in_the_list(desk: Desk) -> None:
    made = (await desk.book()).json()

    assert (await desk.get(f"/bookings/{made['id']}")).json() == made
    assert (await desk.get("/me/bookings")).json() == {"items": [made], "next_cursor": None}
    assert (await desk.get("/me/bookings", "child")).json()["items"] == [made]


async def test_refusals_carry_their_codes(desk: Desk) -> None:
    assert code(await desk.book("child")) == (403, "parent_approval_required")
    assert code(await desk.book("owner")) == (403, "forbidden")
    assert code(await desk.book("outsider")) == (404, "not_found")
    assert code(await desk.book(schedule_id=str(new_id()))) == (404, "not_found")
    assert code(await desk.book(schedule_id="7")) == (422, "validation_failed")
    assert code(await desk.book(instructor_id=str(new_id()))) == (422, "validation_failed")
    assert (await desk.book()).status_code == 201
    assert code(await desk.book()) == (409, "already_booked")
    anonymous = await desk.client.post("/api/v1/bookings", json=desk.order)
    assert code(anonymous) == (401, "unauthenticated")


async def test_a_guest_is_asked_to_sign_in_whatever_they_send(desk: Desk) -> None:
    response = await desk.client.post("/api/v1/bookings", json={"nonsense": True})

    assert code(response) == (401, "unauthenticated")


async def test_the_body_names_the_fields_that_are_wrong(desk: Desk) -> None:
    response = await desk.client.post(
        "/api/v1/bookings", json={"schedule_id": "x"}, headers=desk.as_("guardian")
    )

    assert code(response) == (422, "validation_failed")
    assert set(response.json()["errors"]) == {"schedule_id", "child_user_id"}


async def test_a_booking_sent_from_a_foreign_page_is_refused(desk: Desk) -> None:
    headers = desk.as_("guardian") | {"Origin": "https://evil.example"}
    response = await desk.client.post("/api/v1/bookings", json=desk.order, headers=headers)

    assert code(response) == (403, "forbidden")


async def test_the_same_key_gets_the_first_answer_and_books_once(desk: Desk) -> None:
    first, second = await desk.book(key="k-1"), await desk.book(key="k-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (await desk.get("/me/tickets")).json()["balance"] == 3


async def test_the_same_key_with_another_body_is_refused(desk: Desk) -> None:
    await desk.book(key="k-1")

    response = await desk.book(key="k-1", schedule_id=str(new_id()))
    assert code(response) == (422, "idempotency_key_reused")


async def test_a_key_that_is_too_long_is_refused(desk: Desk) -> None:
    assert code(await desk.book(key="k" * 256)) == (422, "validation_failed")


async def test_the_list_takes_days_moments_and_a_status(desk: Desk) -> None:
    made = (await desk.book()).json()["id"]
    start = clock.jst(desk.stage.slot.start_at)
    day = start.date()

    async def ids(**query: str) -> list[str]:
        response = await desk.client.get("/api/v1/me/bookings", params=query, headers=desk.as_("guardian"))
        assert response.status_code == 200
        return [item["id"] for item in response.json()["items"]]

    assert await ids(**{"from": str(day), "to": str(day)}) == [made]
    assert await ids(to=str(day - timedelta(days=1))) == []
    assert await ids(**{"from": str(day + timedelta(days=1))}) == []
    assert await ids(**{"from": start.isoformat()}) == [made]
    assert await ids(to=start.isoformat()) == []
    assert await ids(status="reserved") == [made]
    assert await ids(status="attended") == []


@pytest.mark.parametrize(
    "query", ["from=yesterday", "to=2026-12-05T10:00:00", "status=lost", "limit=51", "limit=0", "cursor=x"]
)
async def test_a_filter_that_makes_no_sense_is_refused(desk: Desk, query: str) -> None:
    assert code(await desk.get(f"/me/bookings?{query}")) == (422, "validation_failed")


async def test_another_familys_booking_is_not_there(desk: Desk) -> None:
    made = (await desk.book()).json()["id"]

    assert code(await desk.get(f"/bookings/{made}", "outsider")) == (404, "not_found")
    assert (await desk.get("/me/bookings", "outsider")).json()["items"] == []


async def test_tickets_are_read_by_month_with_their_ledger(desk: Desk) -> None:
    made = (await desk.book()).json()["id"]

    body = (await desk.get("/me/tickets")).json()

    month = clock.month_of(clock.now())
    assert (body["month"], body["balance"]) == (month.isoformat(), 3)
    expires_on = clock.add_months(month, 2) - timedelta(days=1)
    assert body["months"] == [
        {"month": month.isoformat(), "balance": 3, "expires_on": expires_on.isoformat()}
    ]
    spent = next(entry for entry in body["entries"] if entry["reason"] == "spend")
    assert (spent["delta"], spent["booking_id"]) == (-1, made)


async def test_people_without_a_family_have_no_tickets(desk: Desk) -> None:
    assert code(await desk.get("/me/tickets", "owner")) == (403, "forbidden")
