"""The life of a booking over the REST API: shapes and codes (contract.md §5)."""

from datetime import timedelta

from icalendar import Calendar

from naraigoto import clock
from naraigoto.models.base import new_id
from tests import factories as make
from tests.api.desk import Desk
from tests.conftest import Committed


async def booked(desk: Desk) -> str:
    return (await desk.book()).json()["id"]


async def post(desk: Desk, path: str, who: str = "guardian", **body: object):
    return await desk.client.post(f"/api/v1{path}", json=body or None, headers=desk.as_(who))


async def full_slot(desk: Desk, committed: Committed):
    """A slot with one seat that another family took."""
    async with committed() as session:
        start_at = desk.stage.slot.start_at + timedelta(days=1)
        return await make.make_schedule(
            session, desk.stage.lesson, start_at=start_at, capacity=1, booked_count=1
        )


async def test_cancelling_answers_the_booking_and_the_tickets_that_came_back(desk: Desk) -> None:
    number = await booked(desk)

    done = await post(desk, f"/bookings/{number}/cancel")

    body = done.json()
    assert done.status_code == 200
    assert (body["id"], body["status"], body["cancel_kind"]) == (number, "cancelled", "in_time")
    assert (body["refunded_tickets"], body["consumed_tickets"]) == (1, 1)
    assert (await desk.get("/me/tickets")).json()["balance"] == 4
    again = await post(desk, f"/bookings/{number}/cancel", reason="sickness")
    assert (again.status_code, again.json()["code"]) == (409, "booking_not_active")


async def test_nonsense_is_refused_by_field(desk: Desk) -> None:
    number = await booked(desk)

    for path, body, field in (
        (f"/bookings/{number}/cancel", {"reason": "boredom"}, "reason"),
        (f"/bookings/{number}/cancel", {"why": "plans"}, "why"),
        (f"/bookings/{number}/reschedule", {"schedule_id": "tomorrow"}, "schedule_id"),
        (f"/schedules/{desk.stage.slot.id}/waitlist", {"child_user_id": 1}, "child_user_id"),
    ):
        answer = await desk.client.post(f"/api/v1{path}", json=body, headers=desk.as_("guardian"))
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {field}), path
    missing = await desk.client.delete(
        f"/api/v1/schedules/{desk.stage.slot.id}/waitlist", headers=desk.as_("guardian")
    )
    assert set(missing.json()["errors"]) == {"child_user_id"}


async def test_another_slot_is_taken_in_one_step(desk: Desk, committed: Committed) -> None:
    number = await booked(desk)
    async with committed() as session:
        other = await make.make_schedule(
            session, desk.stage.lesson, start_at=desk.stage.slot.start_at + timedelta(days=7)
        )

    moved = await post(desk, f"/bookings/{number}/reschedule", schedule_id=str(other.id))

    assert (moved.status_code, moved.json()["schedule"]["id"]) == (200, str(other.id))
    full = await full_slot(desk, committed)
    refused = await post(desk, f"/bookings/{number}/reschedule", schedule_id=str(full.id))
    assert (refused.status_code, refused.json()["code"]) == (409, "schedule_full")
    lines = (await desk.get(f"/bookings/{number}/story")).json()["items"]
    assert [line["event"] for line in lines] == ["booking.created", "tickets.spend", "booking.rescheduled"]
    assert (lines[0]["who"], lines[0]["name"]) == ("family", "花子")


async def test_a_place_in_a_queue_is_taken_kept_and_given_up(desk: Desk, committed: Committed) -> None:
    full = await full_slot(desk, committed)
    path, child = f"/schedules/{full.id}/waitlist", str(desk.stage.child.id)

    first = await post(desk, path, child_user_id=child)
    second = await post(desk, path, child_user_id=child, auto_book=True)

    assert (first.status_code, first.json()["position"]) == (201, 1)
    assert (second.json()["id"], second.json()["auto_book"]) == (first.json()["id"], True)
    assert [place["id"] for place in (await desk.get("/me/waitlist")).json()["items"]] == [first.json()["id"]]
    for _ in range(2):
        left = await desk.client.request(
            "DELETE", f"/api/v1{path}", json={"child_user_id": child}, headers=desk.as_("guardian")
        )
        assert left.status_code == 204
    assert (await desk.get("/me/waitlist")).json()["items"] == []
    free = await post(desk, f"/schedules/{desk.stage.slot.id}/waitlist", child_user_id=child)
    assert (free.status_code, free.json()["code"]) == (409, "stale_edit")


async def test_a_school_moves_a_slot_and_the_family_accepts(desk: Desk) -> None:
    number, slot = await booked(desk), f"/api/v1/schedules/{desk.stage.slot.id}"
    later = (desk.stage.slot.start_at + timedelta(hours=3)).isoformat()

    moved = await desk.client.patch(slot, json={"start_at": later}, headers=desk.as_("owner"))

    assert (moved.status_code, moved.json()["asked_families"]) == (200, 1)
    assert (await desk.get(f"/bookings/{number}")).json()["question"] == "moved"
    kept = await post(desk, f"/bookings/{number}/accept")
    assert (
        kept.json()["schedule"]["start_at"]
        == clock.jst(desk.stage.slot.start_at + timedelta(hours=3)).isoformat()
    )
    for body in ({}, {"start_at": "2026-12-05T10:00:00"}, {"start_at": None}):
        refused = await desk.client.patch(slot, json=body, headers=desk.as_("owner"))
        assert refused.status_code == 422


async def test_a_new_hour_and_a_new_instructor_are_one_step(desk: Desk, committed: Committed) -> None:
    number, slot = await booked(desk), f"/api/v1/schedules/{desk.stage.slot.id}"
    async with committed() as session:
        teacher = await make.make_instructor(session, desk.stage.school)
        # Busy at the old hour, free at the new one.
        lesson = await make.make_class(session, desk.stage.school)
        await make.make_schedule(session, lesson, instructor_id=teacher.id, start_at=desk.stage.slot.start_at)
    later = desk.stage.slot.start_at + timedelta(hours=3)
    body = {"start_at": later.isoformat(), "instructor_id": str(teacher.id)}

    changed = await desk.client.patch(slot, json=body, headers=desk.as_("owner"))

    assert (changed.status_code, changed.json()["asked_families"]) == (200, 1)
    seen = (await desk.get(f"/bookings/{number}")).json()
    assert seen["schedule"]["start_at"] == clock.jst(later).isoformat()
    assert seen["schedule"]["instructor"]["id"] == str(teacher.id)


async def test_a_school_cancels_a_slot_and_the_tickets_are_back(desk: Desk) -> None:
    number, slot = await booked(desk), f"/api/v1/schedules/{desk.stage.slot.id}?reason=講師急病"

    for _ in range(2):
        assert (await desk.client.delete(slot, headers=desk.as_("owner"))).status_code == 204

    assert (await desk.get(f"/bookings/{number}")).json()["status"] == "cancelled"
    assert (await desk.get("/me/tickets")).json()["balance"] == 4
    gone = await desk.client.delete(f"/api/v1/schedules/{new_id()}", headers=desk.as_("owner"))
    assert gone.status_code == 404


async def test_the_calendar_lies_behind_a_secret_address_that_can_be_ended(desk: Desk) -> None:
    number = await booked(desk)
    assert (await desk.get("/me/calendar")).json() == {"url": None}
    first = (await post(desk, "/me/calendar")).json()["url"]

    feed = await desk.client.get(first)

    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(feed.content).walk("VEVENT")
    assert event["uid"] == f"booking-{number}@naraigoto"
    assert event.decoded("dtstart") == desk.stage.slot.start_at
    second = (await post(desk, "/me/calendar")).json()["url"]
    assert second != first
    assert (await desk.client.get(first)).status_code == 404
    await desk.client.delete("/api/v1/me/calendar", headers=desk.as_("guardian"))
    assert (await desk.client.get(second)).status_code == 404


async def test_a_cancelled_booking_leaves_the_calendar(desk: Desk) -> None:
    number = await booked(desk)
    address = (await post(desk, "/me/calendar")).json()["url"]
    await post(desk, f"/bookings/{number}/cancel")

    assert Calendar.from_ical((await desk.client.get(address)).content).walk("VEVENT") == []
